"""Who answered, where the address alone does not say it."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Body, Exchange, Headers, Request, Response

CHAT = {"choices": [{"message": {"role": "assistant", "content": "hi"}}]}
MESSAGE = {"type": "message", "role": "assistant", "content": []}


def who(
    url: str = "", answer: Any = CHAT, hint: str = "", asked: Any = None, sent: Headers = (), got: Headers = ()
) -> str | None:
    request = Request("POST", url, sent, Body("value", asked) if asked else None)
    return decode(
        Exchange(entry=0, request=request, response=Response(200, got, Body("value", answer)), hint=hint)
    ).provider


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("eu.api.openai.com", "openai"),
        ("europe-west4-aiplatform.googleapis.com", "gcp.vertex_ai"),
        ("AI-Gateway.vercel.sh", "vercel_ai_gateway"),
        ("a.services.ai.azure.com", "azure.ai.inference"),
        ("models.inference.ai.azure.com", "github_models"),
        ("api.z.ai", "zai"),
        ("api.xiaomimimo.com", "xiaomi"),
        ("dashscope-us.aliyuncs.com", "alibaba"),
        ("cn-hongkong.dashscope.aliyuncs.com", "alibaba"),
        ("w1.ap-southeast-1.maas.aliyuncs.com", "alibaba"),
        ("oss-cn-hangzhou.aliyuncs.com", None),
        ("inference.baseten.co", "baseten"),
        ("model-1.api.baseten.co", "baseten"),
        ("text.pollinations.ai", "pollinations"),
        ("inference.cerebras.ai", "cerebras"),
        ("api.together.ai", "together"),
        ("bedrock-runtime.<region>.amazonaws.com", "aws.bedrock"),
        ("runtime.sagemaker.eu-west-1.amazonaws.com", "aws.sagemaker"),
        ("notapi.openai.com.example.org", None),
        ("fakeapi.openai.com", None),
        ("models.example.org", None),
    ],
)
def test_by_host(host: str, provider: str | None) -> None:
    assert who(f"https://{host}/v1/chat/completions") == provider


@pytest.mark.parametrize(
    ("sent", "got", "provider"),
    [
        ((), (("OpenAI-Organization", "o"),), "openai"),
        ((), (("apim-request-id", "1"), ("openai-processing-ms", "1")), "azure.ai.openai"),
        ((), (("x-litellm-version", "1"), ("openai-organization", "o")), "litellm"),
        ((), (("x-groq-region", "eu"),), "groq"),
        ((("X-Goog-Api-Key", "k"),), (), "gcp.gemini"),
        ((("anthropic-version", "2023-06-01"),), (), "anthropic"),
        ((("accept", "*/*"),), (("cf-ray", "1"),), None),
    ],
)
def test_by_headers(sent: Headers, got: Headers, provider: str | None) -> None:
    assert who("https://gateway.example.org/v1/chat/completions", sent=sent, got=got) == provider


def test_a_known_host_rules_headers_and_path_out() -> None:
    headers = (("openai-organization", "o"),)
    assert (
        who("https://openrouter.ai/api/v1/chat/completions", got=headers, hint="cassettes/groq/a.yaml") == "openrouter"
    )


@pytest.mark.parametrize(
    ("answer", "provider"),
    [
        ({**CHAT, "x_groq": {"id": "1"}}, "groq"),
        ({**CHAT, "timings": {"prompt_n": 1}}, "llamacpp"),
        ({**CHAT, "time_info": {}}, "cerebras"),
        ({**CHAT, "usage": {"prompt_cache_hit_tokens": 0}}, "deepseek"),
        ({**CHAT, "usage": {"cost_in_usd_ticks": 1}}, "x_ai"),
        ({"choices": [{"message": {}, "native_finish_reason": "stop"}]}, "openrouter"),
        ({**CHAT, "usage": 3}, None),
    ],
)
def test_by_dialect(answer: Any, provider: str | None) -> None:
    assert who("http://10.0.0.1/v1/chat/completions", answer) == provider
    assert who("http://10.0.0.1/v1/chat/completions", answer, hint="cassettes/mistral/a.yaml") == provider


@pytest.mark.parametrize(
    ("hint", "provider"),
    [
        ("tests/cassettes/deepseek/agent/smoke.yaml", "deepseek"),
        ("tests/cassettes/Amazon_Bedrock/a.json", "aws.bedrock"),
        ("packages/openai/fixtures/azure-model-router.1.chunks.txt", "azure.ai.openai"),
        ("packages/open-responses/fixtures/lmstudio-basic.1.json", "lmstudio"),
        ("cassettes/doubleword/families/qwen_blocking.yaml", "doubleword"),
        ("fixtures/mistral-tool-call.chunks.txt", "mistral_ai"),
        ("fixtures/chat_gpustack_can_stream.yml", "gpustack"),
        ("fixtures/google-vertex-tools.json", "gcp.vertex_ai"),
        ("streams\\cerebras\\one.sse", "cerebras"),
        ("openai-tests/openai/groq/a.yaml", "groq"),
        ("tests/a.yaml", None),
        ("mistrals/groqs/a.yaml", None),
    ],
)
def test_by_path_where_there_is_no_host(hint: str, provider: str | None) -> None:
    assert who(hint=hint) == provider
    assert who("/v1/chat/completions", hint=hint) == provider
    assert who("<API_BASE>/chat/completions", hint=hint) == provider
    assert who("https://models.example.org/v1/chat/completions", hint=hint) is None


def test_a_path_names_only_local_servers_for_a_local_address() -> None:
    assert who("http://localhost:9000/v1/chat/completions", hint="cassettes/lm-studio/a.yaml") == "lmstudio"
    assert who("http://localhost:9000/v1/chat/completions", hint="cassettes/openai/a.yaml") is None


@pytest.mark.parametrize(
    ("url", "answer", "hint", "provider"),
    [
        ("/v1/messages", MESSAGE, "", "anthropic"),
        ("/v1/messages", MESSAGE, "cassettes/openrouter/a.yaml", "openrouter"),
        ("http://localhost:8000/v1/messages", MESSAGE, "", None),
        ("/v1beta/models/m:generateContent", {"candidates": []}, "cassettes/openai/a.yaml", "gcp.gemini"),
        ("/v1/projects/p/locations/l/m:generateContent", {"candidates": []}, "", "gcp.vertex_ai"),
        ("/api/chat", {"message": {}}, "", "ollama"),
    ],
)
def test_by_protocol(url: str, answer: Any, hint: str, provider: str | None) -> None:
    assert who(url, answer, hint) == provider


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("gpt-4o", "openai"),
        ("gpt-oss-20b", None),
        ("openai/gpt-4o", None),
        ("o3-mini", "openai"),
        ("grok-4", "x_ai"),
        ("mistral-large-latest", "mistral_ai"),
        ("mistral-7b", None),
        ("deepseek-chat", "deepseek"),
    ],
)
def test_by_model_where_nothing_else_tells(model: str, provider: str | None) -> None:
    assert who("/v1/chat/completions", asked={"model": model, "messages": []}) == provider
    assert who("", {**CHAT, "model": model}) == provider
    assert who("http://localhost:4000/v1/chat/completions", asked={"model": model, "messages": []}) is None
