"""The samples of MCP and of the smaller protocols of OpenAI's kind."""

from __future__ import annotations

from inspector.model import Blob, Message, Text, ToolCall, ToolResult, Usage
from tests.decode.protocols.samples.sample import PNG, Sample, said

MCP = Sample(
    protocol="mcp.json_rpc",
    operation="execute_tool",
    url="https://tools.test/mcp",
    request={
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "weather", "arguments": {"city": "Rome"}, "_meta": {"progressToken": 2}},
    },
    whole={
        "jsonrpc": "2.0",
        "id": 2,
        "result": {"content": [{"type": "text", "text": "sun"}], "isError": False},
    },
    stream=(
        {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progress": 1}},
        {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "soon"}},
        {"jsonrpc": "2.0", "id": 2, "result": {"content": [{"type": "text", "text": "sun"}], "isError": False}},
    ),
    model=None,
    messages=(Message("assistant", (ToolCall("2", "weather", '{"city":"Rome"}', {"city": "Rome"}),)),),
    settings={"params": {"_meta": {"progressToken": 2}}},
    replies=(Message("tool", (ToolResult("2", None, "sun", False),)),),
    about=(None, None, None),
)

A2A = Sample(
    protocol="a2a.json_rpc",
    operation="chat",
    url="http://agent.test/",
    request={
        "jsonrpc": "2.0",
        "id": "1",
        "method": "message/send",
        "params": {"message": {"kind": "message", "role": "user", "parts": [{"kind": "text", "text": "Hello"}]}},
    },
    whole={
        "jsonrpc": "2.0",
        "id": "1",
        "result": {
            "kind": "task",
            "id": "r1",
            "status": {
                "state": "completed",
                "message": {"messageId": "m1", "role": "agent", "parts": [{"kind": "text", "text": "Hi"}]},
            },
            "artifacts": [{"artifactId": "a1", "parts": [{"kind": "text", "text": "A poem"}]}],
        },
    },
    stream=(
        {
            "jsonrpc": "2.0",
            "result": {
                "kind": "status-update",
                "taskId": "r1",
                "status": {
                    "state": "working",
                    "message": {"messageId": "m1", "role": "agent", "parts": [{"kind": "text", "text": "Hi"}]},
                },
            },
        },
        {
            "jsonrpc": "2.0",
            "result": {
                "kind": "artifact-update",
                "taskId": "r1",
                "artifact": {"artifactId": "a1", "parts": [{"kind": "text", "text": "A p"}]},
            },
        },
        {
            "jsonrpc": "2.0",
            "result": {
                "kind": "artifact-update",
                "taskId": "r1",
                "artifact": {"artifactId": "a1", "parts": [{"kind": "text", "text": "oem"}]},
            },
        },
        {
            "jsonrpc": "2.0",
            "result": {"kind": "status-update", "taskId": "r1", "status": {"state": "completed"}, "final": True},
        },
    ),
    model=None,
    messages=(said("Hello", "user"),),
    settings={"method": "message/send"},
    replies=(Message("assistant", (Text("Hi"), Text("A poem")), "agent", None, "stop", "completed"),),
    summary={"state": "completed"},
    about=("r1", None, None),
)

