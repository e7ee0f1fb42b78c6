"""The law of conservation: a marker put anywhere into what is recorded is shown, neutral by name, or said."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from inspector.analysis.issues import marks
from inspector.decode import decoder
from inspector.decode.conservation import NOT_UNDERSTOOD
from inspector.decode.conservation.neutral import Neutral, neutral_of
from inspector.decode.recognise import modules
from inspector.model import Blob, Body, Exchange, ModelCall
from inspector.output import otel_json
from tests.decode.protocols.samples.every import SAMPLES
from tests.decode.protocols.samples.sample import Sample, exchange
from tests.decode.protocols.test_protocol_laws import places, replaced

MARKER = "a marker nobody wrote 7f3a"
COUNT = 987_654_321

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.protocol}-{len(sample.stream)}")

Path = tuple[Any, ...]

_OTHERWISE = ("finish_reason", "b64_json", "delta.audio")
"""Keys whose values a later event renews (a reason to finish, a picture that gets clearer)."""


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _is_neutral(sample: Sample, path: Path) -> bool:
    """Whether a text lies under a key, or at a place, that its protocol declares to be neutral."""
    neutral = [neutral_of(module) for module in modules() if sample.protocol == module.NAME]
    keys = [key for key in path if isinstance(key, str)]
    place = ".".join(keys)
    return any(any(one[key] for key in keys) or one.has_place(place) for one in neutral)


def _is_said(call: ModelCall, path: Path) -> bool:
    key = next((key for key in reversed(path) if isinstance(key, str)), "")
    said = [problem.why for problem in call.problems if problem.why.startswith(NOT_UNDERSTOOD)]
    return any(key in why or why.endswith("that the end of the stream lacks") for why in said)


def _shown(recorded: Exchange, call: ModelCall) -> str:
    """What `show` prints, and the tokens that pages show beside it."""
    return repr(call.replies) + json.dumps(otel_json.exchange_json({}, recorded, call, blobs=True), ensure_ascii=False)


def _texts(value: Any) -> Iterator[Path]:
    return (path for path in places(value) if path and isinstance(_at(value, path), str) and _at(value, path))


def _lost(sample: Sample, value: Any, recorded: Callable[[Any], Exchange]) -> list[Path]:
    """The places of a value whose texts vanish without a word."""
    lost = []
    for path in _texts(value):
        one = recorded(replaced(value, path, MARKER))
        call = decoder.decode(one)
        if call.protocol != sample.protocol or call.error is not None or path[-1] in _OTHERWISE:
            continue
        if MARKER not in _shown(one, call) and not _is_neutral(sample, path) and not _is_said(call, path):
            lost.append(path)
    return lost


def _with_request(sample: Sample) -> Callable[[Any], Exchange]:
    return lambda request: exchange(sample.url, request, Body("value", sample.whole))


def _with_answer(sample: Sample) -> Callable[[Any], Exchange]:
    return lambda answer: exchange(sample.url, sample.request, Body("value", answer))


def _with_event(sample: Sample, number: int) -> Callable[[Any], Exchange]:
    before, after = sample.stream[:number], sample.stream[number + 1 :]
    return lambda event: exchange(sample.url, sample.request, Body("chunks", [*before, event, *after]))


@every_sample
def test_no_text_of_a_request_is_lost(sample: Sample) -> None:
    assert _lost(sample, sample.request, _with_request(sample)) == []


@every_sample
def test_no_text_of_an_answer_is_lost(sample: Sample) -> None:
    assert _lost(sample, sample.whole, _with_answer(sample)) == []


@every_sample
def test_no_text_of_a_stream_is_lost(sample: Sample) -> None:
    lost = {number: _lost(sample, event, _with_event(sample, number)) for number, event in enumerate(sample.stream)}
    assert {number: paths for number, paths in lost.items() if paths} == {}


@every_sample
def test_a_key_that_nobody_knows_is_said_wherever_it_stands(sample: Sample) -> None:
    chance = random.Random(sample.protocol)
    for value, recorded in (
        (sample.whole, _with_answer(sample)),
        *((event, _with_event(sample, number)) for number, event in enumerate(sample.stream)),
    ):
        objects = [path for path in places(value) if isinstance(_at(value, path), dict)]
        for path in chance.sample(objects, min(len(objects), 6)):
            one = recorded(replaced(value, path, {**_at(value, path), "key_of_nobody": MARKER}))
            call = decoder.decode(one)
            if call.protocol == sample.protocol and call.error is None:
                said = _is_said(call, ("key_of_nobody",))
                assert said or MARKER in _shown(one, call) or _is_neutral(sample, path), path


@every_sample
def test_no_count_is_lost(sample: Sample) -> None:
    """A number of a usage is in the usage that is shown, or declared, or said."""
    quiet = {
        key for module in modules() for key in getattr(module, "NEUTRAL_COUNTS", ()) if sample.protocol == module.NAME
    }
    usages = [
        path for path in places(sample.whole) if path and path[-1] in ("usage", "usageMetadata", "usage_metadata")
    ]
    for usage in usages:
        for path in places(_at(sample.whole, usage)):
            whole = (*usage, *path)
            if type(_at(sample.whole, whole)) is not int or {*path} & quiet:
                continue
            one = exchange(sample.url, sample.request, Body("value", replaced(sample.whole, whole, COUNT)))
            call = decoder.decode(one)
            assert str(COUNT)[:6] in _shown(one, call) or _is_said(call, path), whole


# ---------------------------------------------------------------- what is said, and how


def _chat(*events: Any) -> ModelCall:
    return decoder.decode(exchange("https://api.openai.com/v1/chat/completions", {"model": "m", "messages": []},
                                   Body("chunks", list(events))))  # fmt: skip


def _delta(**said: Any) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": said}]}


def test_a_place_is_said_once_with_how_many_events_have_it() -> None:
    call = _chat(_delta(content="Fog"), *[_delta(content=" bell", murmur="hush")] * 3)
    assert [(problem.where, problem.why) for problem in call.problems] == [
        ("event 1", "not understood: choices[].delta.murmur (in 3 events)")
    ]


def test_an_event_that_is_no_json_is_said() -> None:
    body = Body("text", 'data: {"choices":[{"index":0,"delta":{"content":"Fog"}}]}\n\ndata: {"choi\n\ndata: [DONE]\n\n')
    call = decoder.decode(exchange("https://api.openai.com/v1/chat/completions", {"model": "m", "messages": []}, body))
    assert [problem.why for problem in call.problems] == ["not understood: what is not JSON"]


def test_a_field_of_an_event_stream_that_nobody_knows_is_said_by_its_name() -> None:
    body = Body("text", 'data: {"choices":[{"index":0,"delta":{"content":"Fog"}}]}\n\nbell: rung\n\ndata: [DONE]\n\n')
    call = decoder.decode(exchange("https://api.openai.com/v1/chat/completions", {"model": "m", "messages": []}, body))
    assert [problem.why for problem in call.problems] == ["not understood: what is not JSON (`bell:`)"]


def test_an_event_of_an_unknown_type_is_said() -> None:
    call = decoder.decode(
        exchange(
            "https://api.anthropic.com/v1/messages",
            {"model": "claude-3", "max_tokens": 1, "messages": []},
            Body("chunks", [{"type": "message_start", "message": {"role": "assistant", "content": []}},
                            {"type": "ping"}, {"type": "fog_signal", "loud": 3}]),
        )
    )  # fmt: skip
    assert [problem.why for problem in call.problems] == ["not understood: events of type fog_signal"]


def _grown(delta: dict[str, Any]) -> ModelCall:
    """What Anthropic's Messages make of a call that begins, and one delta of it."""
    begun = {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "tool_use", "id": "t", "name": "ring"},
    }
    events = [{"type": "message_start", "message": {"role": "assistant", "content": []}}, begun]
    body = Body("chunks", [*events, {"type": "content_block_delta", "index": 0, "delta": delta}])
    return decoder.decode(exchange("https://api.anthropic.com/v1/messages", {"model": "m", "messages": []}, body))


