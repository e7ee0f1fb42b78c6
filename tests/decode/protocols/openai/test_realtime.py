"""Sessions over a WebSocket: OpenAI's Realtime and Gemini's Live."""

from __future__ import annotations

import random
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.decode.websocket_session import _joined
from inspector.model import (
    Blob,
    Body,
    Citation,
    Exchange,
    Message,
    ModelCall,
    Reasoning,
    Request,
    Response,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Uri,
    Usage,
)
from tests.decode.protocols.test_protocol_laws import raised

Frame = tuple[str, Any]


def heard(*frames: Frame, url: str = "") -> ModelCall:
    response = Response(None, (), Body("frames", [list(frame) for frame in frames]))
    call = decode(Exchange(entry=0, request=Request("GET", url), response=response))
    assert raised(call) == []
    assert len(call.steps) == len(frames)
    return call


def sent(**frame: Any) -> Frame:
    return "sent", frame


def got(**frame: Any) -> Frame:
    return "received", frame


def said(call: ModelCall) -> list[tuple[str, tuple[Any, ...]]]:
    return [(reply.role, reply.parts) for reply in call.replies]


# ---------------------------------------------------------------- OpenAI

SESSION = {"id": "s1", "object": "realtime.session", "model": "m", "instructions": "Default", "tools": []}
TOOL = {"type": "function", "name": "weather", "description": "It rains", "parameters": {"type": "object"}}
CREATED = got(type="session.created", session=SESSION)
UPDATE = sent(type="session.update", session={"instructions": "Be brief", "tools": [TOOL], "voice": "fox"})
ASKED = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Rain?"}]}
CALL = {"id": "i2", "type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city":"Oslo"}'}
COUNTS = {
    "input_tokens": 6,
    "output_tokens": 2,
    "total_tokens": 8,
    "input_token_details": {"cached_tokens": 1},
    "output_token_details": {"text_tokens": 2},
}


def added(item: Any, kind: str = "added") -> Frame:
    return got(type=f"conversation.item.{kind}", item=item)


def made(kind: str, response: str = "r1", item: str = "i2", **more: Any) -> Frame:
    return got(type=f"response.{kind}", response_id=response, item_id=item, **more)


def done(id: str = "r1", **more: Any) -> Frame:
    return got(type="response.done", response={"id": id, "status": "completed", "usage": COUNTS, **more})


def begun(id: str) -> Frame:
    return got(type="response.created", response={"id": id, "status": "in_progress", "output": []})


TOOL_ROUND = (
    CREATED,
    UPDATE,
    sent(type="conversation.item.create", item=ASKED),
    sent(type="response.create"),
    added({"id": "i1", **ASKED}),
    added({"id": "i1", **ASKED}, "done"),
    begun("r1"),
    got(type="response.output_item.added", response_id="r1", item={**CALL, "arguments": ""}),
    added({**CALL, "arguments": ""}),
    made("function_call_arguments.delta", call_id="c1", delta='{"city":'),
    made("function_call_arguments.delta", call_id="c1", delta='"Oslo"}'),
    made("function_call_arguments.done", call_id="c1", name="weather", arguments='{"city":"Oslo"}'),
    sent(type="conversation.item.create", item={"type": "function_call_output", "call_id": "c1", "output": "wet"}),
    added(CALL, "done"),
    got(type="response.output_item.done", response_id="r1", item=CALL),
    done(output=[CALL]),
    sent(type="response.create"),
    added({"id": "i3", "type": "function_call_output", "call_id": "c1", "output": "wet"}),
    begun("r2"),
    made("output_text.delta", "r2", "i4", content_index=0, delta="It "),
    made("output_text.delta", "r2", "i4", content_index=0, delta="rains"),
    made("output_text.done", "r2", "i4", content_index=0, text="It rains"),
    done("r2", output=[{"id": "i4", "type": "message", "content": [{"type": "output_text", "text": "It rains"}]}]),
)


