"""Sessions of Goose: lines, its database, and what it exports say the same."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from inspector import formats
from inspector.files.roots import roots_of
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import Source
from inspector.library.reader import load
from inspector.model import Exchange
from tests.formats.sessions import goose_database
from tests.making import SAMPLES

LINES = SAMPLES / "other" / "goose-session" / "20260301_211400.jsonl"


def said(exchanges: tuple[Exchange, ...]) -> list[object]:
    return [(one.request, one.response, one.started_at, one.duration) for one in exchanges]


def test_the_sample_is_what_its_text_says(tmp_path: Path) -> None:
    made = goose_database.write(tmp_path / "made.db")
    with closing(sqlite3.connect(made)) as one, closing(sqlite3.connect(goose_database.SAMPLE)) as other:
        assert [*one.iterdump()] == [*other.iterdump()]


def test_an_exchange_of_the_database_is_opened_alone(tmp_path: Path) -> None:
    file = goose_database.write(tmp_path / "sessions.db")
    known = load(roots_of(file), file.name).exchanges
    assert [one.session for one in known] == ["20260302_1", "20260302_2", "20260302_1", "20260302_2"]
    for one in known:
        assert one.position is not None
        assert load(roots_of(file), file.name, Line(one.entry, one.position)).exchanges == (one,)


def test_messages_side_by_side_are_one_response(tmp_path: Path) -> None:
    first, _, second, _ = load(roots_of(goose_database.SAMPLE), goose_database.SAMPLE.name).exchanges
    assert first.response is not None
    assert first.response.body is not None
    message = first.response.body.value["choices"][0]["message"]
    assert [part["text"] for part in message["content"]] == ["I ring it."]
    assert [call["function"]["name"] for call in message["tool_calls"]] == ["bell"]
    assert second.continues in first.known_as


def test_lines_and_what_is_exported_say_the_same() -> None:
    about, *messages = map(json.loads, LINES.read_text(encoding="utf-8").splitlines())
    whole = json.dumps({**about, "id": "20260301_211400", "conversation": messages}).encode()
    exported = formats.read(Source("exported.json", whole))
    assert exported.format == "goose-session"
    assert said(exported.exchanges) == said(formats.read(Source(LINES.name, LINES.read_bytes())).exchanges)


def test_parts_that_nobody_knows_are_shown_and_counted() -> None:
    data = LINES.read_bytes().replace(b'"type": "text", "text": "Thick fog.', b'"type": "song", "verse": "Thick fog.')
    last = formats.read(Source(LINES.name, data)).exchanges[-1]
    assert "Thick fog." in repr(last.response)
    assert [problem.why for problem in last.problems] == ["not understood: 1 of type part song"]


def test_what_stands_before_a_broken_page_is_read(tmp_path: Path) -> None:
    file = goose_database.write(tmp_path / "sessions.db")
    with closing(sqlite3.connect(file)) as writer, writer:
        (size,) = writer.execute("PRAGMA page_size").fetchone()
        said = json.dumps([{"type": "text", "text": "fog " * 100}])
        for _ in range(3 * size // 400):
            writer.execute("INSERT INTO messages (session_id, role, content_json, created_timestamp) "
                           "VALUES ('20260302_1', 'user', ?, 1772000000)", (said,))  # fmt: skip
    whole = file.read_bytes()
    last = len(whole) - size
    recording = formats.read(Source(file.name, whole[:last] + bytes(size)))
    assert recording.truncated
    assert len(recording.exchanges) == 5  # the last asks what stands before the page
