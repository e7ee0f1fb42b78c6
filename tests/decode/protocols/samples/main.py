"""Samples of the protocols that most recordings hold."""

from __future__ import annotations

from inspector.model import (
    Blob,
    FileRef,
    Json,
    Message,
    Reasoning,
    Text,
    ToolDefinition,
    ToolResult,
    Uri,
    Usage,
)
from tests.decode.protocols.samples.sample import DECLARED, OPENAI_TOOL, PNG, SCHEMA, WEATHER, Sample, call, said


def chat_chunk(delta: Json, finish: str | None = None) -> Json:
    return {"id": "r1", "model": "m-1", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


CHAT = Sample(
    protocol="openai.chat_completions",
    operation="chat",
    url="https://api.openai.com/v1/chat/completions",
    request={
        "model": "m",
        "temperature": 0,
        "tools": [OPENAI_TOOL],
        "messages": [
            {"role": "developer", "content": "Be brief"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "See"},
                    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}},
                ],
            },
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"id": "c0", "function": {"name": "weather", "arguments": '{"city":"Rome"}'}}],
            },
            {
                "role": "tool",
                "tool_call_id": "c0",
                "content": [{"type": "text", "text": "su"}, {"type": "text", "text": "n"}],
            },
        ],
    },
    whole={
        "id": "r1",
        "model": "m-1",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "reasoning_content": "Hm. Oslo",
                    "content": "I look",
                    "tool_calls": [
                        {"id": "c1", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}},
                        {"id": "c2", "function": {"name": "weather", "arguments": '{"city":"Bonn"}'}},
                    ],
                },
                "finish_reason": "tool_calls",
            }
        ],
        "usage": {
            "prompt_tokens": 9,
            "completion_tokens": 5,
            "total_tokens": 14,
            "prompt_tokens_details": {"cached_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 2},
        },
    },
    stream=(
        {"id": "", "model": "", "choices": [], "prompt_filter_results": []},
        chat_chunk({"role": "assistant", "content": ""}),
        chat_chunk({"reasoning_content": "Hm. "}),
        chat_chunk({"reasoning_content": "Oslo"}),
        chat_chunk({"content": "I "}),
        chat_chunk({"content": "look"}),
        chat_chunk({"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "weather", "arguments": ""}}]}),
        chat_chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"city":'}}]}),
        chat_chunk({"tool_calls": [{"index": 0, "function": {"arguments": '"Oslo"}'}}]}),
        chat_chunk(
            {"tool_calls": [{"index": 1, "id": "c2", "function": {"name": "weather", "arguments": '{"city":"Bonn"}'}}]}
        ),
        chat_chunk({}, "tool_calls"),
        {
            "id": "r1",
            "model": "m-1",
            "choices": [],
            "usage": {
                "prompt_tokens": 9,
                "completion_tokens": 5,
                "total_tokens": 14,
                "prompt_tokens_details": {"cached_tokens": 4},
                "completion_tokens_details": {"reasoning_tokens": 2},
            },
        },
    ),
    messages=(
        Message("system", (Text("Be brief"),), "developer"),
        Message("user", (Text("See"), Blob("image/png", "image", PNG, 8)), "user"),
        Message("assistant", (call("c0", "Rome"),), "assistant"),
        Message("tool", (ToolResult("c0", None, "sun"),), "tool"),
    ),
    tools=(WEATHER,),
    settings={"temperature": 0},
    replies=(
        Message(
            "assistant",
            (Reasoning("Hm. Oslo"), Text("I look"), call("c1", "Oslo"), call("c2", "Bonn")),
            "assistant",
            None,
            "tool_call",
            "tool_calls",
        ),
    ),
    usage=Usage(9, 5, 14, 4, None, 2),
)

COMPLETIONS = Sample(
    protocol="openai.completions",
    operation="text_completion",
    url="http://localhost:8000/v1/completions",
    request={"model": "m", "prompt": ["Roses are", "Violets are"], "max_tokens": 3},
    whole={
        "id": "r1",
        "object": "text_completion",
        "model": "m-1",
        "choices": [
            {"index": 0, "text": " red", "finish_reason": "stop"},
            {"index": 1, "text": " blue", "finish_reason": "length"},
        ],
        "usage": {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6},
    },
    stream=(
        {"id": "r1", "model": "m-1", "choices": [{"index": 0, "text": " r"}, {"index": 1, "text": " bl"}]},
        {"id": "r1", "model": "m-1", "choices": [{"index": 1, "text": "ue", "finish_reason": "length"}]},
        {"id": "r1", "model": "m-1", "choices": [{"index": 0, "text": "ed", "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6}},
    ),
    messages=(said("Roses are"), said("Violets are")),
    settings={"max_tokens": 3},
    replies=(
        Message("assistant", (Text(" red"),), None, None, "stop", "stop"),
        Message("assistant", (Text(" blue"),), None, None, "length", "length"),
    ),
    usage=Usage(4, 2, 6),
)

EMBEDDINGS = Sample(
    protocol="openai.embeddings",
    operation="embeddings",
    url="https://api.openai.com/v1/embeddings",
    request={"model": "m", "input": ["one", "two"], "encoding_format": "float"},
    whole={
        "object": "list",
        "model": "m-1",
        "data": [{"index": 0, "embedding": [0.5, 1, -1]}, {"index": 1, "embedding": [0, 0, 1]}],
        "usage": {"prompt_tokens": 2, "total_tokens": 2},
    },
    messages=(Message("user", (Text("one"), Text("two"))),),
    settings={"encoding_format": "float"},
    usage=Usage(2, None, 2),
    summary={"count": 2, "dimensions": 3},
    about=(None, "m-1", None),
)

MODELS = Sample(
    protocol="openai.models",
    operation="models",
    url="https://api.openai.com/v1/v1/models",
    request={},
    whole=[{"id": "a", "object": "model"}, {"id": "b", "object": "model"}],
    model=None,
    summary={"models": ["a", "b"]},
    about=(None, None, None),
)

OLLAMA_CHAT = Sample(
    protocol="ollama.chat",
    operation="chat",
    url="http://localhost:11434/api/chat",
    request={
        "model": "m",
        "stream": True,
        "options": {"temperature": 0},
        "tools": [OPENAI_TOOL],
        "messages": [
            {"role": "user", "images": [PNG]},
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"function": {"name": "weather", "arguments": {"city": "Rome"}}}],
            },
            {"role": "tool", "content": "sun", "tool_name": "weather"},
        ],
    },
    whole={
        "model": "m-1",
        "created_at": "2026-01-02T03:04:05Z",
        "message": {
            "role": "assistant",
            "thinking": "Hm.",
            "content": "I look",
            "tool_calls": [
                {"function": {"name": "weather", "arguments": {"city": "Oslo"}}},
                {"function": {"name": "weather", "arguments": {"city": "Bonn"}}},
            ],
        },
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 7,
        "eval_count": 3,
    },
    stream=(
        {"model": "m-1", "message": {"role": "assistant", "content": "", "thinking": "H"}, "done": False},
        {"model": "m-1", "message": {"role": "assistant", "content": "", "thinking": "m."}, "done": False},
        {"model": "m-1", "message": {"role": "assistant", "content": "I lo"}, "done": False},
        {"model": "m-1", "message": {"role": "assistant", "content": "ok"}, "done": False},
        {
            "model": "m-1",
            "message": {
                "role": "assistant",
                "content": "",
                "tool_calls": [
                    {"function": {"name": "weather", "arguments": {"city": "Oslo"}}},
                    {"function": {"name": "weather", "arguments": {"city": "Bonn"}}},
                ],
            },
            "done": False,
        },
        {
            "model": "m-1",
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": 7,
            "eval_count": 3,
        },
    ),
    messages=(
        Message("user", (Blob(None, "image", PNG, 8),), "user"),
        Message("assistant", (call(None, "Rome"),), "assistant"),
        Message("tool", (ToolResult(None, "weather", "sun"),), "tool"),
    ),
    tools=(WEATHER,),
    settings={"options": {"temperature": 0}},
    replies=(
        Message(
            "assistant",
            (Reasoning("Hm."), Text("I look"), call(None, "Oslo"), call(None, "Bonn")),
            "assistant",
            None,
            "stop",
            "stop",
        ),
    ),
    usage=Usage(7, 3),
    about=(None, "m-1", None),
)

OLLAMA_GENERATE = Sample(
    protocol="ollama.generate",
    operation="text_completion",
    url="http://localhost:11434/api/generate",
    request={"model": "m", "system": "Be brief", "prompt": "Roses are", "raw": True},
    whole={
        "model": "m-1",
        "thinking": "Hm.",
        "response": " red",
        "done": True,
        "done_reason": "length",
        "prompt_eval_count": 2,
        "eval_count": 1,
    },
    stream=(
        {"model": "m-1", "thinking": "Hm.", "response": "", "done": False},
        {"model": "m-1", "response": " r", "done": False},
        {"model": "m-1", "response": "ed", "done": False},
        {
            "model": "m-1",
            "response": "",
            "done": True,
            "done_reason": "length",
            "prompt_eval_count": 2,
            "eval_count": 1,
        },
    ),
    system=(Text("Be brief"),),
    messages=(said("Roses are"),),
    settings={"raw": True},
    replies=(Message("assistant", (Reasoning("Hm."), Text(" red")), None, None, "length", "length"),),
    usage=Usage(2, 1),
    about=(None, "m-1", None),
)

OLLAMA_EMBED = Sample(
    protocol="ollama.embed",
    operation="embeddings",
    url="http://localhost:11434/api/embed",
    request={"model": "m", "input": ["one"]},
    whole={"model": "m-1", "embeddings": [[1, 2]], "prompt_eval_count": 1},
    messages=(said("one"),),
    usage=Usage(1),
    summary={"count": 1, "dimensions": 2},
    about=(None, "m-1", None),
)

OLLAMA_MODELS = Sample(
    protocol="ollama.models",
    operation="models",
    url="http://localhost:11434/api/tags",
    request={},
    whole={"models": [{"model": "a:1b", "size": 3}, {"name": "b:2b"}]},
    model=None,
    summary={"models": ["a:1b", "b:2b"]},
    about=(None, None, None),
)


def gemini_chunk(*parts: Json, finish: str | None = None) -> Json:
    return {
        "candidates": [{"content": {"role": "model", "parts": list(parts)}, "finish_reason": finish}],
        "response_id": "r1",
        "model_version": "m-1",
        "create_time": "2026-04-24T15:50:51.846081+02:00",
        "usage_metadata": {"traffic_type": "ON_DEMAND"},
    }


GEMINI = Sample(
    protocol="gemini.generate_content",
    operation="generate_content",
    url="vertexai:///generate_content",
    request={
        "model": "m",
        "contents": [
            {"role": "user", "parts": [{"text": "See"}, {"inline_data": {"mime_type": "image/png", "data": PNG}}]},
            {"role": "model", "parts": [{"function_call": {"name": "weather", "args": {"city": "Rome"}}}]},
            {"role": "user", "parts": [{"function_response": {"name": "weather", "response": {"sky": "sun"}}}]},
        ],
        "config": {
            "system_instruction": "Be brief",
            "tools": [{"function_declarations": [DECLARED]}, {"google_search": {}}],
            "top_p": 0.5,
        },
    },
    whole={
        "candidates": [
            {
                "content": {
                    "role": "model",
                    "parts": [
                        {"text": "Hm.", "thought": True},
                        {"text": "I look"},
                        {"function_call": {"name": "weather", "args": {"city": "Oslo"}}},
                        {"function_call": {"name": "weather", "args": {"city": "Bonn"}}},
                    ],
                },
                "finish_reason": "STOP",
            }
        ],
        "response_id": "r1",
        "model_version": "m-1",
        "create_time": "2026-04-24T13:50:51.846081Z",
        "usage_metadata": {
            "prompt_token_count": 9,
            "candidates_token_count": 5,
            "total_token_count": 16,
            "cached_content_token_count": 4,
            "thoughts_token_count": 2,
        },
    },
    stream=(
        gemini_chunk({"text": "H", "thought": True}),
        gemini_chunk({"text": "m.", "thought": True}, {"text": "I "}),
        gemini_chunk({"text": "look"}),
        gemini_chunk({"function_call": {"name": "weather", "args": {"city": "Oslo"}}}),
        gemini_chunk({"function_call": {"name": "weather", "args": {"city": "Bonn"}}}),
        {
            **gemini_chunk({"text": ""}, finish="STOP"),
            "usage_metadata": {
                "prompt_token_count": 9,
                "candidates_token_count": 5,
                "total_token_count": 16,
                "cached_content_token_count": 4,
                "thoughts_token_count": 2,
            },
        },
    ),
    system=(Text("Be brief"),),
    messages=(
        Message("user", (Text("See"), Blob("image/png", "image", PNG, 8)), "user"),
        Message("assistant", (call(None, "Rome"),), "model"),
        Message("user", (ToolResult(None, "weather", {"sky": "sun"}),), "user"),
    ),
    tools=(WEATHER, ToolDefinition("google_search", None, None, None)),
    settings={"config": {"top_p": 0.5}},
    replies=(
        Message(
            "assistant",
            (Reasoning("Hm."), Text("I look"), call(None, "Oslo"), call(None, "Bonn")),
            "model",
            None,
            "stop",
            "STOP",
        ),
    ),
    usage=Usage(9, 7, 16, 4, None, 2),
    about=("r1", "m-1", "2026-04-24T13:50:51.846081Z"),
)

_INTERACTION = {"id": "r1", "model": "m-1", "object": "interaction"}
_INTERACTION_USAGE = {
    "total_input_tokens": 9,
    "total_output_tokens": 5,
    "total_tokens": 16,
    "total_cached_tokens": 4,
    "total_thought_tokens": 2,
}
_DONE = {
    **_INTERACTION,
    "status": "requires_action",
    "created": "2026-04-16T13:23:48Z",
    "usage": _INTERACTION_USAGE,
}
_REPLY_PARTS = (Reasoning("Hm."), Text("I look"), call("c1", "Oslo"), call("c2", "Bonn"))

INTERACTIONS = Sample(
    protocol="gemini.interactions",
    operation="chat",
    url="https://generativelanguage.googleapis.com/v1beta/interactions",
    request={
        "model": "m",
        "stream": False,
        "system_instruction": "Be brief",
        "generation_config": {"top_p": 0.5},
        "tools": [{"type": "function", **DECLARED}, {"type": "google_search"}],
        "input": [
            {"role": "user", "content": "See"},
            {
                "role": "model",
                "content": [{"type": "function_call", "id": "c0", "name": "weather", "arguments": {"city": "Rome"}}],
            },
            {
                "role": "user",
                "content": [{"type": "function_result", "call_id": "c0", "name": "weather", "result": {"sky": "sun"}}],
            },
        ],
    },
    whole={
        **_DONE,
        "outputs": [
            {"type": "thought", "signature": "s", "summary": [{"type": "text", "text": "Hm."}]},
            {"type": "text", "text": "I look"},
            {"type": "function_call", "id": "c1", "name": "weather", "arguments": {"city": "Oslo"}},
            {"type": "function_call", "id": "c2", "name": "weather", "arguments": {"city": "Bonn"}},
        ],
    },
    stream=(
        {"event_type": "interaction.start", "interaction": {**_INTERACTION, "status": "in_progress"}},
        {"event_type": "interaction.status_update", "interaction_id": "r1", "status": "in_progress"},
        {"event_type": "content.start", "index": 0, "content": {"type": "thought"}},
        {
            "event_type": "content.delta",
            "index": 0,
            "delta": {"type": "thought_summary", "content": {"type": "text", "text": "Hm."}},
        },
        {"event_type": "content.delta", "index": 0, "delta": {"type": "thought_signature", "signature": "s"}},
        {"event_type": "content.stop", "index": 0},
        {"event_type": "content.start", "index": 1, "content": {"type": "text"}},
        {"event_type": "content.delta", "index": 1, "delta": {"type": "text", "text": "I lo"}},
        {"event_type": "content.delta", "index": 1, "delta": {"type": "text", "text": "ok"}},
        {"event_type": "content.start", "index": 2, "content": {"type": "function_call"}},
        {
            "event_type": "content.delta",
            "index": 2,
            "delta": {"type": "function_call", "id": "c1", "name": "weather", "arguments": {"city": "Oslo"}},
        },
        {
            "event_type": "content.delta",
            "index": 3,
            "delta": {"type": "function_call", "id": "c2", "name": "weather", "arguments": {"city": "Bonn"}},
        },
        {"event_type": "interaction.complete", "interaction": _DONE},
    ),
    system=(Text("Be brief"),),
    messages=(
        said("See", "user"),
        Message("assistant", (call("c0", "Rome"),), "model"),
        Message("user", (ToolResult("c0", "weather", {"sky": "sun"}),), "user"),
    ),
    tools=(WEATHER, ToolDefinition("google_search", None, None, None)),
    settings={"generation_config": {"top_p": 0.5}},
    replies=(Message("assistant", _REPLY_PARTS, None, None, "tool_call", "requires_action"),),
    usage=Usage(9, 7, 16, 4, None, 2),
    about=("r1", "m-1", "2026-04-16T13:23:48Z"),
)

STEPS = Sample(
    protocol="gemini.interactions",
    operation="chat",
    url="https://generativelanguage.googleapis.com/v1beta/interactions",
    request={
        "model": "m",
        "input": [
            {"type": "user_input", "content": [{"type": "text", "text": "See"}]},
            {"type": "thought", "signature": "s"},
            {"type": "function_call", "id": "c0", "name": "weather", "arguments": {"city": "Rome"}},
            {"type": "function_result", "call_id": "c0", "result": [{"type": "text", "text": "sun"}]},
            {"type": "model_output", "content": [{"type": "text", "text": "Sun"}]},
        ],
    },
    whole={
        **_DONE,
        "steps": [
            {"type": "thought", "summary": [{"type": "text", "text": "Hm."}]},
            {"type": "model_output", "content": [{"type": "text", "text": "I look"}]},
            {"type": "function_call", "id": "c1", "name": "weather", "arguments": {"city": "Oslo"}},
            {"type": "function_call", "id": "c2", "name": "weather", "arguments": {"city": "Bonn"}},
        ],
    },
    stream=(
        {"event_type": "interaction.created", "interaction": {**_INTERACTION, "status": "in_progress"}},
        {"event_type": "step.start", "index": 0, "step": {"type": "thought"}},
        {"event_type": "step.delta", "index": 0, "delta": {"type": "thought_summary", "content": {"text": "Hm."}}},
        {"event_type": "step.start", "index": 1, "step": {"type": "model_output"}},
        {"event_type": "step.delta", "index": 1, "delta": {"type": "text", "text": "I lo"}},
        {"event_type": "step.delta", "index": 1, "delta": {"type": "text", "text": "ok"}},
        {
            "event_type": "step.start",
            "index": 2,
            "step": {"type": "function_call", "id": "c1", "name": "weather", "arguments": {}},
        },
        {"event_type": "step.delta", "index": 2, "delta": {"type": "arguments_delta", "arguments": '{"city":'}},
        {"event_type": "step.delta", "index": 2, "delta": {"type": "arguments_delta", "arguments": '"Oslo"}'}},
        {
            "event_type": "step.start",
            "index": 3,
            "step": {"type": "function_call", "id": "c2", "name": "weather", "arguments": {}},
        },
        {"event_type": "step.delta", "index": 3, "delta": {"type": "arguments_delta", "arguments": '{"city":"Bonn"}'}},
        {"event_type": "step.stop", "index": 3},
        {"event_type": "interaction.completed", "interaction": _DONE},
    ),
    messages=(
        said("See", "user_input"),
        Message("assistant", (call("c0", "Rome"),)),
        Message("tool", (ToolResult("c0", None, "sun"),)),
        Message("assistant", (Text("Sun"),), "model_output"),
    ),
    replies=(Message("assistant", _REPLY_PARTS, None, None, "tool_call", "requires_action"),),
    usage=Usage(9, 7, 16, 4, None, 2),
    about=("r1", "m-1", "2026-04-16T13:23:48Z"),
)

_RESULT_BLOCK = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": [{"type": "web_search_result"}]}
_RESULT = ToolResult("s1", None, [{"type": "web_search_result"}])

ANTHROPIC = Sample(
    protocol="anthropic.messages",
    operation="chat",
    url="https://api.anthropic.com/v1/messages",
    request={
        "model": "m",
        "max_tokens": 9,
        "system": [{"type": "text", "text": "Be brief"}],
        "tools": [{"name": "weather", "description": "It rains", "input_schema": SCHEMA}],
        "messages": [
            {"role": "user", "content": "See"},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "c0", "name": "weather", "input": {"city": "Rome"}}],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "c0",
                        "content": [{"type": "text", "text": "sun"}],
                        "is_error": False,
                    },
                    {"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}},
                    {"type": "document", "source": {"type": "file", "file_id": "f1"}},
                ],
            },
        ],
    },
    whole={
        "type": "message",
        "id": "r1",
        "role": "assistant",
        "model": "m-1",
        "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "s"},
            {"type": "server_tool_use", "id": "s1", "name": "weather", "input": {"city": "Rome"}},
            _RESULT_BLOCK,
            {"type": "text", "text": "I look"},
            {"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Oslo"}},
        ],
        "stop_reason": "tool_use",
        "usage": {
            "input_tokens": 5,
            "cache_read_input_tokens": 3,
            "cache_creation_input_tokens": 1,
            "output_tokens": 5,
        },
    },
    stream=(
        {
            "type": "message_start",
            "message": {
                "type": "message",
                "id": "r1",
                "role": "assistant",
                "model": "m-1",
                "content": [],
                "usage": {
                    "input_tokens": 1,
                    "cache_read_input_tokens": 3,
                    "cache_creation_input_tokens": 1,
                    "output_tokens": 1,
                },
            },
        },
        {"type": "ping"},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "H"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "m."}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "s"}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "content_block_start",
            "index": 1,
            "content_block": {"type": "server_tool_use", "id": "s1", "name": "weather", "input": {"city": "Rome"}},
        },
        {"type": "content_block_start", "index": 2, "content_block": _RESULT_BLOCK},
        {"type": "content_block_start", "index": 3, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 3, "delta": {"type": "text_delta", "text": "I lo"}},
        {"type": "content_block_delta", "index": 3, "delta": {"type": "text_delta", "text": "ok"}},
        {
            "type": "content_block_start",
            "index": 4,
            "content_block": {"type": "tool_use", "id": "c1", "name": "weather", "input": {}},
        },
        {"type": "content_block_delta", "index": 4, "delta": {"type": "input_json_delta", "partial_json": ""}},
        {"type": "content_block_delta", "index": 4, "delta": {"type": "input_json_delta", "partial_json": '{"city":'}},
        {"type": "content_block_delta", "index": 4, "delta": {"type": "input_json_delta", "partial_json": '"Oslo"}'}},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use"},
            "usage": {"input_tokens": 5, "output_tokens": 5},
        },
        {"type": "message_stop"},
    ),
    system=(Text("Be brief"),),
    messages=(
        said("See", "user"),
        Message("assistant", (call("c0", "Rome"),), "assistant"),
        Message(
            "user",
            (
                ToolResult("c0", None, "sun", False),
                Uri("https://example.org/a.png", None, "image"),
                FileRef("f1"),
            ),
            "user",
        ),
    ),
    tools=(WEATHER,),
    settings={"max_tokens": 9},
    replies=(
        Message(
            "assistant",
            (Reasoning("Hm."), call("s1", "Rome"), _RESULT, Text("I look"), call("c1", "Oslo")),
            "assistant",
            None,
            "tool_call",
            "tool_use",
        ),
    ),
    usage=Usage(9, 5, None, 3, 1),
)

