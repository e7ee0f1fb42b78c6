"""The items of a Realtime session: whose they are, and what grows in them.

https://platform.openai.com/docs/api-reference/realtime-server-events/conversation/item/added
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from inspector.decode import lenient
from inspector.decode.websocket_session import Told
from inspector.model import Json, Part, Text, ToolResult, Unknown
from inspector.model.delta import PartDelta, TextDelta, ToolCallDelta

_CALLS = ("function_call", "mcp_call")
_MIME = {"pcm16": "audio/pcm", "g711_ulaw": "audio/pcmu", "g711_alaw": "audio/pcma"}


@dataclass(slots=True)
class State:
    told: Told = field(default_factory=Told)
    asked: dict[str, Any] = field(default_factory=dict)
    """The session's settings as the client asks for them, and as the server repeats them."""
    granted: dict[str, Any] = field(default_factory=dict)
    waiting: list[tuple[tuple[Json, ...], int, str]] = field(default_factory=list)
    """Items that the client sent and the server has not named yet: what they are, their choice and provisional name."""
    items: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The choice that an item belongs to, and the name that its slots begin with."""
    grown: dict[str, list[str]] = field(default_factory=dict)
    """The pieces of each text and of each call's arguments."""
    response: str | None = None
    """The response that is being made."""
    heard: list[str] = field(default_factory=list)
    """Audio that the client sent and the server has not made an item of."""


def place(state: State, name: str, role: str) -> tuple[int, str]:
    """The choice of an item, and what its slots begin with. One that is new begins a message."""
    if name not in state.items:
        state.items[name] = (state.told.choice(name, role), name)
    return state.items[name]


def answering(state: State, body: dict[str, Any], name: str) -> tuple[int, str]:
    """The same of an item of a response: all of them are one message."""
    response = lenient.maybe(body.get("response_id")) or state.response
    if name not in state.items and response:
        state.items[name] = (state.told.answer(("response", response), "assistant"), name)
    return place(state, name, "assistant")


def role(item: dict[str, Any]) -> str:
    if item.get("type") in _CALLS:
        return "assistant"
    return "tool" if lenient.string(item.get("type")).endswith("_output") else lenient.maybe(item.get("role")) or "user"


def text(state: State, choice: int, slot: str, text: Json, whole: bool) -> None:
    """A piece of a text, or all of it, which counts for nothing unless the pieces said something else."""
    pieces = state.grown.setdefault(slot, [])
    said = lenient.string(text)
    if not said or (whole and said == "".join(pieces)):
        return
    state.told.add(PartDelta(Text(said), choice, slot) if whole and pieces else TextDelta(said, choice, slot))
    pieces[:] = [said] if whole else [*pieces, said]


def call(state: State, choice: int, slot: str, item: dict[str, Any]) -> None:
    """A call as a whole: its name and id first, its arguments unless they were streamed."""
    id = lenient.maybe(item.get("call_id")) or (
        lenient.maybe(item.get("id")) if item.get("type") == "mcp_call" else None
    )
    arguments, pieces = lenient.string(item.get("arguments")), state.grown.setdefault(slot, [])
    if pieces and arguments and arguments != "".join(pieces):
        state.told.add(PartDelta(lenient.call(id, item.get("name"), arguments), choice, slot))
    elif item.get("name") or not pieces:
        state.told.add(
            ToolCallDelta("", choice, slot, id, lenient.maybe(item.get("name")), "" if pieces else arguments)
        )
    if item.get("output") is not None:
        state.told.add(PartDelta(ToolResult(id, lenient.maybe(item.get("name")), item["output"]), choice, slot))


def whole(state: State, item: dict[str, Any], choice: int, slot: str) -> None:
    """An item as far as it is there: most come empty and grow."""
    kind = lenient.string(item.get("type"))
    if kind in _CALLS:
        call(state, choice, slot, item)
    elif kind.endswith("call_output"):
        result = ToolResult(lenient.maybe(item.get("call_id")), None, lenient.result(item.get("output")))
        state.told.add(PartDelta(result, choice, slot))
    elif kind == "message" or "content" in item:
        for index, content in enumerate(lenient.seq(item.get("content"))):
            _content(state, lenient.obj(content), choice, f"{slot}/{index}")
    elif item:
        state.told.add(PartDelta(Unknown(item), choice, slot))


def _content(state: State, raw: dict[str, Any], choice: int, slot: str) -> None:
    text(state, choice, slot, raw.get("text") if "text" in raw else raw.get("transcript"), True)
    if audio := lenient.maybe(raw.get("audio")):
        state.told.hear(choice, slot, mime(state, "input"), [audio])
    elif not raw.keys() & {"text", "transcript", "audio"}:
        state.told.add(*(PartDelta(part, choice, slot) for part in _image(raw)))


def _image(raw: dict[str, Any]) -> Iterator[Part]:
    yield lenient.uri(raw["image_url"], None, "image") if lenient.maybe(raw.get("image_url")) else Unknown(raw)


def mime(state: State, way: str) -> str:
    """The type of the session's audio, in the words of either age."""
    for settings in (state.granted, state.asked):
        format = lenient.obj(lenient.obj(settings.get("audio")).get(way)).get("format") or settings.get(
            f"{way}_audio_format"
        )
        if found := lenient.maybe(format) or lenient.maybe(lenient.obj(format).get("type")):
            return _MIME.get(found, found if "/" in found else "audio/pcm")
    return "audio/pcm"
