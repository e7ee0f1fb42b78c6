"""The columns of an exchange are written once, and the version of the schema goes up with them."""

from __future__ import annotations

from hashlib import blake2b

from inspector.analysis.exchange_summary import Summary
from inspector.index import Index
from inspector.index.columns import Placed
from inspector.index.rows import EXCHANGE, Row
from inspector.index.schema import SCHEMA_VERSION, script

KNOWN = {33: "1cac9ed83f31"}
"""The last version with a hash of its schema."""


def test_the_version_goes_up_with_the_schema() -> None:
    digest = blake2b(script().encode(), digest_size=6).hexdigest()
    assert {SCHEMA_VERSION: digest} == KNOWN, "the schema changed: raise SCHEMA_VERSION, and note both here"


def test_every_column_is_one_of_the_tables_and_has_a_value_to_keep() -> None:
    index = Index(None)
    for table in ("exchange", "list_row"):
        columns = [name for _, name, *_ in index.all(f"PRAGMA table_info({table})")]
        assert columns == [*EXCHANGE.kept(table)]
    kept = {column.of or name for table in ("exchange", "list_row") for name, column in EXCHANGE.kept(table).items()}
    assert kept <= {*Placed._fields, *Summary._fields}
    assert list(EXCHANGE.columns) == list(Row._fields)
