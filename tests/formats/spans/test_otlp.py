"""Spans: what each convention says comes to the same, each call counts once, and nothing goes in silence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import Source
from inspector.model import Blob, Message, ModelCall, Reasoning, Text, ToolCall, ToolResult, Usage
from inspector.redaction import decoded
from tests.making import SAMPLES

Attributes = dict[str, Any]
SAID = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"}
BELL = {"type": "function", "name": "bell", "parameters": {"type": "object"}}


def value(of: Any) -> dict[str, Any]:
    if isinstance(of, list):
        return {"arrayValue": {"values": [value(item) for item in of]}}
    if isinstance(of, dict):
        return {"kvlistValue": {"values": attributes(of)}}
    return {"intValue": str(of)} if isinstance(of, int) else {"stringValue": of}


def attributes(of: Attributes) -> list[dict[str, Any]]:
    return [{"key": key, "value": value(one)} for key, one in of.items()]


def span(id: str, told: Attributes, parent: str = "", events: dict[str, Attributes] | None = None) -> dict[str, Any]:
    happened = [{"name": name, "attributes": attributes(one)} for name, one in (events or {}).items()]
    held = {"traceId": "t", "spanId": id, "parentSpanId": parent, "name": id, "events": happened}
    return {**held, "attributes": attributes(told), "startTimeUnixNano": "1772399640000000000"}


def export(*spans: dict[str, Any]) -> bytes:
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": list(spans)}]}]}).encode() + b"\n"


def read(*spans: dict[str, Any]) -> formats.Recording:
    return formats.read(Source("spans.json", export(*spans)))


def calls(recording: formats.Recording) -> list[ModelCall]:
    return [decoder.decode(exchange) for exchange in recording.exchanges]


def only(told: Attributes, events: dict[str, Attributes] | None = None) -> ModelCall:
    (call,) = calls(read(span("a", told, events=events)))
    return call


JSON = json.dumps
ASKED = {"role": "user", "parts": [{"type": "text", "content": "Ring?"}]}
CALLS = {"role": "assistant", "parts": [{"type": "tool_call", "id": "c", "name": "bell", "arguments": {"n": 2}}]}
RANG = {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c", "response": "rang"}]}
DONE = {"role": "assistant", "parts": [{"type": "text", "content": "Done."}], "finish_reason": "stop"}
CHAT_CALL = {"id": "c", "type": "function", "function": {"name": "bell", "arguments": '{"n": 2}'}}
COUNTS = {"gen_ai.usage.input_tokens": 9, "gen_ai.usage.output_tokens": 2}
CONVENTIONS: dict[str, tuple[Attributes, dict[str, Attributes]]] = {
    "attributes as JSON": (
        {**SAID, **COUNTS, "gen_ai.input.messages": JSON([ASKED, CALLS, RANG]), "gen_ai.output.messages": JSON([DONE]),
         "gen_ai.tool.definitions": JSON([BELL])},
        {},
    ),
    "attributes as objects": (
        {**SAID, **COUNTS, "gen_ai.input.messages": [ASKED, CALLS, RANG], "gen_ai.output.messages": [DONE],
         "gen_ai.tool.definitions": [BELL]},
        {},
    ),
    "details in an event": (
        {**SAID, **COUNTS},
        {"gen_ai.client.inference.operation.details": {
            "gen_ai.input.messages": [ASKED, CALLS, RANG], "gen_ai.output.messages": [DONE],
            "gen_ai.tool.definitions": [BELL],
        }},
    ),
    "messages of Chat Completions": (
        {**SAID, **COUNTS, "gen_ai.response.finish_reasons": ["stop"],
         "gen_ai.input.messages": JSON([
             {"role": "user", "content": "Ring?"}, {"role": "assistant", "content": None, "tool_calls": [CHAT_CALL]},
             {"role": "tool", "tool_call_id": "c", "content": "rang"},
         ]),
         "gen_ai.output.messages": JSON([{"role": "assistant", "content": "Done."}]),
         "gen_ai.tool.definitions": JSON([{"type": "function", "function": BELL}])},
        {},
    ),
    "events": (
        {**SAID, **COUNTS, "gen_ai.tool.definitions": JSON([BELL])},
        {"gen_ai.user.message": {"content": "Ring?"},
         "gen_ai.assistant.message": {"tool_calls": JSON([CHAT_CALL])},
         "gen_ai.tool.message": {"id": "c", "content": "rang"},
         "gen_ai.choice": {"index": 0, "finish_reason": "stop", "message": JSON({"content": "Done."})}},
    ),
    "OpenLLMetry": (
        {"llm.request.type": "chat", "gen_ai.request.model": "m", "gen_ai.usage.prompt_tokens": 9,
         "gen_ai.usage.completion_tokens": 2, "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "Ring?",
         "gen_ai.prompt.1.role": "assistant", "gen_ai.prompt.1.tool_calls.0.id": "c",
         "gen_ai.prompt.1.tool_calls.0.name": "bell", "gen_ai.prompt.1.tool_calls.0.arguments": '{"n": 2}',
         "gen_ai.prompt.2.role": "tool", "gen_ai.prompt.2.tool_call_id": "c", "gen_ai.prompt.2.content": "rang",
         "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "Done.",
         "gen_ai.completion.0.finish_reason": "stop", "llm.request.functions.0.name": "bell",
         "llm.request.functions.0.parameters": '{"type": "object"}'},
        {},
    ),
    "OpenInference": (
        {"openinference.span.kind": "LLM", "llm.model_name": "m-1", "llm.invocation_parameters": '{"model": "m"}',
         "llm.token_count.prompt": 9, "llm.token_count.completion": 2, "llm.finish_reason": "stop",
         "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Ring?",
         "llm.input_messages.1.message.role": "assistant",
         "llm.input_messages.1.message.tool_calls.0.tool_call.id": "c",
         "llm.input_messages.1.message.tool_calls.0.tool_call.function.name": "bell",
         "llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments": '{"n": 2}',
         "llm.input_messages.2.message.role": "tool", "llm.input_messages.2.message.tool_call_id": "c",
         "llm.input_messages.2.message.content": "rang", "llm.output_messages.0.message.role": "assistant",
         "llm.output_messages.0.message.content": "Done.", "llm.tools.0.tool.json_schema": JSON(BELL)},
        {},
    ),
    "AI SDK": (
        {"ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "m", "ai.usage.promptTokens": 9,
         "ai.usage.completionTokens": 2, "ai.response.text": "Done.", "ai.response.finishReason": "stop",
         "ai.prompt.messages": JSON([
             {"role": "user", "content": [{"type": "text", "text": "Ring?"}]},
             {"role": "assistant", "content": [
                 {"type": "tool-call", "toolCallId": "c", "toolName": "bell", "input": {"n": 2}}]},
             {"role": "tool", "content": [
                 {"type": "tool-result", "toolCallId": "c", "toolName": "bell",
                  "output": {"type": "text", "value": "rang"}}]},
         ]),
         "ai.prompt.tools": [JSON({"type": "function", "name": "bell", "inputSchema": {"type": "object"}})]},
        {},
    ),
    "Logfire's events": (
        {**SAID, **COUNTS, "gen_ai.response.finish_reasons": ["stop"], "events": JSON([
            {"event.name": "gen_ai.user.message", "role": "user", "content": "Ring?"},
            {"event.name": "gen_ai.assistant.message", "role": "assistant", "tool_calls": [CHAT_CALL]},
            {"event.name": "gen_ai.tool.message", "role": "tool", "id": "c", "content": "rang"},
            {"event.name": "gen_ai.choice", "index": 0, "message": {"role": "assistant", "content": "Done."}},
         ]),
         "model_request_parameters": JSON({
             "function_tools": [{"name": "bell", "parameters_json_schema": {"type": "object"}}]})},
        {},
    ),
    "Logfire's data": (
        {"request_data": JSON({"model": "m", "tools": [{"type": "function", "function": BELL}], "messages": [
            {"role": "user", "content": "Ring?"}, {"role": "assistant", "tool_calls": [CHAT_CALL]},
            {"role": "tool", "tool_call_id": "c", "content": "rang"}]}),
         "response_data": JSON({
             "message": {"role": "assistant", "content": "Done.", "finish_reason": "stop"},
             "usage": {"prompt_tokens": 9, "completion_tokens": 2}})},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_convention_says_the_same(convention: str) -> None:
    call = only(*CONVENTIONS[convention])
    asked, called, rang = call.prompt.messages
    assert (call.protocol, call.prompt.model, call.problems) == ("otel.gen_ai", "m", ())
    assert (asked.role, asked.parts) == ("user", (Text("Ring?"),))
    assert [(part.id, part.name, part.arguments) for part in called.parts if isinstance(part, ToolCall)] == [
        ("c", "bell", {"n": 2})
    ]
    (result,) = rang.parts
    assert isinstance(result, ToolResult)
    assert (result.id, result.response) == ("c", "rang")
    assert [(tool.name, tool.parameters) for tool in call.prompt.tools] == [("bell", {"type": "object"})]
    assert [(reply.parts, reply.finish_reason) for reply in call.replies] == [((Text("Done."),), "stop")]
    assert call.usage == Usage(input_tokens=9, output_tokens=2)


def nested(told: Attributes) -> Attributes:
    """Attributes as Phoenix exports them: objects and lists in place of dotted names."""
    tree: Attributes = {}
    for path, one in told.items():
        *folders, last = path.split(".")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[last] = one
    return listed(tree)


def listed(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    inner = {key: listed(one) for key, one in tree.items()}
    return [*inner.values()] if inner and all(key.isdecimal() for key in inner) else inner


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_spans_as_objects_say_what_those_of_otlp_say(convention: str) -> None:
    told, events = CONVENTIONS[convention]
    happened = [{"name": name, "attributes": one} for name, one in events.items()]
    flat = {"name": "a", "context": {"trace_id": "0x7", "span_id": "0xa"}, "attributes": told, "events": happened}
    script = {"name": "a", "spanContext": {"traceId": "7", "spanId": "a"}, "attributes": told, "events": happened}
    phoenix = {**flat, "attributes": nested(told)} if "llm.model_name" in told else flat
    call = only(told, events)
    for record in (flat, script, phoenix):
        for data in (JSON([record]), JSON(record), JSON(record) + "\n" + JSON({**record, "name": "b"}) + "\n"):
            recording = formats.read(Source("spans.json", data.encode()))
            assert recording.format == "spans"
            for same in calls(recording):
                assert (same.prompt, same.replies, same.usage) == (call.prompt, call.replies, call.usage)


def test_times_and_states_of_spans_as_objects() -> None:
    context = {"trace_id": "t", "span_id": "a"}
    python = {
        "name": "a", "context": context, "parent_id": None, "attributes": SAID, "status": {"status_code": "ERROR"},
        "start_time": "2026-03-01T21:14:00.000001Z", "end_time": "2026-03-01T21:14:01.500001Z",
    }  # fmt: skip
    script = {
        "name": "a", "spanContext": {"spanId": "a"}, "attributes": SAID, "status": {"code": 2},
        "startTime": [1772399640, 1000], "endTime": [1772399641, 500001000],
    }  # fmt: skip
    for record in (python, script):
        (exchange,) = formats.read(Source("a", JSON([record]).encode())).exchanges
        assert (exchange.started_at, exchange.duration) == ("2026-03-01T21:14:00.000001Z", 1.5)
        assert exchange.response is not None
        assert exchange.response.error is not None


def test_parts_that_only_some_have() -> None:
    files = [{"type": "file", "data": "aGk=", "mediaType": "text/plain"}, {"type": "image", "image": "https://a.b/c"}]
    told = {
        "ai.operationId": "ai.streamText.doStream",
        "ai.prompt.messages": JSON([{"role": "user", "content": files}]),
    }
    call = only({**told, "ai.response.reasoning": "Hm.", "ai.response.text": "Yes."})
    assert [type(part).__name__ for part in call.prompt.messages[0].parts] == ["Blob", "Uri"]
    assert call.replies[0].parts == (Reasoning("Hm."), Text("Yes."))
    picture = {"type": "binary", "media_type": "image/png", "content": "iVBORw0KGgo="}
    call = only(
        {**SAID, "gen_ai.input.messages": JSON([{"role": "user", "parts": [picture, {"type": "novel", "x": 1}]}])}
    )
    seen, unknown = call.prompt.messages[0].parts
    assert isinstance(seen, Blob)
    assert type(unknown).__name__ == "Unknown"


@pytest.mark.parametrize("text", ['{"n": 2}', "[1, 2]", '"so"', "[", "{not JSON}"])
def test_a_text_that_looks_like_json_stays_one(text: str) -> None:
    for told, events in (
        (SAID, {"gen_ai.user.message": {"content": text}}),
        ({"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": text}, {}),
        ({"openinference.span.kind": "LLM", "llm.input_messages.0.message.role": "user",
          "llm.input_messages.0.message.content": text}, {}),
        ({**SAID, "gen_ai.input.messages": JSON([{"role": "user", "content": text}])}, {}),
    ):  # fmt: skip
        (message,) = only(told, events).prompt.messages
        assert message.parts == (Text(text),)


def test_of_spans_within_each_other_the_inner_one_counts() -> None:
    spoken = {**SAID, **COUNTS, "gen_ai.input.messages": [ASKED], "gen_ai.output.messages": [DONE]}
    agent = {**spoken, "gen_ai.operation.name": "invoke_agent"}
    recording = read(span("inner", spoken, "outer"), span("outer", spoken, "agent"), span("agent", agent))
    assert [(one.entry, one.problems) for one in recording.exchanges] == [(0, ())]
    (alone,) = calls(read(span("agent", agent)))  # nothing within says it
    assert alone.usage == Usage(input_tokens=9, output_tokens=2)


def test_a_trace_is_called_as_the_span_that_it_begins_with() -> None:
    recording = read(span("a", SAID, "root"), span("b", {**SAID, "session.id": "s"}, "root"), span("root", {}))
    assert [(one.session, one.title) for one in recording.exchanges] == [("t", "root"), ("s", "")]
    assert read(span("a", SAID)).exchanges[0].title == ""


def test_spans_that_are_within_themselves_are_shown() -> None:
    assert len(read(span("a", SAID, "a")).exchanges) == 1
    assert len(read(span("a", SAID, "b"), span("b", SAID, "a")).exchanges) == 1


def test_a_tool_is_an_exchange_and_other_kinds_are_counted() -> None:
    tool = {"openinference.span.kind": "TOOL", "tool.name": "bell", "input.value": '{"n": 2}', "output.value": "rang"}
    other = [span(f"g{number}", {"step": number}) for number in range(3)]
    server, query = span("h", {"http.request.method": "POST"}), span("q", {"db.system": "sqlite"}, "h")
    reranker = span("r", {"openinference.span.kind": "RERANKER"})
    recording = read(*other, server, query, span("t", tool, "h"), reranker)
    (call,) = calls(recording)
    assert (call.operation, call.replies) == ("execute_tool", (Message("tool", (ToolResult(None, None, "rang"),)),))
    assert [problem.why for problem in recording.exchanges[0].problems] == [
        "not shown: 6 of other kinds (other 3, infrastructure 2, reranker 1)"
    ]


def test_tools_and_the_agents_within_them_hang_on_the_answer_that_called() -> None:
    asks = {**SAID, "gen_ai.output.messages": [CALLS]}
    runs = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "bell"}
    within = {**SAID, "gen_ai.input.messages": [ASKED]}
    later = {"startTimeUnixNano": "1772399641000000000"}
    for told in ({"gen_ai.tool.call.id": "c"}, {}):  # by the id of the call, by the name of the tool
        tool = span("b", {**runs, **told}) | later
        asked = {**span("a", asks), "endTimeUnixNano": "1772399640500000000"}
        recording = read(asked, tool, span("d", within, "x") | later, span("x", {}, "b"), span("e", {**runs, **told}))
        links = {one.entry: one.called_from for one in recording.exchanges}
        (name,) = recording.exchanges[0].known_as
        assert links == {0: "", 1: name, 2: name, 4: name if told else ""}


def test_a_stream_that_logfire_notes_as_a_log_is_one_call() -> None:
    asked = {"request_data": '{"model": "m"}', "gen_ai.input.messages": [ASKED], "logfire.span_type": "span"}
    log = {**asked, "logfire.span_type": "log", "gen_ai.output.messages": [DONE], "duration": "1.5s"}
    (exchange,) = read(span("a", asked), span("b", log)).exchanges
    assert (exchange.entry, exchange.duration) == (1, 1.5)


def test_what_was_not_recorded_is_said() -> None:
    call = only({**SAID, **COUNTS})
    assert (call.replies, call.summary) == ((), {"messages": "not recorded"})


def test_errors_are_those_of_the_exception() -> None:
    told = {"exception.type": "RateLimit", "exception.message": "Too often."}
    failed = {
        **span("a", {**SAID, "http.response.status_code": 429}, events={"exception": told}),
        "status": {"code": 2},
    }
    (call,) = calls(read(failed))
    assert call.error is not None
    assert (call.error.type, call.error.message, call.error.status) == ("RateLimit", "Too often.", 429)


def test_values_that_the_sdk_cut_are_read_as_far_as_they_go() -> None:
    (exchange,) = read(span("a", {**SAID, "gen_ai.input.messages": JSON([ASKED])[:-8]})).exchanges
    assert decoder.decode(exchange).prompt.messages[0].parts == (Text("Ri"),)
    assert [problem.why for problem in exchange.problems] == ["gen_ai.input.messages is cut after 59 characters"]


def test_entries_keep_their_numbers_while_the_file_grows() -> None:
    whole = (SAMPLES / "other" / "otlp" / "collector.jsonl").read_bytes()
    entries = [one.entry for one in formats.read(Source("a", whole)).exchanges]
    for end in range(0, len(whole), 700):
        part = formats.read(Source("a", whole[:end]))
        assert [one.entry for one in part.exchanges if one.entry < 5] == entries[: len(part.exchanges)]


def test_a_span_is_read_without_the_others_of_its_file() -> None:
    whole = (SAMPLES / "other" / "otlp" / "collector.jsonl").read_bytes()
    placed = [one for one in formats.read(Source("a", whole)).exchanges if one.position is not None]
    assert len(placed) > 2
    for one in placed:
        start = Line(one.entry, one.position or 0)
        (alone,) = formats.read(Source("a", whole, start=start, one=True)).exchanges
        assert alone == replace(one, known_as=(), called_from="", title="")  # which the index knows
        rest = formats.read(Source("a", whole, start=start)).exchanges
        assert [other.entry for other in rest] == [other.entry for other in placed if other.entry >= one.entry]


def test_a_line_that_is_broken_costs_the_others_nothing_and_is_opened_alone() -> None:
    first, *others = (
        [span("a", {**SAID, "gen_ai.input.messages": "see  the  bell " * 9}) for _ in range(25)],
        span("b", SAID),
    )
    data = export(*first) + b"\n  " + export(*others)[:-9] + b"\n\t" + export(*others)
    recording = formats.read(Source("a", data))
    assert [one.problems != () for one in recording.exchanges] == [False] * 25 + [True, False]
    for one in recording.exchanges:
        (alone,) = formats.read(Source("a", data, start=Line(one.entry, one.position or 0), one=True)).exchanges
        assert alone == replace(one, title="")


def test_spans_of_other_programs_are_nobodys() -> None:
    assert read(span("a", {"http.request.method": "GET"})).format is None


def test_headers_that_a_span_keeps_are_masked() -> None:
    secret = "lamp-oil-and-wick-2217"
    recording = formats.read(Source("a", (SAMPLES / "other" / "otlp" / "conventions.json").read_bytes()))
    (kept,) = [one for one in recording.exchanges if secret in JSON(one.raw)]
    assert secret not in repr(decoded.masked(kept))


def record(name: str, body: Any, told: Attributes, id: str = "a") -> dict[str, Any]:
    held = {"traceId": "t", "spanId": id, "eventName": name, "timeUnixNano": "1772399640000000000"}
    return {**held, "body": value(body), "attributes": attributes(told)}


def of_logs(*records: dict[str, Any]) -> formats.Recording:
    document = {"resourceLogs": [{"scopeLogs": [{"logRecords": list(records)}]}]}
    return formats.read(Source("logs.json", json.dumps(document).encode()))


def test_what_is_said_in_logs_is_what_the_span_says() -> None:
    told, events = CONVENTIONS["details in an event"]
    same = only(told, events)
    ((name, details),) = events.items()
    (call,) = calls(of_logs(record(name, {}, {**told, **details})))
    assert (call.prompt, call.replies, call.usage) == (same.prompt, same.replies, same.usage)
    (call,) = calls(
        of_logs(
            record("gen_ai.user.message", {"content": "Ring?"}, {"gen_ai.system": "openai"}),
            record("gen_ai.choice", {"index": 0, "finish_reason": "stop", "message": {"content": "Done."}}, {}),
        )
    )
    assert [message.parts for message in (*call.prompt.messages, *call.replies)] == [(Text("Ring?"),), (Text("Done."),)]


def test_records_of_several_calls_are_told_apart_and_other_logs_counted() -> None:
    recording = of_logs(
        record("gen_ai.user.message", {"content": "One?"}, {}, "a"),
        record("gen_ai.user.message", {"content": "Two?"}, {}, "b"),
        record("device.app.started", "the lamp is lit", {}, "c"),
    )
    asked = [call.prompt.messages[0].parts for call in calls(recording)]
    assert asked == [(Text("One?"),), (Text("Two?"),)]
    assert "not shown: 1" in recording.exchanges[0].problems[0].why
