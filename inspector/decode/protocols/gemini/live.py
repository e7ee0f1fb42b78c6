"""Gemini's Live sessions over a WebSocket: BidiGenerateContent.

https://ai.google.dev/api/live

Both sides may speak at the same time. A turn of the user lasts until the model's turn that answers it is over, so that
transcripts, which come late, and a microphone that stays open do not tear it apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.gemini import generate as gemini_generate
from inspector.decode.protocols.gemini import parts as gemini_parts
from inspector.decode.protocols.gemini.sources import sources
from inspector.decode.websocket_session import Session, Told, frame
from inspector.model import Event, Json, Prompt
from inspector.model.delta import Delta, PartDelta, TextDelta, UsageDelta

NAME = "gemini.live"
OPERATION = "generate_content"

NEUTRAL_EVENTS = frozenset(
    {
        "received", "sent", "setupComplete", "setup_complete", "turnComplete",
    }
)  # fmt: skip

_KEYS = (
    ("setup", "setup"),
    ("setup_complete", "setupComplete"),
    ("client_content", "clientContent"),
    ("realtime_input", "realtimeInput"),
    ("server_content", "serverContent"),
)
_SYSTEM = ("system_instruction", "systemInstruction")


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith("BidiGenerateContent"):
        return True
    return (
        any(isinstance(lenient.either(evidence.first, *names), dict) for names in _KEYS)
        and "type" not in evidence.first
    )


def prompt(body: Mapping[str, Any]) -> Prompt:
    """A session has no request: what it is asked is in its frames, the first of which sets it up."""
    config = lenient.obj(lenient.either(body, "generation_config", "generationConfig"))
    system = next((place[key] for place in (body, config) for key in _SYSTEM if place.get(key)), None)
    model = lenient.maybe(body.get("model"))
    return Prompt(
        model=model.rpartition("models/")[2] if model else None,
        system=gemini_parts.parts(system),
        tools=tuple(tool for raw in gemini_parts.listed(body.get("tools")) for tool in gemini_parts.tools(raw)),
        settings=lenient.settings(dict(body), "model", "tools", *_SYSTEM),
    )


def deltas(event: Event) -> Iterable[Delta]:
    """What an event adds that is all there is."""
    return session([event]).deltas[0]


@dataclass(slots=True)
class _State:
    told: Told = field(default_factory=Told)
    user: int | None = None
    """The turns that are not over."""
    model: int | None = None
    heard: list[str] = field(default_factory=list)
    """Audio of the user that no turn has yet, and its type."""
    mime_type: str = "audio/pcm"


def session(events: Sequence[Event]) -> Session:
    state, setup = _State(), Prompt()
    for event in events:
        state.told.begin()
        body = frame(event)
        if isinstance(body.get("setup"), dict):
            setup = prompt(body["setup"])
        _client(state, body)
        _server(state, body)
    if state.heard and not state.told.choices:
        _user(state)
    return state.told.done(setup)


def _turn(state: _State, role: str) -> int:
    return state.told.choice(len(state.told.choices), role)


def _user(state: _State) -> int:
    """The user's turn, with all that was heard so far."""
    if state.user is None:
        state.user = _turn(state, "user")
    state.told.hear(state.user, "audio", state.mime_type, state.heard)
    state.heard = []
    return state.user


def _model(state: _State) -> int:
    """The model's turn. What was heard before it is what it answers."""
    if state.heard and (state.model is None or state.user is not None):
        _user(state)
    if state.model is None:
        state.model = state.told.answer(len(state.told.choices), "model")
    return state.model


# ---------------------------------------------------------------- what the client sends


