"""OpenAI's Realtime sessions over a WebSocket, which Azure and xAI speak too.

https://platform.openai.com/docs/api-reference/realtime

Events have two sets of names: of the beta (``response.text.delta``), and since (``response.output_text.delta``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import neutral_keys
from inspector.decode.protocols.openai import realtime_items as items
from inspector.decode.protocols.openai.realtime_items import State
from inspector.decode.websocket_session import Session, frame, sent
from inspector.model import Event, Json, Prompt, Usage
from inspector.model.delta import AboutDelta, Delta, TextDelta, ToolCallDelta, UsageDelta

NAME = "openai.realtime"
OPERATION = "chat"

NEUTRAL_COUNTS = neutral_keys.REALTIME_COUNTS

NEUTRAL_EVENTS = neutral_keys.REALTIME_EVENTS

NEUTRAL = neutral_keys.REALTIME

_BEGINNINGS = ("session.", "transcription_session.", "conversation.", "input_audio_buffer.", "output_audio_buffer.")
_TEXTS = ("response.output_text.", "response.text.")
_SPOKEN = ("response.output_audio_transcript.", "response.audio_transcript.")
_AUDIO = ("response.output_audio.", "response.audio.")
_ARGUMENTS = ("response.function_call_arguments.", "response.mcp_call_arguments.")
_HEARD = "conversation.item.input_audio_transcription."
_NOT_SETTINGS = ("model", "instructions", "tools", "id", "object", "expires_at", "client_secret")


def recognise(evidence: Evidence) -> bool:
    return lenient.string(evidence.first.get("type")).startswith(_BEGINNINGS) or evidence.path.endswith("/realtime")


def prompt(body: Mapping[str, Any]) -> Prompt:
    """A session has no request: what it is asked is in its frames."""
    return Prompt(model=lenient.maybe(body.get("model")))


def deltas(event: Event) -> Iterable[Delta]:
    """What an event adds that is all there is."""
    return session([event]).deltas[0]


def session(events: Sequence[Event]) -> Session:
    state = State()
    for event in events:
        state.told.begin()
        body = frame(event)
        kind = lenient.string(body.get("type"))
        if sent(event):
            _client(state, kind, body)
        else:
            _server(state, kind, body)
    return state.told.done(_prompt(state))


def _prompt(state: State) -> Prompt:
    settings = state.asked or state.granted
    return Prompt(
        model=lenient.maybe(state.asked.get("model")) or lenient.maybe(state.granted.get("model")),
        system=lenient.text_parts(settings.get("instructions")),
        tools=tuple(openai_chat.tool_definition(item) for item in lenient.seq(settings.get("tools"))),
        settings=lenient.settings(settings, *_NOT_SETTINGS),
    )


# ---------------------------------------------------------------- what the client sends


def _client(state: State, kind: str, body: dict[str, Any]) -> None:
    if kind in ("session.update", "transcription_session.update"):
        state.asked.update(lenient.obj(body.get("session")))
    elif kind == "conversation.item.create":
        item = lenient.obj(body.get("item"))
        name = lenient.maybe(item.get("id")) or f"sent {len(state.told.deltas)}"
        choice = state.told.choice(name, items.role(item))
        state.items[name] = (choice, name)
        state.waiting.append((_likeness(item), choice, name))
        items.whole(state, item, choice, name)
    elif kind == "input_audio_buffer.append":
        state.heard.append(lenient.string(body.get("audio")))
    elif kind == "input_audio_buffer.clear":
        state.heard.clear()
    elif kind == "response.create":
        _extra(state, lenient.obj(body.get("response")))


def _extra(state: State, response: dict[str, Any]) -> None:
    """What one response alone is told."""
    name = f"told {len(state.told.deltas)}"
    if instructions := lenient.maybe(response.get("instructions")):
        state.told.add(TextDelta(instructions, state.told.choice(name, "system")))
    for number, raw in enumerate(lenient.seq(response.get("input"))):
        item = lenient.obj(raw)
        if item.get("type") != "item_reference":
            items.whole(state, item, state.told.choice(f"{name} {number}", items.role(item)), f"{name} {number}")


def _likeness(item: dict[str, Any]) -> tuple[Json, ...]:
    """What an item has in common with itself as the server repeats it."""
    return items.role(item), lenient.maybe(item.get("type")), lenient.maybe(item.get("call_id"))


# ---------------------------------------------------------------- what the server sends


def _server(state: State, kind: str, body: dict[str, Any]) -> None:
    told = state.told
    if kind.startswith(("session.", "transcription_session.")):
        state.granted.update(lenient.obj(body.get("session")))
        told.add(AboutDelta(lenient.maybe(state.granted.get("id")), lenient.maybe(state.granted.get("model"))))
    elif kind.startswith(_HEARD):
        _transcribed(state, kind.removeprefix(_HEARD), body)
    elif kind in ("conversation.item.created", "conversation.item.added", "conversation.item.done"):
        _item(state, lenient.obj(body.get("item")))
    elif kind == "input_audio_buffer.committed" and (name := lenient.maybe(body.get("item_id"))):
        choice, slot = items.place(state, name, "user")
        told.hear(choice, slot, items.mime(state, "input"), state.heard)
        state.heard.clear()
    elif kind == "response.created":
        state.response = lenient.maybe(lenient.obj(body.get("response")).get("id"))
    elif kind == "response.done":
        _done(state, lenient.obj(body.get("response")), lenient.obj(body.get("usage")))
    elif kind == "error":
        told.add(*lenient.errors(body))
    elif kind.startswith("response."):
        _answer(state, kind, body)


def _item(state: State, item: dict[str, Any]) -> None:
    name = lenient.maybe(item.get("id"))
    if name is None:
        return
    if name not in state.items and items.role(item) == "assistant" and state.response:
        items.answering(state, {}, name)
    known = next((it for it in state.waiting if it[0] == _likeness(item) or it[2] == name), None)
    if known is not None:  # the client's own item comes back: it is there already
        state.waiting.remove(known)
        state.items[name] = known[1:]
        return
    choice, slot = items.place(state, name, items.role(item))
    items.whole(state, item, choice, slot)


def _answer(state: State, kind: str, body: dict[str, Any]) -> None:
    """A piece of a response: of a text, of what is spoken, of a call; or an item of it as a whole."""
    item = lenient.obj(body.get("item"))
    name = lenient.maybe(body.get("item_id")) or lenient.maybe(item.get("id"))
    if name is None:
        return
    choice, slot = items.answering(state, body, name)
    place = f"{slot}/{lenient.count(body.get('content_index')) or 0}"
    ended = kind.endswith(".done")
    if kind.startswith("response.output_item."):
        items.whole(state, item, choice, slot)
    elif kind.startswith(_TEXTS):
        items.text(state, choice, place, body.get("text") if ended else body.get("delta"), ended)
    elif kind.startswith(_SPOKEN):
        items.text(state, choice, place, body.get("transcript") if ended else body.get("delta"), ended)
    elif kind.startswith(_AUDIO):
        state.told.hear(choice, place, items.mime(state, "output"), [lenient.string(body.get("delta"))])
    elif kind.startswith(_ARGUMENTS) and ended:
        items.call(state, choice, slot, body)
    elif kind.startswith(_ARGUMENTS) and (piece := lenient.maybe(body.get("delta"))):
        state.grown.setdefault(slot, []).append(piece)
        state.told.add(ToolCallDelta(piece, choice, slot, lenient.maybe(body.get("call_id"))))


def _transcribed(state: State, kind: str, body: dict[str, Any]) -> None:
    """What the user was heard to say. This often comes after the answer to it."""
    choice, slot = items.place(state, lenient.maybe(body.get("item_id")) or "heard", "user")
    place = f"{slot}/{lenient.count(body.get('content_index')) or 0}"
    if kind == "delta":
        items.text(state, choice, place, body.get("delta"), False)
    elif kind == "failed":
        state.told.add(*lenient.errors(body))
    else:
        items.text(state, choice, place, body.get("transcript"), True)


def _done(state: State, response: dict[str, Any], counts: dict[str, Any]) -> None:
    """The end of a response, which repeats it. xAI counts beside it."""
    told, name = state.told, lenient.maybe(response.get("id")) or state.response or "response"
    choice = told.answer(("response", name), "assistant")
    for item in map(lenient.obj, lenient.seq(response.get("output"))):
        if item_name := lenient.maybe(item.get("id")):
            items.whole(state, item, *items.answering(state, {"response_id": name}, item_name))
    details = lenient.obj(response.get("status_details"))
    if reason := lenient.maybe(details.get("reason")) or lenient.maybe(response.get("status")):
        told.finish(choice, reason)
    if usage := lenient.obj(response.get("usage")) or counts:
        told.add(UsageDelta(told.count(usage)))
    told.add(*lenient.errors(details))
    state.response = None


def usage(counts: Mapping[str, Any]) -> Usage:
    """The sum of all responses: each is paid for on its own."""
    return Usage(
        input_tokens=lenient.count(counts.get("input_tokens")),
        output_tokens=lenient.count(counts.get("output_tokens")),
        total_tokens=lenient.count(counts.get("total_tokens")),
        cache_read_input_tokens=lenient.count(lenient.obj(counts.get("input_token_details")).get("cached_tokens")),
        reasoning_tokens=lenient.count(lenient.obj(counts.get("output_token_details")).get("reasoning_tokens")),
    )