def test_a_round_with_a_tool() -> None:
    call = heard(*TOOL_ROUND)
    assert (call.protocol, call.operation, call.streamed, call.complete) == ("openai.realtime", "chat", True, True)
    assert (call.response_id, call.response_model) == ("s1", "m")
    assert call.prompt.model == "m"
    assert call.prompt.system == (Text("Be brief"),)
    assert call.prompt.tools == (ToolDefinition("function", "weather", "It rains", {"type": "object"}),)
    assert call.prompt.settings == {"voice": "fox"}
    assert call.replies == (
        Message("user", (Text("Rain?"),), "user"),
        Message(
            "assistant",
            (ToolCall("c1", "weather", '{"city":"Oslo"}', {"city": "Oslo"}),),
            "assistant",
            None,
            "stop",
            "completed",
        ),
        Message("tool", (ToolResult("c1", None, "wet"),), "tool"),
        Message("assistant", (Text("It rains"),), "assistant", None, "stop", "completed"),
    )
    assert call.usage == Usage(12, 4, 16, 2)
    repeats = {"function_call_arguments.done", "output_text.done"}
    again = [step for step in call.steps if step.event.data["type"].removeprefix("response.") in repeats]
    assert not any(getattr(delta, "text", "") or hasattr(delta, "part") for step in again for delta in step.deltas)


def test_the_server_may_add_what_the_client_has_just_said() -> None:
    """An item that came back once is not waited for again."""
    call = heard(*TOOL_ROUND[:5], added({"id": "i8", **ASKED}))
    assert said(call) == [("user", (Text("Rain?"),))] * 2


@pytest.mark.parametrize("dropped", range(len(TOOL_ROUND)))
def test_a_lost_frame_changes_little(dropped: int) -> None:
    """Both ends of an item say what it is, so that a recording of one side, or one with a hole, still reads."""
    frames = [frame for at, frame in enumerate(TOOL_ROUND) if at != dropped]
    found = [(role, parts) for role, parts in said(heard(*frames)) if parts]
    assert [role for role, _ in found] == ["user", "assistant", "tool", "assistant"]
    assert found[1][1] == (ToolCall("c1", "weather", '{"city":"Oslo"}', {"city": "Oslo"}),)
    assert found[3][1] == (Text("It rains"),)


def test_the_server_alone_tells_the_same() -> None:
    call = heard(*(frame for frame in TOOL_ROUND if frame[0] == "received"))
    assert said(call) == said(heard(*TOOL_ROUND))
    assert call.prompt.system == (Text("Default"),)


AUDIO = {"input_audio_format": "pcm16", "output_audio_format": "g711_ulaw"}


def test_speech_is_text_and_audio_and_a_late_transcript_finds_its_place() -> None:
    spoken = {"id": "i1", "type": "message", "role": "user", "content": [{"type": "input_audio", "transcript": None}]}
    call = heard(
        got(type="session.created", session={**SESSION, **AUDIO}),
        sent(type="input_audio_buffer.append", audio="AAAA"),
        sent(type="input_audio_buffer.append", audio="AAA="),
        got(type="input_audio_buffer.committed", item_id="i1"),
        added(spoken, "created"),
        begun("r1"),
        made("audio_transcript.delta", item="i2", content_index=0, delta="Hel"),
        made("audio.delta", item="i2", content_index=0, delta="AAAAAAAA"),
        got(type="conversation.item.input_audio_transcription.delta", item_id="i1", content_index=0, delta="Hallo"),
        made("audio_transcript.delta", item="i2", content_index=0, delta="lo"),
        got(
            type="conversation.item.input_audio_transcription.completed",
            item_id="i1",
            content_index=0,
            transcript="Hello?",
        ),
        made("audio_transcript.done", item="i2", content_index=0, transcript="Hello"),
        done(usage=None, status="cancelled", status_details={"type": "cancelled", "reason": "turn_detected"}),
    )
    assert said(call) == [
        ("user", (Blob("audio/pcm", "audio", "AAAAAAA=", 5), Text("Hello?"))),
        ("assistant", (Text("Hello"), Blob("audio/pcmu", "audio", "AAAAAAAA", 6))),
    ]
    assert call.replies[1].finish_reason_raw == "turn_detected"