IMAGES = Sample(
    protocol="openai.images",
    operation="images",
    url="https://api.openai.com/v1/images/generations",
    request={"model": "m", "prompt": "A red roof", "size": "auto"},
    whole={
        "created": 1700000000,
        "data": [{"b64_json": PNG}],
        "usage": {"input_tokens": 5, "output_tokens": 90, "total_tokens": 95},
    },
    stream=(
        {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": "iVBORw0KGgr/"},
        {"type": "image_generation.partial_image", "partial_image_index": 1, "b64_json": "iVBORw0KGgoA"},
        {
            "type": "image_generation.completed",
            "b64_json": PNG,
            "usage": {"input_tokens": 5, "output_tokens": 90, "total_tokens": 95},
        },
    ),
    messages=(said("A red roof"),),
    settings={"size": "auto"},
    replies=(Message("assistant", (Blob("image/png", "image", PNG, 8),)),),
    usage=Usage(5, 90, 95),
    summary={"images": 1},
    about=(None, None, None),
)

AUDIO = Sample(
    protocol="openai.audio",
    operation="audio",
    url="https://api.openai.com/v1/audio/transcriptions",
    request={
        "model": "m",
        "file": {"filename": "a.wav", "mime_type": "audio/wav", "size": 3, "data": "UklG"},
        "response_format": "verbose_json",
    },
    whole={
        "text": "Good morning",
        "segments": [{"id": 0, "text": "Good morning"}],
        "usage": {"type": "tokens", "input_tokens": 20, "output_tokens": 2, "total_tokens": 22},
    },
    stream=(
        {"type": "transcript.text.delta", "delta": "Good "},
        {"type": "transcript.text.delta", "delta": "mor"},
        {
            "type": "transcript.text.done",
            "text": "Good morning",
            "usage": {"type": "tokens", "input_tokens": 20, "output_tokens": 2, "total_tokens": 22},
        },
    ),
    messages=(Message("user", (Blob("audio/wav", "audio", "UklG", 3),)),),
    settings={"response_format": "verbose_json"},
    replies=(Message("assistant", (Text("Good morning"),)),),
    usage=Usage(20, 2, 22),
    about=(None, None, None),
)

MODERATIONS = Sample(
    protocol="openai.moderations",
    operation="moderation",
    url="https://api.openai.com/v1/moderations",
    request={"model": "m", "input": ["be nice", "or else"]},
    whole={
        "id": "r1",
        "model": "m-1",
        "results": [
            {"flagged": False, "categories": {"violence": False}, "category_scores": {"violence": 0.1}},
            {"flagged": True, "categories": {"violence": True}, "category_scores": {"violence": 0.9}},
        ],
    },
    messages=(Message("user", (Text("be nice"), Text("or else"))),),
    summary={"results": 2, "flagged": 1, "categories": ["violence"]},
)

ASSISTANTS = Sample(
    protocol="openai.assistants",
    operation="other",
    url="https://api.openai.com/v1/threads/thread_1/messages",
    request={"role": "user", "content": "Hello"},
    whole={
        "object": "list",
        "data": [
            {
                "id": "msg_1",
                "object": "thread.message",
                "role": "assistant",
                "content": [{"type": "text", "text": {"value": "Hi", "annotations": []}}],
            }
        ],
    },
    model=None,
    messages=(said("Hello", "user"),),
    replies=(Message("assistant", (Text("Hi"),), "assistant"),),
    summary={"object": "list", "count": 1},
    about=(None, None, None),
)

REPLICATE = Sample(
    protocol="replicate.predictions",
    operation="text_completion",
    url="https://api.replicate.com/v1/predictions",
    request={"version": "m", "input": {"prompt": "Hello", "top_k": 5}},
    whole={
        "id": "r1",
        "model": "m-1",
        "input": {"prompt": "Hello"},
        "output": ["H", "i"],
        "error": None,
        "status": "succeeded",
        "metrics": {"input_token_count": 4, "output_token_count": 2},
        "urls": {},
    },
    messages=(said("Hello"),),
    settings={"top_k": 5},
    replies=(Message("assistant", (Text("Hi"),), None, None, "stop", "succeeded"),),
    usage=Usage(4, 2),
    summary={"status": "succeeded"},
)

TEXT_GENERATION = Sample(
    protocol="text_generation",
    operation="text_completion",
    url="https://models.test/generate_stream",
    request={"inputs": "Hello", "parameters": {"top_k": 5}},
    whole=[{"generated_text": "Hi", "details": {"finish_reason": "eos_token", "generated_tokens": 2}}],
    stream=(
        {"token": {"id": 1, "text": "H", "special": False}, "generated_text": None, "details": None},
        {"token": {"id": 2, "text": "i", "special": False}, "generated_text": None, "details": None},
        {
            "token": {"id": 3, "text": "</s>", "special": True},
            "generated_text": "Hi",
            "details": {"finish_reason": "eos_token", "generated_tokens": 2},
        },
    ),
    model=None,
    messages=(said("Hello"),),
    settings={"parameters": {"top_k": 5}},
    replies=(Message("assistant", (Text("Hi"),), None, None, "stop", "eos_token"),),
    usage=Usage(None, 2),
    about=(None, None, None),
)

DEEPGRAM = Sample(
    protocol="deepgram.listen",
    operation="audio",
    url="https://api.deepgram.com/v1/listen",
    request={"text": "Hello"},
    whole={
        "metadata": {"request_id": "r1", "duration": 1.5},
        "results": {"channels": [{"alternatives": [{"transcript": "Hi", "words": []}]}]},
    },
    model=None,
    messages=(said("Hello"),),
    replies=(Message("assistant", (Text("Hi"),)),),
    summary={"duration": 1.5},
    about=("r1", None, None),
)

STORED = Sample(
    protocol="stored_objects",
    operation="other",
    url="https://api.openai.com/v1/files",
    request={"purpose": "batch", "file": {"filename": "a.jsonl", "mime_type": None, "size": 3, "data": "e30K"}},
    whole={"id": "r1", "object": "file", "filename": "a.jsonl", "status": "processed"},
    model=None,
    messages=(Message("user", (Blob(None, "file", "e30K", 3),)),),
    settings={"purpose": "batch"},
    summary={"object": "file", "status": "processed", "filename": "a.jsonl"},
    about=("r1", None, None),
)

GEMINI_MODELS = Sample(
    protocol="gemini.models",
    operation="models",
    url="https://generativelanguage.googleapis.com/v1beta/models",
    request={},
    whole={
        "models": [
            {"name": "models/lamp-2", "supportedGenerationMethods": ["generateContent"]},
            {"name": "models/lamp-embedding", "supportedGenerationMethods": ["embedContent"]},
            3,
        ],
        "nextPageToken": "n",
    },
    model=None,
    summary={"models": ["lamp-2", "lamp-embedding", 3]},
    about=(None, None, None),
)

BEDROCK_MODELS = Sample(
    protocol="bedrock.models",
    operation="models",
    url="https://bedrock.eu-north-1.amazonaws.com/foundation-models",
    request={},
    whole={"modelSummaries": [{"modelId": "keeper.lamp-v1:0", "providerName": "Keeper"}, {"modelName": "Lamp"}]},
    model=None,
    summary={"models": ["keeper.lamp-v1:0", {"modelName": "Lamp"}]},
    about=(None, None, None),
)

COUNT_TOKENS = Sample(
    protocol="openai.count_tokens",
    operation="other",
    url="https://api.openai.com/v1/responses/input_tokens",
    request={"model": "m", "instructions": "Be brief", "input": "Is it lit?", "truncation": "auto"},
    whole={"object": "response.input_tokens", "input_tokens": 11},
    system=(Text("Be brief"),),
    messages=(said("Is it lit?"),),
    settings={"truncation": "auto"},
    summary={"input_tokens": 11},
    about=(None, None, None),
)

SAMPLES = (
    MCP, A2A, IMAGES, AUDIO, MODERATIONS, ASSISTANTS, REPLICATE, TEXT_GENERATION, DEEPGRAM, STORED,
    GEMINI_MODELS, BEDROCK_MODELS, COUNT_TOKENS,
)  # fmt: skip
