"""The schema of the index, and its version. It is a cache: another version is another file, and nothing is migrated."""

from __future__ import annotations

from importlib import resources

from inspector.index.rows import EXCHANGE

SCHEMA_VERSION = 33
"""Goes up with every change of the schema, or of what is kept in it."""


def script() -> str:
    """The statements that make an empty index."""
    tables = [EXCHANGE.create(table) for table in ("exchange", "list_row")]
    rest = resources.files("inspector.index").joinpath("schema.sql").read_text(encoding="utf-8")
    return ";\n".join((*tables, rest))
