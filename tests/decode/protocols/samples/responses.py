"""An exchange of OpenAI Responses, as in `wire_samples`."""

from __future__ import annotations

from typing import Any

from inspector.model import Citation, FileRef, Json, Message, Reasoning, Text, Token, ToolCall, ToolResult, Usage
from tests.decode.protocols.samples.sample import SCHEMA, WEATHER, Sample, call

_SOURCE = {"type": "url_citation", "start_index": 0, "end_index": 6, "url": "http://w/", "title": "Almanac"}
_LOOKED = {"type": "search", "query": "rain"}
_TEXT = {
    "type": "output_text",
    "text": "I look",
    "annotations": [_SOURCE],
    "logprobs": [
        {"token": "I ", "logprob": -0.5, "top_logprobs": [{"token": "We ", "logprob": -2}]},
        {"token": "look", "logprob": -1, "top_logprobs": []},
    ],
}
_OUTPUT: tuple[dict[str, Any], ...] = (
    {"type": "reasoning", "id": "rs1", "summary": [{"type": "summary_text", "text": "Hm. Oslo"}]},
    {"type": "web_search_call", "id": "ws1", "status": "completed", "action": {**_LOOKED, "sources": [{"url": "u"}]}},
    {"type": "message", "id": "m1", "role": "assistant", "status": "completed", "content": [_TEXT]},
    {"type": "function_call", "id": "fc1", "call_id": "c1", "name": "weather", "arguments": '{"city":"Oslo"}'},
)
_USAGE = {
    "input_tokens": 9,
    "input_tokens_details": {"cached_tokens": 4},
    "output_tokens": 5,
    "output_tokens_details": {"reasoning_tokens": 2},
    "total_tokens": 14,
}


def _response(status: str, *output: Json, **more: Json) -> Json:
    return {"id": "r1", "object": "response", "model": "m-1", "status": status, "output": list(output), **more}


def _event(kind: str, at: int, **more: Json) -> Json:
    return {"type": f"response.{kind}", "output_index": at, **more}


def _begun(at: int, **changed: Json) -> Json:
    return _event("output_item.added", at, item={**_OUTPUT[at], "status": "in_progress", **changed})


def _done(at: int) -> Json:
    changed = {} if at == 1 else {"id": f"changed{at}"}
    return _event("output_item.done", at, item={**_OUTPUT[at], **changed})


def _said(text: str, *logprobs: Json) -> Json:
    return _event("output_text.delta", 2, content_index=0, delta=text, logprobs=list(logprobs))


RESPONSES = Sample(
    protocol="openai.responses",
    operation="chat",
    url="https://api.openai.com/v1/responses",
    request={
        "model": "m",
        "instructions": "Be brief",
        "input": [
            {"role": "developer", "content": "In English"},
            {
                "role": "user",
                "content": [{"type": "input_text", "text": "See"}, {"type": "input_image", "file_id": "f1"}],
            },
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Rome"}], "encrypted_content": "x"},
            {"type": "function_call", "call_id": "c0", "name": "weather", "arguments": '{"city":"Rome"}'},
            {"type": "function_call_output", "call_id": "c0", "output": [{"type": "input_text", "text": "sun"}]},
        ],
        "tools": [{"type": "function", "name": "weather", "description": "It rains", "parameters": SCHEMA}],
        "previous_response_id": "r0",
    },
    whole=_response("completed", *_OUTPUT, usage=_USAGE),
    stream=(
        {"type": "response.created", "response": _response("in_progress")},
        {"type": "response.in_progress", "response": _response("in_progress")},
        _begun(0, summary=[]),
        _event("reasoning_summary_text.delta", 0, summary_index=0, delta="Hm. "),
        _event("reasoning_summary_text.delta", 0, summary_index=0, delta="Oslo"),
        _done(0),
        _begun(1, action=_LOOKED),
        _event("web_search_call.searching", 1),
        _done(1),
        _begun(2, content=[]),
        _event("content_part.added", 2, content_index=0, part={"type": "output_text", "text": ""}),
        _said("I ", _TEXT["logprobs"][0]),
        _said("look", _TEXT["logprobs"][1]),
        _event("output_text.annotation.added", 2, content_index=0, annotation=_SOURCE),
        _event("output_text.done", 2, content_index=0, text="I look"),
        _done(2),
        _begun(3, arguments=""),
        _event("function_call_arguments.delta", 3, delta='{"city":'),
        _event("function_call_arguments.delta", 3, delta='"Oslo"}'),
        _event("function_call_arguments.done", 3, arguments='{"city":"Oslo"}'),
        _done(3),
        {"type": "response.completed", "response": _response("completed", usage=_USAGE)},
    ),
    system=(Text("Be brief"),),
    messages=(
        Message("system", (Text("In English"),), "developer"),
        Message("user", (Text("See"), FileRef("f1", None, "image")), "user"),
        Message("assistant", (Reasoning("Rome"), call("c0", "Rome"))),
        Message("tool", (ToolResult("c0", None, "sun"),)),
    ),
    tools=(WEATHER,),
    settings={"previous_response_id": "r0"},
    replies=(
        Message(
            "assistant",
            (
                Reasoning("Hm. Oslo"),
                ToolCall("ws1", "web_search", '{"type":"search","query":"rain"}', _LOOKED),
                ToolResult("ws1", "web_search", [{"url": "u"}]),
                Text(
                    "I look",
                    (),
                    (Citation(0, 6, "http://w/", "Almanac"),),
                    (Token("I ", -0.5, (("We ", -2.0),)), Token("look", -1.0)),
                ),
                call("c1", "Oslo"),
            ),
            "assistant",
            None,
            "tool_call",
            "completed",
        ),
    ),
    usage=Usage(9, 5, 14, 4, None, 2),
)

SAMPLES = (RESPONSES,)
