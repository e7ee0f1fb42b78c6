"""Logs of claude-trace, as lines and as a page."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from inspector.formats import read
from inspector.formats.llm import claude_trace
from inspector.formats.reading.file_bytes import HEAD
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange
from tests.making import SAMPLES as RECORDINGS

SAMPLES = RECORDINGS / "other" / "claude-trace"
LINES = (SAMPLES / "log-2026-02-01-21-00-00.jsonl").read_bytes()
PAGE = (SAMPLES / "log-2026-02-01-21-00-00.html").read_bytes()


def exchanges(data: bytes, path: str = "log.jsonl") -> tuple[Exchange, ...]:
    recording = read(Source(path, data, thorough=True))
    assert (recording.format, recording.broken) == ("claude-trace", None)
    return recording.exchanges


def line(**request: Any) -> bytes:
    asked = {"timestamp": 1770000000.5, "method": "POST", "url": "https://api.anthropic.com/v1/messages"}
    return json.dumps(
        {"request": {**asked, "body": {}, **request}, "response": None, "logged_at": "2026-02-01T21:00:03Z"}
    ).encode()


def test_lines() -> None:
    whole, streamed, orphan, _ = exchanges(LINES)
    assert whole.request.method == "POST"
    assert whole.response is not None
    assert whole.response.body is not None
    assert (whole.response.status, whole.response.body.kind) == (200, "value")
    assert streamed.response is not None
    assert streamed.response.body is not None
    assert streamed.response.body.kind == "text"
    assert streamed.response.body.value.startswith("event: message_start\ndata: ")
    assert orphan.response is None
    assert "Orphaned" in orphan.problems[0].why
    assert [(one.started_at, one.duration) for one in (whole, streamed, orphan)] == [
        ("2026-02-02T02:40:00.250000Z", 1.25),
        ("2026-02-02T02:40:10.500000Z", 2.5),
        ("2026-02-02T02:40:20.500000Z", None),
    ]
    assert [one.position for one in (whole, streamed, orphan)] == [
        0,
        LINES.index(b"\n") + 1,
        LINES.index(b"\n", LINES.index(b"\n") + 1) + 1,
    ]


def test_the_page_holds_the_same() -> None:
    known = exchanges(LINES)
    found = exchanges(PAGE, "log.html")
    assert [one.raw for one in found] == [one.raw for one in known[:2]]
    assert [one.request for one in found] == [one.request for one in known[:2]]


@pytest.mark.parametrize(
    "way", ["JSON.parse(atob('{}'))", 'JSON.parse( atob("{}") )', "JSON.parse(decodeURIComponent(escape(atob('{}'))))"]
)
def test_every_way_to_embed(way: str) -> None:
    data = base64.b64encode(json.dumps({"rawPairs": [json.loads(line())], "metadata": {}}).encode()).decode()
    page = f"<html><script>window.claudeData = {way.replace('{}', data)};</script>"
    [one] = exchanges(page.encode(), "log.html")
    assert one.request.url == "https://api.anthropic.com/v1/messages"


@pytest.mark.parametrize(
    ("user", "session"),
    [
        ("user_0a_account_0b_session_11-22", "11-22"),
        (json.dumps({"device_id": "0a", "session_id": "11-22"}), "11-22"),
        ("0a0b0c", None),
        (json.dumps({"device_id": "0a"}), None),
        ("{oops", None),
        (3, None),
        (None, None),
    ],
)
def test_sessions(user: Any, session: str | None) -> None:
    [one] = exchanges(line(body={"model": "m", "messages": [], "metadata": {"user_id": user}}))
    assert one.session == session


def test_a_truncated_page_is_read_to_its_cut() -> None:
    end = PAGE.index(b"')") - 40
    recording = read(Source("log.html", PAGE[:end]))
    assert recording.truncated
    assert len(recording.exchanges) == 2


def test_a_long_first_line() -> None:
    data = line(body={"model": "m", "messages": [{"role": "user", "content": "x" * 2 * HEAD}]}) + b"\n"
    assert [one.position for one in exchanges(data * 2)] == [0, len(data)]


def test_pieces_of_no_pair_are_passed_over_and_bad_ones_said() -> None:
    found = exchanges(line() + b"\n{}\n{oops\n" + line())
    assert [(one.entry, bool(one.problems)) for one in found] == [(0, False), (2, True), (3, False)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><script>window.data = JSON.parse(atob('e30='))</script>",
        b"<!DOCTYPE html><p>window.claudeData</p>",
        b'{"request": {"timestamp": "x"}}',
        b'{"request": {"timestamp": 1}, "response": {}}',
        b'{"timestamp": 1}',
    ],
)
def test_others_are_not_claimed(data: bytes) -> None:
    assert not claude_trace.sniff(Source("log.jsonl", data))


def test_a_body_is_what_it_was() -> None:
    [one] = exchanges(line(body={"model": "m"}))
    assert one.request.body == Body("value", {"model": "m"})
