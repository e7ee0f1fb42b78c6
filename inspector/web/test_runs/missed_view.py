"""The requests that a failing test missed, beside what is recorded: of its cassette, or of itself."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from flask import Flask

from inspector.testruns.missed_request import MissedRequest
from inspector.testruns.results import LastRun
from inspector.web.rendering import context
from inspector.why.likeness import Compared, compared

_MOST = 200
"""Exchanges that one request is compared with."""


class MissView(NamedTuple):
    missed: MissedRequest
    found: tuple[Compared, ...]


def init(app: Flask) -> None:
    app.jinja_env.globals |= {"misses_of": misses_of, "missed_anchor": missed_anchor}


def missed_anchor(test: LastRun) -> str:
    """Where the page of the tests tells what a test missed."""
    return f"missed-{blake2b(test.key.encode('utf-8', 'replace'), digest_size=5).hexdigest()}"


def misses_of(test: LastRun) -> tuple[MissView, ...]:
    """What a test missed when it last ran, each beside the recorded requests that are most like it."""
    return tuple(MissView(missed, tuple(_compared(missed, test))) for missed in test.missed)


def _compared(missed: MissedRequest, test: LastRun) -> list[Compared]:
    library = context.library()
    if missed.left_out:
        return []
    if missed.cassette:
        rows = library.index.with_path(missed.cassette)[:_MOST] or None
    else:
        rows = next((found for id in (test.id, test.key) if (found := library.index.of_group("test", id))), [])[:_MOST]
    return compared(library.roots, library.index, missed.exchange, missed=missed, among=rows)