def test_many_items_of_one_response_are_one_message() -> None:
    call = heard(
        CREATED,
        begun("r1"),
        made("text.delta", item="a", content_index=0, delta="One"),
        made("text.delta", item="b", content_index=0, delta="Two"),
        made("text.delta", item="a", content_index=1, delta="Three"),
        done(),
    )
    assert said(call) == [("assistant", (Text("One"), Text("Two"), Text("Three")))]


def test_what_one_response_alone_is_told() -> None:
    response = {"instructions": "Sing", "input": [ASKED, {"type": "item_reference", "id": "i0"}]}
    call = heard(CREATED, sent(type="response.create", response=response), begun("r1"), done())
    assert said(call)[:2] == [("system", (Text("Sing"),)), ("user", (Text("Rain?"),))]


def test_history_images_and_unknown_items() -> None:
    content = [{"type": "input_image", "image_url": "http://i"}, {"type": "novelty"}]
    call = heard(
        CREATED,
        sent(type="conversation.item.create", item={"id": "h1", "type": "message", "role": "user", "content": content}),
        sent(
            type="conversation.item.create",
            item={"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Yes"}]},
        ),
        begun("r1"),
        got(type="response.output_item.done", response_id="r1", item={"id": "n", "type": "novelty_call"}),
        done(),
    )
    assert said(call) == [
        ("user", (Uri("http://i", None, "image"), Unknown({"type": "novelty"}))),
        ("assistant", (Text("Yes"),)),
        ("assistant", (Unknown({"id": "n", "type": "novelty_call"}),)),
    ]


def test_a_server_called_over_mcp() -> None:
    item = {"id": "m1", "type": "mcp_call", "name": "look", "arguments": "{}"}
    call = heard(
        CREATED,
        begun("r1"),
        got(type="response.output_item.added", response_id="r1", item=item),
        got(type="response.output_item.done", response_id="r1", item={**item, "output": "wet"}),
        done(),
    )
    assert said(call) == [("assistant", (ToolCall("m1", "look", "{}", {}), ToolResult("m1", "look", "wet")))]


@pytest.mark.parametrize(
    "frame",
    [
        got(type="error", error={"type": "invalid_request_error", "message": "no"}),
        done(status="failed", status_details={"type": "failed", "error": {"type": "invalid_request_error"}}),
    ],
)
def test_errors(frame: Frame) -> None:
    error = heard(CREATED, frame).error
    assert error is not None
    assert error.type == "invalid_request_error"


def test_what_xai_does_in_its_own_way() -> None:
    """Its items have odd roles, its counts stand beside the response, its formats may be unspecified."""
    output = {"type": "function_call_output", "call_id": "c1", "output": "wet"}
    call = heard(
        got(type="session.created", session={**SESSION, "output_audio_format": "not specified"}),
        begun("r1"),
        got(type="response.output_item.added", response_id="r1", item={**CALL, "role": "user"}),
        added({**CALL, "role": "tool"}),
        made("output_audio.delta", item="i9", content_index=0, delta="AAAA"),
        got(type="response.done", response={"id": "r1", "status": "completed", "usage": {}}, usage=COUNTS),
        sent(type="conversation.item.create", item=output),
        added({"id": "i3", "role": "tool", **output}),
    )
    assert said(call) == [
        (
            "assistant",
            (
                ToolCall("c1", "weather", '{"city":"Oslo"}', {"city": "Oslo"}),
                Blob("audio/pcm", "audio", "AAAA", 3),
            ),
        ),
        ("tool", (ToolResult("c1", None, "wet"),)),
    ]
    assert call.usage == Usage(6, 2, 8, 1)