def _client(state: _State, body: dict[str, Any]) -> None:
    content = lenient.obj(lenient.either(body, "client_content", "clientContent"))
    for raw in gemini_parts.listed(content.get("turns")):
        turn = _turn(state, lenient.maybe(lenient.obj(raw).get("role")) or "user")
        state.told.add(*(PartDelta(part, turn) for part in gemini_parts.parts(raw)))
        state.user = state.model = None
    _input(state, lenient.obj(lenient.either(body, "realtime_input", "realtimeInput")))
    answers = lenient.obj(lenient.either(body, "tool_response", "toolResponse"))
    responses = gemini_parts.listed(lenient.either(answers, "function_responses", "functionResponses"))
    if responses:
        turn = _turn(state, "tool")
        for item in responses:
            state.told.add(*(PartDelta(part, turn) for part in gemini_parts.part({"functionResponse": item})))
        state.model = None


def _input(state: _State, raw: dict[str, Any]) -> None:
    """What is spoken, shown or typed while the session runs."""
    pieces = [raw.get("audio"), raw.get("video"), *lenient.seq(lenient.either(raw, "media_chunks", "mediaChunks"))]
    for piece in map(lenient.obj, pieces):
        mime_type = lenient.string(lenient.either(piece, "mime_type", "mimeType"))
        if mime_type.startswith("audio/"):
            state.mime_type = mime_type
            state.heard.append(lenient.string(piece.get("data")))
        elif piece:
            turn = _user(state)
            state.told.add(*(PartDelta(part, turn) for part in gemini_parts.part({"inlineData": piece})))
    if text := lenient.maybe(raw.get("text")):
        state.told.add(TextDelta(text, _user(state)))


# ---------------------------------------------------------------- what the server sends


def _server(state: _State, body: dict[str, Any]) -> None:
    told = state.told
    if content := lenient.obj(lenient.either(body, "server_content", "serverContent")):
        _content(state, content)
    calls = lenient.obj(lenient.either(body, "tool_call", "toolCall"))
    for item in lenient.seq(lenient.either(calls, "function_calls", "functionCalls")):
        turn = _model(state)
        told.add(*(PartDelta(part, turn) for part in gemini_parts.part({"functionCall": item})))
        told.finish(turn, "tool_call")
    if counts := lenient.obj(lenient.either(body, "usage_metadata", "usageMetadata")):
        told.add(UsageDelta(told.count(counts)))
    told.add(*lenient.errors(body))


def _content(state: _State, content: dict[str, Any]) -> None:
    told = state.told
    if words := _words(content, "input_transcription", "inputTranscription"):
        told.add(TextDelta(words, _user(state), "transcript"))
    turn = lenient.obj(lenient.either(content, "model_turn", "modelTurn"))
    for item in lenient.seq(turn.get("parts")):
        _spoken(state, item)
    if words := _words(content, "output_transcription", "outputTranscription"):
        told.add(TextDelta(words, _model(state), "transcript"))
    if any(lenient.obj(lenient.either(content, *names)) for names in _SOURCES):
        told.add(*sources(content, _model(state)))
    over = next(
        (word for word in ("turn_complete", "interrupted") if lenient.either(content, word, _camel(word))), None
    )
    if over:
        reason = lenient.maybe(lenient.either(content, "turn_complete_reason", "turnCompleteReason"))
        if state.model is not None:
            told.finish(state.model, reason or over)
        state.user = state.model = None


_SOURCES = (("grounding_metadata", "groundingMetadata"), ("url_context_metadata", "urlContextMetadata"))


def _words(content: dict[str, Any], snake: str, camel: str) -> str:
    return lenient.string(lenient.obj(lenient.either(content, snake, camel)).get("text"))


def _camel(word: str) -> str:
    first, *others = word.split("_")
    return first + "".join(map(str.capitalize, others))


def _spoken(state: _State, item: Json) -> None:
    """A part of the model's turn; its audio comes in many, which are one part of the message."""
    turn = _model(state)
    blob = lenient.obj(lenient.either(lenient.obj(item), "inline_data", "inlineData"))
    mime_type = lenient.string(lenient.either(blob, "mime_type", "mimeType"))
    if mime_type.startswith("audio/"):
        state.told.hear(turn, "audio", mime_type, [lenient.string(blob.get("data"))])
    else:
        state.told.add(*gemini_generate.spoken(item, turn))


usage = gemini_generate.usage
