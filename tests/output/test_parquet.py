"""Tables: what stands in a file of Parquet is what was shown, and the manual's queries answer what they ask."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import chdir
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet
import pytest

from inspector.model import Message, Text
from inspector.output import parquet_file
from inspector.output.table_rows import COLUMNS, row
from tests.docs.generate import MANUAL
from tests.docs.pages import blocks
from tests.output.shown_samples import samples

QUERIES = [code for language, code in blocks((MANUAL / "other-systems.md").read_text("utf-8")) if language == "sql"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("table") / "exchanges.parquet"
    with file.open("wb") as opened:
        assert parquet_file.write(samples(), opened) == len(samples())
    return file


def answers(table: Path, query: str) -> list[Any]:
    with chdir(table.parent):
        return duckdb.sql(query).fetchall()


def test_a_table_holds_what_was_shown(table: Path) -> None:
    read = pyarrow.parquet.read_table(table)
    assert read.column_names == [column.name for column in COLUMNS]
    assert read.to_pylist() == [row(one) for one in samples()]


@pytest.mark.parametrize(("bound", "value", "count"), [("_MOST", 7, 3), ("_LARGEST", 1, 20)])
def test_rows_are_written_in_pieces(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bound: str, value: int, count: int
) -> None:
    monkeypatch.setattr(parquet_file, bound, value)
    with (tmp_path / "pieces.parquet").open("wb") as file:
        parquet_file.write(iter(samples()[:20]), file)
    pieces = pyarrow.parquet.ParquetFile(tmp_path / "pieces.parquet")
    assert pieces.metadata.num_row_groups == count
    assert pieces.read().to_pylist() == [row(one) for one in samples()[:20]]


def test_a_text_that_utf_8_cannot_write_is_written(tmp_path: Path) -> None:
    broken = samples()[0]._replace(library="fog \ud800 bell")
    with (tmp_path / "a.parquet").open("wb") as file:
        parquet_file.write([broken], file)
    assert pyarrow.parquet.read_table(tmp_path / "a.parquet")["library"].to_pylist() == ["fog ? bell"]


@pytest.mark.parametrize("number", range(10))
def test_the_queries_of_the_manual_have_answers(table: Path, number: int) -> None:
    assert answers(table, QUERIES[number]), QUERIES[number]


def test_the_queries_of_the_manual_answer_what_they_ask(table: Path) -> None:
    assert len(QUERIES) == 10
    calls = [one.call for one in samples()]
    chats = [call for call in calls if call.operation == "chat"]
    by_model = answers(table, QUERIES[0])
    assert sum(exchanges for _, _, exchanges, *_ in by_model) == len(chats)
    assert sum(used or 0 for *_, used, _ in by_model) == sum(
        call.usage.input_tokens or 0 for call in chats if call.usage
    )
    tools = Counter(name for one in samples() for name in (called["name"] for called in row(one)["calls"]))
    assert dict(answers(table, QUERIES[2])) == tools
    fog = [
        message
        for call in calls
        for message in (*call.prompt.messages, *call.replies)
        if re.search("fog", _text(message), re.IGNORECASE)
    ]
    assert len(answers(table, QUERIES[5])) == len(fog)
    reasons = Counter(reply.finish_reason for call in calls for reply in call.replies if reply.finish_reason)
    assert dict(answers(table, QUERIES[6])) == reasons


def _text(message: Message) -> str:
    return "\n".join(part.content for part in message.parts if isinstance(part, Text))