def test_a_session_that_is_cut_or_begins_with_a_history() -> None:
    history = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Yes"}]}
    begins = (CREATED, sent(type="conversation.item.create", item=history), begun("r1"))
    assert not heard(*begins, made("text.delta", item="a", delta="a")).complete
    assert heard(*begins, made("text.delta", item="a", delta="a"), done()).complete
    seeded = sent(client_content={"turns": [{"role": "model", "parts": [{"text": "Yes"}]}]})
    assert heard(sent(setup=SETUP), seeded, turn({"text": "a"}), content(turnComplete=True)).complete
    assert not heard(sent(setup=SETUP), seeded, turn({"text": "a"})).complete


def test_a_live_total_that_has_the_thoughts_in_it() -> None:
    counts = {"promptTokenCount": 6, "responseTokenCount": 4, "thoughtsTokenCount": 3, "totalTokenCount": 10}
    assert heard(sent(setup=SETUP), got(usageMetadata=counts)).usage == Usage(6, 4, 10, None, None, 3)


def test_an_address_tells_a_session_that_begins_in_the_middle() -> None:
    assert heard(begun("r1"), url="wss://x/v1/realtime").protocol == "openai.realtime"


# ---------------------------------------------------------------- Gemini

SETUP = {
    "model": "models/m",
    "generationConfig": {"responseModalities": ["AUDIO"]},
    "systemInstruction": {"parts": [{"text": "Be brief"}]},
    "tools": [{"functionDeclarations": [{"name": "weather"}]}, {"googleSearch": {}}],
}
PCM = "audio/pcm;rate=24000"


def content(**more: Any) -> Frame:
    return got(serverContent=more)


def turn(*parts: Any) -> Frame:
    return content(modelTurn={"parts": list(parts)})


def voice(data: str = "AAAA") -> Any:
    return {"inlineData": {"mimeType": PCM, "data": data}}


def microphone(data: str = "AAAA") -> Frame:
    return sent(realtime_input={"audio": {"mimeType": "audio/pcm", "data": data}})


def test_a_live_round_with_a_tool() -> None:
    call = heard(
        sent(setup=SETUP),
        got(setupComplete={}),
        sent(client_content={"turns": {"role": "user", "parts": [{"text": "Rain?"}]}, "turnComplete": True}),
        got(toolCall={"functionCalls": [{"id": "c1", "name": "weather", "args": {"city": "Oslo"}}]}),
        sent(tool_response={"functionResponses": [{"id": "c1", "name": "weather", "response": {"sky": "wet"}}]}),
        content(outputTranscription={"text": "It "}),
        turn(voice()),
        content(outputTranscription={"text": "rains"}),
        turn(voice("AAA=")),
        content(generationComplete=True),
        got(
            serverContent={"turnComplete": True},
            usageMetadata={"promptTokenCount": 6, "responseTokenCount": 2, "totalTokenCount": 8},
        ),
    )
    assert (call.protocol, call.complete) == ("gemini.live", True)
    assert (call.prompt.model, call.prompt.system) == ("m", (Text("Be brief"),))
    assert [tool.name or tool.type for tool in call.prompt.tools] == ["weather", "googleSearch"]
    assert call.prompt.settings == {"generationConfig": {"responseModalities": ["AUDIO"]}}
    assert said(call) == [
        ("user", (Text("Rain?"),)),
        ("assistant", (ToolCall("c1", "weather", '{"city":"Oslo"}', {"city": "Oslo"}),)),
        ("tool", (ToolResult("c1", "weather", {"sky": "wet"}),)),
        ("assistant", (Text("It rains"), Blob(PCM, "audio", "AAAAAAA=", 5))),
    ]
    assert [reply.finish_reason for reply in call.replies] == [None, "tool_call", None, "stop"]
    assert call.usage == Usage(6, 2, 8)


