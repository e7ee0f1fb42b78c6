"""What is exported as spans and read again says the same: messages, calls, results, usage, finish reasons, times."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import pytest
from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from inspector import formats
from inspector.analysis.tool_pairs import pair
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import Exchange, Message, ModelCall, Part, Reasoning, Text, ToolCall, ToolResult
from inspector.model.jsonio import parse_or_none
from inspector.output.otlp.exports import lines
from inspector.output.otlp.genai_span import tool_run
from inspector.output.shown_exchange import Shown
from tests.output.shown_samples import samples

CONVERSATIONS = ("chat", "text_completion", "generate_content")


class Again(NamedTuple):
    """A span that was read again."""

    exchange: Exchange
    call: ModelCall


@cache
def export() -> bytes:
    return "".join(lines(samples(), blobs=True)).encode()


@cache
def again() -> dict[str, Again]:
    """The exchanges of the export, by the ids of their spans."""
    recording = formats.read(Source("spans.jsonl", export()))
    assert (recording.format, recording.broken) == ("otlp", None)
    return {one.raw["spanId"]: Again(one, decoder.decode(one)) for one in recording.exchanges}


def spans() -> list[dict[str, Any]]:
    return [
        span
        for line in export().splitlines()
        for resource in json.loads(line)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def _said(message: Message) -> Any:
    return message.role, message.name, [_part(part) for part in message.parts if not _is_empty(part)]


def _part(part: Part) -> Any:
    """What a part says, without how its JSON was spaced, and without what a text is read as again."""
    match part:
        case ToolCall(id, name, text, arguments):
            return "call", id, name, arguments if isinstance(arguments, (dict, list)) else text, part.kind == "server"
        case Text():
            return replace(part, embedded=(), tokens=())
    return part


def _is_empty(part: Part) -> bool:
    return isinstance(part, (Text, Reasoning)) and not part.content


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _reasons(call: ModelCall) -> list[str | None]:
    return [reply.finish_reason for reply in call.replies]


def test_conversations_say_the_same() -> None:
    compared = 0
    for one in samples():
        if one.call.operation not in CONVERSATIONS or one.call.infrastructure:
            continue
        read = again()[one.place["id"]]
        where = one.place["recording"]["path"]
        ours, theirs = one.call, read.call
        assert [*map(_said, ours.prompt.messages)] == [*map(_said, theirs.prompt.messages)], where
        assert [*map(_said, ours.replies)] == [*map(_said, theirs.replies)], where
        assert [*map(_part, ours.prompt.system)] == [*map(_part, theirs.prompt.system)], where
        assert [*ours.prompt.tools] == [*theirs.prompt.tools], where
        assert _reasons(ours) == _reasons(theirs), where
        assert ours.usage == theirs.usage, where
        assert (ours.prompt.model, ours.response_model, ours.response_id) == (
            theirs.prompt.model, theirs.response_model, theirs.response_id
        ), where  # fmt: skip
        assert ours.provider == theirs.provider, where
        assert dict(ours.prompt.settings) == dict(theirs.prompt.settings), where
        assert (ours.error and ours.error.message) == (theirs.error and theirs.error.message), where
        assert _moment(one.exchange.started_at or ours.created_at) == _moment(read.exchange.started_at), where
        assert one.exchange.duration == pytest.approx(read.exchange.duration, abs=1e-6), where
        assert one.exchange.test_id == read.exchange.test_id, where
        compared += 1
    assert compared > 100


def test_tools_that_ran_say_the_same() -> None:
    compared = 0
    for one in samples():
        if (ran := tool_run(one.call)) is None:
            continue
        read = tool_run(again()[one.place["id"]].call)
        where = one.place["recording"]["path"]
        assert read is not None, where
        assert _part(read[0])[1:4] == _part(ran[0])[1:4], where
        assert _result(read[1]) == _result(ran[1]), where
        compared += 1
    assert compared > 5


def _result(result: ToolResult | None) -> Any:
    """What a tool answered; a text of JSON is read as what it says."""
    response = result.response if result else None
    return (parse_or_none(response) or response) if isinstance(response, str) else response


def test_each_call_with_its_result_is_a_span_once() -> None:
    ran = [_held(span) for span in spans() if span["name"].startswith("execute_tool")]
    numbered = [(span["traceId"], told.get("gen_ai.tool.call.id")) for span, told in ran]
    by_id = Counter(id for id in numbered if id[1])
    traces = {span["spanId"]: span["traceId"] for span in spans()}
    answered = set()
    for one in samples():
        messages = one.call.prompt.messages
        for (number, index, *_), (where, at) in pair(messages).items():
            call, result = messages[number].parts[index], messages[where].parts[at]
            if isinstance(call, ToolCall) and isinstance(result, ToolResult) and call.id and call.kind != "server":
                answered.add((traces[one.place["id"]], call.id))
    assert len(answered) > 10
    assert answered <= by_id.keys()
    assert [id for id, count in by_id.items() if count > 1] == [], "the history repeats what ran once"


def _held(span: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return span, {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def test_embeddings_say_the_same() -> None:
    compared = 0
    for one in samples():
        if one.call.operation == "embeddings" and one.call.prompt.messages:
            read = again()[one.place["id"]].call
            assert _texts(read) == _texts(one.call), one.place
            assert (read.usage and read.usage.input_tokens) == (one.call.usage and one.call.usage.input_tokens)
            compared += 1
    assert compared


def _texts(call: ModelCall) -> list[str]:
    return [part.content for message in call.prompt.messages for part in message.parts if isinstance(part, Text)]


def test_every_exchange_is_one_span_and_lies_in_one_trace() -> None:
    ids = Counter(span["spanId"] for span in spans())
    assert {one.place["id"] for one in samples()} <= ids.keys()
    assert set(ids.values()) == {1}
    traces = {span["spanId"]: span["traceId"] for span in spans()}
    parents = [(span["traceId"], span["parentSpanId"]) for span in spans() if "parentSpanId" in span]
    assert parents
    assert all(traces[parent] == trace for trace, parent in parents)


def test_the_same_recordings_are_the_same_spans() -> None:
    alone = [one for one in samples() if one.place["group"]["kind"] == "test"][:20]
    assert {*_ids(alone)} <= {(span["traceId"], span["spanId"]) for span in spans()}


def _ids(shown: list[Shown]) -> Iterator[tuple[str, str]]:
    for line in lines(shown):
        for span in json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]:
            yield span["traceId"], span["spanId"]


def test_the_export_is_what_the_protocol_defines() -> None:
    """By OpenTelemetry's own definitions. JSON has ids as hexadecimal digits, where Protobuf's JSON has base64."""
    for line in export().splitlines():
        document = json.loads(line)
        for span in document["resourceSpans"][0]["scopeSpans"][0]["spans"]:
            for key, size in (("traceId", 16), ("spanId", 8), ("parentSpanId", 8)):
                if key in span:
                    raw = bytes.fromhex(span[key])
                    assert len(raw) == size
                    span[key] = b64encode(raw).decode()
        parsed = Parse(json.dumps(document), ExportTraceServiceRequest(), ignore_unknown_fields=False)
        for span in parsed.resource_spans[0].scope_spans[0].spans:
            assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
