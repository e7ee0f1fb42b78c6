"""Rows of exchanges as a Parquet file (https://parquet.apache.org/docs/file-format/), by pyarrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any

import pyarrow
from pyarrow import parquet

from inspector import DISTRIBUTION, __version__
from inspector.model import jsonio
from inspector.output.shown_exchange import Shown
from inspector.output.table_rows import COLUMNS, FLAG, MOMENT, NUMBER, TEXT, TEXTS, WHOLE, Type, row

"""What the metadata of a file name as its writer."""

_MOST = 500
"""Rows that are held and written together."""

_LARGEST = 32_000_000
"""Their bytes as JSON."""

_TYPES = {
    TEXT: pyarrow.string(),
    WHOLE: pyarrow.int64(),
    NUMBER: pyarrow.float64(),
    FLAG: pyarrow.bool_(),
    MOMENT: pyarrow.timestamp("us", tz="UTC"),
    TEXTS: pyarrow.list_(pyarrow.string()),
}


def write(shown: Iterable[Shown], file: IO[bytes]) -> int:
    """Write exchanges as rows to a file; returns how many there were."""
    schema = pyarrow.schema(
        [pyarrow.field(column.name, _type(column.type)) for column in COLUMNS],
        metadata={b"writer": DISTRIBUTION.encode(), b"version": __version__.encode()},
    )
    written = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in _pieces(map(row, shown)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema))
            written += len(some)
    return written


def _pieces(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some, size = list[dict[str, Any]](), 0
    for one in rows:
        some.append(one)
        size += jsonio.weight(one)
        if len(some) >= _MOST or size >= _LARGEST:
            yield some
            some, size = [], 0
    if some:
        yield some


def _type(of: Type) -> Any:
    if isinstance(of, str):
        return _TYPES[of]
    return pyarrow.list_(pyarrow.struct([pyarrow.field(name, _type(inner)) for name, inner in of[0].items()]))