def test_speech_both_ways_at_the_same_time() -> None:
    """A microphone that stays open tears no turn apart, and its last silence is no turn."""
    call = heard(
        sent(setup=SETUP),
        microphone(),
        content(inputTranscription={"text": "Is it"}),
        turn({"text": "Hm", "thought": True}),
        microphone(),
        content(inputTranscription={"text": " wet?"}),
        turn({"text": "Yes"}),
        microphone(),
        turn({"text": "."}),
        content(interrupted=True),
        microphone(),
        turn({"text": "Dry"}),
        content(turnComplete=True),
        microphone(),
    )
    assert said(call) == [
        ("user", (Text("Is it wet?"), Blob("audio/pcm", "audio", "AAAAAAAAAAAA", 9))),
        ("assistant", (Reasoning("Hm"), Text("Yes."))),
        ("user", (Blob("audio/pcm", "audio", "AAAA", 3),)),
        ("assistant", (Text("Dry"),)),
    ]
    assert [reply.finish_reason_raw for reply in call.replies] == [None, "interrupted", None, "turn_complete"]


def test_both_spellings_and_what_is_shown_or_typed() -> None:
    call = heard(
        sent(setup={"model": "m", "system_instruction": "Be brief"}),
        sent(realtimeInput={"mediaChunks": [{"mimeType": "image/png", "data": "AAAA"}]}),
        sent(realtimeInput={"text": "See?"}),
        got(server_content={"model_turn": {"parts": [{"text": "Yes"}]}}),
        got(server_content={"grounding_metadata": {"grounding_chunks": [{"web": {"uri": "http://s"}}]}}),
        got(server_content={"turn_complete": True}, usage_metadata={"prompt_token_count": 1}),
        sent(realtimeInput={"text": "And?"}),
        got(server_content={"turn_complete": True}, usage_metadata={"prompt_token_count": 2}),
    )
    assert call.prompt.system == (Text("Be brief"),)
    assert said(call) == [
        ("user", (Blob("image/png", "image", "AAAA", 3), Text("See?"))),
        ("assistant", (Text("Yes", citations=(Citation(None, None, "http://s", None),)),)),
        ("user", (Text("And?"),)),
    ]
    assert call.usage == Usage(3)


def test_what_the_client_says_ends_the_turns_before_it() -> None:
    call = heard(
        sent(setup=SETUP),
        turn({"text": "One"}),
        sent(clientContent={"turns": {"role": "user", "parts": [{"text": "Stop"}]}}),
        turn({"text": "Two"}),
    )
    assert said(call) == [("assistant", (Text("One"),)), ("user", (Text("Stop"),)), ("assistant", (Text("Two"),))]


def test_audio_that_nobody_answers_is_shown() -> None:
    assert said(heard(sent(setup=SETUP), microphone())) == [("user", (Blob("audio/pcm", "audio", "AAAA", 3),))]


# ---------------------------------------------------------------- both


@pytest.mark.parametrize(
    ("pieces", "joined"),
    [
        (["AAAA", "AQ=="], "AAAAAQ=="),
        (["AQ==", "Ag=="], "AQI="),
        (["AQ", "Ag"], "AQI="),
        (["AQIDB", "BA=="], "AQIDBA=="),
        (["*", "AQ=="], "AQ=="),
        ([""], ""),
    ],
)
def test_audio_is_joined_by_its_bytes(pieces: list[str], joined: str) -> None:
    assert _joined(pieces) == joined


ODD = (None, True, -1, 2.5, "", "x", [], [None], ["x"], {}, {"x": None}, {"type": 1}, [{"id": 1}])


def test_odd_frames_are_read() -> None:
    """Any type at any place of any frame."""
    chance = random.Random(1)
    live = [sent(setup=SETUP), microphone(), turn(voice(), {"text": "a"}), content(turnComplete=True)]
    for frames in (list(TOOL_ROUND), live):
        for _ in range(400):
            at = chance.randrange(1, len(frames))
            broken = [*frames[:at], (frames[at][0], _broken(frames[at][1], chance)), *frames[at + 1 :]]
            heard(*broken)


def _broken(value: Any, chance: random.Random) -> Any:
    if not isinstance(value, (dict, list)) or not value or chance.random() < 0.25:
        return chance.choice(ODD)
    key = chance.choice(list(value) if isinstance(value, dict) else range(len(value)))
    inner = _broken(value[key], chance)
    if isinstance(value, dict):
        return {**value, key: inner}
    return [*value[:key], inner, *value[key + 1 :]]
