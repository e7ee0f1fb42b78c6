"""What a report says, in the order in which somebody with a failing run wants it: trouble, changes, counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from inspector.analysis.first_words import words
from inspector.analysis.issues import KINDS, name_of
from inspector.compare.states.change import NAME, NOISE, Change, Since, What
from inspector.compare.states.changes import by_group as changes_by_group
from inspector.files.urls import NO_LINKS, Links
from inspector.index import Row
from inspector.output.plural import count
from inspector.report.as_json_changes import compare_link
from inspector.report.changes_page import in_short, kinds_told, unread
from inspector.report.counting import (
    Failure,
    Tally,
    by_finish,
    by_group,
    by_model,
    by_provider,
    failures,
    gathered,
    odd,
    tallies,
    tally,
)
from inspector.report.layout import Items, Line, Link, Page, Quote, Section, Table, Words
from inspector.report.reported import Failing, Report

_SIGNS = {"new": "+", "changed": "~", "gone": "-"}
_MESSAGE = 160
_SAID = 60
"""Characters of what was asked and replied."""


def page(report: Report, links: Links) -> Page:
    """The whole report; `links` make addresses, where there are any. Where something changed, trouble that was
    there before comes after that."""
    new = _news(report.since)
    sections = [*_failing(report, links), *_broken(report)]
    if report.since:
        fresh, known = _Marked.split(report, new)
        sections += [*_trouble(fresh, "New errors", "New issues", links), *_changes(report, links)]
        sections += _trouble(known, "Errors, as before", "Issues, as before", links)
    else:
        sections += _trouble(_Marked(failures(report.rows), odd(report.rows)), "Errors", "Issues", links)
    sections += _counts(report, links)
    return Page(tuple(_lead(report)), tuple(section for section in sections if section.blocks))


# ---------------------------------------------------------------- the lead


def _lead(report: Report) -> Iterator[Line]:
    yield (_state(report),)
    if report.since:
        yield (*_sum(report.since),)
        if report.since.changes:
            yield (in_short(report.since),)
    kinds = " and ".join(count(number, kind) for kind, number in _kinds(report.rows).items())
    models, providers = gathered(report.rows, by_model), gathered(report.rows, by_provider)
    of = f" of {count(len(providers), 'provider')}" if providers else ""
    told = f", {count(len(models), 'model')}{of}" if models else ""
    yield (f"{count(len(report.rows), 'exchange')}{f' in {kinds}' if kinds else ''}{told}",)
    yield (_tokens(tally("", report.rows)),)
    if report.query:
        yield ("Only what this finds:", Quote(report.query))


def _kinds(rows: Iterable[Row]) -> dict[str, int]:
    """How many tests, sessions, and files without either there are."""
    groups = {(row.group_kind, row.group_id) for row in rows}
    counted = {kind: sum(kind == one for one, _ in groups) for kind in ("test", "session", "file")}
    return {kind: number for kind, number in counted.items() if number}


def _state(report: Report) -> str:
    failed = [row for failure in failures(report.rows) for row in failure.rows]
    marked = {row.id: row for rows in odd(report.rows).values() for row in rows}
    new = {id for id, _ in _news(report.since)}
    said = (
        f"{count(len(report.failing), 'test')} failed" if report.failing else "",
        f"{count(len(report.broken), 'file')} cannot be read" if report.broken else "",
        count(len(failed), "error") + _of_these(sum(row.id in new for row in failed)) if failed else "",
        f"{count(len(marked), 'exchange')} with issues" + _of_these(len(marked.keys() & new)) if marked else "",
    )
    return ", ".join(one for one in said if one) or "No issues"


def _of_these(new: int) -> str:
    return f" ({new:,} new)" if new else ""


def _sum(since: Since) -> Line:
    kinds = [change.kind for change in since.changes if not change.is_quiet]
    said = [f"{kinds.count(kind):,} {kind}" for kind in ("new", "changed", "gone") if kind in kinds]
    quiet = sum(change.is_quiet for change in since.changes)
    said += [f"{quiet:,} with other ids and times only"] if quiet else []
    return ("Since", Quote(since.name), ", ".join(said) if said else "nothing changed")


def _tokens(all: Tally) -> str:
    if not all.counted:
        return "No tokens were recorded"
    cached = f" ({all.cached_tokens:,} cached)" if all.cached_tokens is not None else ""
    silent = all.exchanges - all.counted
    unsaid = f"; {count(silent, 'exchange')} without a count" if silent else ""
    return f"{all.input_tokens or 0:,} tokens in{cached}, {all.output_tokens or 0:,} out{unsaid}"


# ---------------------------------------------------------------- trouble


News = set[tuple[int, str]]
"""Numbers of exchanges, each with a kind of mark."""


class _Marked(NamedTuple):
    failures: list[Failure]
    odd: dict[str, list[Row]]

    @classmethod
    def split(cls, report: Report, news: News) -> tuple[_Marked, _Marked]:
        """What is marked in a way that it was not before, and what was."""
        failed = [row for row in report.rows if (row.id, "error") in news]
        others = [row for row in report.rows if (row.id, "error") not in news]
        kinds = odd(report.rows).items()
        new = {kind: [row for row in rows if (row.id, kind) in news] for kind, rows in kinds}
        old = {kind: [row for row in rows if (row.id, kind) not in news] for kind, rows in kinds}
        return cls(failures(failed), new), cls(failures(others), old)


def _news(since: Since | None) -> News:
    """Which exchanges are marked how now and were not before."""
    changes = since.changes if since else ()
    told = [(change.row.id, what.after) for change in changes for what in change.what if what.kind == "odd"]
    new = [change.row for change in changes if change.kind == "new"]
    return {*told, *((row.id, kind) for row in new for kind in row.marks)}


def _failing(report: Report, links: Links) -> Iterator[Section]:
    """The tests that failed, each with the exchange that it ended with: most often what broke it."""
    tests = tuple(_test(test, links) for test in report.failing)
    yield Section("Failing tests", tests, is_trouble=True)


def _test(test: Failing, links: Links) -> Items:
    name: Words = Quote(test.id)
    if links and test.rows and test.rows[-1].group_kind == "test":
        name = _group(test.rows[-1], links)
    message = (Quote(words(test.message, _MESSAGE)),) if test.message else ()
    lines = tuple(_exchange(row, links, in_group=True) for row in test.rows[-1:])
    return Items((name, *message), lines)


def _broken(report: Report) -> Iterator[Section]:
    lines = tuple((Quote(file.path), Quote(file.why)) for file in report.broken)
    if lines:
        yield Section("Files that cannot be read", (Items((count(len(lines), "file"),), lines),), is_trouble=True)


def _trouble(marked: _Marked, errors: str, others: str, links: Links) -> Iterator[Section]:
    yield Section(errors, tuple(_failed(failure, links) for failure in marked.failures), is_trouble=True)
    kinds = tuple(_odd(kind, rows, links) for kind, rows in marked.odd.items() if rows)
    yield Section(others, kinds, is_trouble=True)


def _failed(failure: Failure, links: Links) -> Items:
    status = str(failure.status) if failure.status and failure.status >= 400 else "error"
    head = (status, Quote(failure.message or "?"), f"({count(len(failure.rows), 'exchange')})")
    return Items(head, tuple(_exchange(row, links, failed=True) for row in failure.rows), "is:error")


def _odd(kind: str, rows: list[Row], links: Links) -> Items:
    name = name_of(kind)
    head = (f"{name}: {KINDS[kind]} ({count(len(rows), 'exchange')})",)
    lines = tuple(_exchange(row, links) for row in rows)
    return Items(head, lines, f'is:"{name}"' if " " in name else f"is:{name}")


def _exchange(row: Row, links: Links, *, in_group: bool = False, failed: bool = False) -> Line:
    """One exchange: its address, model, what was said, and where it is kept unless a link leads there."""
    where: tuple[Words, ...] = () if in_group or row.group_kind == "file" else (_group(row, links),)
    if not links or row.group_kind == "file":
        where = (*where, Quote(row.path))
    url = links.to(f"e/{row.uid}") if links else ""
    return (Link(row.uid, url), Quote(row.model or row.operation), *_said(row, failed), *where)


def _said(row: Row, failed: bool) -> Iterator[Words]:
    if row.asked:
        yield Quote(words(row.asked, _SAID))
    if row.replied and not failed:  # the error stands above
        yield from ("→", Quote(words(row.replied, _SAID)))


def _group(row: Row, links: Links) -> Words:
    if not links or row.group_kind == "file":
        return Quote(row.group_id)
    letter = "t" if row.group_kind == "test" else "s"
    return Link(row.group_id, links.to(f"{letter}/{quote(row.group_id, safe='')}"))


# ---------------------------------------------------------------- changes


def _changes(report: Report, links: Links) -> Iterator[Section]:
    if (since := report.since) is None:
        return
    heads = tuple(block for section in kinds_told(since, links, is_brief=True) for block in section.blocks)
    yield Section("Kinds of change", heads, is_trouble=True)
    yield from unread(tuple(one for one in since.unread if one.state == "before"))
    left = {row.group_id for row in report.rows}
    loud = changes_by_group(change for change in since.changes if not change.is_quiet)
    ranked = sorted(loud.values(), key=lambda changes: min(_rank(change) for change in changes))
    blocks = [
        Items(
            (_group(changes[0].row, links if changes[0].row.group_id in left else NO_LINKS),),
            tuple(_change(one, links) for one in sorted(changes, key=_rank)),
        )
        for changes in ranked
    ]
    yield Section(f"Changed since {since.name}", tuple(blocks))
    quiet = [change for change in since.changes if change.is_quiet]
    lines = tuple(_change(change, links) for change in quiet)
    head = (f"{count(len(quiet), 'exchange')}: nobody says anything else",)
    yield Section("Recorded again", (Items(head, lines),) if quiet else ())


def _rank(change: Change) -> int:
    """What is no talk with a model comes last."""
    return ("changed", "gone", "new").index(change.kind) + 3 * (change.row.collapsed_under is not None)


def _change(change: Change, links: Links) -> Line:
    row = change.row
    if change.kind != "changed":
        known = links if change.after else NO_LINKS  # what is gone has no page any more
        marks = (f"[{', '.join(map(name_of, row.marks))}]",) if change.after and row.odd else ()
        return (_SIGNS[change.kind], change.kind, *_exchange(row, known, in_group=True), *marks)
    url = links.to(f"e/{row.uid}") if links else ""
    told = [word for what in change.what for word in (*_told(what), ";")][:-1]
    compared = (Link("compare", other),) if (other := compare_link(change, links)) else ()
    where = () if links or NAME in {what.kind for what in change.what} else (Quote(row.path),)
    about = (_SIGNS["changed"], change.verdict, Link(row.uid, url), Quote(row.model or row.operation))
    return (*about, *told, *compared, *where)


def _told(what: What) -> Line:
    if what.kind == "odd":
        return (f"now {name_of(what.after)}",) if what.after else (f"no longer {name_of(what.before)}",)
    if what.kind == NOISE:
        return ("other ids and times",)
    if not what.before and not what.after:
        return (f"other {what.kind}",)
    return (what.kind, Quote(what.before or "nothing"), "→", Quote(what.after or "nothing"))


# ---------------------------------------------------------------- counts


def _counts(report: Report, links: Links) -> Iterator[Section]:
    groups = gathered(report.rows, by_group)
    named = tallies(report, by_group)
    ranked = sorted(named, key=lambda one: -one.odd)
    lines: tuple[Line, ...] = tuple((_group(groups[one.name][0], links), *_numbers(one)) for one in ranked)
    title = " and ".join(f"{kind}s" for kind in _kinds(report.rows)).capitalize()
    yield Section(title, (Table(("", *_COLUMNS), lines),) if lines else ())
    for title, name in (("Models", by_model), ("Providers", by_provider)):
        rows: tuple[Line, ...] = tuple((Quote(one.name), *_numbers(one)) for one in tallies(report, name))
        yield Section(title, (Table(("", *_COLUMNS), rows),) if rows else ())
    ends: tuple[Line, ...] = tuple((Quote(one.name), f"{one.exchanges:,}") for one in tallies(report, by_finish))
    yield Section("Finish reasons", (Table(("", "exchanges"), ends),) if ends else ())


_COLUMNS = ("exchanges", "issues", "tokens in", "cached", "out")


def _numbers(one: Tally) -> tuple[str, ...]:
    tokens = (one.input_tokens, one.cached_tokens, one.output_tokens)
    return (f"{one.exchanges:,}", f"{one.odd:,}" if one.odd else "", *("" if n is None else f"{n:,}" for n in tokens))
