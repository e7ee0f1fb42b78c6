"""Frames of a WebSocket, one a line, in the words of whoever wrote them down."""

from __future__ import annotations

import json

import pytest

from inspector.formats import read
from inspector.formats.reading.source import Source
from inspector.model import Body

ASKS = {"type": "response.create", "model": "m", "input": "Is it lit?"}
SAYS = {"type": "response.output_text.delta", "output_index": 0, "delta": "It is."}
FRAMES = Body("frames", [("sent", ASKS), ("received", SAYS)])


@pytest.mark.parametrize(
    ("key", "out", "back"),
    [
        ("direction", "sent", "received"),
        ("dir", "out", "in"),
        ("from", "client", "server"),
        ("type", "sent", "received"),
        ("kind", "send", "receive"),
        ("event", "outgoing", "incoming"),
    ],
)
@pytest.mark.parametrize("said", ["data", "message", "payload"])
def test_directions_in_any_words(key: str, out: str, back: str, said: str) -> None:
    text = "".join(json.dumps({"t": 1, key: way, said: frame}) + "\n" for way, frame in ((out, ASKS), (back, SAYS)))
    recording = read(Source("night.jsonl", text.encode(), thorough=True))
    assert recording.format == "frames"
    ((response,),) = ([exchange.response for exchange in recording.exchanges],)
    assert response is not None
    assert response.body == FRAMES


def test_a_log_of_requests_and_responses_is_none() -> None:
    answer = {"object": "chat.completion", "choices": [{"message": {"content": "It is."}}]}
    line = json.dumps({"type": "response", "body": answer})
    assert read(Source("night.jsonl", f"{line}\n{line}\n".encode(), thorough=True)).format != "frames"


ASKED, SAID = ('{"type": "response.create"}', '{"type": "response.output_text.delta", "delta": "Fog."}')


@pytest.mark.parametrize(("out", "back"), [("> ", "< "), (">", "<"), ("→ ", "← "), ("-> ", "<- ")])
def test_lines_that_begin_with_their_direction(out: str, back: str) -> None:
    text = f"{out}{ASKED}\n{back}{SAID}\n{back}{{half\n"
    (one,) = read(Source("night.txt", text.encode())).exchanges
    assert one.response is not None
    assert one.response.body == Body("frames", [("sent", json.loads(ASKED)), ("received", json.loads(SAID))])
    assert [problem.why for problem in one.problems] == ["1 frame not understood"]


def test_quoted_text_is_no_session() -> None:
    text = "> {said the keeper}\n> {and left}\n"
    assert read(Source("letter.txt", text.encode())).format is None
