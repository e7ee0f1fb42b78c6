"""One exchange for each protocol of Cohere's, and Anthropic's smaller ones, as in `wire_samples`."""

from __future__ import annotations

from inspector.model import Citation, Json, Message, Reasoning, Text, ToolDefinition, ToolResult, Usage
from tests.decode.protocols.samples.sample import OPENAI_TOOL, SCHEMA, WEATHER, Sample, call, said


def _called(id: str, city: str) -> Json:
    return {"id": id, "type": "function", "function": {"name": "weather", "arguments": f'{{"city":"{city}"}}'}}


def _piece(kind: str, index: int, message: Json) -> Json:
    return {"type": kind, "index": index, "delta": {"message": message}}


_SOURCE = {"type": "document", "id": "d1", "document": {"id": "d1", "title": "Almanac", "text": "wet"}}
_CITED = {"start": 2, "end": 5, "text": "say", "type": "TEXT_CONTENT", "sources": [_SOURCE]}
_PLANNED = {"start": 0, "end": 4, "text": "Look", "type": "PLAN", "sources": [_SOURCE]}
_COUNTS = {"billed_units": {"input_tokens": 2, "output_tokens": 3}, "tokens": {"input_tokens": 9, "output_tokens": 4}}

COHERE = Sample(
    protocol="cohere.chat",
    operation="chat",
    url="https://api.cohere.com/v2/chat",
    request={
        "model": "m",
        "stream": True,
        "temperature": 0,
        "tools": [OPENAI_TOOL],
        "messages": [
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": [{"type": "text", "text": "See"}]},
            {"role": "assistant", "tool_plan": "Look first.", "tool_calls": [_called("c0", "Rome")]},
            {"role": "tool", "tool_call_id": "c0", "content": [{"type": "text", "text": "sun"}]},
        ],
    },
    whole={
        "id": "r1",
        "finish_reason": "TOOL_CALL",
        "message": {
            "role": "assistant",
            "tool_plan": "Look.",
            "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "I say"}],
            "tool_calls": [_called("c1", "Oslo")],
            "citations": [_CITED, _PLANNED],
        },
        "usage": {**_COUNTS, "cached_tokens": 1},
    },
    stream=(
        {"type": "message-start", "id": "r1", "delta": {"message": {"role": "assistant", "content": []}}},
        {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "Lo"}}},
        {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "ok."}}},
        _piece("content-start", 0, {"content": {"type": "thinking", "thinking": ""}}),
        _piece("content-delta", 0, {"content": {"thinking": "Hm."}}),
        {"type": "content-end", "index": 0},
        _piece("content-start", 1, {"content": {"type": "text", "text": ""}}),
        _piece("content-delta", 1, {"content": {"text": "I "}}),
        _piece("content-delta", 1, {"content": {"text": "say"}}),
        _piece("citation-start", 0, {"citations": _CITED}),
        {"type": "citation-end", "index": 0},
        _piece(
            "tool-call-start",
            0,
            {"tool_calls": {**_called("c1", ""), "function": {"name": "weather", "arguments": ""}}},
        ),
        _piece("tool-call-delta", 0, {"tool_calls": {"function": {"arguments": '{"city":'}}}),
        _piece("tool-call-delta", 0, {"tool_calls": {"function": {"arguments": '"Oslo"}'}}}),
        {"type": "tool-call-end", "index": 0},
        {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL", "usage": {**_COUNTS, "cached_tokens": 1}}},
    ),
    messages=(
        Message("system", (Text("Be brief"),), "system"),
        said("See", "user"),
        Message("assistant", (Reasoning("Look first."), call("c0", "Rome")), "assistant"),
        Message("tool", (ToolResult("c0", None, "sun"),), "tool"),
    ),
    tools=(WEATHER,),
    settings={"temperature": 0},
    replies=(
        Message(
            "assistant",
            (
                Reasoning("Look."),
                Reasoning("Hm."),
                Text("I say", citations=(Citation(2, 5, None, "Almanac", "wet"),)),
                call("c1", "Oslo"),
            ),
            "assistant",
            None,
            "tool_call",
            "TOOL_CALL",
        ),
    ),
    usage=Usage(9, 4, None, 1),
    about=("r1", None, None),
)

_ANSWER = {
    "generation_id": "r1",
    "text": "Look.",
    "finish_reason": "COMPLETE",
    "tool_calls": [{"name": "weather", "parameters": {"city": "Oslo"}}],
    "citations": [],
    "meta": _COUNTS,
}

