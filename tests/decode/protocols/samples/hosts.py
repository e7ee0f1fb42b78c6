"""The samples of protocols that one provider alone speaks: DashScope, Workers AI, Mistral's Conversations."""

from __future__ import annotations

from inspector.model import Citation, Message, Reasoning, Text, ToolCall, ToolResult, Usage
from tests.decode.protocols.samples.sample import OPENAI_TOOL, WEATHER, Sample, call, said

CALL = {"id": "c1", "type": "function", "index": 0, "function": {"name": "weather", "arguments": '{"city":"Rome"}'}}
CUT = {"id": "c1", "type": "function", "index": 0, "function": {"name": "weather", "arguments": '{"ci'}}


def _dashscope(text: str, thought: str, reason: str, calls: object = None, tokens: int = 0) -> dict[str, object]:
    message = {"role": "assistant", "content": text, "reasoning_content": thought}
    if calls:
        message["tool_calls"] = calls  # type: ignore[assignment]
    return {
        "output": {"choices": [{"message": message, "finish_reason": reason}]},
        "usage": {"input_tokens": 9, "output_tokens": tokens, "total_tokens": 9 + tokens},
        "request_id": "r1",
    }


DASHSCOPE = Sample(
    protocol="dashscope.generation",
    operation="chat",
    url="https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation",
    request={
        "model": "m",
        "input": {"messages": [{"role": "user", "content": [{"text": "Hello"}]}]},
        "parameters": {"tools": [OPENAI_TOOL], "result_format": "message"},
    },
    whole=_dashscope("It is fine.", "Hm.", "tool_calls", [CALL], 8),
    stream=(
        _dashscope("", "H", "null", None, 1),
        _dashscope("It is", "Hm.", "null", None, 3),
        _dashscope("It is fine.", "Hm.", "null", [CUT], 5),
        _dashscope("It is fine.", "Hm.", "tool_calls", [CALL], 8),
    ),
    messages=(said("Hello", "user"),),
    tools=(WEATHER,),
    settings={"result_format": "message"},
    replies=(
        Message(
            "assistant",
            (Reasoning("Hm."), Text("It is fine."), call("c1", "Rome")),
            "assistant",
            None,
            "tool_call",
            "tool_calls",
        ),
    ),
    usage=Usage(9, 8, 17),
    about=("r1", None, None),
)

WORKERS_AI = Sample(
    protocol="cloudflare.workers_ai",
    operation="chat",
    url="https://api.cloudflare.com/client/v4/accounts/1/ai/run/@cf/harbour/lantern-3b",
    request={"messages": [{"role": "user", "content": "Hello"}], "stream": True, "max_tokens": 9},
    whole={
        "result": {
            "response": "It is fine.",
            "tool_calls": [{"name": "weather", "arguments": {"city": "Rome"}}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17},
        },
        "success": True,
        "errors": [],
        "messages": [],
    },
    stream=(
        {"response": "It is ", "p": "abcdef"},
        {"response": "fine.", "p": "ab"},
        {"response": "", "tool_calls": [{"name": "weather", "arguments": {"city": "Rome"}}], "p": ""},
        {"response": "", "usage": {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17}},
    ),
    model="@cf/harbour/lantern-3b",
    messages=(said("Hello", "user"),),
    settings={"max_tokens": 9},
    replies=(Message("assistant", (Text("It is fine."), call(None, "Rome"))),),
    usage=Usage(9, 8, 17),
    about=(None, None, None),
)

SEARCH = ToolCall("t1", "web_search", '{"query":"sky"}', {"query": "sky"})

MISTRAL_CONVERSATIONS = Sample(
    protocol="mistral.conversations",
    operation="chat",
    url="https://api.mistral.ai/v1/conversations",
    request={
        "model": "m",
        "inputs": [
            {"type": "message.input", "role": "user", "content": "Hello"},
            {"type": "function.call", "tool_call_id": "c0", "name": "weather", "arguments": '{"city":"Rome"}'},
            {"type": "function.result", "tool_call_id": "c0", "result": "sun"},
        ],
        "instructions": "Be brief",
        "tools": [OPENAI_TOOL],
        "store": False,
    },
    whole={
        "object": "conversation.response",
        "conversation_id": "r1",
        "outputs": [
            {"type": "tool.execution", "id": "t1", "name": "web_search", "arguments": '{"query":"sky"}'},
            {
                "type": "message.output",
                "role": "assistant",
                "model": "m-1",
                "content": [
                    {"type": "text", "text": "It is "},
                    {"type": "text", "text": "fine."},
                    {
                        "type": "tool_reference",
                        "tool": "web_search",
                        "title": "Sky",
                        "url": "https://coast.example/sky",
                    },
                ],
            },
            {"type": "function.call", "tool_call_id": "c1", "name": "weather", "arguments": '{"city":"Rome"}'},
        ],
        "usage": {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17},
    },
    stream=(
        {"type": "conversation.response.started", "conversation_id": "r1"},
        {"type": "tool.execution.started", "output_index": 0, "id": "t1", "name": "web_search", "arguments": ""},
        {"type": "tool.execution.delta", "output_index": 0, "id": "t1", "name": "web_search", "arguments": '{"query":'},
        {"type": "tool.execution.delta", "output_index": 0, "id": "t1", "name": "web_search", "arguments": '"sky"}'},
        {"type": "tool.execution.done", "output_index": 0, "id": "t1", "name": "web_search", "info": {}},
        {
            "type": "message.output.delta",
            "output_index": 1,
            "id": "o1",
            "model": "m-1",
            "role": "assistant",
            "content": "It is ",
        },
        {"type": "message.output.delta", "output_index": 1, "id": "o1", "content": {"type": "text", "text": "fine."}},
        {
            "type": "message.output.delta",
            "output_index": 1,
            "id": "o1",
            "content_index": 1,
            "content": {
                "type": "tool_reference",
                "tool": "web_search",
                "title": "Sky",
                "url": "https://coast.example/sky",
            },
        },
        {
            "type": "function.call.delta",
            "output_index": 2,
            "id": "f1",
            "tool_call_id": "c1",
            "name": "weather",
            "arguments": '{"city":',
        },
        {
            "type": "function.call.delta",
            "output_index": 2,
            "id": "f1",
            "tool_call_id": "c1",
            "name": "weather",
            "arguments": '"Rome"}',
        },
        {
            "type": "conversation.response.done",
            "usage": {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17},
        },
    ),
    system=(Text("Be brief"),),
    messages=(
        said("Hello", "user"),
        Message("assistant", (call("c0", "Rome"),)),
        Message("tool", (ToolResult("c0", None, "sun"),)),
    ),
    tools=(WEATHER,),
    settings={"store": False},
    replies=(
        Message(
            "assistant",
            (
                SEARCH,
                Text("It is fine.", (), (Citation(None, None, "https://coast.example/sky", "Sky"),)),
                call("c1", "Rome"),
            ),
            "assistant",
        ),
    ),
    usage=Usage(9, 8, 17),
)

