"""Who answered, by the host of the request and by marks that a server leaves in its answers.

Names are the values of OpenTelemetry's ``gen_ai.provider.name`` where it has one.
"""

from __future__ import annotations

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
_VLLM_MARKS = frozenset({"kv_transfer_params", "prompt_logprobs", "prompt_token_ids"})


def provider(clue: Clue) -> str | None:
    """The provider, or None where neither host nor dialect tells."""
    host, _, port = clue.host.partition(":")
    for mark, name in _HOSTS:
        if host.endswith(mark) or (mark in ("bedrock", "vertexai") and mark in host):
            return name
    if port == _OLLAMA_PORT or clue.path.startswith(("/api/generate", "/api/chat", "/api/embed", "/api/ps")):
        return "ollama"
    return "vllm" if _VLLM_MARKS & clue.first.keys() else None
