"""Chats of VS Code: rounds of calls are exchanges, and what is only on the screen is shown, too."""

from __future__ import annotations

import json
from typing import Any

from inspector import formats
from inspector.formats.reading.source import Source
from inspector.redaction import decoded
from tests.making import SAMPLES

SAMPLE = SAMPLES / "other" / "vscode-chat" / "chat.json"


def read(**more: Any) -> formats.Recording:
    whole = json.loads(SAMPLE.read_bytes())
    whole["requests"][0] |= more
    return formats.read(Source(SAMPLE.name, json.dumps(whole).encode()))


def test_each_round_goes_on_from_the_one_before() -> None:
    exchanges = read().exchanges
    assert [one.continues for one in exchanges] == ["", *(one.known_as[0] for one in exchanges[:-1])]
    assert len(exchanges) == 4
    assert [one.duration for one in exchanges] == [2.1, None, None, 0.09]


def test_a_message_of_older_versions_is_a_text() -> None:
    first = read(
        message="Is there fog?", response=[{"kind": "markdownContent", "content": {"value": "Yes."}}]
    ).exchanges[0]
    _, call = decoded.masked(first)
    assert ("Is there fog?" in repr(call.prompt), "Yes." in repr(call.replies)) == (True, True)


def test_a_call_without_its_arguments_says_what_the_screen_says() -> None:
    part = {"kind": "toolInvocationSerialized", "toolId": "bell", "toolCallId": "c", "invocationMessage": "Ringing"}
    _, call = decoded.masked(read(response=[part]).exchanges[0])
    assert "Ringing" in repr(call.replies)


def test_parts_that_nobody_knows_are_shown_and_counted() -> None:
    first = read(response=[{"kind": "song", "verse": "Ring on."}]).exchanges[0]
    assert "Ring on." in repr(first.response)
    assert [problem.why for problem in first.problems] == ["not understood: 1 of type part song"]
