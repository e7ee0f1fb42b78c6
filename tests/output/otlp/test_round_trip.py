"""What is exported as spans and read again says the same: messages, calls, results, usage, finish reasons, times."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from inspector.analysis.tool_pairs import pair
from inspector.model import ModelCall, Text, ToolCall, ToolResult
from inspector.model.jsonio import parse_or_none
from inspector.output.otlp.exports import lines
from inspector.output.otlp.genai_span import tool_run
from inspector.output.otlp.request_settings import settings_attributes
from inspector.output.otlp.span_times import span_times
from inspector.output.shown_exchange import Shown
from tests.output.otlp.read_again import Again, check_same, is_conversation, read_again, said_part
from tests.output.shown_samples import samples


@cache
def export() -> bytes:
    return "".join(lines(samples(), blobs=True)).encode()


@cache
def again() -> dict[str, Again]:
    return read_again(export())


def spans() -> list[dict[str, Any]]:
    return [
        span
        for line in export().splitlines()
        for resource in json.loads(line)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def test_conversations_say_the_same() -> None:
    compared = [one for one in samples() if is_conversation(one)]
    assert len(compared) > 100
    for one in compared:
        check_same(one, again()[one.place["id"]])


def test_tools_that_ran_say_the_same() -> None:
    compared = 0
    for one in samples():
        if (ran := tool_run(one.call)) is None:
            continue
        read = tool_run(again()[one.place["id"]].call)
        where = one.place["recording"]["path"]
        assert read is not None, where
        assert said_part(read[0])[1:4] == said_part(ran[0])[1:4], where
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


def test_what_is_of_a_test_or_session_says_so() -> None:
    whole = {span["traceId"]: told for span, told in map(_held, spans()) if "inspector.group" in told}
    for span, told in map(_held, spans()):
        if span["traceId"] in whole:
            named = whole[span["traceId"]]
            key = "test.case.name" if named["inspector.group"] == "test" else "gen_ai.conversation.id"
            assert told.get(key) == named[key], span["name"]


def _held(span: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return span, {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def test_a_test_goes_by_its_name_whatever_a_session_in_it_is_called() -> None:
    first, second = [one for one in samples() if one.place["group"]["kind"] == "test"][:2]
    place = second.place | {"group": first.place["group"]}
    titled = second._replace(place=place, exchange=replace(second.exchange, title="The lighthouse"))
    told = "".join(lines([first, titled]))
    assert f'"name":"test {first.place["group"]["id"]}"' in told
    assert "The lighthouse" not in told


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


def test_a_tool_that_failed_is_a_span_that_failed() -> None:
    (failed, told), *_ = (_held(span) for span in spans() if "tool_error" in str(span))
    assert (failed["name"].split()[0], failed["status"]["code"]) == ("execute_tool", 2)
    assert told["error.type"] == "tool_error"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"temperature": 0, "max_completion_tokens": 9.0, "stop": "fog"},
         {"temperature": 0.0, "max_tokens": 9, "stop_sequences": ["fog"]}),
        ({"generationConfig": {"topK": 4, "maxOutputTokens": 7, "stopSequences": ["a", "b"]}},
         {"top_k": 4.0, "max_tokens": 7, "stop_sequences": ["a", "b"]}),
        ({"options": {"num_predict": 3, "seed": 5}, "n": 2}, {"max_tokens": 3, "seed": 5, "choice.count": 2}),
        ({"temperature": "hot", "seed": 1.5, "top_p": float("nan"), "n": 10**400, "stop": [1]}, {}),
    ],
)  # fmt: skip
def test_settings_go_by_the_names_of_the_conventions(settings: dict[str, Any], told: dict[str, Any]) -> None:
    found = settings_attributes(settings)
    assert {key.removeprefix("gen_ai.request."): value for key, value in found.items() if "gen_ai" in key} == told


@pytest.mark.parametrize(
    ("started", "duration", "times"),
    [
        ("2026-03-01T21:00:00.25Z", 1.5, (1772398800250000000, 1772398801750000000, None)),
        ("2026-03-01T21:00:00Z", None, (1772398800000000000, 1772398800000000000, "end not recorded")),
        (None, 2, (5000003000, 7000003000, "start not recorded")),
        (None, None, (5000003000, 5000003000, "not recorded")),
        ("2026-03-01T21:00:00", -1, (5000003000, 5000003000, "not recorded")),
        ("1969-03-01T21:00:00Z", 10**20, (5000003000, 5000003000, "not recorded")),
    ],
)  # fmt: skip
def test_times_are_those_recorded_or_say_what_stands_in(
    started: str | None, duration: float | None, times: tuple[int, int, str | None]
) -> None:
    one = replace(samples()[0].exchange, entry=3, started_at=started, duration=duration)
    assert span_times(one, replace(samples()[0].call, created_at=None), 5 * 10**9) == times
