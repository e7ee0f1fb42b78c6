"""MCP and the smaller protocols: what their samples do not show."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from inspector.decode import lenient
from inspector.decode.decoder import decode
from inspector.model import (
    Blob,
    Body,
    Exchange,
    Message,
    ModelCall,
    ProviderError,
    Reasoning,
    Request,
    Response,
    Text,
    ToolCall,
    ToolResult,
    Uri,
    Usage,
)

API = "https://api.openai.com/v1"


def body(value: Any) -> Body | None:
    if value is None or isinstance(value, Body):
        return value
    kind = {str: "text", bytes: "bytes", tuple: "chunks"}.get(type(value), "value")
    return Body(kind, list(value) if kind == "chunks" else value)  # type: ignore[arg-type]


def call(url: str, asked: Any, answered: Any, status: int = 200) -> ModelCall:
    request = Request("POST", url, (), body(asked))
    found = decode(Exchange(entry=0, request=request, response=Response(status, (), body(answered))))
    assert found.problems == ()
    return found


def form(**fields: str) -> str:
    return (
        "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"{about}\r\n\r\n{value}\r\n'
            for name, (about, value) in {
                key: ('; filename="f.png"\r\nContent-Type: image/png', value)
                if key.startswith("image")
                else ("", value)
                for key, value in fields.items()
            }.items()
        )
        + "--b--\r\n"
    )


# ---------------------------------------------------------------- MCP


def rpc(result: Any, **others: Any) -> Any:
    return {"jsonrpc": "2.0", "id": 1, "result": result, **others}


@pytest.mark.parametrize(
    ("method", "answered", "summary"),
    [
        ("tools/list", rpc({"tools": [{"name": "add"}, 3]}), {"tools": ["add", 3]}),
        ("resources/list", rpc({"resources": []}), {"resources": []}),
        (
            "initialize",
            rpc({"protocolVersion": "2025-06-18", "serverInfo": {"name": "roofs"}}),
            {"server": "roofs", "protocol_version": "2025-06-18"},
        ),
        ("notifications/initialized", None, None),
        ("ping", rpc({}), None),
    ],
)
def test_mcp_around_its_calls(method: str, answered: Any, summary: Any) -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"a": 1}}
    found = call("http://localhost/mcp", asked, answered)
    assert (found.protocol, found.operation, found.summary) == ("mcp.json_rpc", "execute_tool", summary)
    assert found.prompt.settings == {"id": 1, "method": method, "params": {"a": 1}}
    assert found.prompt.messages == ()


@pytest.mark.parametrize(("url", "protocol"), [("http://localhost:81/mcp", "mcp.json_rpc"), ("http://a/mcps", None)])
def test_the_end_of_a_mcp_session(url: str, protocol: str | None) -> None:
    assert call(url, None, None).protocol == protocol


def test_mcp_errors_and_what_a_tool_says_went_wrong() -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "add"}}
    error = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "no"}}
    assert call("", asked, error).error == ProviderError("-32602", "no", None, error)
    failed = rpc({"content": [{"type": "image", "data": "x"}], "isError": True})
    assert call("", asked, failed).replies[0].parts == (ToolResult("1", None, [{"type": "image", "data": "x"}], True),)
    structured = rpc({"content": [], "structuredContent": {"sum": 3}})
    assert call("", asked, structured).replies[0].parts == (ToolResult("1", None, {"sum": 3}),)
    assert call("", asked, structured).prompt.messages[0].parts == (ToolCall("1", "add", ""),)


@pytest.mark.parametrize(
    ("asked", "answered"), [({"jsonrpc": "2.0", "method": "eth_call"}, rpc("0x1")), (None, rpc({"content": []}))]
)
def test_other_json_rpc_is_not_mcp(asked: Any, answered: Any) -> None:
    assert call("http://localhost/", asked, answered).protocol is None


# ---------------------------------------------------------------- images


def test_images_as_addresses_and_what_the_prompt_became() -> None:
    answered = {"created": 1, "data": [{"url": "https://a.test/1.png", "revised_prompt": "A very red roof"}]}
    found = call(f"{API}/images/generations", {"prompt": "roof"}, answered)
    assert found.replies[0].parts == (Text("A very red roof"), Uri("https://a.test/1.png", None, "image"))
    assert found.summary == {"images": 1}


def test_an_edit_has_its_images_in_a_form() -> None:
    found = call(f"{API}/images/edits", form(prompt="Paint it", **{"image[]": "png"}, n="1"), {"data": []})
    assert found.protocol == "openai.images"
    assert found.prompt.messages == (Message("user", (Text("Paint it"), Blob("image/png", "image", "cG5n", 3))),)
    assert found.prompt.settings == {"n": "1"}


def test_images_say_their_type_by_their_bytes() -> None:
    data = base64.b64encode(b"\xff\xd8\xff" + bytes(60)).decode()
    found = call(f"{API}/images/generations", {}, {"output_format": "png", "data": [{"b64_json": data}]})
    assert found.replies[0].parts == (Blob("image/jpeg", "image", data, 63),)
    nameless = call(f"{API}/images/generations", {}, {"output_format": "webp", "data": [{"b64_json": "AAAA"}]})
    assert nameless.replies[0].parts == (Blob("image/webp", "image", "AAAA", 3),)


# ---------------------------------------------------------------- audio


def test_speech_is_bytes() -> None:
    found = call(f"{API}/audio/speech", {"model": "tts-1", "input": "Hello", "voice": "a"}, b"ID3\x04bytes")
    data = base64.b64encode(b"ID3\x04bytes").decode()
    assert found.protocol == "openai.audio"
    assert found.prompt.messages == (Message("user", (Text("Hello"),)),)
    assert found.replies[0].parts == (Blob("audio/mpeg", "audio", data, 9),)


def test_speech_in_pieces() -> None:
    pieces = (
        {"type": "speech.audio.delta", "audio": "AAAA"},
        {"type": "speech.audio.done", "usage": {"input_tokens": 4}},
    )
    found = call("", None, pieces)
    assert found.replies[0].parts == (Blob(None, "audio", "AAAA", 3),)
    assert found.complete
    assert found.usage == Usage(4)


@pytest.mark.parametrize(
    ("answered", "text"),
    [
        ({"text": "Good day"}, "Good day"),
        ("Good day\n", "Good day\n"),
        ("1\n00:00:00,000 --> 00:00:01,000\nGood day", "1\n00:00:00,000 --> 00:00:01,000\nGood day"),
    ],
)
def test_transcriptions_in_every_format(answered: Any, text: str) -> None:
    found = call(f"{API}/audio/transcriptions", form(model="whisper-1", language="en", stream="false"), answered)
    assert found.replies == (Message("assistant", (Text(text),)),)
    assert (found.prompt.model, found.prompt.stream, found.prompt.settings) == ("whisper-1", False, {"language": "en"})


def test_a_translation_says_language_and_duration() -> None:
    answered = {"text": "Good day", "language": "german", "duration": 1.5, "segments": []}
    assert call(f"{API}/audio/translations", None, answered).summary == {"language": "german", "duration": 1.5}


# ---------------------------------------------------------------- moderations, embeddings, models


def test_moderations_of_images_messages_and_without_flags() -> None:
    asked = {"input": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {"url": "https://a.test/i"}}]}
    found = call(f"{API}/moderations", asked, {"results": [{"categories": {"a": True, "b": False}}]})
    assert found.prompt.messages == (Message("user", (Text("hi"), Uri("https://a.test/i", None, "image"))),)
    assert found.summary == {"results": 1, "flagged": 1, "categories": ["a"]}
    chat = call(f"{API}/chat/moderations", {"input": [{"role": "user", "content": "hi"}]}, {"results": []})
    assert chat.prompt.messages == (Message("user", (Text("hi"),), "user"),)


@pytest.mark.parametrize(
    ("url", "answered", "dimensions"),
    [
        ("http://localhost/embedding", [{"index": 0, "embedding": [[0.1, 0.2, 0.3]]}], 3),
        ("http://localhost/v1/embeddings", {"data": [{"embedding": [0.1, 0.2]}]}, 2),
        ("https://api.voyageai.com/v1/multimodalembeddings", {"data": [{"embedding": [0.1]}]}, 1),
        ("/v1/embeddings", {"data": [{"embedding": base64.b64encode(bytes(16)).decode()}]}, 4),
    ],
)
def test_embeddings(url: str, answered: Any, dimensions: int) -> None:
    found = call(url, {"content": "hi"}, answered)
    assert (found.protocol, found.summary) == ("openai.embeddings", {"count": 1, "dimensions": dimensions})
    assert found.prompt.messages == (Message("user", (Text("hi"),)),)


def test_model_lists() -> None:
    both = {"object": "list", "data": [{"id": "a"}], "models": [{"name": "a"}]}
    assert call("/v1/models", None, both).summary == {"models": ["a"]}
    assert call("https://x.test/available-models", None, [{"model_id": "a"}]).summary == {"models": ["a"]}


# ---------------------------------------------------------------- assistants and what is stored


def test_a_run_in_a_stream() -> None:
    message = {"id": "msg_1", "object": "thread.message", "role": "assistant"}
    piece = {"id": "msg_1", "object": "thread.message.delta"}
    events = (
        {"id": "run_1", "object": "thread.run", "status": "queued", "model": "gpt-4o"},
        {**message, "content": []},
        {**piece, "delta": {"content": [{"index": 0, "type": "text", "text": {"value": "Hel"}}]}},
        {**piece, "delta": {"content": [{"index": 0, "type": "text", "text": {"value": "lo"}}]}},
        {**message, "content": [{"type": "text", "text": {"value": "Hello", "annotations": []}}]},
        {"id": "run_1", "object": "thread.run", "status": "completed", "usage": {"prompt_tokens": 3}},
        "[DONE]",
    )
    asked = {
        "assistant_id": "a",
        "instructions": "Be brief",
        "additional_messages": [{"role": "user", "content": "hi"}],
    }
    found = call(f"{API}/threads/t/runs", asked, Body("chunks", list(events)))
    assert found.replies == (Message("assistant", (Text("Hello"),), "assistant"),)
    assert (found.response_id, found.response_model, found.complete) == ("run_1", "gpt-4o", True)
    assert found.summary == {"object": "thread.run", "status": "completed"}
    assert found.prompt.system == (Text("Be brief"),)
    assert found.prompt.messages == (Message("user", (Text("hi"),), "user"),)
    assert found.usage == Usage(3)


def test_a_run_that_waits_for_tools_and_one_that_failed() -> None:
    waiting = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{}"}}
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": [waiting]}}
    run = {"id": "run_1", "object": "thread.run", "status": "requires_action", "required_action": action}
    assert call("", None, run).replies[0].parts == (ToolCall("c1", "add", "{}", {}),)
    outputs = {"tool_outputs": [{"tool_call_id": "c1", "output": "3"}]}
    asked = call(f"{API}/threads/t/runs/r/submit_tool_outputs", outputs, None)
    assert asked.prompt.messages == (Message("tool", (ToolResult("c1", None, "3"),)),)
    failed = {"object": "thread.run", "status": "failed", "last_error": {"code": "rate_limit", "message": "slow down"}}
    error = call("", None, failed).error
    assert error is not None
    assert (error.type, error.message) == ("rate_limit", "slow down")


@pytest.mark.parametrize(
    ("url", "answered", "summary"),
    [
        (f"{API}/batches/b", {"id": "b", "object": "batch", "status": "new"}, {"object": "batch", "status": "new"}),
        (f"{API}/files", {"data": [{"id": "f"}], "object": "list"}, {"object": "list", "count": 1}),
        ("/v1/messages/batches/b", {"type": "message_batch", "processing_status": "ended"}, {
            "object": "message_batch", "processing_status": "ended"
        }),
        ("/v1/messages/batches/b/results", {"custom_id": "1", "result": {}}, {"object": "batch_results"}),
        ("/v1beta/cachedContents", {"name": "cachedContents/x", "displayName": "d"}, {"displayName": "d"}),
        ("", {"id": "f", "type": "file_deleted"}, {"object": "file_deleted"}),
    ],
)  # fmt: skip
def test_stored_objects(url: str, answered: Any, summary: Any) -> None:
    found = call(url, None, answered)
    assert (found.protocol, found.summary) == ("stored_objects", summary)


def test_a_caches_contents_are_geminis() -> None:
    asked = {"model": "models/m", "contents": [{"role": "user", "parts": [{"text": "long"}]}], "ttl": "60s"}
    found = call("/v1beta/cachedContents", asked, {"name": "cachedContents/x"})
    assert (found.prompt.model, found.response_id) == ("models/m", "cachedContents/x")
    assert found.prompt.messages == (Message("user", (Text("long"),), "user"),)


# ---------------------------------------------------------------- other providers


def test_replicate_paints() -> None:
    answered = {"id": "p", "status": "succeeded", "output": ["https://a.test/1.png"], "input": {}, "urls": {}}
    assert call("", None, answered).replies[0].parts == (Uri("https://a.test/1.png"),)
    failed = {"id": "p", "status": "failed", "output": None, "error": "out of memory", "input": {}, "urls": {}}
    error = call("https://api.replicate.com/v1/predictions/p", None, failed).error
    assert error is not None
    assert error.message == "out of memory"


def test_replicate_streams_plain_text() -> None:
    text = "event: output\nid: 1\ndata: 4\n\nevent: output\nid: 2\ndata:  roofs\n\nevent: done\ndata: {}\n\n"
    found = call("https://stream.replicate.com/v1/streams/s", None, text)
    assert found.replies == (Message("assistant", (Text("4 roofs"),), None, None, "stop", "succeeded"),)
    assert found.complete


def test_aleph_alpha_completes() -> None:
    asked = {"prompt": [{"type": "text", "data": "roof"}], "maximum_tokens": 3}
    answered = {"completions": [{"completion": "s", "finish_reason": "maximum_tokens"}], "model_version": "1"}
    found = call("https://api.aleph-alpha.com/complete", asked, answered)
    assert found.prompt.messages == (Message("user", (Text("roof"),)),)
    assert found.replies == (Message("assistant", (Text("s"),), None, None, "length", "maximum_tokens"),)


def test_watsonx_generates_text() -> None:
    pieces = (
        {"model_id": "m", "results": [{"generated_text": "H", "stop_reason": "not_finished"}]},
        {
            "model_id": "m",
            "results": [{"generated_text": "i", "stop_reason": "max_tokens", "generated_token_count": 2}],
        },
    )
    url = "https://eu-de.ml.cloud.ibm.com/ml/v1/text/generation_stream?version=2024-01-01"
    found = call(url, {"model_id": "m", "input": "say hi"}, pieces)
    assert (found.provider, found.prompt.model, found.response_model) == ("ibm.watsonx.ai", "m", "m")
    assert found.replies == (Message("assistant", (Text("Hi"),), None, None, "length", "max_tokens"),)
    assert found.complete


def test_deepgrams_errors() -> None:
    error = call(
        "https://api.deepgram.com/v1/listen", None, {"err_code": "Bad Request", "err_msg": "no audio"}, 400
    ).error
    assert error is not None
    assert (error.message, error.status) == ("no audio", 400)


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("value", "status", "found"),
    [
        ({"error": {"message": "no", "type": "t", "code": "c", "param": None}}, 400, ("t", "no", 400)),
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "no"}},
            None,
            ("overloaded_error", "no", None),
        ),
        (
            {"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}},
            None,
            ("PERMISSION_DENIED", "no", 403),
        ),
        ([{"error": {"code": 429, "message": "no", "status": "X"}}], None, ("X", "no", 429)),
        ({"code": "invalid-argument", "error": "no"}, 400, ("invalid-argument", "no", 400)),
        ({"error": "no"}, None, (None, "no", None)),
        ({"message": "no"}, 404, (None, "no", 404)),
        ({"Message": "no", "__type": "AccessDenied"}, 403, ("AccessDenied", "no", 403)),
        ({"error": {"code": 502, "message": "no", "metadata": {"provider_name": "p"}}}, None, (None, "no", 502)),
        ({"object": "error", "message": "no", "type": "t", "code": 400}, None, ("t", "no", 400)),
        ({"detail": "no"}, 401, (None, "no", 401)),
        ({"detail": [{"loc": ["body"], "msg": "no"}]}, 422, (None, '[{"loc":["body"],"msg":"no"}]', 422)),
        ({"errors": [{"code": "model_not_supported", "message": "no"}]}, 400, ("model_not_supported", "no", 400)),
        ({"error": {"message": "no", "failed_generation": "{", "status_code": 400}}, None, (None, "no", 400)),
        ("Bad gateway\n", 502, (None, "Bad gateway", 502)),
        (None, 500, (None, None, 500)),
    ],
)
def test_error_shapes(value: Any, status: int | None, found: tuple[str | None, str | None, int | None]) -> None:
    error = lenient.error_of(value, status)
    assert error is not None
    assert (error.type, error.message, error.status) == found


@pytest.mark.parametrize(
    "value", [{"error": None}, {"error": ""}, {"error": {}}, {"errors": []}, {"message": "hi"}, "text", []]
)
def test_what_is_no_error(value: Any) -> None:
    assert lenient.error_of(value) is None
    assert lenient.error_of(value, 200) is None


def test_reasoning_is_not_a_moderation() -> None:
    """The narrow shapes of this module must not take what others know."""
    chat = {
        "choices": [{"message": {"content": "hi", "reasoning_content": "why"}}],
        "results": [{"category_scores": {}}],
    }
    found = call("", None, json.loads(json.dumps(chat)))
    assert found.protocol == "openai.chat_completions"
    assert found.replies[0].parts == (Reasoning("why"), Text("hi"))
