"""Sessions of Qwen Code: what the samples say, and which lines are one response."""

from __future__ import annotations

import json
from typing import Any

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import Exchange, ToolCall
from tests.making import SAMPLES, library

PROJECTS = SAMPLES / "other" / "qwen-code"
FILES = sorted(PROJECTS.rglob("*.jsonl"))


def read(*lines: dict[str, Any]) -> tuple[Exchange, ...]:
    every = ({"uuid": str(number), "sessionId": "s", **line} for number, line in enumerate(lines))
    data = b"".join(json.dumps(line).encode() + b"\n" for line in every)
    return formats.read(Source("s.jsonl", data)).exchanges


def said(kind: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "message": {"role": "user", "parts": parts}, **more}


def told(subtype: str, **payload: Any) -> dict[str, Any]:
    return {"type": "system", "subtype": subtype, "systemPayload": payload}


def test_tokens_are_those_of_the_lines() -> None:
    for path in FILES:
        lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        counted = [line["usageMetadata"] for line in lines if "usageMetadata" in line]
        words = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "cachedContentTokenCount")
        usages = (decoder.decode(one).usage for one in formats.read(Source("s", path.read_bytes())).exchanges)
        assert [tuple(one[word] for word in words) for one in counted] == [
            (one.input_tokens, one.output_tokens, one.reasoning_tokens, one.cache_read_input_tokens)
            for one in usages
            if one is not None
        ]


def test_a_session_is_a_story_with_its_agent_and_what_was_rewound() -> None:
    shelf = library(PROJECTS)
    shelf.refresh()
    rows = sorted(shelf.index.rows(), key=lambda row: (row.path, row.entry))
    first, second, rewound, third, results, *agent = rows
    assert {row.session for row in rows} == {"7d0c1e70-0000-4000-8000-00000000f07e"}
    assert [row.parent for row in rows[:5]] == [None, first.id, second.id, second.id, third.id]
    assert [(row.parent, row.is_called) for row in agent] == [(first.id, True), (agent[0].id, False)]
    assert [row.provider for row in (first, third)] == ["alibaba", "unknown"]
    assert (rewound.asked, third.asked) == ("And tomorrow?", "Write her name on the slate.")
    assert results.odd == "problem,tool failed"


def test_a_response_is_what_has_its_tokens_with_the_calls_after_it() -> None:
    call = {"functionCall": {"name": "ring", "args": {}}}
    count = {"usageMetadata": {"promptTokenCount": 1}}
    answers = [said("assistant", {"text": "I ring."}, **count), said("assistant", call), said("assistant", call)]
    first, second = read(said("user", {"text": "Ring"}), *answers, said("assistant", {"text": "Rung."}, **count))
    parts = [part for reply in decoder.decode(first).replies for part in reply.parts]
    assert [isinstance(part, ToolCall) for part in parts] == [False, True, True]
    assert decoder.decode(second).prompt.messages == ()


def test_an_error_of_the_api_stands_in_a_measure_and_is_shown() -> None:
    failed = told("ui_telemetry", uiEvent={"event.name": "qwen-code.api_error", "error_message": "the lamp is out"})
    passed = told("ui_telemetry", uiEvent={"event.name": "qwen-code.api_response", "status_code": 200})
    (one,) = read(said("user", {"text": "Ring"}), failed, passed)
    shown = [str(message.parts) for message in decoder.decode(one).prompt.messages]
    assert len(shown) == 2
    assert "the lamp is out" in shown[1]


def test_what_is_no_line_of_a_session_is_said_with_how_many_there_are() -> None:
    data = json.dumps({"uuid": "1", "sessionId": "s", **said("user", {"text": "Ring"})}).encode()
    (one,) = formats.read(Source("s.jsonl", data + b'\n7\nno json\n{"type":"bell"}\n')).exchanges
    assert [problem.why for problem in one.problems] == [
        "not understood: 2 of type no JSON object",
        "not understood: 1 of type bell",
    ]