RERANK = Sample(
    protocol="cohere.rerank",
    operation="rerank",
    url="http://localhost:8000/v1/rerank",
    request={"model": "m", "query": "capital?", "documents": ["Rome", {"text": "Oslo"}], "top_n": 2},
    whole={
        "id": "r1",
        "model": "m-1",
        "usage": {"prompt_tokens": 4, "total_tokens": 4},
        "results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}],
    },
    messages=(Message("user", (Text("capital?"), Text("Rome"), Text("Oslo"))),),
    settings={"top_n": 2},
    usage=Usage(4, None, 4),
    summary={"results": 2},
)

TOOL_RUNTIME = Sample(
    protocol="llama_stack.tool_runtime",
    operation="execute_tool",
    url="",
    request={"provider": "tavily", "tool_name": "weather", "kwargs": {"city": "Oslo"}},
    whole={"content": "rain", "error_message": None, "error_code": None, "metadata": None},
    model=None,
    messages=(Message("assistant", (call(None, "Oslo"),)),),
    replies=(Message("tool", (ToolResult(None, None, "rain"),)),),
    about=(None, None, None),
)

FILE_PROCESSOR = Sample(
    protocol="llama_stack.file_processor",
    operation="other",
    url="",
    request={"provider": "pypdf", "api": "process_file", "file_id": "f1"},
    whole={"chunks": [{"content": "one", "chunk_id": "a"}, {"content": "two", "chunk_id": "b"}], "metadata": {}},
    model=None,
    messages=(Message("user", (FileRef("f1"),)),),
    settings={"api": "process_file"},
    replies=(Message("tool", (ToolResult(None, None, "one"), ToolResult(None, None, "two"))),),
    summary={"chunks": 2},
    about=(None, None, None),
)

SAMPLES = (
    CHAT,
    COMPLETIONS,
    EMBEDDINGS,
    MODELS,
    OLLAMA_CHAT,
    OLLAMA_GENERATE,
    OLLAMA_EMBED,
    OLLAMA_MODELS,
    GEMINI,
    INTERACTIONS,
    STEPS,
    ANTHROPIC,
    RERANK,
    TOOL_RUNTIME,
    FILE_PROCESSOR,
)
