"""OpenAI Responses over a WebSocket: each ``response.create`` that is sent asks, and what comes until the next answers.

https://platform.openai.com/docs/guides/websocket-mode. Realtime has an event of that name, too; what it asks stands
below ``response`` and means nothing without the session before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.model import Body, Exchange, Json, Response

Frame = tuple[str, Json]


def turns(exchange: Exchange) -> list[Exchange]:
    """The turns of a session as exchanges, in order; of any other exchange itself.

    A line of a file that is read in parts can be but one exchange: of several turns it stays a session.
    """
    body = exchange.response.body if exchange.response else None
    nested = "/responses" in exchange.request.url
    found = list(_turns(body.value, nested)) if body is not None and body.kind == "frames" else []
    if not found or (len(found) > 1 and exchange.position is not None):
        return [exchange]
    return [_turn(exchange, number, asked, answer) for number, (asked, answer) in enumerate(found)]


def _turns(frames: list[Frame], nested: bool) -> Iterator[tuple[dict[str, Any], list[Frame]]]:
    """What each turn asks, and the other frames until the next; those before the first belong to it."""
    asked: dict[str, Any] | None = None
    others: list[Frame] = []
    for way, frame in frames:
        question = _question(frame, nested) if way == "sent" else None
        if question is not None:
            if asked is not None:
                yield asked, others
                others = []
            asked = question
        else:
            others.append((way, frame))
    if asked is not None:
        yield asked, others


def _question(frame: Json, nested: bool) -> dict[str, Any] | None:
    """What a frame asks; at the address of Responses it may stand below ``response``."""
    if not isinstance(frame, dict) or frame.get("type") != "response.create":
        return None
    inner = frame.get("response") if nested else None
    asked = inner if isinstance(inner, dict) else None if "response" in frame else frame
    return asked if asked is not None and ("input" in asked or "model" in asked) else None


def _turn(exchange: Exchange, number: int, asked: dict[str, Any], answer: list[Frame]) -> Exchange:
    """One turn. Frames that were sent beside the question stay frames, which have a direction."""
    assert exchange.response is not None
    both_ways = any(way == "sent" for way, _ in answer)
    body = Body("frames", answer) if both_ways else Body("chunks", [frame for _, frame in answer])
    question = {key: value for key, value in asked.items() if key != "type"}
    return replace(
        exchange,
        entry=exchange.entry + number,
        request=replace(exchange.request, body=Body("value", question)),
        response=_answered(exchange.response, body, number),
        started_at=exchange.started_at if number == 0 else None,
        duration=exchange.duration if number == 0 else None,
        problems=exchange.problems if number == 0 else (),
        raw=exchange.raw if number == 0 else {"frames": [["sent", asked], *map(list, answer)]},
    )


def _answered(response: Response, body: Body, number: int) -> Response:
    return replace(response, body=body if body.value else None, error=response.error if number == 0 else None)
