"""Particular cases of each protocol: one line of a table each."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode import lenient
from inspector.decode.decoder import decode
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.model import (
    Blob,
    Body,
    Exchange,
    FileRef,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Request,
    Response,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Uri,
    Usage,
)
from tests.decode.protocols.samples.sample import PNG, exchange

CHAT = "http://x/v1/chat/completions"
COMPLETIONS = "http://x/v1/completions"
EMBEDDINGS = "http://x/v1/embeddings"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent"
INTERACTIONS = "http://x/v1beta/interactions"
MESSAGES = "http://x/v1/messages"


def answer(url: str, *events: Any, request: Any = None) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    return decode(exchange(url, {} if request is None else request, body))


def asked(url: str, request: Any) -> ModelCall:
    return decode(exchange(url, request, None))


# ---------------------------------------------------------------- what is asked


def user(*parts: Part) -> tuple[Message, ...]:
    return (Message("user", parts),)


@pytest.mark.parametrize(
    ("url", "request_body", "messages"),
    [
        pytest.param(COMPLETIONS, {"prompt": "a"}, user(Text("a")), id="completion of a text"),
        pytest.param(COMPLETIONS, {"prompt": []}, (), id="completion of nothing"),
        pytest.param(COMPLETIONS, {"prompt": [1, 2]}, user(Unknown([1, 2])), id="completion of token ids"),
        pytest.param(EMBEDDINGS, {"input": "a"}, user(Text("a")), id="embedding of a text"),
        pytest.param(EMBEDDINGS, {"input": ["a", ""]}, user(Text("a")), id="embedding of an empty text"),
        pytest.param(EMBEDDINGS, {"input": [[1], [2]]}, user(Unknown([1]), Unknown([2])), id="embedding of token ids"),
        pytest.param("http://x/api/embeddings", {"prompt": "a"}, user(Text("a")), id="Ollama's older embedding"),
        pytest.param(
            "http://x/rerank",
            {"query": "q", "documents": [{"n": 1}]},
            user(Text("q"), Unknown({"n": 1})),
            id="rerank of an object",
        ),
        pytest.param(GEMINI, {"contents": "a"}, user(Text("a")), id="Gemini of a text"),
        pytest.param(GEMINI, {"contents": {"parts": [{"text": "a"}]}}, user(Text("a")), id="Gemini of one content"),
        pytest.param(INTERACTIONS, {"input": "a"}, user(Text("a")), id="interaction of a text"),
        pytest.param(
            INTERACTIONS,
            {"input": [{"type": "text", "text": "a"}, {"type": "image", "data": PNG, "mime_type": "image/png"}]},
            user(Text("a"), Blob("image/png", "image", PNG, 8)),
            id="interaction of bare parts",
        ),
    ],
)
def test_messages(url: str, request_body: Any, messages: tuple[Message, ...]) -> None:
    assert asked(url, request_body).prompt.messages == messages


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"functionCall": {"id": "c", "name": "f", "args": {"x": 1}}}, ToolCall("c", "f", '{"x":1}', {"x": 1})),
        ({"functionCall": {"name": "f"}}, ToolCall(None, "f", "")),
        (
            {"functionCall": {"partialArgs": [1], "willContinue": True}},
            Unknown({"functionCall": {"partialArgs": [1], "willContinue": True}}),
        ),
        ({"functionResponse": {"id": "c", "name": "f", "response": {"x": 1}}}, ToolResult("c", "f", {"x": 1})),
        ({"inlineData": {"mimeType": "image/png", "data": PNG}}, Blob("image/png", "image", PNG, 8)),
        ({"file_data": {"file_uri": "gs://b/a", "mime_type": "video/mp4"}}, Uri("gs://b/a", "video/mp4", "video")),
        ({"executableCode": {"code": "1"}}, ToolCall(None, "code_execution", '{"code":"1"}', {"code": "1"})),
        ({"codeExecutionResult": {"output": "1"}}, ToolResult(None, "code_execution", {"output": "1"})),
        ({"text": "Hm", "thought": True, "thoughtSignature": "s"}, Reasoning("Hm")),
        ({"text": "Yes", "thought": False}, Text("Yes")),
        ({"novelty": 1}, Unknown({"novelty": 1})),
    ],
)
def test_gemini_parts(part: Any, expected: Part) -> None:
    """A part reads the same in a request and in an answer."""
    request = {"contents": [{"role": "user", "parts": [part]}]}
    assert asked(GEMINI, request).prompt.messages[0].parts == (expected,)
    (reply,) = answer(GEMINI, {"candidates": [{"content": {"parts": [part]}}]}).replies
    assert reply.parts == (expected,)


@pytest.mark.parametrize("part", [{"thoughtSignature": "s"}, {"text": ""}, {}])
def test_gemini_parts_without_content_are_none(part: Any) -> None:
    assert asked(GEMINI, {"contents": [{"parts": [part]}]}).prompt.messages[0].parts == ()


@pytest.mark.parametrize(
    ("request_body", "system"),
    [
        ({"systemInstruction": {"parts": [{"text": "a"}]}}, (Text("a"),)),
        ({"system_instruction": "a"}, (Text("a"),)),
        ({"config": {"systemInstruction": ["a", "b"]}}, (Text("a"), Text("b"))),
    ],
)
def test_gemini_system_instructions(request_body: Any, system: tuple[Part, ...]) -> None:
    prompt = asked(GEMINI, request_body).prompt
    assert prompt.system == system
    assert prompt.settings == {}
    assert prompt.model == "gemini-x"


def test_gemini_tools_and_settings_of_rest() -> None:
    tool = {"functionDeclarations": [{"name": "f", "parametersJsonSchema": {"type": "object"}}]}
    prompt = asked(GEMINI, {"tools": [tool], "generationConfig": {"topP": 1}}).prompt
    assert prompt.tools == (ToolDefinition("function", "f", None, {"type": "object"}),)
    assert prompt.settings == {"generationConfig": {"topP": 1}}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "redacted_thinking", "data": "x"}, Unknown({"type": "redacted_thinking", "data": "x"})),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
            Blob("image/png", "image", PNG, 8),
        ),
        ({"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a"}}, Text("a")),
        ({"type": "document", "source": {"type": "url", "url": "http://x/a.pdf"}}, Uri("http://x/a.pdf")),
        ({"type": "image", "source": {}}, Unknown({"type": "image", "source": {}})),
        ({"type": "container_upload", "file_id": "f"}, FileRef("f")),
        ({"type": "mcp_tool_use", "id": "c", "name": "f", "input": {}}, ToolCall("c", "f", "{}", {})),
        (
            {"type": "mcp_tool_result", "tool_use_id": "c", "is_error": True, "content": "no"},
            ToolResult("c", None, "no", True),
        ),
        (
            {"type": "web_search_tool_result", "tool_use_id": "c", "content": {"type": "web_search_tool_result_error"}},
            ToolResult("c", None, {"type": "web_search_tool_result_error"}, True),
        ),
    ],
)
def test_anthropic_blocks(block: Any, expected: Part) -> None:
    """A block reads the same in a request, in a whole answer, and at its start in a stream."""
    request = {"messages": [{"role": "assistant", "content": [block]}]}
    assert asked(MESSAGES, request).prompt.messages[0].parts == (expected,)
    for events in (
        [{"type": "message", "content": [block]}],
        [{"type": "content_block_start", "index": 0, "content_block": block}, {"type": "ping"}],
    ):
        (reply,) = answer(MESSAGES, *events).replies
        assert reply.parts == (expected,)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "function_result", "call_id": "c", "id": "x", "result": 1}, ToolResult("c", None, 1)),
        ({"type": "function_response", "id": "c", "name": "f", "response": 1}, ToolResult("c", "f", 1)),
        ({"type": "function_call", "id": "c", "name": "f", "args": {}}, ToolCall("c", "f", "{}", {})),
        (
            {"type": "google_search_call", "id": "c", "arguments": {"q": 1}},
            ToolCall("c", "google_search", '{"q":1}', {"q": 1}),
        ),
        (
            {"type": "google_search_result", "call_id": "c", "is_error": False, "result": []},
            ToolResult("c", None, [], False),
        ),
        ({"type": "image", "uri": "http://x/a"}, Uri("http://x/a", None, "image")),
        ({"type": "novelty"}, Unknown({"type": "novelty"})),
    ],
)
def test_interactions_parts(part: Any, expected: Part) -> None:
    request = {"input": [{"role": "user", "content": [part]}]}
    assert asked(INTERACTIONS, request).prompt.messages[0].parts == (expected,)
    (reply,) = answer(INTERACTIONS, {"outputs": [part]}).replies
    assert reply.parts == (expected,)


# ---------------------------------------------------------------- what is answered


@pytest.mark.parametrize(
    ("url", "body", "summary"),
    [
        (EMBEDDINGS, {"data": [{"embedding": "AAAAAAAAgD8="}]}, {"count": 1, "dimensions": 2}),
        (EMBEDDINGS, {"data": []}, {"count": 0, "dimensions": None}),
        ("http://x/api/embeddings", {"embedding": [1, 2, 3]}, {"count": 1, "dimensions": 3}),
        ("http://x/v1/models", {"object": "list", "data": [{"id": "a"}]}, {"models": ["a"]}),
        ("http://x/v1/models", [], {"models": []}),
        ("http://x/v1/models/a", {"id": "a", "object": "model"}, {"models": ["a"]}),
        ("http://x/api/ps", {"models": []}, {"models": []}),
        ("http://x/rerank", {"data": [{"index": 0}]}, {"results": 1}),
    ],
)
def test_summaries(url: str, body: Any, summary: dict[str, Any]) -> None:
    call = answer(url, body)
    assert call.summary == summary
    assert call.replies == ()


def test_a_download_shows_its_last_state() -> None:
    call = answer("http://x/api/pull", {"status": "pulling"}, {"status": "success"})
    assert (call.summary, call.complete) == ({"status": "success"}, True)


@pytest.mark.parametrize(
    ("url", "body", "finish"),
    [
        (GEMINI, {"candidates": [{"finishReason": 2}]}, ("length", "2")),
        (GEMINI, {"candidates": [{"finishReason": "SAFETY"}]}, ("content_filter", "SAFETY")),
        (GEMINI, {"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL"}]}, ("error", "MALFORMED_FUNCTION_CALL")),
        (GEMINI, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, ("content_filter", "PROHIBITED_CONTENT")),
        (INTERACTIONS, {"status": "completed"}, ("stop", "completed")),
        (INTERACTIONS, {"status": "failed"}, ("error", "failed")),
        (MESSAGES, {"type": "message", "stop_reason": "refusal"}, ("content_filter", "refusal")),
        (MESSAGES, {"type": "message", "stop_reason": "novelty"}, ("unknown", "novelty")),
        ("http://x/api/chat", {"done": True, "done_reason": "load"}, ("unknown", "load")),
    ],
)
def test_finish_reasons(url: str, body: Any, finish: tuple[str, str]) -> None:
    (reply,) = answer(url, body).replies
    assert (reply.finish_reason, reply.finish_reason_raw) == finish


def test_a_blocked_prompt_says_why() -> None:
    call = answer(GEMINI, {"promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": "not this"}})
    assert call.error is not None
    assert (call.error.type, call.error.message) == ("SAFETY", "not this")


def test_an_interaction_that_goes_on_has_no_finish_reason() -> None:
    assert answer(INTERACTIONS, {"id": "r", "status": "in_progress"}).replies == ()


def test_gemini_counts_thoughts_beside_the_answer() -> None:
    counts = {"promptTokenCount": 1, "candidatesTokenCount": 2, "thoughtsTokenCount": 3, "totalTokenCount": 6}
    assert answer(GEMINI, {"usageMetadata": counts}).usage == Usage(1, 5, 6, None, None, 3)
    assert answer(GEMINI, {"usageMetadata": {"trafficType": "ON_DEMAND"}}).usage is None


def test_gemini_array_of_chunks() -> None:
    chunks = [{"candidates": [{"content": {"parts": [{"text": text}]}}]} for text in ("a", "b")]
    (reply,) = answer(GEMINI, chunks).replies
    assert reply.parts == (Text("ab"),)


def test_what_an_interaction_repeats_at_its_end_is_not_doubled() -> None:
    delta = {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "a"}}
    steps = [{"type": "model_output", "content": [{"type": "text", "text": "a"}]}]
    end = {"event_type": "interaction.completed", "interaction": {"status": "completed", "steps": steps}}
    (reply,) = answer(INTERACTIONS, delta, end).replies
    assert reply.parts == (Text("a"),)


def test_anthropic_counts_replace_each_other_and_stay_null_where_none_is() -> None:
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 7, "cache_read_input_tokens": 2}}}
    end = {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 5}}
    assert answer(MESSAGES, start, end).usage == Usage(9, 5, None, 2)
    assert answer(MESSAGES, end, end).usage == Usage(None, 5)


@pytest.mark.parametrize(
    ("url", "events"),
    [
        (CHAT, [{"choices": [{"delta": {"content": "a"}}]}, {"error": {"type": "t", "message": "no"}}]),
        (COMPLETIONS, [{"choices": [{"text": "a"}]}, {"error": {"type": "t", "message": "no"}}]),
        (
            MESSAGES,
            [
                {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "a"}},
                {"type": "error", "error": {"type": "t", "message": "no"}},
            ],
        ),
        (
            GEMINI,
            [{"candidates": [{"content": {"parts": [{"text": "a"}]}}]}, {"error": {"status": "t", "message": "no"}}],
        ),
        (
            INTERACTIONS,
            [
                {"event_type": "step.delta", "delta": {"type": "text", "text": "a"}},
                {"event_type": "error", "error": {"code": "t", "message": "no"}},
            ],
        ),
    ],
)
def test_an_error_in_the_stream_keeps_what_came_before(url: str, events: list[Any]) -> None:
    call = answer(url, *events)
    assert call.error is not None
    assert (call.error.type, call.error.message) == ("t", "no")
    assert [reply.parts for reply in call.replies] == [(Text("a"),)]
    assert not call.complete


def test_ollama_says_its_errors_as_text() -> None:
    call = answer("http://x/api/chat", {"message": {"content": "a"}}, {"error": "no"})
    assert call.error is not None
    assert call.error.message == "no"


def test_an_error_page_is_kept() -> None:
    call = decode(exchange(CHAT, {}, Body("text", "<html>Bad Gateway</html>"), 502))
    assert call.error is not None
    assert (call.error.status, call.error.raw) == (502, "<html>Bad Gateway</html>")


@pytest.mark.parametrize(
    ("body", "result", "message"),
    [
        ({"content": None, "error_message": "no", "error_code": 500}, ToolResult(None, None, "no", True), "no"),
        ({"content": "part", "error_message": "no"}, ToolResult(None, None, "part", True), "no"),
        (
            {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            ToolResult(None, None, "ab"),
            None,
        ),
    ],
)
def test_tools_that_failed(body: Any, result: ToolResult, message: str | None) -> None:
    call = answer("", body, request={"tool_name": "f", "kwargs": {}})
    assert call.replies == (Message("tool", (result,)),)
    assert (call.error and call.error.message) == message


def test_a_chat_under_the_address_of_completions_is_a_chat() -> None:
    call = answer(COMPLETIONS, {"choices": [{"message": {"content": "a"}}]}, request={"messages": []})
    assert call.protocol == "openai.chat_completions"


def test_one_finished_reply_of_two_does_not_make_a_stream_complete() -> None:
    begun = {"choices": [{"index": 0, "text": "a"}, {"index": 1, "text": "b"}]}
    ends = [{"choices": [{"index": index, "text": "", "finish_reason": "stop"}]} for index in (0, 1)]
    assert not answer(COMPLETIONS, begun, ends[0]).complete
    assert answer(COMPLETIONS, begun, *ends).complete


@pytest.mark.parametrize("counts", [{"prompt_tokens": 1}, None])
def test_a_whole_answer_of_bare_text_keeps_who_gave_it(counts: Any) -> None:
    body = {"id": "r", "model": "m", "choices": [{"message": {"content": "a"}}], "usage": counts}
    call = answer(CHAT, body)
    assert (call.response_id, call.response_model, call.usage) == ("r", "m", Usage(1) if counts else None)


def test_a_piece_of_text_may_carry_counts() -> None:
    chunk = {"choices": [{"delta": {"content": "a"}}]}
    assert answer(CHAT, chunk, {**chunk, "usage": {"prompt_tokens": 1}}).usage == Usage(1)


def test_an_interaction_may_end_with_a_status_alone() -> None:
    delta = {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "a"}}
    (reply,) = answer(INTERACTIONS, delta, {"event_type": "interaction.status_update", "status": "failed"}).replies
    assert reply.finish_reason == "error"


# ---------------------------------------------------------------- who answered


@pytest.mark.parametrize(
    ("url", "body", "provider"),
    [
        ("https://api.openai.com/v1/v1/models", {}, "openai"),
        ("https://x.openai.azure.com/openai/v1/v1/chat/completions", {}, "azure.ai.openai"),
        ("https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1/chat/completions", {}, "aws.bedrock"),
        ("https://bedrock-mantle.us-east-2.api.aws/v1/chat/completions", {}, "aws.bedrock"),
        ("https://us-south.ml.cloud.ibm.com/ml/v1/v1/models", {}, "ibm.watsonx.ai"),
        ("vertexai:///generate_content", {}, "gcp.vertex_ai"),
        (GEMINI, {}, "gcp.gemini"),
        ("http://0.0.0.0:11434/v1/messages", {}, "ollama"),
        ("http://x:8000/v1/models", [{"id": "a", "owned_by": "vllm"}], "vllm"),
        ("http://x:8000/v1/chat/completions", {"choices": [{"stop_reason": None}]}, "vllm"),
        ("http://x:8000/v1/chat/completions", {"kv_transfer_params": None}, "vllm"),
        ("http://x/v1/chat/completions", {"system_fingerprint": "fp_ollama"}, "ollama"),
        ("http://x/v1/messages", {"type": "message", "stop_reason": "end_turn"}, "anthropic"),
        ("http://localhost/v1/messages", {"type": "message", "stop_reason": "end_turn"}, None),
        ("http://x/api/chat", {"message": {}}, "ollama"),
        ("http://api.openai.com.example.org/v1/models", {}, None),
    ],
)
def test_providers(url: str, body: Any, provider: str | None) -> None:
    assert answer(url, body).provider == provider


def test_a_mark_may_come_late() -> None:
    chunks = [{"choices": [{"delta": {"content": "a"}}]}, {"choices": [{"delta": {}, "stop_reason": None}]}]
    assert answer(CHAT, *chunks).provider == "vllm"


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-04-24T13:50:51.846081Z", "2026-04-24T13:50:51.846081Z"),
        ("2026-04-24T15:50:51+02:00", "2026-04-24T13:50:51Z"),
        ("1970-01-01T00:00:00Z", None),
        ("2026-04-24T13:50:51", None),
        ("yesterday", None),
        (1754348148, None),
    ],
)
def test_moments(value: Any, moment: str | None) -> None:
    assert lenient.moment(value) == moment


@pytest.mark.parametrize("body", [Body("value", {"error": {"message": "busy"}}), Body("text", "gone fishing")])
def test_an_error_is_told_although_its_protocol_fails_at_the_body(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(event: object) -> object:
        raise KeyError(event)

    monkeypatch.setattr(openai_chat, "deltas", failing)
    request = Request("POST", "https://api.openai.com/v1/chat/completions", (), Body("value", {"messages": []}))
    call = decode(Exchange(entry=0, request=request, response=Response(529, (), body)))
    assert call.error is not None
    assert (call.error.status, call.problems) == (529, ())
