"""The findings of many exchanges, with what a report says of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from inspector.checks.finding import Finding, unpacked
from inspector.checks.rules import BY_AROUND, BY_CODE, Rule
from inspector.files.roots import Roots
from inspector.index import FileRow, Row


class Found(NamedTuple):
    """A finding, and where it is."""

    rule: Rule
    why: str
    place: str
    """On the exchange's page, see `inspector.checks.finding`; ``file`` for what cannot be read."""
    page: str
    """The address of the page that shows it, with the place on it."""
    uid: str
    """The exchange; empty for a file that cannot be read."""
    entry: int
    path: str
    """As it is in the index: below what was named."""
    file: str
    """From the repository that encloses it."""
    test: str
    model: str
    position: int | None = None
    """Where its entry begins in the file, in bytes, for formats whose entries are lines."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it stays known by: its exchange (its file, where it has none), its rule and its place."""
        return self.uid or self.file, self.rule.code, self.place


class Checked(NamedTuple):
    """What was checked, by which rules, and what was found."""

    rules: tuple[Rule, ...]
    exchanges: int
    found: tuple[Found, ...]
    known: int = 0
    """Findings that stand on the baseline, and are not among those found."""
    gone: int = 0
    """Lines of the baseline that nothing is found for any more."""


def gathered(
    roots: Roots,
    rules: Collection[Rule],
    rows: Iterable[Row],
    files: Iterable[FileRow] = (),
    others: Iterable[tuple[str, Finding]] = (),
) -> Iterator[Found]:
    """What is found by some rules in exchanges, in files that cannot be read, and `others` by the id of their exchange;
    in the order of the exchanges."""
    on = {rule.code for rule in rules}
    more: dict[str, list[Finding]] = {}
    for uid, finding in others:
        more.setdefault(uid, []).append(finding)
    if "F301" in on:
        for file in files:
            where = roots.place(file.path).in_repository
            yield Found(BY_CODE["F301"], file.why or "it cannot be read", "file", "", "", 0, file.path, where, "", "")
    for row in rows:
        for finding in (*unpacked(row.findings), *more.get(row.uid, ())):
            if finding.code in on:
                yield _found(roots, row, finding)


def _found(roots: Roots, row: Row, finding: Finding) -> Found:
    return Found(
        BY_CODE[finding.code], finding.why, finding.place, finding.page(row.uid), row.uid, row.entry, row.path,
        roots.place(row.path).in_repository, row.test_id or "", row.model or "", row.position,
    )  # fmt: skip


def of_marks(around: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, Finding]]:
    """The findings that marks are which depend on others, by their kinds and the ids of their exchanges."""
    for kind, whys in around.items():
        yield from ((uid, Finding(BY_AROUND[kind].code, why, "replay")) for uid, why in whys.items())


RANKS = {"error": 0, "warning": 1, "note": 2}
"""The severities, the worst first."""


def by_rule(found: Sequence[Found]) -> dict[Rule, list[Found]]:
    """Findings by their rules, the worst first."""
    grouped: dict[Rule, list[Found]] = {}
    for one in found:
        grouped.setdefault(one.rule, []).append(one)
    return dict(sorted(grouped.items(), key=lambda item: (RANKS[item[0].severity], item[0].code)))
