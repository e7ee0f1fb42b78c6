"""Marks that depend on what stands around an exchange, or on how tests ran: for queries, rows and pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Flask, current_app, g

from inspector.checks.project_settings import BadSettings, settings_for
from inspector.index import IndexBroken, conditions
from inspector.library.library import Library
from inspector.testruns.last_run import Outcomes
from inspector.testruns.replay_marks import Asked, Why, replay_marks
from inspector.web.rendering import context
from inspector.web.rendering.memo import once
from inspector.web.test_runs.results_view import known

_FEW = 2_000
"""Exchanges up to which a page waits for marks; with more, it shows those that were known a moment ago."""

Marks = tuple[tuple[str, str], ...]
"""The kinds of an exchange's marks, each with the reason."""


def init(app: Flask) -> None:
    app.extensions["marks around"] = _Kept()
    app.jinja_env.globals["marks_around"] = marks_around
    app.before_request(_let_queries_ask)
    app.teardown_request(_as_before)


def asking(app: Flask) -> conditions.Around:
    """What a query asks for these marks, outside of requests too."""

    def ask() -> Mapping[str, Why]:
        with app.app_context():
            return _kept().current(context.library(), wait=True).of_kind

    return ask


def marks_around(uid: str) -> Marks:
    """Of an exchange, as all of a page has them."""
    known: Mapping[str, Marks] | None = g.get("marks_around")
    if known is None:
        known = g.marks_around = once("marks around", "", _of_exchanges)
    return known.get(uid, ())


def _of_exchanges() -> Mapping[str, Marks]:
    library = context.library()
    wait = context.is_exported() or library.index.totals().exchanges <= _FEW
    return _kept().current(library, wait=wait).of_exchange


def all_marks() -> Mapping[str, Why]:
    """Of all exchanges, by their kinds."""
    return _kept().current(context.library(), wait=True).of_kind


def _let_queries_ask() -> None:
    g.asked_before = conditions.ask_for_marks(asking(current_app._get_current_object()))  # type: ignore[attr-defined]


def _as_before(error: BaseException | None) -> None:
    if "asked_before" in g:
        conditions.ask_for_marks(g.asked_before)


def _kept() -> _Kept:
    return current_app.extensions["marks around"]  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Known:
    of_kind: Mapping[str, Why] = field(default_factory=dict)
    of_exchange: Mapping[str, Marks] = field(default_factory=dict)


def _worked_out(library: Library, outcomes: Outcomes) -> _Known:
    of_kind = replay_marks(library.index, Asked(outcomes, since=_since(library)))
    of_exchange: dict[str, list[tuple[str, str]]] = {}
    for kind, whys in of_kind.items():
        for uid, why in whys.items():
            of_exchange.setdefault(uid, []).append((kind, why))
    return _Known(of_kind, {uid: tuple(marks) for uid, marks in of_exchange.items()})


@dataclass(slots=True)
class _Kept:
    """The marks as they were worked out last."""

    key: object = None
    known: _Known = field(default_factory=_Known)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self, library: Library, *, wait: bool) -> _Known:
        outcomes = known()
        key = (id(library.index), library.index.last_change(), outcomes.at, len(outcomes.tests))
        if key == self.key:
            return self.known
        if wait:
            with self.lock:
                if key != self.key:
                    self.known, self.key = _worked_out(library, outcomes), key
        elif self.lock.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(library, outcomes, key), daemon=True).start()
        return self.known

    def _renew(self, library: Library, outcomes: Outcomes, key: object) -> None:
        """What is done beside the pages; the lock is held already."""
        try:
            with suppress(IndexBroken):  # it was closed meanwhile
                self.known, self.key = _worked_out(library, outcomes), key
        finally:
            self.lock.release()


def _since(library: Library) -> float:
    """From when on a recording is not too old, by the project's own settings."""
    for root in library.roots.all:
        try:
            age = settings_for(root.path).max_age
        except BadSettings:
            continue
        if age:
            return time.time() - age
    return 0.0
