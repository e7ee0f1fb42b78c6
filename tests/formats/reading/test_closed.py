"""How a WebSocket was closed, and what a call failed with, as their recorders write it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector import formats
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import closed
from inspector.model import Exchange, ProviderError

SAID = '{"type": "response.created"}'


def _read(value: Any) -> Exchange:
    recording = formats.read(Source("a.json", json.dumps(value).encode()))
    assert recording.broken is None
    return recording.exchanges[0]


def _cassetter(code: int) -> Exchange:
    frame = {"direction": "recv", "frame_type": "text", "body": {"type": "text", "content": SAID}}
    end = {"direction": "recv", "frame_type": "close", "close_code": code, "close_reason": "asleep"}
    session = {"uri": "wss://api.openai.com/v1/responses", "headers": {}, "frames": [frame, end]}
    return _read({"version": 1, "interactions": [], "ws_interactions": [session]})


def _opencode(code: int) -> Exchange:
    events = [{"direction": "server", "kind": "text", "body": SAID}]
    end = {"direction": "server", "kind": "close", "code": code, "reason": "asleep"}
    opened = {"url": "wss://api.openai.com/v1/responses", "headers": {}}
    one = {"transport": "websocket", "open": opened, "events": [*events, end]}
    return _read({"version": 1, "metadata": {"name": "x"}, "interactions": [one]})


@pytest.mark.parametrize("recorded", [_cassetter, _opencode])
def test_why_a_session_was_closed_is_said(recorded: Any) -> None:
    assert [problem.why for problem in recorded(1011).problems] == ["closed: 1011 asleep"]
    assert [problem.why for problem in recorded(1000).problems] == ["closed: asleep"]


@pytest.mark.parametrize("told", [None, {}, {"code": 1000}, {"close_code": 1005, "close_reason": ""}, "1011"])
def test_a_normal_end_says_nothing(told: Any) -> None:
    assert closed(told) == []


def test_what_a_call_failed_with_is_its_error() -> None:
    call = {
        "request": {"method": "/lamps.Keeper/Ask", "metadata": {}, "body": {"type": "binary", "content": "0a"}},
        "response": {
            "status_code": 8,
            "status_message": "the lamp needs rest",
            "metadata": {},
            "body": {"type": "none"},
        },
    }
    response = _read({"version": 1, "interactions": [], "grpc_interactions": [call]}).response
    assert response is not None
    assert isinstance(response.error, ProviderError)
    assert (response.error.type, response.error.message) == ("8", "the lamp needs rest")