RERANK = Sample(
    protocol="cohere.rerank",
    operation="rerank",
    url="https://bedrock-runtime.us-east-1.amazonaws.com/model/cohere.rerank-v3-5%3A0/invoke",
    request={"query": "Hello", "documents": ["a lamp", "a bell"], "top_n": 1},
    whole={"results": [{"index": 1, "relevance_score": 0.9}]},
    model="cohere.rerank-v3-5:0",
    messages=(Message("user", (Text("Hello"), Text("a lamp"), Text("a bell"))),),
    settings={"top_n": 1},
    summary={"results": 1},
    about=(None, None, None),
)

DASHSCOPE_EMBEDDINGS = Sample(
    protocol="dashscope.embeddings",
    operation="embeddings",
    url="https://dashscope.aliyuncs.com/api/v1/services/embeddings/text-embedding/text-embedding",
    request={"model": "m", "input": {"texts": ["a lamp", "a bell"]}, "parameters": {"dimension": 2}},
    whole={
        "output": {"embeddings": [{"text_index": 0, "embedding": [0.1, 0.2]}, {"text_index": 1, "embedding": [1, 0]}]},
        "usage": {"total_tokens": 4},
        "request_id": "r1",
    },
    messages=(Message("user", (Text("a lamp"), Text("a bell"))),),
    settings={"parameters": {"dimension": 2}},
    usage=Usage(total_tokens=4),
    summary={"count": 2, "dimensions": 2},
    about=("r1", None, None),
)

DASHSCOPE_RERANK = Sample(
    protocol="dashscope.rerank",
    operation="rerank",
    url="https://dashscope.aliyuncs.com/api/v1/services/rerank/text-rerank/text-rerank",
    request={
        "model": "m",
        "input": {"query": "Hello", "documents": ["a lamp", "a bell"]},
        "parameters": {"top_n": 1},
    },
    whole={
        "output": {"results": [{"index": 1, "relevance_score": 0.9}]},
        "usage": {"total_tokens": 4},
        "request_id": "r1",
    },
    messages=(Message("user", (Text("Hello"), Text("a lamp"), Text("a bell"))),),
    settings={"top_n": 1},
    usage=Usage(total_tokens=4),
    summary={"results": 1},
    about=("r1", None, None),
)

WORKERS_AI_EMBEDDINGS = Sample(
    protocol="cloudflare.embeddings",
    operation="embeddings",
    url="https://api.cloudflare.com/client/v4/accounts/1/ai/run/@cf/harbour/embed-1",
    request={"text": ["a lamp", "a bell"]},
    whole={
        "result": {"shape": [2, 2], "data": [[0.1, 0.2], [1, 0]], "pooling": "mean"},
        "success": True,
        "errors": [],
        "messages": [],
    },
    model="@cf/harbour/embed-1",
    messages=(Message("user", (Text("a lamp"), Text("a bell"))),),
    summary={"count": 2, "dimensions": 2},
    about=(None, None, None),
)

WORKERS_AI_TASKS = Sample(
    protocol="cloudflare.workers_ai_tasks",
    operation="other",
    url="https://api.cloudflare.com/client/v4/accounts/1/ai/run/@cf/harbour/translate-1",
    request={"text": "a lamp", "source_lang": "en", "target_lang": "fr"},
    whole={"result": {"translated_text": "une lampe"}, "success": True, "errors": [], "messages": []},
    model="@cf/harbour/translate-1",
    messages=(said("a lamp"),),
    settings={"source_lang": "en", "target_lang": "fr"},
    replies=(Message("assistant", (Text("une lampe"),)),),
    about=(None, None, None),
)

SAMPLES = (
    DASHSCOPE,
    DASHSCOPE_EMBEDDINGS,
    DASHSCOPE_RERANK,
    WORKERS_AI,
    WORKERS_AI_EMBEDDINGS,
    WORKERS_AI_TASKS,
    MISTRAL_CONVERSATIONS,
    RERANK,
)
