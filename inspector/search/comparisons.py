"""How the values of a field are compared: what the index is asked, and what a browser does that has no index.

Each comparison has both, so that a field of the query language is one row of `inspector.search.fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspector.analysis.exchange_summary import model_name
from inspector.index import conditions
from inspector.index.conditions import ALL, Where
from inspector.search import numbers


@dataclass(frozen=True, slots=True)
class Comparison:
    """`where` is the condition for a value; it may raise `QueryError`. `kind`, `columns` and `units` are for the
    scripts of an export, which compare columns in the same way: ``static/js/export/search-index.js``."""

    kind: Literal["place", "names", "models", "tools", "group", "marks", "number", "order", "absent"]
    """``absent`` is what an export does not say."""
    where: Callable[[str], Where]
    columns: tuple[str, ...] = ()
    units: Mapping[str, int] = field(default_factory=dict)


def names(column: str) -> Comparison:
    """A name in a column, such as a provider's."""
    return Comparison("names", lambda value: conditions.names([column], value), (column,))


def session() -> Comparison:
    """Its session, also where lists gather it under its test."""
    return Comparison("names", lambda value: conditions.names(["session"], value, of_groups=True), ("session",))


def models(*columns: str) -> Comparison:
    """A model's name, without the folders before it."""

    def where(value: str) -> Where:
        exact, name = ("=", value[1:]) if value.startswith("=") else ("", value)
        return conditions.names(columns, exact + (model_name(name) or name))

    return Comparison("models", where, columns)


def path() -> Comparison:
    return Comparison("names", conditions.path, ("path",))


def group(kind: str = "") -> Comparison:
    """What lists gather exchanges under, of one kind or of any."""
    return Comparison("group", lambda value: conditions.group(value, kind), (kind,) if kind else ())


def tools() -> Comparison:
    return Comparison("tools", conditions.calls)


def number(column: str, units: Mapping[str, int]) -> Comparison:
    """A number in a column, which a query may write with units."""
    return Comparison(
        "number", lambda value: conditions.bounded(column, numbers.bounds(value, units)), (column,), units
    )


def status(column: str) -> Comparison:
    """The same for the status of HTTP, whose families are written ``4xx``."""
    return Comparison(
        "number", lambda value: conditions.bounded(column, numbers.status_bounds(value)), (column,), numbers.COUNTS
    )


def age(column: str) -> Comparison:
    """A time in nanoseconds: an age or a date."""
    return Comparison("absent", lambda value: conditions.bounded(column, numbers.time_bounds(value)))


def marks(where: Callable[[str], Where]) -> Comparison:
    """One of several values that the language knows, each with a condition of its own."""
    return Comparison("marks", where)


def place() -> Comparison:
    """What narrows words, and is no condition itself."""
    return Comparison("place", lambda _: ALL)


def order() -> Comparison:
    """What says in which order, and is no condition."""
    return Comparison("order", lambda _: ALL)
