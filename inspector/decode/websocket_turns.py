"""OpenAI Responses over a WebSocket: each ``response.create`` that is sent asks, and what comes until the next answers.

https://platform.openai.com/docs/guides/websocket-mode. Realtime has an event of that name, too; what it asks stands
below ``response`` and means nothing without the session before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from inspector.model import Body, Exchange, Json, Response

Frame = tuple[str, Json]


class Turn(NamedTuple):
    """What is asked, and the numbers of the frame that asks and of the others until the next one that does."""

    asked: dict[str, Any]
    at: int
    others: list[int]


def turns(exchange: Exchange) -> list[Exchange]:
    """The turns of a session as exchanges, in order; of any other exchange itself.

    A line of a file that is read in parts can be but one exchange: of several turns it stays a session.
    """
    body = exchange.response.body if exchange.response else None
    nested = "/responses" in exchange.request.url
    found = list(_turns(body.value, nested)) if body is not None and body.kind == "frames" else []
    if not found or (len(found) > 1 and exchange.position is not None):
        return [exchange]
    return [_turn(exchange, number, turn) for number, turn in enumerate(found)]


def _turns(frames: list[Frame], nested: bool) -> Iterator[Turn]:
    """The turns; frames before the first belong to it."""
    asked: dict[str, Any] | None = None
    at = 0
    others: list[int] = []
    for number, (way, frame) in enumerate(frames):
        question = _question(frame, nested) if way == "sent" else None
        if question is not None:
            if asked is not None:
                yield Turn(asked, at, others)
                others = []
            asked, at = question, number
        else:
            others.append(number)
    if asked is not None:
        yield Turn(asked, at, others)


def _question(frame: Json, nested: bool) -> dict[str, Any] | None:
    """What a frame asks; at the address of Responses it may stand below ``response``."""
    if not isinstance(frame, dict) or frame.get("type") != "response.create":
        return None
    inner = frame.get("response") if nested else None
    asked = inner if isinstance(inner, dict) else None if "response" in frame else frame
    return asked if asked is not None and ("input" in asked or "model" in asked) else None


def _turn(exchange: Exchange, number: int, turn: Turn) -> Exchange:
    """One turn. Frames that were sent beside the question stay frames, which have a direction."""
    assert exchange.response is not None
    assert exchange.response.body is not None
    frames, asked = exchange.response.body.value, turn.asked
    times = exchange.response.times if len(exchange.response.times) == len(frames) else ()
    answer = [frames[one] for one in turn.others]
    both_ways = any(way == "sent" for way, _ in answer)
    body = Body("frames", answer) if both_ways else Body("chunks", [frame for _, frame in answer])
    question = {key: value for key, value in asked.items() if key != "type"}
    return replace(
        exchange,
        entry=exchange.entry + number,
        request=replace(exchange.request, body=Body("value", question)),
        response=_answered(exchange.response, body, number, tuple(times[one] for one in turn.others if times)),
        started_at=exchange.started_at if number == 0 else None,
        duration=exchange.duration if number == 0 else None,
        problems=exchange.problems if number == 0 else (),
        raw=exchange.raw if number == 0 else {"frames": [["sent", asked], *map(list, answer)]},
    )


def _answered(response: Response, body: Body, number: int, times: tuple[float, ...]) -> Response:
    error = response.error if number == 0 else None
    return replace(response, body=body if body.value else None, error=error, times=times)
