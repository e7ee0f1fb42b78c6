"""``inspector why``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import Failure, link_base, roots_at
from inspector.cli.terminal import Reached, line, out

if TYPE_CHECKING:
    from inspector.files.roots import Roots
    from inspector.index import Index
    from inspector.model import Exchange
    from inspector.testruns.missed_request import MissedRequest
    from inspector.testruns.replay_misses import Miss
    from inspector.testruns.replay_misses.nearest import Lead

_ID = re.compile(r"(?:\S*/)?e?/?([0-9a-f]{16})")
_LARGEST = 64 * 1024 * 1024
_SHORT = 12
"""Digits of a hash that old recorders took for a name."""


@click.command()
@click.argument("what", metavar="WHAT")
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path(path_type=Path))
@link_base
def why(what: str, paths: tuple[Path, ...], link_base: str) -> None:
    """Say why a request found no recording in PATH… (the current directory).

    WHAT is the log of a test run or a file with a request, `-` for standard input, the hash that a recorder names, a
    request as JSON or a curl command, the id of an exchange, or that of a test that failed under `pytest --inspector`.
    What a hash proves comes first; where the request is known, what is most like it stands beside it; else what is
    nearest is named, as a guess.
    """
    from inspector.why.asked import NotUnderstood, understood

    roots = roots_at(paths or (Path(),))
    if found := _ID.fullmatch(what):
        _say(_of_exchange(roots, found[1], link_base))
        return
    if missed := _missed(roots, what):
        for one in missed:
            _say(_of_missed(roots, one, link_base))
        return
    try:
        asked = understood(_text(what))
    except NotUnderstood as error:
        raise Failure(f"{_nothing_missed(what) or error}") from None
    if asked.exchange is not None:
        _say(_of_request(roots, asked.exchange, link_base))
    else:
        _say(_of_misses(roots, asked.misses, link_base))


_TEST = re.compile(r"[^\s:]+::\S.*")


def _nothing_missed(what: str) -> str:
    """What is said of a test that no run saw miss a request; empty for what is no test's id."""
    if not _TEST.fullmatch(what):
        return ""
    return f"no run with `pytest --inspector` saw {what[:200]} miss a request; ask with its log, or with the request"


def _say(lines: Iterator[str]) -> None:
    for text in lines:
        out(f"{line(text)}\n")


def _text(what: str) -> str:
    """The text of a file, of standard input, or what was given itself."""
    from inspector.testruns.replay_misses import decoded

    if what == "-":
        return decoded(sys.stdin.buffer.read(_LARGEST))
    try:
        path = Path(what)
        if len(what) < 4096 and path.is_file():
            with path.open("rb") as file:
                return decoded(file.read(_LARGEST))
    except (OSError, ValueError):
        pass
    return what


# ---------------------------------------------------------------- what a recorder says


def _of_misses(roots: Roots, misses: tuple[Miss, ...], base: str) -> Iterator[str]:
    from inspector.testruns.replay_misses.nearest import request
    from inspector.why.keyed_recordings import proved, recorded_in

    recorded = recorded_in(roots)
    left = []
    for miss in misses:
        if proof := proved(miss, recorded):
            yield f"no recording of {request(miss)}{f', request hash {miss.hash}' if miss.hash else ''}"
            yield f"  proved: {proof.words}"
        else:
            left.append(miss)
    for lead in _leads(roots, left):
        yield from _guessed(lead, base)


def _leads(roots: Roots, left: list[Miss]) -> Iterator[Lead]:
    """Where misses lead to. Nothing is read for what only names a hash that no file has for its name."""
    from inspector.testruns.replay_misses.nearest import is_bare, lead, unlike

    names = {found.path.rpartition("/")[2] for found in roots.found()} if any(map(is_bare, left)) else set()
    with ExitStack() as stack:
        index: Index | None = None
        for miss in left:
            if is_bare(miss) and not any(miss.hash[:_SHORT] in name for name in names):
                yield unlike(miss)
                continue
            index = index or stack.enter_context(closing(_index(roots)))
            yield lead(index, miss)


def _guessed(lead: Lead, base: str) -> Iterator[str]:
    from inspector.cli.find_log import told

    first, *rest = told(lead, base, leads_on=False)
    yield first
    yield "  nothing is proved; what follows is nearest, and a guess"
    yield from rest


# ---------------------------------------------------------------- a request that is known


def _missed(roots: Roots, what: str) -> tuple[MissedRequest, ...]:
    """What a test missed when it last ran, by its id."""
    from inspector.testruns.results import load

    if "::" not in what or "\n" in what:
        return ()
    test = load(roots).of(what)
    return test.missed if test else ()


def _of_missed(roots: Roots, missed: MissedRequest, base: str) -> Iterator[str]:
    yield missed.words
    if missed.left_out:
        raise Failure(f"its body of {missed.left_out:,} characters is too long to be compared")
    yield from _of_request(roots, missed.exchange, base, missed=missed)


def _of_request(
    roots: Roots, asked: Exchange, base: str, but: str = "", missed: MissedRequest | None = None
) -> Iterator[str]:
    from inspector.files.urls import link
    from inspector.why.likeness import compared

    with closing(_index(roots)) as index:
        among = (index.with_path(missed.cassette) if missed and missed.cassette else None) or None
        found = compared(roots, index, asked, but, missed=missed, among=among)
        if not found:
            raise Failure("nothing like it is recorded here")
        yield "compared with the recorded requests that are most like it:"
        for one in found:
            yield f"  {one.row.uid}  {one.row.path}"
            if base:
                yield f"    {link(base, f'e/{one.row.uid}')}"
            yield from (f"    {told}" for told in one.told())


def _of_exchange(roots: Roots, uid: str, base: str) -> Iterator[str]:
    from inspector.library import reader

    with closing(_index(roots)) as index:
        row = index.row(uid)
    if row is None:
        raise Failure(f"no exchange {uid} is recorded here")
    one = reader.load(roots, row.path).exchange(row.entry)
    if one is None:
        raise Failure(f"{row.path} cannot be read")
    if one.unreachable:
        yield f"{row.path}: no replay finds it: {one.unreachable}"
    yield from _of_request(roots, one, base, uid)


def _index(roots: Roots) -> Index:
    from inspector.library.library_of_one_answer import momentary

    return momentary(roots, Reached()).index
