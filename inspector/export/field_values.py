"""How a browser evaluates each field of the query language: the same table as the server's, in values that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from inspector.index import Row
from inspector.index.every import every_id
from inspector.index.store import Index
from inspector.search import numbers
from inspector.search.fields import BY_NAME, FIELDS, ORDERS


class How(NamedTuple):
    """How the values of a field are compared."""

    kind: str
    """``place``, ``names`` in columns, ``models`` (names without the folders before them), ``tools``, ``shelf`` (what
    lists gather under) of a kind or of any, ``marks`` that an exchange has or has not, ``number`` in a column,
    ``order``, or ``absent``: what an export does not say."""
    columns: tuple[str, ...] = ()
    units: Mapping[str, int] = {}


HOW = {
    "in": How("place"),
    "model": How("models", ("model", "response_model")),
    "provider": How("names", ("provider",)),
    "protocol": How("names", ("protocol",)),
    "operation": How("names", ("operation",)),
    "format": How("names", ("format",)),
    "test": How("shelf", ("test",)),
    "session": How("shelf", ("session",)),
    "file": How("names", ("path",)),
    "group": How("shelf"),
    "tool": How("tools"),
    "finish": How("names", ("finish",)),
    "status": How("number", ("status",), numbers.COUNTS),
    "host": How("names", ("host",)),
    "has": How("marks"),
    "is": How("marks"),
    "tokens": How("number", ("total_tokens",), numbers.COUNTS),
    "input": How("number", ("input_tokens",), numbers.COUNTS),
    "output": How("number", ("output_tokens",), numbers.COUNTS),
    "events": How("number", ("events",), numbers.COUNTS),
    "size": How("number", ("size",), numbers.SIZES),
    "duration": How("number", ("duration",), numbers.TIMES),
    "changed": How("absent"),
    "sort": How("order"),
}
"""By the field's name, every field of `FIELDS`."""

NAMES = sorted({column for how in HOW.values() if how.kind in ("names", "models") for column in how.columns})
"""Columns of names."""

NUMBERS = sorted({column for how in HOW.values() if how.kind == "number" for column in how.columns} | {"entry"})
"""Columns of numbers: what is compared, and what lists are ordered by."""

WITHOUT_TIMES = {name: column for name, (column, _) in ORDERS.items() if HOW.get(name, How("")).kind != "absent"}
"""The columns of the orders that there are without times."""


def table() -> list[dict[str, Any]]:
    """Every field, as the browser has it."""
    return [
        {
            "name": field.name,
            "help": field.help,
            "example": field.example,
            "values": {name: what for name, what in field.values.items() if _is_there(field.name, name)},
            "kind": HOW[field.name].kind,
            "columns": HOW[field.name].columns,
            "units": HOW[field.name].units,
            "isNamed": field.column is not None,
        }
        for field in FIELDS
    ]


def _is_there(field: str, value: str) -> bool:
    return HOW[field].kind != "order" or value.removesuffix("-asc") in WITHOUT_TIMES


def names(index: Index, rows: Iterable[Row]) -> dict[str, dict[str, list[Any]]]:
    """Of each column of names those that there are, in order, and the number of each exchange's, -1 for none."""
    rows = list(rows)
    formats = {path: file.format for path, file in index.files().items()}
    return {
        column: numbered([formats.get(row.path) if column == "format" else getattr(row, column) for row in rows])
        for column in NAMES
    }


def numbered(values: list[str | None]) -> dict[str, list[Any]]:
    """Names that many share, once."""
    known = sorted({value for value in values if value})
    number = {name: at for at, name in enumerate(known)}
    return {"names": known, "of": [number.get(value or "", -1) for value in values]}


def marks(index: Index, rows: Iterable[Row]) -> dict[str, dict[str, list[int]]]:
    """For each value of the fields that are marks the exchanges that have it, as the index itself finds them."""
    rows = list(rows)
    found: dict[str, dict[str, list[int]]] = {}
    for name in (name for name, how in HOW.items() if how.kind == "marks"):
        field = BY_NAME[name]
        ids = {value: every_id(index, field.where(value)) for value in field.values}
        found[name] = {value: [at for at, row in enumerate(rows) if row.id in its] for value, its in ids.items()}
    return found
