"""Sessions of Claude Code: what holds for each of them, and what the samples say."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from inspector import formats
from inspector.analysis.issues import marks
from inspector.decode import decoder
from inspector.files.roots import roots_of
from inspector.formats.reading.lines import START, Line
from inspector.formats.reading.source import Source
from inspector.library import reader
from inspector.model import ModelCall, ToolCall, ToolResult
from tests.making import SAMPLES, contents, library, put

PROJECT = SAMPLES / "other" / "claude-code" / "projects" / "-home-keeper-skerry"
SESSION = "5a3c1e70-0000-4000-8000-00000000f0c5"
OLD = "5a3c1e70-0000-4000-8000-0000000001d5"
FILES = sorted(PROJECT.rglob("*.jsonl"))

every_session = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def read(data: bytes, start: Line = START, one: bool = False) -> formats.Recording:
    return formats.read(Source("session.jsonl", io.BytesIO(data), start=start, one=one))


def calls(name: str) -> list[ModelCall]:
    return [decoder.decode(one) for one in reader.load(roots_of(PROJECT), name).exchanges]


def line(kind: str, uuid: str, parent: str | None, **more: Any) -> bytes:
    known = {"type": kind, "uuid": uuid, "parentUuid": parent, "sessionId": "s", "isSidechain": False}
    return json.dumps({**known, **more}).encode() + b"\n"


def user(uuid: str, parent: str | None, content: Any, **more: Any) -> bytes:
    return line("user", uuid, parent, message={"role": "user", "content": content}, **more)


def answer(uuid: str, parent: str | None, id: str, *blocks: Any, output: int = 1, **more: Any) -> bytes:
    said = {"id": id, "type": "message", "role": "assistant", "model": "claude-x", "content": [*blocks]}
    return line("assistant", uuid, parent, message={**said, "usage": {"output_tokens": output}}, **more)


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


@every_session
def test_what_a_script_counts_is_what_is_read(path: Path) -> None:
    """Blocks, results and tokens, once each, as somebody counts them who knows nothing of turns."""
    blocks: list[str] = []
    results: list[str] = []
    used: dict[str, tuple[int, int]] = {}
    for raw in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        said = raw.get("message") or {}
        inner = [block for block in said.get("content") or () if isinstance(block, dict)]
        if raw["type"] == "assistant" and not raw.get("isApiErrorMessage"):
            counts = said["usage"]
            fresh = counts["input_tokens"] + counts["cache_creation_input_tokens"] + counts["cache_read_input_tokens"]
            used[said["id"]] = (fresh, counts["output_tokens"])
            blocks += [block["id"] for block in inner if block["type"] == "tool_use"]
        results += [block["tool_use_id"] for block in inner if block["type"] == "tool_result"]
    known = [decoder.decode(one) for one in read(path.read_bytes()).exchanges]
    parts = [part for call in known for one in (*call.prompt.messages, *call.replies) for part in one.parts]
    assert sorted(part.id or "" for part in parts if isinstance(part, ToolCall)) == sorted(blocks)
    assert sorted(part.id or "" for part in parts if isinstance(part, ToolResult)) == sorted(results)
    counted = {call.response_id: (call.usage.input_tokens, call.usage.output_tokens) for call in known if call.usage}
    assert counted == used


# ---------------------------------------------------------------- the samples


def test_a_session_says_what_was_said() -> None:
    asked = [[message.role for message in call.prompt.messages] for call in calls(f"{SESSION}.jsonl")]
    assert asked[:4] == [["user", "user", "system"], ["user", "user"], ["user", "user"], ["user", "user", "system"]]
    said = repr(calls(f"{SESSION}.jsonl"))
    for words in (
        "one second late like the others", "title='put in by Claude Code'", "title='compact_boundary'",
        "title='summary of the conversation so far'", "'Do not touch the lens.'", "overloaded_error",
    ):  # fmt: skip
        assert words in said


def test_an_error_is_one_and_unknown_lines_are_said() -> None:
    exchanges = reader.load(roots_of(PROJECT), f"{SESSION}.jsonl").exchanges
    kinds = [[mark.kind for mark in marks(one, decoder.decode(one))] for one in exchanges]
    assert kinds == [[], [], [], ["tool failed"], ["error"], [], ["problem"]]
    assert [one.why for one in exchanges[-1].problems] == ["not understood: 1 of type fog-density"]


def test_files_beside_are_read_below_the_root_only(tmp_path: Path) -> None:
    shutil.copy(PROJECT / f"{SESSION}.jsonl", tmp_path)
    alone = reader.load(roots_of(tmp_path), f"{SESSION}.jsonl")
    assert "Preview (first 2KB)" in repr(alone)
    assert "like the others" not in repr(alone)
    assert not any(one.problems for one in alone.exchanges[:-1])


def test_a_result_in_a_file_is_no_recording_of_its_own(tmp_path: Path) -> None:
    said = {"id": "m", "type": "message", "role": "assistant", "model": "claude-x", "content": [text("Fog")]}
    put(tmp_path / "s" / "tool-results" / "t.json", json.dumps(said).encode())
    shelf = library(tmp_path)
    shelf.refresh()
    assert len(shelf.index.rows()) == 1, "whose it is, nobody knows"
    put(tmp_path / "s.jsonl", user("u", None, "Ring"))
    put(tmp_path / "s" / "tool-results" / "t.json", json.dumps(said).encode(), age=30)
    shelf.refresh()
    assert [row.path for row in shelf.index.rows()] == ["s.jsonl"]


def test_helpers_are_where_they_are_called() -> None:
    shelf = library(PROJECT)
    shelf.refresh()
    rows = {row.id: row for row in shelf.index.rows()}
    called = {row.asked: rows[row.parent] for row in rows.values() if row.is_called and row.parent}
    assert {asked[:9]: by.replied[:9] for asked, by in called.items()} == {
        "Look thro": "Every str",
        "Count the": "Task({\"de",
    }  # fmt: skip
    assert {row.session for row in rows.values()} == {SESSION, OLD}
    (asked,) = [row for row in rows.values() if row.asked.startswith("How much oil was there")]
    assert rows[asked.parent or 0].asked == "How much oil is left? Ask a helper.", "the user went back to there"


def test_a_grown_session_is_in_the_index_once(tmp_path: Path) -> None:
    """Through the library: an answer that had only begun stands where it stood."""
    whole = (PROJECT / f"{SESSION}.jsonl").read_bytes().splitlines(keepends=True)
    file = tmp_path / f"{SESSION}.jsonl"
    growing, at_once = library(tmp_path), library(tmp_path)
    for count in (7, 8, 14, 23, len(whole)):
        put(file, b"".join(whole[:count]), age=100 - count)
        growing.refresh()
    at_once.refresh()
    assert contents(growing.index) == contents(at_once.index)


# ---------------------------------------------------------------- what versions do


def test_lines_of_one_response_are_one_whatever_stands_between() -> None:
    """Tools answer while the model still speaks; measures, and lines that some versions wrote twice."""
    data = b"".join([
        user("u", None, "Ring"),
        answer("a", "u", "m", text("One"), output=1),
        answer("a", "u", "m", text("One"), output=1),
        user("r", "a", [{"type": "tool_result", "tool_use_id": "t", "content": "Rung"}]),
        line("progress", "p", "r", data={}),
        answer("b", "p", "m", text("Two"), output=9),
        answer("c", "p", "n", text("Three"), output=2),
    ])  # fmt: skip
    first, second = read(data).exchanges
    replies = [decoder.decode(one) for one in (first, second)]
    assert [[part.content for part in call.replies[0].parts] for call in replies] == [["OneTwo"], ["Three"]]  # type: ignore[union-attr]
    assert [call.usage and call.usage.output_tokens for call in replies] == [9, 2]
    assert second.continues in first.known_as
    assert read(data, Line(second.entry, second.position or 0), one=True).exchanges == (second,)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'{"type": "user", "sessionId": "s", "message": "no object"}\n', "the message is no object"),
        (b"7\n", "an object is expected"),
        (b"not json\n", "not understood"),
    ],
)
def test_a_bad_line_costs_itself(bad: bytes, why: str) -> None:
    good = user("u", None, "Ring"), answer("a", "u", "m", text("One"))
    for data in (good[0] + bad + good[1], bad + good[0] + good[1] if bad[:1] == b"{" else good[0] + good[1] + bad):
        exchanges = read(data).exchanges
        assert len(exchanges) == 2
        assert [one.response is not None for one in exchanges].count(True) == 1
        assert why in repr([one.problems for one in exchanges])


def test_fields_may_be_missing() -> None:
    data = (
        b'{"type":"user","sessionId":"s","message":{"role":"user"}}\n{"type":"assistant","message":{"content":"Yes"}}'
    )
    (one,) = read(data).exchanges
    assert [part.content for part in decoder.decode(one).replies[0].parts] == ["Yes"]  # type: ignore[union-attr]
    assert (one.started_at, one.duration, one.continues, one.provider) == (None, None, "", None)


def test_where_no_line_names_another_a_result_leads_to_its_call() -> None:
    """Some write a session without what each line goes on from: its results are no orphans."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "ring_bell", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "rung"}
    lines = (
        user("a", None, "Ring it."), answer("b", None, "msg_1", call),
        user("c", None, [result]), answer("d", None, "msg_2", text("Done.")),
    )  # fmt: skip
    asked, answered = read(b"".join(lines)).exchanges
    assert answered.continues in asked.known_as
    assert asked.continues == ""
    assert not marks(answered, decoder.decode(answered))
