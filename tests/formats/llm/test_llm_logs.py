"""Logs of `llm`: what the database says, and nothing is written to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.files.roots import roots_of
from inspector.formats.llm import llm_messages
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import Source
from inspector.index import Index
from inspector.library.library import Library
from inspector.library.reader import load
from inspector.model import Exchange
from inspector.redaction import decoded
from tests.formats.llm import llm_database


def read(file: Path) -> tuple[Exchange, ...]:
    return load(roots_of(file), file.name).exchanges


def test_the_sample_is_what_its_text_says(tmp_path: Path) -> None:
    made = llm_database.write(tmp_path / "made.db")
    with closing(sqlite3.connect(made)) as one, closing(sqlite3.connect(llm_database.SAMPLE)) as other:
        assert [*one.iterdump()] == [*other.iterdump()]


def test_an_exchange_is_opened_alone(tmp_path: Path) -> None:
    file = llm_database.write(tmp_path / "logs.db")
    known = read(file)
    assert len(known) == 5
    for one in known:
        assert one.position is not None
        alone = load(roots_of(file), file.name, Line(one.entry, one.position)).exchanges
        assert alone == (one,)


def test_a_conversation_is_linked(tmp_path: Path) -> None:
    first, second, other, *turns = read(llm_database.write(tmp_path / "logs.db"))
    assert second.continues in first.known_as
    assert first.continues == other.continues == ""
    assert [one.title for one in turns] == ["And now?", "And now?"]


def test_a_response_that_both_stores_have_is_read_once(tmp_path: Path) -> None:
    more = "INSERT INTO turns (id, thread_id, tip_message_hash, model) VALUES ('r3', 't1', 'm5', 'lamp');"
    assert len(read(llm_database.write(tmp_path / "logs.db", more))) == 5


def test_messages_that_lead_to_themselves_end(tmp_path: Path) -> None:
    more = "UPDATE messages SET parent_hash = 'm5' WHERE hash = 'm1'; UPDATE parts SET payload = '{\"text_ref\": [7]}';"
    assert len(read(llm_database.write(tmp_path / "logs.db", more))) == 5


def test_columns_and_parts_that_nobody_knows_are_said(tmp_path: Path) -> None:
    more = """ALTER TABLE responses ADD COLUMN answers TEXT;
    UPDATE responses SET answers = 'data: {"choices": []}' WHERE id = 'r2';
    UPDATE parts SET type = 'song' WHERE id = 7;"""
    said = [problem.why for one in read(llm_database.write(tmp_path / "logs.db", more)) for problem in one.problems]
    assert said == ["keys not understood: answers", "parts not understood: song"]


def test_a_part_that_nobody_knows_is_shown(tmp_path: Path) -> None:
    more = """UPDATE parts SET type = 'song', payload = '{"verse": "Ring on."}' WHERE id = 7;"""
    last = read(llm_database.write(tmp_path / "logs.db", more))[-1]
    _, call = decoded.masked(last)
    assert "Ring on." in repr(call.replies)


def test_what_is_written_while_it_is_served_is_read(tmp_path: Path) -> None:
    """Also where only the log of the database has it."""
    file = llm_database.write(tmp_path / "logs.db", "PRAGMA journal_mode = WAL;")
    library = Library(roots_of(tmp_path), Index(None))
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        library.refresh()
        before = file.read_bytes()
        writer.execute("INSERT INTO responses (id, model, prompt, response) VALUES ('r9', 'lamp', 'New?', 'New.')")
        library.refresh()
        assert file.read_bytes() == before
        assert len(library.index.rows()) == 6


def test_a_database_of_others_is_none() -> None:
    assert not Source("a.db", b"SQLite format 3\0" + bytes(600)).sqlite.tables


def test_a_log_that_repeats_too_much_costs_only_the_exchanges_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fragment may be named by very many requests, and as often by each."""
    whole = read(llm_database.SAMPLE)
    monkeypatch.setattr(llm_messages, "MOST_REPEATED", 1500)
    found = read(llm_database.SAMPLE)
    assert len(found) == len(whole)
    assert found[0].problems == whole[0].problems
    assert "repeats more than" in str(found[-1].problems)