@pytest.mark.parametrize(("kind", "key"), [("text", "text"), ("thinking", "thinking"), ("input_json", "partial_json")])
def test_a_number_in_place_of_words_is_said(kind: str, key: str) -> None:
    call = _grown({"type": f"{kind}_delta", key: 7})
    assert [problem.why for problem in call.problems] == [f"not understood: delta.{key}"]


def test_arguments_that_come_as_an_object_are_the_calls() -> None:
    call = _grown({"type": "input_json_delta", "partial_json": {"times": 3}})
    assert [getattr(part, "arguments_text", None) for reply in call.replies for part in reply.parts] == ['{"times":3}']


@pytest.mark.parametrize(
    ("body", "parts", "said"),
    [
        (Body("bytes", b"RIFF\x10\0\0\0WAVEfmt \x80\xff"), [("audio/wav", 18)], []),
        (Body("bytes", b"\x80\xff\0fog"), [(None, 6)], ["not understood: 6 bytes"]),
        (Body("text", "Is the lamp lit?"), [], ["not understood: what is no JSON object"]),
        (Body("value", ["Is the lamp lit?"]), [], ["not understood: what is no JSON object"]),
        (Body("text", "null"), [], []),
        (Body("text", " {} "), [], []),
        (Body("value", {}), [], []),
    ],
)
def test_a_request_that_is_no_object_is_shown_or_said(body: Body, parts: list[Any], said: list[str]) -> None:
    asked = exchange("https://api.deepgram.com/v1/listen", {}, Body("value", {"results": {"channels": []}}))
    call = decoder.decode(replace(asked, request=replace(asked.request, body=body)))
    blobs = [part for message in call.prompt.messages for part in message.parts if isinstance(part, Blob)]
    assert [(blob.mime_type, blob.size) for blob in blobs] == parts
    assert [problem.why for problem in call.problems] == said


def test_a_reply_of_which_something_is_not_understood_is_not_called_empty() -> None:
    recorded = exchange("https://api.openai.com/v1/chat/completions", {"model": "m", "messages": []},
                        Body("chunks", [_delta(murmur="hush")]))  # fmt: skip
    assert "empty" not in {mark.kind for mark in marks(recorded, decoder.decode(recorded))}


def test_keys_of_nobody_do_not_pile_up() -> None:
    neutral = Neutral(frozenset())
    for number in range(12_000):
        assert not neutral[f"key {number}"]
    assert len(neutral) <= 10_000
