"""``inspector find-log``."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from inspector.cli.common import Failure, link_base, roots_at
from inspector.cli.terminal import Reached, line, out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.files.roots import Roots
    from inspector.index import Row
    from inspector.testruns.replay_misses import LogFindings
    from inspector.testruns.replay_misses.nearest import Lead, OfTest


@click.command("find-log")
@click.argument("log", metavar="LOG|-", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path(path_type=Path))
@link_base
def find_log(log: Path, paths: tuple[Path, ...], link_base: str) -> None:
    """Find the requests that a CI log says have no recording, and what PATH… (the current directory) still has of
    their tests. `-` reads the log from standard input."""
    from inspector.testruns.replay_misses import decoded, find

    roots = roots_at(paths or (Path(),))
    found = find(decoded(_read(log)))
    if not found.misses:
        raise Failure(_nothing(found))
    for number, lead in enumerate(_leads(roots, found)):
        out(("\n" if number else "") + "".join(f"{line(text)}\n" for text in told(lead, link_base)))
    if found.more:
        out(f"\nThere are more: the first {len(found.misses):,} are told.\n")


def _read(log: Path) -> bytes:
    if str(log) == "-":
        return sys.stdin.buffer.read()
    try:
        return log.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{line(str(log))}: {error.strerror or error}") from None


def _nothing(found: LogFindings) -> str:
    failed = len(found.failed)
    tests = f"; {failed:,} {'test' if failed == 1 else 'tests'} failed in it for other reasons" if failed else ""
    return f"no recorder misses a recording in this log{tests}"


def _leads(roots: Roots, found: LogFindings) -> Iterator[Lead]:
    from inspector.library.library_of_one_answer import momentary
    from inspector.testruns.replay_misses.nearest import lead

    with closing(momentary(roots, Reached()).index) as index:
        for miss in found.misses:
            yield lead(index, miss)


def told(lead: Lead, base: str, *, leads_on: bool = True) -> Iterator[str]:
    """The block of one miss: what the log says, and what is recorded. `leads_on` to the command that says more."""
    from inspector.testruns.replay_misses.nearest import differing, request, state

    miss = lead.miss
    times = f" ({miss.times:,} times)" if miss.times > 1 else ""
    where = f"line {miss.line}{times}: " if miss.line else ""  # a hash alone stands in no log
    yield f"{where}no recording of {request(miss)}"
    if miss.hash:
        yield f"  request hash {miss.hash}{'' if len(miss.hash) == 64 else '…'}"
        if leads_on:
            yield f"  inspector why {miss.hash} says what the hash proves"
    if miss.kwargs:
        yield f"  arguments {miss.kwargs}"
    if why := differing(miss):
        yield f"  {why}"
    yield f"  {state(lead)}"
    for row in (*lead.there, *(like.row for like in lead.cassette)):
        yield from _row(row, (), base)
    for test in lead.tests:
        yield from _test(test, base)
    if lead.elsewhere:
        yield "  like it, of other tests (a guess):"
    for like in lead.elsewhere:
        yield from _row(like.row, like.same, base)


def _test(test: OfTest, base: str) -> Iterator[str]:
    from inspector.testruns.replay_misses.nearest import recorded

    yield f"  test {test.id or test.named.id}"
    yield f"    by {test.named.how}{'' if test.named.sure else ' (a guess)'}; {recorded(test)}"
    if test.id and base:
        yield f"    {_link(base, f't/{quote(test.id)}')}"
    for like in test.likes:
        yield from _row(like.row, like.same, base)
    for id, total in test.others:
        yield f"    {total:4}  {id}"


def _row(row: Row, same: tuple[str, ...], base: str) -> Iterator[str]:
    from inspector.analysis.first_words import words

    said = " → ".join(words(text, 40) for text in (row.asked, row.replied) if text)
    like = f"  [same {', '.join(same)}]" if same else ""
    yield f"    {row.uid}  {row.model or row.operation}  {said}{like}  {row.path}"
    if base:
        yield f"      {_link(base, f'e/{row.uid}')}"


def _link(base: str, address: str) -> str:
    from inspector.files.urls import link

    return link(base, address)
