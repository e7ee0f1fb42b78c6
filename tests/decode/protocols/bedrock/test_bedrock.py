"""Particular cases of Amazon Bedrock's protocols."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from inspector.decode.decoder import decode
from inspector.model import (
    Blob,
    Body,
    Citation,
    Json,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    Usage,
)
from tests.decode.protocols.samples.sample import PNG, exchange

RUNTIME = "https://bedrock-runtime.eu-north-1.amazonaws.com"
CONVERSE = f"{RUNTIME}/model/m/converse-stream"
INVOKE = f"{RUNTIME}/model/m/invoke"
AGENT = "https://bedrock-agent-runtime.eu-north-1.amazonaws.com/agents/a/agentAliases/b/sessions/s/text"


def answer(url: str, *events: Json, request: Json = None) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    return decode(exchange(url, {} if request is None else request, body))


def said(call: ModelCall) -> tuple[Part, ...]:
    return tuple(part for reply in call.replies for part in reply.parts)


def packed(event: Json) -> Json:
    return {"chunk": {"bytes": base64.b64encode(json.dumps(event).encode()).decode()}}


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("path", "model", "protocol"),
    [
        ("/model/eu.amazon.nova-lite-v1%3A0/converse", "eu.amazon.nova-lite-v1:0", "bedrock.converse"),
        ("/model/m/converse-stream", "m", "bedrock.converse"),
        ("/model/m/invoke-with-response-stream", "m", "bedrock.invoke"),
        (
            "/model/arn%3Aaws%3Abedrock%3Aeu%3A1%3Ainference-profile%2Fm/invoke",
            "arn:aws:bedrock:eu:1:inference-profile/m",
            "bedrock.invoke",
        ),
        (
            "/model/arn:aws:bedrock:eu:1:inference-profile/m/converse",
            "arn:aws:bedrock:eu:1:inference-profile/m",
            "bedrock.converse",
        ),
        ("/model/cohere.embed-v4/invoke", "cohere.embed-v4", "bedrock.embeddings"),
        ("/model/m/count-tokens", "m", "bedrock.count_tokens"),
    ],
)
def test_the_address_tells_model_and_protocol(path: str, model: str, protocol: str) -> None:
    call = decode(exchange(RUNTIME + path, {}, None))
    assert (call.prompt.model, call.protocol, call.provider) == (model, protocol, "aws.bedrock")


# ---------------------------------------------------------------- Converse


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            {"document": {"format": "pdf", "name": "a", "source": {"bytes": PNG}}},
            Blob("application/pdf", "file", PNG, 8, "a"),
        ),
        ({"document": {"format": "txt", "source": {"text": "a"}}}, Text("a")),
        (
            {"video": {"format": "mov", "source": {"s3Location": {"uri": "s3://b/a"}}}},
            Uri("s3://b/a", "video/quicktime", "video"),
        ),
        ({"image": {"format": "png", "source": {}}}, Unknown({"image": {"format": "png", "source": {}}})),
        ({"toolResult": {"toolUseId": "c", "content": [{"json": {"x": 1}}]}}, ToolResult("c", None, {"x": 1})),
        (
            {"toolResult": {"toolUseId": "c", "content": [{"text": "no"}], "status": "error"}},
            ToolResult("c", None, "no", True),
        ),
        ({"reasoningContent": {"redactedContent": "x"}}, Unknown({"reasoningContent": {"redactedContent": "x"}})),
        ({"guardContent": {"text": {"text": "a"}}}, Text("a")),
        ({"searchResult": {"source": "s", "content": [{"text": "a"}]}}, Text("a", title="s")),
        ({"novelty": 1}, Unknown({"novelty": 1})),
    ],
)
def test_converse_blocks(block: Json, expected: Part) -> None:
    """A block reads the same in a request and in an answer."""
    call = decode(exchange(CONVERSE, {"messages": [{"role": "user", "content": [block]}]}, None))
    assert call.prompt.messages[0].parts == (expected,)
    whole = {"output": {"message": {"role": "assistant", "content": [block]}}, "stopReason": "end_turn"}
    assert said(answer(CONVERSE, whole)) == (expected,)


def test_the_result_of_a_server_tool_comes_in_pieces() -> None:
    start = {"toolResult": {"toolUseId": "c", "status": "success"}}
    events = [
        {"contentBlockStart": {"contentBlockIndex": 1, "start": start}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"toolResult": [{"text": "su"}]}}},
        {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"toolResult": [{"text": "n"}]}}},
    ]
    assert said(answer(CONVERSE, *events)) == (ToolResult("c", None, "sun", False),)


def test_an_exception_ends_a_stream() -> None:
    begun = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "a"}}}
    call = answer(CONVERSE, begun, {"throttlingException": {"message": "slow down", "originalStatusCode": 429}})
    assert call.error is not None
    assert (call.error.type, call.error.message, call.error.status) == ("throttlingException", "slow down", 429)
    assert (said(call), call.complete) == ((Text("a"),), False)


def test_cached_tokens_in_their_other_spelling() -> None:
    counts = {"inputTokens": 2, "outputTokens": 1, "cacheReadInputTokenCount": 3, "cacheWriteInputTokenCount": 4}
    assert answer(CONVERSE, {"metadata": {"usage": counts}}).usage == Usage(9, 1, None, 3, 4)


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("guardrail_intervened", "content_filter"), ("content_filtered", "content_filter"), ("max_tokens", "length")],
)
def test_converse_stops(reason: str, finish: str) -> None:
    text = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "a"}}}
    (reply,) = answer(CONVERSE, text, {"messageStop": {"stopReason": reason}}).replies
    assert reply.finish_reason == finish


# ---------------------------------------------------------------- InvokeModel

CHAT_CHOICE = {"choices": [{"message": {"role": "assistant", "content": "a"}, "finish_reason": "stop"}]}
NOVA = {"output": {"message": {"role": "assistant", "content": [{"text": "a"}]}}, "stopReason": "end_turn"}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "a"}], "stop_reason": "end_turn"},
        {"type": "completion", "completion": "a", "stop_reason": "stop_sequence", "stop": "\n\nHuman:"},
        {"inputTextTokenCount": 1, "results": [{"outputText": "a", "tokenCount": 1, "completionReason": "FINISH"}]},
        {"generation": "a", "prompt_token_count": 1, "generation_token_count": 1, "stop_reason": "stop"},
        {"outputs": [{"text": "a", "stop_reason": "stop"}]},
        {"id": "r", "generations": [{"id": "g", "text": "a", "finish_reason": "COMPLETE"}]},
        {"response_id": "r", "generation_id": "g", "text": "a", "chat_history": [], "finish_reason": "COMPLETE"},
        {"id": 1, "completions": [{"data": {"text": "a"}, "finishReason": {"reason": "endoftext"}}]},
        NOVA,
        CHAT_CHOICE,
        {"choices": [{"text": "a", "stop_reason": "stop", "finish_reason": "stop"}]},
    ],
    ids=lambda body: next(iter(body)),
)
def test_every_makers_answer(body: Json) -> None:
    call = answer(INVOKE, body)
    assert (call.protocol, said(call)) == ("bedrock.invoke", (Text("a"),))
    assert [reply.finish_reason for reply in call.replies] == ["stop"]
    streamed = answer(INVOKE, packed(body), packed({}))
    assert (said(streamed), streamed.complete) == ((Text("a"),), True)


@pytest.mark.parametrize(
    "body",
    [
        {"anthropic_version": "bedrock-2023-05-31", "messages": [{"role": "user", "content": "a"}]},
        {"messages": [{"role": "user", "content": [{"text": "a"}]}]},
        {"messages": [{"role": "user", "content": "a"}], "max_tokens": 1},
        {"prompt": "a", "max_gen_len": 1},
        {"prompt": "a", "max_tokens_to_sample": 1},
        {"inputText": "a", "textGenerationConfig": {}},
        {"message": "a", "chat_history": []},
        {"text_prompts": [{"text": "a"}]},
        {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a"}},
    ],
    ids=lambda body: next(iter(body)),
)
def test_every_makers_request(body: Json) -> None:
    (message,) = decode(exchange(INVOKE, body, None)).prompt.messages
    assert (message.role, message.parts) == ("user", (Text("a"),))


@pytest.mark.parametrize(
    ("events", "usage"),
    [
        ([{"generation": "a", "prompt_token_count": 3}, {"generation": "", "generation_token_count": 4}], Usage(3, 4)),
        ([{"inputTextTokenCount": 3.0, "results": [{"outputText": "a", "tokenCount": 4.0}]}], Usage(3, 4)),
        (
            [{"outputs": []}, {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 3, "outputTokenCount": 4}}],
            Usage(3, 4),
        ),
        (
            [
                {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 4}},
                {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"outputTokenCount": 9}},
            ],
            Usage(None, 4),
        ),
        ([{**CHAT_CHOICE, "usage": {"prompt_tokens": 3, "completion_tokens": 4}}], Usage(3, 4)),
    ],
)
def test_counts(events: list[Json], usage: Usage) -> None:
    assert answer(INVOKE, *map(packed, events)).usage == usage


def test_counts_of_the_headers_where_the_answer_has_none() -> None:
    headers = (("X-Amzn-Bedrock-Input-Token-Count", "3"), ("x-amzn-bedrock-output-token-count", "4"), ("x", "5"))
    for body, output in ({"outputs": [{"text": "a"}]}, 4), ({"generation": "a", "generation_token_count": 9}, 9):
        recorded = exchange(INVOKE, {}, Body("value", body))
        assert recorded.response is not None
        call = decode(replace(recorded, response=replace(recorded.response, headers=headers)))
        assert call.usage == Usage(3 if output == 4 else None, output)


def test_counts_of_the_headers_of_an_embedding() -> None:
    recorded = exchange(INVOKE, {}, Body("value", {"embeddings": {"float": [[1, 2]]}}))
    assert recorded.response is not None
    counted = replace(recorded.response, headers=(("x-amzn-bedrock-input-token-count", "3"),))
    call = decode(replace(recorded, response=counted))
    assert (call.protocol, call.usage) == ("bedrock.embeddings", Usage(3))


def test_a_stream_is_recognised_without_its_address() -> None:
    text = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}}
    call = answer("", packed(text), packed({"type": "message_stop"}))
    assert (call.protocol, said(call), call.complete) == ("bedrock.invoke", (Text("a"),), True)


def test_pictures() -> None:
    assert said(answer(INVOKE, {"images": [PNG], "error": None})) == (Blob("image/png", "image", PNG, 8),)


def test_a_guardrail_stops_a_stream() -> None:
    last = {"outputText": "no", "totalOutputTextTokenCount": 1, "amazon-bedrock-guardrailAction": "INTERVENED"}
    call = answer(INVOKE, packed({"outputText": "a"}), packed(last))
    assert ([reply.finish_reason for reply in call.replies], call.complete) == (["content_filter"], True)


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ({"embeddings": {"float": [[1, 2]]}, "response_type": "embeddings_by_type"}, (1, 2)),
        ({"embeddings": [[1, 2], [3, 4]]}, (2, 2)),
        ({"embeddings": [{"embeddingType": "TEXT", "embedding": [1, 2, 3]}]}, (1, 3)),
        ({"embedding": [1, 2], "embeddingsByType": {"float": [1, 2]}, "inputTextTokenCount": 1}, (1, 2)),
    ],
)
def test_embeddings(body: Json, summary: tuple[int, int]) -> None:
    call = answer(INVOKE, body)
    assert call.protocol == "bedrock.embeddings"
    assert call.summary == {"count": summary[0], "dimensions": summary[1]}


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ({"texts": ["a", "b"]}, (Text("a"), Text("b"))),
        ({"inputText": "a", "inputImage": PNG}, (Text("a"), Blob(None, "image", PNG, 8))),
        (
            {"singleEmbeddingParams": {"text": {"value": "a"}, "image": {"format": "png", "source": {"bytes": PNG}}}},
            (Text("a"), Blob("image/png", "image", PNG, 8)),
        ),
    ],
)
def test_what_is_embedded(body: Json, parts: tuple[Part, ...]) -> None:
    call = decode(exchange(f"{RUNTIME}/model/x-embed/invoke", body, None))
    assert call.prompt.messages == (Message("user", parts),)


def test_counting_what_a_maker_is_sent() -> None:
    body = base64.b64encode(b'{"prompt": "a"}').decode()
    call = answer(
        f"{RUNTIME}/model/m/count-tokens", {"inputTokens": 3}, request={"input": {"invokeModel": {"body": body}}}
    )
    assert (call.prompt.messages, call.summary) == ((Message("user", (Text("a"),)),), {"input_tokens": 3})


# ---------------------------------------------------------------- agents


def step(name: str, value: Json, phase: str = "orchestrationTrace") -> Json:
    return {"trace": {"agentId": "a", "trace": {phase: {name: value}}}}


def called(name: str, value: Json) -> Json:
    return step("invocationInput", {"traceId": "t", name: value})


def observed(name: str, value: Json) -> Json:
    return step("observation", {"traceId": "t", name: value})


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (step("rationale", {"text": "Hm."}), (Reasoning("Hm."),)),
        (step("rationale", {"text": "Hm."}, "routingClassifierTrace"), (Reasoning("Hm."),)),
        (
            called("actionGroupInvocationInput", {"function": "f", "parameters": [{"name": "x", "value": "1"}]}),
            (ToolCall("t", "f", '{"x":"1"}', {"x": "1"}),),
        ),
        (
            called("knowledgeBaseLookupInput", {"text": "a"}),
            (ToolCall("t", "knowledge_base", '{"text":"a"}', {"text": "a"}),),
        ),
        (
            called("agentCollaboratorInvocationInput", {"agentCollaboratorName": "b", "input": {"text": "a"}}),
            (ToolCall("t", "b", '{"text":"a"}', {"text": "a"}),),
        ),
        (observed("actionGroupInvocationOutput", {"text": "sun"}), (ToolResult("t", None, "sun"),)),
        (
            observed("codeInterpreterInvocationOutput", {"executionError": "no"}),
            (ToolResult("t", None, "no", True),),
        ),
        (
            observed("knowledgeBaseLookupOutput", {"retrievedReferences": [1]}),
            (ToolResult("t", "knowledge_base", [1]),),
        ),
        (observed("finalResponse", {"text": "a"}), ()),
        (
            {"trace": {"trace": {"guardrailTrace": {"action": "NONE", "inputAssessments": [{"topicPolicy": {}}]}}}},
            (Unknown({"guardrailTrace": {"action": "NONE", "inputAssessments": [{"topicPolicy": {}}]}}),),
        ),
        ({"trace": {"trace": {"guardrailTrace": {"action": "NONE"}}}}, ()),
        (
            step("modelInvocationInput", {"text": "You keep a light."}),
            (Unknown({"modelInvocationInput": {"text": "You keep a light."}}),),
        ),
        (
            step("modelInvocationOutput", {"rawResponse": {"content": "<light/>"}}),
            (Unknown({"modelInvocationOutput": {"rawResponse": {"content": "<light/>"}}}),),
        ),
        (step("modelInvocationOutput", {"reasoningContent": {"reasoningText": {"text": "Hm."}}}), (Reasoning("Hm."),)),
        (step("novelty", 1), (Unknown({"orchestrationTrace": {"novelty": 1}}),)),
        (
            {
                "returnControl": {
                    "invocationId": "i",
                    "invocationInputs": [{"functionInvocationInput": {"function": "f"}}],
                }
            },
            (ToolCall("i", "f", "{}", {}),),
        ),
        ({"files": {"files": [{"type": "image/png", "bytes": PNG}]}}, (Blob("image/png", "image", PNG, 8),)),
    ],
)
def test_what_an_agent_does(event: Json, expected: tuple[Part, ...]) -> None:
    assert said(answer(AGENT, event)) == expected


def test_an_agent_answers_with_sources_and_its_steps_add_up() -> None:
    def used(id: str, tokens: int) -> Json:
        counts = {"usage": {"inputTokens": tokens, "outputTokens": 1}}
        return step("modelInvocationOutput", {"traceId": id, "metadata": counts})

    span = {"textResponsePart": {"span": {"start": 0, "end": 3}}}
    source = {"content": {"text": "wet"}, "location": {"type": "WEB", "webLocation": {"url": "http://x"}}}
    cited = {"citations": [{"generatedResponsePart": span, "retrievedReferences": [source]}]}
    chunk = {"chunk": {"bytes": base64.b64encode("Räin".encode()).decode(), "attribution": cited}}
    asked = step("modelInvocationInput", {"foundationModel": "m-1"})
    call = answer(AGENT, asked, used("t-0", 5), used("t-1", 6), chunk)
    assert said(call) == (Text("Räin", citations=(Citation(0, 4, "http://x", None, "wet"),)),)
    assert (call.usage, call.response_model, call.complete) == (Usage(11, 2), "m-1", True)
    assert not answer(AGENT, asked, used("t-0", 5)).complete


def test_an_agent_is_recognised_without_its_address() -> None:
    assert answer("", {"chunk": {"bytes": base64.b64encode(b"rain").decode()}}, {}).protocol == "bedrock.agent"


def test_what_the_client_returns_to_an_agent() -> None:
    result = {"functionResult": {"function": "f", "responseBody": {"TEXT": {"body": "sun"}}}}
    request = {"sessionState": {"invocationId": "i", "returnControlInvocationResults": [result]}}
    call = decode(exchange(AGENT, request, None))
    assert call.prompt.messages == (Message("tool", (ToolResult("i", "f", "sun"),)),)


def test_ranking_by_bedrock_itself() -> None:
    source = {"inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": "wet"}}}
    request = {"queries": [{"type": "TEXT", "textQuery": {"text": "Rain?"}}], "sources": [source]}
    url = "https://bedrock-agent-runtime.eu-north-1.amazonaws.com/rerank"
    call = answer(url, {"results": [{"index": 0, "relevanceScore": 0.5}]}, request=request)
    assert (call.protocol, call.summary) == ("cohere.rerank", {"results": 1})
    assert call.prompt.messages == (Message("user", (Text("Rain?"), Text("wet"))),)


def test_what_a_knowledge_base_finds_and_a_guardrail_says() -> None:
    found = [
        {"content": {"text": "The bell is rung twice"}, "location": {"type": "S3", "s3Location": {"uri": "s3://b"}}}
    ]
    retrieved = decode(
        exchange(
            "https://bedrock-agent-runtime.us-east-1.amazonaws.com/knowledgebases/k/retrieve",
            {"retrievalQuery": {"text": "How often?"}},
            Body("value", {"retrievalResults": found}),
        )
    )
    assert [reply.parts for reply in retrieved.replies] == [(ToolResult(None, None, found),)]
    assessed = {"assessments": [{"topicPolicy": {"topics": [{"name": "lamps", "action": "BLOCKED"}]}}]}
    judged = decode(
        exchange(
            "https://bedrock-runtime.us-east-1.amazonaws.com/guardrail/g/version/1/apply",
            {"source": "INPUT", "content": [{"text": {"text": "Is it lit?"}}]},
            Body("value", {"action": "GUARDRAIL_INTERVENED", "outputs": [{"text": "No."}], **assessed}),
        )
    )
    assert [reply.parts for reply in judged.replies] == [(Text("No."), Unknown(assessed))]
    assert (retrieved.problems, judged.problems) == ((), ())


TRACE = {"guardrail": {"modelOutput": ["The bell is rung"], "inputAssessment": {"g": {"topicPolicy": {}}}}}


def test_what_a_guardrail_found_is_shown_beside_the_answer() -> None:
    said = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Lit"}]}},
        "stopReason": "end_turn",
        "trace": TRACE,
    }
    streamed = [{"contentBlockDelta": {"delta": {"text": "Lit"}}}, {"metadata": {"trace": TRACE}}]
    for body in (Body("value", said), Body("chunks", streamed)):
        call = decode(exchange("https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", {}, body))
        assert [reply.parts for reply in call.replies] == [(Text("Lit"), Unknown(TRACE))]
        assert call.problems == ()
