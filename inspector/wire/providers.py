"""Who answered, by the host of the request and by marks that a server leaves in its answers.

Names are the values of OpenTelemetry's ``gen_ai.provider.name`` where it has one.
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector.model import Json
from inspector.wire import reading as read
from inspector.wire.clue import Clue

# The end of a host name, or a part of it where a provider has many hosts.
_HOSTS: tuple[tuple[str, str], ...] = (
    ("api.openai.com", "openai"),
    (".openai.azure.com", "azure.ai.openai"),
    (".cognitiveservices.azure.com", "azure.ai.openai"),
    (".services.ai.azure.com", "azure.ai.inference"),
    (".models.ai.azure.com", "azure.ai.inference"),
    ("api.anthropic.com", "anthropic"),
    ("bedrock", "aws.bedrock"),
    ("generativelanguage.googleapis.com", "gcp.gemini"),
    ("aiplatform.googleapis.com", "gcp.vertex_ai"),
    ("vertexai", "gcp.vertex_ai"),
    ("api.cohere.com", "cohere"),
    ("api.cohere.ai", "cohere"),
    ("api.deepseek.com", "deepseek"),
    ("api.groq.com", "groq"),
    (".ml.cloud.ibm.com", "ibm.watsonx.ai"),
    ("api.mistral.ai", "mistral_ai"),
    ("api.perplexity.ai", "perplexity"),
    ("api.x.ai", "x_ai"),
    ("openrouter.ai", "openrouter"),
    ("api.together.xyz", "together"),
    ("api.fireworks.ai", "fireworks"),
    ("api.cerebras.ai", "cerebras"),
    (".databricks.com", "databricks"),
    ("huggingface.co", "huggingface"),
    ("huggingface.cloud", "huggingface"),
    ("integrate.api.nvidia.com", "nvidia"),
)

_OLLAMA_PORT = "11434"

# Fields that only one kind of server adds to its answers, and values that it signs them with.
_MARKS: dict[str, str] = {
    "kv_transfer_params": "vllm",
    "prompt_logprobs": "vllm",
    "prompt_token_ids": "vllm",
    "x_groq": "groq",
    "eval_duration": "ollama",
}
_CHOICE_MARKS: dict[str, str] = {"stop_reason": "vllm", "token_ids": "vllm"}
_SIGNATURES: tuple[tuple[str, str, str], ...] = (
    ("owned_by", "vllm", "vllm"),
    ("owned_by", "llamacpp", "llamacpp"),
    ("system_fingerprint", "fp_ollama", "ollama"),
)


def provider(clue: Clue, answers: Iterable[Json]) -> str | None:
    """The provider, or None where neither host nor dialect tells. A mark may come late in a stream."""
    host, _, port = clue.host.partition(":")
    for mark, name in _HOSTS:
        if host.endswith(mark) or (mark in ("bedrock", "vertexai") and mark in host):
            return name
    if port == _OLLAMA_PORT:
        return "ollama"
    return next(filter(None, map(_by_dialect, (clue.first, *answers))), None)


def _by_dialect(answer: Json) -> str | None:
    body = read.obj(answer)
    for field, value, name in _SIGNATURES:
        if body.get(field) == value:
            return name
    choice = read.obj(next(iter(read.seq(body.get("choices"))), None))
    marked = ((body, _MARKS), (choice, _CHOICE_MARKS))
    return next((name for place, marks in marked for mark, name in marks.items() if mark in place), None)
