"""What changed, laid out: kinds of change with an example and their members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inspector.analysis.first_words import words
from inspector.compare.states.change import Change, Kind, Since, Unread
from inspector.compare.verdict import VERDICTS
from inspector.files.urls import Links
from inspector.output.plural import count
from inspector.report.as_json_changes import compare_link
from inspector.report.layout import Items, Line, Link, Page, Quote, Section, Words

_SAID = 60
"""Characters of what was asked."""

_TITLES = {
    "answer": "Answers that changed",
    "request": "Requests that changed, with the same answer",
    "new": "New",
    "gone": "Gone",
    "moved": "Recorded again under another name",
    "noise": "Noise",
}
_COUNTED = {
    "answer": "{count} changed",
    "request": "{count} changed with the same answer",
    "new": "{number} new",
    "gone": "{number} gone",
    "moved": "{number} under another name",
    "noise": "{number} noise",
    "same": "{number} the same",
}
_NOUNS = {"answer": "answer", "request": "request"}


def diff_page(since: Since, after: str, query: str, links: Links, *, is_brief: bool = False) -> Page:
    """What changed from one state to another; `is_brief` leaves the members out."""
    lead: list[Line] = [(in_short(since),), ("From", Quote(since.name), "to", Quote(after))]
    lead += [("Only what this finds:", Quote(query))] if query else []
    sections = (*kinds_told(since, links, is_brief=is_brief), *unread(since.unread))
    return Page(tuple(lead), tuple(section for section in sections if section.blocks))


def in_short(since: Since) -> str:
    """``3 kinds of change: 1 answer changed, 300 noise, 2,860 the same``; that no answer changed is said, too, and how
    many files were not read."""
    counted = Counter(change.verdict for change in since.changes) + Counter(same=since.same)
    told = ", ".join(_counted(verdict, counted[verdict]) for verdict in VERDICTS if counted[verdict])
    told += f"{', ' if told else ''}{count(len(since.unread), 'file')} not read" if since.unread else ""
    if not since.changes:
        return f"Nothing changed{f': {told}' if told else ''}"
    none = "" if counted["answer"] else "no answer changed, "
    return f"{count(len(since.kinds), 'kind')} of change: {none}{told}"


def _counted(verdict: str, number: int) -> str:
    noun = _NOUNS.get(verdict)
    return _COUNTED[verdict].format(number=f"{number:,}", count=count(number, noun) if noun else "")


def kinds_told(since: Since, links: Links, *, is_brief: bool = False) -> Iterator[Section]:
    """A section for each verdict, with its kinds of change."""
    for verdict, title in _TITLES.items():
        own = [kind for kind in since.kinds if kind.verdict == verdict]
        blocks = tuple(_kind(kind, links, is_brief=is_brief) for kind in own)
        yield Section(title, blocks, is_trouble=verdict == "answer")


def _kind(kind: Kind, links: Links, *, is_brief: bool) -> Items:
    title: Words = Link(kind.title, links.to(f"changes#{kind.id}")) if links.have_changes else Quote(kind.title)
    head = (f"{len(kind.changes):,} ×", title)
    if is_brief:
        return Items(head)
    is_told = kind.verdict in ("answer", "request")
    example = _opened(kind.changes[0], links) if is_told and len(kind.changes[0].details) > 1 else ()
    return Items(head, (*example, *(_member(change, kind, links) for change in kind.changes)))


def _opened(change: Change, links: Links) -> Iterator[Line]:
    """An example, with all that differs in it."""
    for number, detail in enumerate(change.details):
        yield ("and" if number else "for example", _said(change, detail.line, links))


def _member(change: Change, kind: Kind, links: Links) -> Line:
    """One exchange: its address, its first divergence, what was asked, and where it lies."""
    row = change.row
    url = links.to(f"e/{row.uid}") if links and change.after else ""
    told: tuple[Words, ...] = ()
    if change.kind == "changed" and change.first != kind.title:
        told = (_said(change, change.first, links),)
    elif url and (compared := compare_link(change, links)):
        told = (Link("compare", compared),)
    asked = (Quote(words(row.asked, _SAID)),) if row.asked else ()
    where = (Quote(row.path),) if row.group_id == row.path else (Quote(row.group_id), Quote(row.path))
    return (Link(row.uid, url), Quote(row.model or row.operation), *told, *asked, *where)


def _said(change: Change, line: str, links: Links) -> Words:
    url = compare_link(change, links)
    return Link(line, url) if url else Quote(line)


def unread(found: tuple[Unread, ...]) -> Iterator[Section]:
    """What could not be read of either state, so that nothing is said of it."""
    for state, when in (("before", "the earlier state"), ("after", "the later state")):
        own = [one for one in found if one.state == state]
        lines = tuple((Quote(one.path), Quote(one.why)) for one in own)
        head = (f"{count(len(own), 'file')}: what they hold counts as neither new nor gone",)
        yield Section(f"Not read of {when}, or not to the end", (Items(head, lines),) if own else (), is_trouble=True)
