"""One exchange for each protocol of Amazon Bedrock, as in `wire_samples`."""

from __future__ import annotations

import base64
import json

from inspector.model import Blob, Citation, Json, Message, Reasoning, Text, ToolResult, Unknown, Usage
from tests.decode.protocols.samples.sample import DECLARED, PNG, SCHEMA, WEATHER, Sample, call, said

RUNTIME = "https://bedrock-runtime.eu-north-1.amazonaws.com/model"


def invoked(event: Json) -> Json:
    """An event of InvokeModel's stream."""
    return {"chunk": {"bytes": base64.b64encode(json.dumps(event).encode()).decode(), "p": "abc"}}


def block(index: int, delta: Json) -> Json:
    return {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta, "p": "abcdef"}}


def _tool(city: str) -> Json:
    return {"toolUse": {"toolUseId": "c1", "name": "weather", "input": {"city": city}}}


_COUNTS = {
    "inputTokens": 5,
    "outputTokens": 4,
    "totalTokens": 13,
    "cacheReadInputTokens": 3,
    "cacheWriteInputTokens": 1,
}
_SOURCE = {"title": "Almanac", "location": {"web": {"url": "https://example.org"}}, "sourceContent": [{"text": "wet"}]}

CONVERSE = Sample(
    protocol="bedrock.converse",
    operation="chat",
    url=f"{RUNTIME}/m/converse",
    request={
        "system": [{"text": "Be brief"}, {"cachePoint": {"type": "default"}}],
        "toolConfig": {
            "tools": [{"toolSpec": {**DECLARED, "parameters": None, "inputSchema": {"json": SCHEMA}}}],
            "toolChoice": {"auto": {}},
        },
        "messages": [
            {"role": "user", "content": [{"text": "See"}, {"image": {"format": "png", "source": {"bytes": PNG}}}]},
            {"role": "assistant", "content": [_tool("Rome")]},
            {
                "role": "user",
                "content": [{"toolResult": {"toolUseId": "c1", "content": [{"text": "sun"}], "status": "success"}}],
            },
        ],
        "inferenceConfig": {"maxTokens": 9},
    },
    whole={
        "output": {
            "message": {
                "role": "assistant",
                "content": [
                    {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "s"}}},
                    {"text": "I say "},
                    {"citationsContent": {"content": [{"text": "rain"}], "citations": [_SOURCE]}},
                    _tool("Oslo"),
                ],
            }
        },
        "stopReason": "tool_use",
        "usage": _COUNTS,
        "metrics": {"latencyMs": 7},
    },
    stream=(
        {"messageStart": {"role": "assistant", "p": "abc"}},
        block(0, {"reasoningContent": {"text": "H"}}),
        block(0, {"reasoningContent": {"text": "m."}}),
        block(0, {"reasoningContent": {"signature": "s"}}),
        {"contentBlockStop": {"contentBlockIndex": 0}},
        block(1, {"text": "I "}),
        block(1, {"text": "say "}),
        {"contentBlockStop": {"contentBlockIndex": 1}},
        block(2, {"citation": _SOURCE}),
        block(2, {"text": "rain"}),
        {"contentBlockStop": {"contentBlockIndex": 2}},
        {"contentBlockStart": {"contentBlockIndex": 3, "start": {"toolUse": {"toolUseId": "c1", "name": "weather"}}}},
        block(3, {"toolUse": {"input": '{"city":'}}),
        block(3, {"toolUse": {"input": '"Oslo"}'}}),
        {"contentBlockStop": {"contentBlockIndex": 3}},
        {"messageStop": {"stopReason": "tool_use"}},
        {"metadata": {"usage": _COUNTS, "metrics": {"latencyMs": 7}}},
    ),
    system=(Text("Be brief"), Unknown({"cachePoint": {"type": "default"}})),
    messages=(
        Message("user", (Text("See"), Blob("image/png", "image", PNG, 8)), "user"),
        Message("assistant", (call("c1", "Rome"),), "assistant"),
        Message("user", (ToolResult("c1", None, "sun", False),), "user"),
    ),
    tools=(WEATHER,),
    settings={"toolConfig": {"toolChoice": {"auto": {}}}, "inferenceConfig": {"maxTokens": 9}},
    replies=(
        Message(
            "assistant",
            (
                Reasoning("Hm."),
                Text("I say rain", citations=(Citation(6, 10, "https://example.org", "Almanac", "wet"),)),
                call("c1", "Oslo"),
            ),
            "assistant",
            None,
            "tool_call",
            "tool_use",
        ),
    ),
    usage=Usage(9, 4, 13, 3, 1),
    about=(None, None, None),
)

