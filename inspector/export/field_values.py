"""What a browser needs to evaluate each field of the query language in an export: the table of fields, and the columns
that they compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inspector.index import Row
from inspector.index.store import Index
from inspector.search.fields import FIELDS, ORDERS, Field

NAMES = sorted(
    {column for field in FIELDS if field.compared.kind in ("names", "models") for column in field.compared.columns}
)
"""Columns of names."""

NUMBERS = sorted(
    {column for field in FIELDS if field.compared.kind == "number" for column in field.compared.columns}
    | {"entry", "started"}
)
"""Columns of numbers: what is compared, and what lists are ordered by."""

_ABSENT = {field.name for field in FIELDS if field.compared.kind == "absent"}

WITHOUT_TIMES = {name: column for name, (column, _) in ORDERS.items() if name not in _ABSENT}
"""The columns of the orders that there are without times."""


def table() -> list[dict[str, Any]]:
    """Every field, as the browser has it."""
    return [
        {
            "name": field.name,
            "help": field.help,
            "example": field.example,
            "values": {name: what for name, what in field.values.items() if _is_there(field, name)},
            "synonyms": field.synonyms,
            "kind": field.compared.kind,
            "columns": field.compared.columns,
            "units": field.compared.units,
            "isNamed": field.column is not None,
        }
        for field in FIELDS
    ]


def _is_there(field: Field, value: str) -> bool:
    return field.compared.kind != "order" or value.removesuffix("-asc") in WITHOUT_TIMES


def names(rows: Iterable[Row]) -> dict[str, dict[str, list[Any]]]:
    """Of each column of names those that there are, in order, and the number of each exchange's, -1 for none."""
    rows = list(rows)
    return {column: numbered([getattr(row, column) for row in rows]) for column in NAMES}


def numbered(values: list[str | None]) -> dict[str, list[Any]]:
    """Names that many share, once."""
    known = sorted({value for value in values if value})
    number = {name: at for at, name in enumerate(known)}
    return {"names": known, "of": [number.get(value or "", -1) for value in values]}


def marks(index: Index, rows: Iterable[Row]) -> dict[str, dict[str, list[int]]]:
    """For each value of the fields that are marks the exchanges that have it, as the index itself finds them."""
    rows = list(rows)
    found: dict[str, dict[str, list[int]]] = {}
    for field in (field for field in FIELDS if field.compared.kind == "marks"):
        ids = {value: index.ids(field.where(value)) for value in field.values}
        found[field.name] = {value: [at for at, row in enumerate(rows) if row.id in its] for value, its in ids.items()}
    return found
