"""What checks found, by rule, as the page shows it: counts of all, and lines of some."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flask import Flask, current_app

from inspector.checks.baseline import split
from inspector.checks.finding import Finding, unpacked
from inspector.checks.rules import RULES, Rule
from inspector.index import Index, Row
from inspector.index.conditions import Where, of_exchanges
from inspector.report.findings.gathered import RANKS, Found, gathered, of_marks
from inspector.testruns.replay_marks import Why
from inspector.web.checks.project_rules import Project
from inspector.web.rendering import context
from inspector.web.test_runs.marks_view import all_marks

FEW = 20
"""Findings of a rule among the others; its own page has them all."""

PAGE = 200
"""Findings on a page of one rule."""


@dataclass(frozen=True, slots=True)
class Line:
    """A finding; of a file that cannot be read there is no exchange."""

    found: Found
    row: Row | None


@dataclass(frozen=True, slots=True)
class RuleView:
    rule: Rule
    total: int
    exchanges: int
    lines: tuple[Line, ...]
    begin: int


@dataclass(frozen=True, slots=True)
class Findings:
    """`hidden` counts those of rules that are off and not asked for."""

    rules: tuple[RuleView, ...]
    clean: tuple[Rule, ...]
    total: int
    exchanges: int
    hidden: int
    known: int
    """Findings that stand on the project's baseline, and are not shown."""


_VIEWS = 16
"""Views that are kept while nothing changes: of a large library each takes a second."""


def init(app: Flask) -> None:
    app.extensions["findings"] = _Kept()


class _State(NamedTuple):
    """What views are made of. It is held, so that nothing new is taken for it."""

    source: Index
    change: int
    marks: Mapping[str, Why]

    def is_that_of(self, other: _State) -> bool:
        return self.source is other.source and self.change == other.change and self.marks is other.marks


@dataclass(slots=True)
class _Kept:
    """The views that were made last."""

    state: _State | None = None
    views: OrderedDict[str, Findings] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def findings(where: Where, is_narrowed: bool, only: str = "", begin: int = 0, *, all_rules: bool = False) -> Findings:
    """The findings in exchanges that meet a condition; those of one rule from the `begin`-th on, or some of each."""
    library, kept = context.library(), current_app.extensions["findings"]
    state, project = _State(library.index, library.index.last_change(), all_marks()), Project.of(library.roots)
    key = repr((where, is_narrowed, only, begin, all_rules, sorted(project.on), sorted(project.known.items())))
    with kept.lock:
        if kept.state is None or not kept.state.is_that_of(state):
            kept.state, kept.views = state, OrderedDict()
        if key not in kept.views:
            kept.views[key] = _found(where, is_narrowed, only, begin, project, all_rules=all_rules)
            if len(kept.views) > _VIEWS:
                kept.views.popitem(last=False)
        return kept.views[key]  # type: ignore[no-any-return]


def _found(where: Where, is_narrowed: bool, only: str, begin: int, project: Project, *, all_rules: bool) -> Findings:
    index = context.library().index
    kept = index.findings(where)
    of_rule: dict[str, list[tuple[str, Finding]]] = {}
    for uid, told in kept:
        for finding in unpacked(told):
            of_rule.setdefault(finding.code, []).append((uid, finding))
    for uid, finding in _of_marks(index, where, is_narrowed):
        of_rule.setdefault(finding.code, []).append((uid, finding))
    known = 0
    for code, those in () if all_rules else [*of_rule.items()]:
        of_rule[code], seen, _ = split(those, lambda one: (one[0], one[1].code, one[1].place), project.known)
        known += seen
    files = [] if is_narrowed else index.files_in_state("broken")
    size = PAGE if only else FEW
    views: list[RuleView] = []
    for rule in RULES:
        those = of_rule.get(rule.code, [])
        total = len(files) if rule.code == "F301" else len(those)
        if not total or (only and rule.code != only) or not (only or all_rules or rule.code in project.on):
            continue
        first = min(max(begin, 0), total - 1) if only else 0
        lines = _lines(rule, those[first : first + size])
        if rule.code == "F301":
            broken = gathered(context.library().roots, [rule], (), files[first : first + size])
            lines = tuple(Line(one, None) for one in broken)
        views.append(RuleView(rule, total, len({uid for uid, _ in those}), lines, first))
    views.sort(key=lambda view: (RANKS[view.rule.severity], view.rule.code))
    shown = {view.rule.code for view in views}
    hidden = 0 if only else sum(len(those) for code, those in of_rule.items() if code not in shown)
    exchanges = {uid for code in shown for uid, _ in of_rule.get(code, ())}
    clean = tuple(rule for rule in RULES if rule.is_kept and rule.code in project.on and rule.code not in shown)
    return Findings(
        tuple(views), () if only else clean, sum(view.total for view in views), len(exchanges), hidden, known
    )


def _of_marks(index: Index, where: Where, is_narrowed: bool) -> Iterator[tuple[str, Finding]]:
    """What marks say that depend on others, in exchanges that meet a condition."""
    found = [*of_marks(all_marks())]
    if is_narrowed and found:
        among = index.uids(where)
        found = [(uid, finding) for uid, finding in found if uid in among]
    return iter(found)


def _lines(rule: Rule, those: Sequence[tuple[str, Finding]]) -> tuple[Line, ...]:
    library = context.library()
    rows = {row.uid: row for row in library.index.rows(of_exchanges({uid for uid, _ in those}))}
    others = ((uid, finding) for uid, finding in those)
    bare = [row._replace(findings="") for row in rows.values()]
    order = {uid: at for at, (uid, _) in enumerate(those)}
    found = gathered(library.roots, [rule], sorted(bare, key=lambda row: order[row.uid]), (), others)
    return tuple(Line(one, rows[one.uid]) for one in found)