INVOKE = Sample(
    protocol="bedrock.invoke",
    operation="chat",
    url=f"{RUNTIME}/m/invoke",
    request={"prompt": "Rain?", "max_gen_len": 9},
    whole={"generation": "Yes, much", "prompt_token_count": 3, "generation_token_count": 4, "stop_reason": "stop"},
    stream=(
        invoked({"generation": "Yes,", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": None}),
        invoked({"generation": " mu", "prompt_token_count": None, "generation_token_count": 3, "stop_reason": None}),
        invoked(
            {
                "generation": "ch",
                "prompt_token_count": None,
                "generation_token_count": 4,
                "stop_reason": "stop",
                "amazon-bedrock-invocationMetrics": {"inputTokenCount": 3, "outputTokenCount": 4},
            }
        ),
    ),
    messages=(said("Rain?"),),
    settings={"max_gen_len": 9},
    replies=(Message("assistant", (Text("Yes, much"),), None, None, "stop", "stop"),),
    usage=Usage(3, 4),
    about=(None, None, None),
)

BEDROCK_EMBEDDINGS = Sample(
    protocol="bedrock.embeddings",
    operation="embeddings",
    url=f"{RUNTIME}/x.embed-v1%3A0/invoke",
    request={"inputText": "rain", "dimensions": 2},
    whole={"embedding": [0.5, 1], "inputTextTokenCount": 2},
    model="x.embed-v1:0",
    messages=(said("rain"),),
    settings={"dimensions": 2},
    usage=Usage(2),
    summary={"count": 1, "dimensions": 2},
    about=(None, None, None),
)

BEDROCK_TOKENS = Sample(
    protocol="bedrock.count_tokens",
    operation="other",
    url=f"{RUNTIME}/m/count-tokens",
    request={"input": {"converse": {"messages": [{"role": "user", "content": [{"text": "Rain?"}]}]}}},
    whole={"inputTokens": 3},
    messages=(said("Rain?", "user"),),
    usage=None,
    summary={"input_tokens": 3},
    about=(None, None, None),
)

GUARDRAIL = Sample(
    protocol="bedrock.guardrail",
    operation="moderation",
    url="https://bedrock-runtime.eu-north-1.amazonaws.com/guardrail/g/version/1/apply",
    request={"source": "INPUT", "content": [{"text": {"text": "Rain?"}}]},
    whole={
        "action": "GUARDRAIL_INTERVENED",
        "outputs": [{"text": "Not this"}],
        "assessments": [],
        "guardrailCoverage": {},
    },
    model=None,
    messages=(said("Rain?"),),
    settings={"source": "INPUT"},
    replies=(Message("assistant", (Text("Not this"),)),),
    summary={"action": "GUARDRAIL_INTERVENED"},
    about=(None, None, None),
)


def trace(step: Json) -> Json:
    return {"trace": {"agentId": "a", "sessionId": "r1", "trace": {"orchestrationTrace": step}}}


_SAID = {
    "span": {"start": 4, "end": 7},
    "text": "rain",
}
_REFERENCE = {"content": {"text": "wet"}, "location": {"type": "S3", "s3Location": {"uri": "s3://b/a.txt"}}}

AGENT = Sample(
    protocol="bedrock.agent",
    operation="chat",
    url="https://bedrock-agent-runtime.eu-north-1.amazonaws.com/agents/a/agentAliases/b/sessions/r1/text",
    request={"inputText": "Rain?", "enableTrace": True},
    whole=trace({"rationale": {"traceId": "t1", "text": "Hm."}}),
    model=None,
    messages=(said("Rain?"),),
    settings={"enableTrace": True},
    replies=(Message("assistant", (Reasoning("Hm."),)),),
    about=(None, None, None),
)

AGENT_STREAM = Sample(
    protocol="bedrock.agent",
    operation="chat",
    url="https://bedrock-agent-runtime.eu-north-1.amazonaws.com/retrieveAndGenerate",
    request={
        "input": {"text": "Rain?"},
        "retrieveAndGenerateConfiguration": {"type": "KNOWLEDGE_BASE", "knowledgeBaseConfiguration": {"modelArn": "m"}},
    },
    whole={
        "sessionId": "r1",
        "output": {"text": "Yes rain"},
        "citations": [
            {"generatedResponsePart": {"textResponsePart": _SAID}, "retrievedReferences": [_REFERENCE]},
        ],
    },
    messages=(said("Rain?"),),
    settings={
        "retrieveAndGenerateConfiguration": {"type": "KNOWLEDGE_BASE", "knowledgeBaseConfiguration": {"modelArn": "m"}},
    },
    replies=(Message("assistant", (Text("Yes rain", citations=(Citation(4, 8, "s3://b/a.txt", None, "wet"),)),)),),
    about=("r1", None, None),
)

SAMPLES = (CONVERSE, INVOKE, BEDROCK_EMBEDDINGS, BEDROCK_TOKENS, GUARDRAIL, AGENT, AGENT_STREAM)
