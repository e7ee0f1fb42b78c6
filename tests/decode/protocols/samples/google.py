"""One exchange for each of Google's smaller protocols and for xAI's chat, as in `wire_samples`."""

from __future__ import annotations

from inspector.model import Blob, Json, Message, Reasoning, Text, ToolResult, Usage
from tests.decode.protocols.samples.sample import PNG, WEATHER, Sample, call, said

COUNT_TOKENS = Sample(
    protocol="gemini.count_tokens",
    operation="other",
    url="http://x/v1beta/models/m:countTokens",
    request={"generateContentRequest": {"model": "m", "contents": [{"role": "user", "parts": [{"text": "See"}]}]}},
    whole={"totalTokens": 8, "totalBillableCharacters": 3},
    messages=(said("See", "user"),),
    summary={"input_tokens": 8},
    about=(None, None, None),
)

EMBEDDINGS = Sample(
    protocol="gemini.embeddings",
    operation="embeddings",
    url="http://x/v1/publishers/google/models/m-embedding:predict",
    model="m-embedding",
    request={"instances": [{"content": "a", "task_type": "Q"}, {"content": "b"}], "parameters": {"autoTruncate": True}},
    whole={
        "predictions": [
            {"embeddings": {"statistics": {"token_count": 2}, "values": [0.5, 1.5, 2.5]}},
            {"embeddings": {"statistics": {"token_count": 3}, "values": [0.5, 1.5, 2.5]}},
        ]
    },
    messages=(Message("user", (Text("a"), Text("b"))),),
    settings={"task_type": "Q", "parameters": {"autoTruncate": True}},
    usage=Usage(5),
    summary={"count": 2, "dimensions": 3},
    about=(None, None, None),
)

IMAGES = Sample(
    protocol="gemini.images",
    operation="images",
    url="http://x/v1/publishers/google/models/imagen-m:predict",
    model="imagen-m",
    request={
        "instances": [{"prompt": "A fox", "image": {"bytesBase64Encoded": PNG, "mimeType": "image/png"}}],
        "parameters": {"sampleCount": 2},
    },
    whole={"predictions": [{"bytesBase64Encoded": PNG, "mimeType": "image/png"}, {"raiFilteredReason": "No foxes"}]},
    messages=(Message("user", (Text("A fox"), Blob("image/png", "image", PNG, 8))),),
    settings={"parameters": {"sampleCount": 2}},
    replies=(Message("assistant", (Blob("image/png", "image", PNG, 8), Text("No foxes"))),),
    summary={"images": 1},
    about=(None, None, None),
)


def _called(id: str, city: str) -> Json:
    return {"id": id, "type": "TOOL_CALL_TYPE_CLIENT_SIDE_TOOL", "function": _function(city)}


def _function(city: str) -> Json:
    return {"name": "weather", "arguments": f'{{"city":"{city}"}}'}


def _chunk(delta: Json, **more: Json) -> Json:
    return {"id": "r1", "model": "m-1", "created": "2026-01-02T03:04:05Z", "outputs": [{"delta": delta, **more}]}


_COUNTS = {
    "prompt_tokens": 9,
    "completion_tokens": 5,
    "reasoning_tokens": 2,
    "total_tokens": 16,
    "cached_prompt_text_tokens": 4,
}
_PARAMETERS = '{"type": "object", "properties": {"city": {"type": "string"}}}'

XAI = Sample(
    protocol="x_ai.grpc",
    operation="chat",
    url="",
    request={
        "model": "m",
        "messages": [
            {"role": "ROLE_SYSTEM", "content": [{"text": "Be brief"}]},
            {
                "role": "ROLE_USER",
                "content": [{"text": "See"}, {"image_url": {"image_url": f"data:image/png;base64,{PNG}"}}],
            },
            {"role": "ROLE_ASSISTANT", "content": [{"text": ""}], "tool_calls": [_called("c0", "Rome")]},
            {"role": "ROLE_TOOL", "content": [{"text": "s"}, {"text": "un"}], "tool_call_id": "c0"},
        ],
        "tools": [{"function": {"name": "weather", "description": "It rains", "parameters": _PARAMETERS}}],
        "tool_choice": {"mode": "TOOL_MODE_AUTO"},
    },
    whole={
        "id": "r1",
        "model": "m-1",
        "created": "2026-01-02T03:04:05Z",
        "outputs": [
            {
                "finish_reason": "REASON_TOOL_CALLS",
                "message": {
                    "role": "ROLE_ASSISTANT",
                    "reasoning_content": "Hm.",
                    "content": "I look",
                    "tool_calls": [_called("c1", "Oslo"), _called("c2", "Bonn")],
                },
            }
        ],
        "usage": _COUNTS,
    },
    stream=(
        _chunk({"role": "ROLE_ASSISTANT", "reasoning_content": "H"}),
        _chunk({"role": "ROLE_ASSISTANT", "reasoning_content": "m."}),
        _chunk({"role": "ROLE_ASSISTANT", "content": "I "}),
        _chunk({"role": "ROLE_ASSISTANT", "content": "look"}, finish_reason="REASON_INVALID"),
        _chunk({"role": "ROLE_ASSISTANT", "tool_calls": [_called("c1", "Oslo")]}),
        _chunk({"role": "ROLE_ASSISTANT", "tool_calls": [_called("c2", "Bonn")]}),
        {**_chunk({"role": "ROLE_ASSISTANT"}, finish_reason="REASON_TOOL_CALLS"), "usage": _COUNTS},
    ),
    messages=(
        Message("system", (Text("Be brief"),), "ROLE_SYSTEM"),
        Message("user", (Text("See"), Blob("image/png", "image", PNG, 8)), "ROLE_USER"),
        Message("assistant", (call("c0", "Rome"),), "ROLE_ASSISTANT"),
        Message("tool", (ToolResult("c0", None, "sun"),), "ROLE_TOOL"),
    ),
    tools=(WEATHER,),
    settings={"tool_choice": {"mode": "TOOL_MODE_AUTO"}},
    replies=(
        Message(
            "assistant",
            (Reasoning("Hm."), Text("I look"), call("c1", "Oslo"), call("c2", "Bonn")),
            "ROLE_ASSISTANT",
            None,
            "tool_call",
            "REASON_TOOL_CALLS",
        ),
    ),
    usage=Usage(9, 7, 16, 4, None, 2),
    about=("r1", "m-1", "2026-01-02T03:04:05Z"),
)

SAMPLES = (COUNT_TOKENS, EMBEDDINGS, IMAGES, XAI)
