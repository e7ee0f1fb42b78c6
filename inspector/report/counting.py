"""How much there is of what: exchanges, tokens, oddities and errors, by whatever names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from inspector.analysis.issues import KINDS
from inspector.index import Row
from inspector.report.reported import Report


class Tally(NamedTuple):
    """The exchanges that share a name. Tokens are None where none of them says how many."""

    name: str
    exchanges: int
    odd: int
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    counted: int
    """How many of them say their tokens."""


class Failure(NamedTuple):
    """What a provider answered in place of a reply, and to which exchanges."""

    status: int | None
    message: str
    rows: tuple[Row, ...]


def tally(name: str, rows: Sequence[Row]) -> Tally:
    return Tally(
        name,
        len(rows),
        sum(bool(row.odd) for row in rows),
        _sum(row.input_tokens for row in rows),
        _sum(row.output_tokens for row in rows),
        _sum(row.cached_tokens for row in rows),
        sum(row.input_tokens is not None or row.output_tokens is not None for row in rows),
    )


def tallies(report: Report, name: Callable[[Row], str | None]) -> list[Tally]:
    """One for each name, those of the most exchanges first; what has none is left out."""
    found = [tally(key, rows) for key, rows in gathered(report.rows, name).items()]
    return sorted(found, key=lambda one: (-one.exchanges, one.name))


def gathered(rows: Iterable[Row], name: Callable[[Row], str | None]) -> dict[str, list[Row]]:
    """Exchanges by a name that they share, in their order; those that have none are left out."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if key := name(row):
            found.setdefault(key, []).append(row)
    return found


def by_group(row: Row) -> str:
    return row.group_id


def by_model(row: Row) -> str | None:
    return row.model


def by_provider(row: Row) -> str | None:
    return row.provider


def by_finish(row: Row) -> str | None:
    return row.finish


def odd(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The exchanges of each kind of mark, in the order of the kinds. Errors are told apart (`failures`)."""
    found: dict[str, list[Row]] = {kind: [] for kind in KINDS if kind != "error"}
    for row in rows:
        for kind in row.marks:
            if kind in found:
                found[kind].append(row)
    return {kind: marked for kind, marked in found.items() if marked}


def failures(rows: Iterable[Row]) -> list[Failure]:
    """The errors that providers answered with, the same one told once, the most frequent first."""
    found: dict[tuple[int | None, str], list[Row]] = {}
    for row in rows:
        if "error" in row.marks:
            found.setdefault((row.status, row.replied), []).append(row)
    told = [Failure(status, message, tuple(rows)) for (status, message), rows in found.items()]
    return sorted(told, key=lambda one: -len(one.rows))


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
