"""The samples of what spans say, in the words of OpenTelemetry's conventions."""

from __future__ import annotations

from inspector.model import Blob, Message, Reasoning, Text, ToolCall, ToolResult, Uri, Usage
from tests.decode.protocols.samples.sample import DECLARED, PNG, WEATHER, Sample, call

_OUTPUT = [
    {
        "role": "assistant",
        "parts": [
            {"type": "reasoning", "content": "Ask the tool."},
            {"type": "text", "content": "Let me look."},
            {"type": "tool_call", "id": "c2", "name": "weather", "arguments": {"city": "Oslo"}},
        ],
        "finish_reason": "tool_calls",
    }
]

MESSAGES = Sample(
    protocol="otel.gen_ai",
    operation="chat",
    url="",
    request={
        "model": "m",
        "stream": True,
        "temperature": 0.5,
        "gen_ai.system_instructions": [{"type": "text", "content": "Be brief."}],
        "gen_ai.input.messages": [
            {
                "role": "user",
                "parts": [
                    {"type": "text", "content": "Compare."},
                    {"type": "blob", "mime_type": "image/png", "modality": "image", "content": PNG},
                    {"type": "uri", "uri": "https://maps.test/a", "modality": "image"},
                ],
            },
            {
                "role": "assistant",
                "parts": [{"type": "tool_call", "id": "c1", "name": "weather", "arguments": {"city": "Rome"}}],
            },
            {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": {"sun": 1}}]},
            {"role": "user", "content": "And Oslo?", "name": "Ada"},
        ],
        "gen_ai.tool.definitions": [{"type": "function", **DECLARED}],
    },
    whole={
        "id": "r1",
        "model": "m-1",
        "gen_ai.output.messages": _OUTPUT,
        "usage": {"input_tokens": 9, "output_tokens": 4, "cache_read_input_tokens": 2, "reasoning_tokens": 1},
    },
    system=(Text("Be brief."),),
    messages=(
        Message(
            "user",
            (Text("Compare."), Blob("image/png", "image", PNG, 8), Uri("https://maps.test/a", None, "image")),
            "user",
        ),
        Message("assistant", (call("c1", "Rome"),), "assistant"),
        Message("tool", (ToolResult("c1", None, {"sun": 1}),), "tool"),
        Message("user", (Text("And Oslo?"),), "user", "Ada"),
    ),
    tools=(WEATHER,),
    settings={"temperature": 0.5},
    replies=(
        Message(
            "assistant",
            (Reasoning("Ask the tool."), Text("Let me look."), call("c2", "Oslo")),
            "assistant",
            None,
            "tool_call",
            "tool_calls",
        ),
    ),
    usage=Usage(input_tokens=9, output_tokens=4, cache_read_input_tokens=2, reasoning_tokens=1),
)

NOT_RECORDED = Sample(
    protocol="otel.gen_ai",
    operation="chat",
    url="",
    request={"model": "m", "gen_ai.input.messages": []},
    whole={
        "id": "r1",
        "model": "m-1",
        "gen_ai.output.messages": None,
        "gen_ai.response.finish_reasons": ["stop"],
        "usage": {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13},
    },
    summary={"messages": "not recorded", "finish_reasons": ["stop"]},
    usage=Usage(input_tokens=9, output_tokens=4, total_tokens=13),
)

TOOL = Sample(
    protocol="otel.execute_tool",
    operation="execute_tool",
    url="",
    request={
        "gen_ai.tool.name": "weather",
        "gen_ai.tool.call.id": "c1",
        "gen_ai.tool.call.arguments": {"city": "Rome"},
        "gen_ai.tool.description": "It rains",
    },
    whole={"gen_ai.tool.call.result": {"sun": "much"}},
    model=None,
    messages=(Message("assistant", (ToolCall("c1", "weather", '{"city":"Rome"}', {"city": "Rome"}),)),),
    settings={"gen_ai.tool.description": "It rains"},
    replies=(Message("tool", (ToolResult(None, None, {"sun": "much"}),)),),
    about=(None, None, None),
)

SAMPLES = (MESSAGES, NOT_RECORDED, TOOL)