COHERE_V1 = Sample(
    protocol="cohere.chat_v1",
    operation="chat",
    url="https://api.cohere.com/v1/chat",
    request={
        "model": "m",
        "preamble": "Be brief",
        "chat_history": [{"role": "USER", "message": "See"}, {"role": "CHATBOT", "message": "Yes"}],
        "message": "Rain?",
        "tools": [{"name": "weather", "description": "It rains", "parameter_definitions": SCHEMA}],
        "tool_results": [{"call": {"name": "weather", "parameters": {}}, "outputs": [{"sky": "wet"}]}],
        "temperature": 0,
    },
    whole=_ANSWER,
    stream=(
        {"event_type": "stream-start", "generation_id": "r1", "is_finished": False},
        {"event_type": "tool-calls-chunk", "text": "Look", "is_finished": False},
        {"event_type": "tool-calls-chunk", "text": ".", "is_finished": False},
        {"event_type": "tool-calls-chunk", "tool_call_delta": {"index": 0, "name": "weather"}},
        {"event_type": "tool-calls-chunk", "tool_call_delta": {"index": 0, "parameters": '{"city":'}},
        {"event_type": "tool-calls-chunk", "tool_call_delta": {"index": 0, "parameters": '"Oslo"}'}},
        {"event_type": "tool-calls-generation", "text": "Look.", "tool_calls": _ANSWER["tool_calls"]},
        {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": _ANSWER, "is_finished": True},
    ),
    system=(Text("Be brief"),),
    messages=(
        said("See", "USER"),
        Message("assistant", (Text("Yes"),), "CHATBOT"),
        said("Rain?"),
        Message("tool", (ToolResult(None, "weather", [{"sky": "wet"}]),)),
    ),
    tools=(ToolDefinition("function", "weather", "It rains", SCHEMA),),
    settings={"temperature": 0},
    replies=(Message("assistant", (Reasoning("Look."), call(None, "Oslo")), None, None, "stop", "COMPLETE"),),
    usage=Usage(9, 4),
    about=("r1", None, None),
)

COHERE_EMBED = Sample(
    protocol="cohere.embed",
    operation="embeddings",
    url="https://api.cohere.com/v2/embed",
    request={"model": "m", "texts": ["rain", "sun"], "input_type": "search_query"},
    whole={
        "id": "r1",
        "response_type": "embeddings_by_type",
        "embeddings": {"int8": [[1, 2, 3], [4, 5, 6]], "float": None},
        "texts": ["rain", "sun"],
        "meta": {"billed_units": {"input_tokens": 2}},
    },
    messages=(Message("user", (Text("rain"), Text("sun"))),),
    settings={"input_type": "search_query"},
    usage=Usage(2),
    summary={"count": 2, "dimensions": 3},
    about=("r1", None, None),
)

COHERE_GENERATE = Sample(
    protocol="cohere.generate",
    operation="text_completion",
    url="https://api.cohere.com/v1/generate",
    request={"model": "m", "prompt": "Rain?", "max_tokens": 9},
    whole={
        "id": "r1",
        "prompt": "Rain?",
        "generations": [{"id": "g1", "text": "Yes", "finish_reason": "COMPLETE"}],
        "meta": {"billed_units": {"input_tokens": 2, "output_tokens": 1}},
    },
    stream=(
        {"text": "Y", "is_finished": False, "event_type": "text-generation"},
        {"text": "es", "is_finished": False, "event_type": "text-generation"},
        {
            "is_finished": True,
            "event_type": "stream-end",
            "finish_reason": "COMPLETE",
            "response": {
                "id": "r1",
                "generations": [{"id": "g1", "text": "Yes", "finish_reason": "COMPLETE"}],
                "meta": {"billed_units": {"input_tokens": 2, "output_tokens": 1}},
            },
        },
    ),
    messages=(said("Rain?"),),
    settings={"max_tokens": 9},
    replies=(Message("assistant", (Text("Yes"),), None, None, "stop", "COMPLETE"),),
    usage=Usage(2, 1),
    about=("r1", None, None),
)

COHERE_TOKENS = Sample(
    protocol="cohere.tokenize",
    operation="other",
    url="https://api.cohere.com/v1/tokenize",
    request={"model": "m", "text": "rain"},
    whole={"tokens": [7, 8], "token_strings": ["ra", "in"]},
    messages=(said("rain"),),
    summary={"tokens": 2},
    about=(None, None, None),
)

COMPLETE = Sample(
    protocol="anthropic.complete",
    operation="text_completion",
    url="https://api.anthropic.com/v1/complete",
    request={"model": "m", "prompt": "\n\nHuman: Rain?\n\nAssistant:", "max_tokens_to_sample": 9},
    whole={"type": "completion", "id": "r1", "model": "m-1", "completion": " Yes", "stop_reason": "stop_sequence"},
    stream=(
        {"type": "completion", "id": "r1", "model": "m-1", "completion": " Y", "stop_reason": None},
        {"type": "ping"},
        {"type": "completion", "id": "r1", "model": "m-1", "completion": "es", "stop_reason": "stop_sequence"},
    ),
    messages=(said("\n\nHuman: Rain?\n\nAssistant:"),),
    settings={"max_tokens_to_sample": 9},
    replies=(Message("assistant", (Text(" Yes"),), None, None, "stop", "stop_sequence"),),
)

ANTHROPIC_TOKENS = Sample(
    protocol="anthropic.count_tokens",
    operation="other",
    url="https://api.anthropic.com/v1/messages/count_tokens",
    request={"model": "m", "messages": [{"role": "user", "content": "Rain?"}]},
    whole={"input_tokens": 3},
    messages=(said("Rain?", "user"),),
    summary={"input_tokens": 3},
    about=(None, None, None),
)

SAMPLES = (COHERE, COHERE_V1, COHERE_EMBED, COHERE_GENERATE, COHERE_TOKENS, COMPLETE, ANTHROPIC_TOKENS)
