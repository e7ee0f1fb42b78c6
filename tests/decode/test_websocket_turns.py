"""OpenAI Responses over a WebSocket: a question and its answer are an exchange."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inspector.decode.decoder import decode
from inspector.decode.splitting import separated
from inspector.model import Body, Exchange, ModelCall, Request, Response, Text

Frame = tuple[str, Any]


def asked(text: str, **more: Any) -> Frame:
    return "sent", {"type": "response.create", "model": "m", "input": text, **more}


def answered(text: str) -> list[Frame]:
    item = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
    events = (
        {"type": "response.created", "response": {"object": "response", "status": "in_progress", "output": []}},
        {"type": "response.output_text.delta", "output_index": 0, "delta": text},
        {"type": "response.completed", "response": {"object": "response", "status": "completed", "output": [item]}},
    )
    return [("received", event) for event in events]


def session(*frames: Frame, url: str = "wss://harbour.example/v1/responses") -> Exchange:
    body = Body("frames", list(frames))
    return Exchange(entry=0, request=Request("GET", url), response=Response(101, (), body), raw={})


def texts(call: ModelCall) -> list[str]:
    messages = (*call.prompt.messages, *call.replies)
    return [part.content for message in messages for part in message.parts if isinstance(part, Text)]


def test_each_turn_is_an_exchange_with_its_question() -> None:
    whole = session(asked("Is it lit?"), *answered("It is."), asked("And now?"), *answered("Out."))
    calls = [decode(exchange) for exchange in separated([whole])]
    assert [texts(call) for call in calls] == [["Is it lit?", "It is."], ["And now?", "Out."]]
    assert [(call.protocol, call.prompt.model, call.complete) for call in calls] == [
        ("openai.responses", "m", True)
    ] * 2
    assert [exchange.entry for exchange in separated([whole])] == [0, 1]


def test_a_turn_that_was_cut_is_not_complete() -> None:
    first, last = separated(
        [session(asked("Is it lit?"), *answered("It is."), asked("And now?"), *answered("Out.")[:2])]
    )
    assert [decode(first).complete, decode(last).complete] == [True, False]


def test_what_is_sent_beside_the_question_stays() -> None:
    cancel = ("sent", {"type": "response.cancel"})
    (turn,) = separated([session(asked("Is it lit?"), cancel, *answered("It is."))])
    assert turn.response is not None
    assert turn.response.body == Body("frames", [cancel, *answered("It is.")])
    assert texts(decode(turn)) == ["Is it lit?", "It is."]


def test_a_line_of_a_file_stays_one() -> None:
    line = replace(session(asked("Is it lit?"), *answered("It is."), asked("And now?"), *answered("Out.")), position=7)
    assert separated([line]) == (line,)


def test_realtime_has_a_question_of_that_name() -> None:
    realtime = session(
        ("sent", {"type": "response.create", "model": "m", "response": {"instructions": "Speak."}}), *answered("It is.")
    )
    assert separated([realtime]) == (realtime,)


def test_a_question_below_response_at_the_address_of_responses() -> None:
    """Realtime's means nothing without its session."""
    nested = ("sent", {"type": "response.create", "response": {"model": "m", "input": "Is it lit?"}})
    (turn,) = separated([session(nested, *answered("It is."))])
    assert texts(decode(turn)) == ["Is it lit?", "It is."]
    realtime = session(nested, *answered("It is."), url="wss://harbour.example/v1/realtime")
    assert separated([realtime]) == (realtime,)
