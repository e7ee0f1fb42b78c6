"""Which protocol an exchange speaks: the protocols one after the other, the first that recognises it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import cast

from inspector.decode.protocols.protocol import WireProtocol

PROTOCOLS: tuple[str, ...] = (
    "others.otel_messages",  # a span may say which address was asked: that speaks another protocol
    "others.otel_tool",
    "openai.chat",
    "anthropic.messages_by_answer",
    "bedrock.embeddings",
    "bedrock.rerank",
    "bedrock.count_tokens",
    "bedrock.invoke",
    "others.mistral_conversations",
    "openai.realtime",
    "openai.endpoints.count_tokens",
    "openai.responses",
    "llama_stack.tools",
    "llama_stack.files",
    "others.xai_chat",
    "others.dashscope",
    "others.dashscope_embeddings",
    "others.dashscope_rerank",
    "others.workers_ai",
    "others.workers_ai_embeddings",
    "others.workers_ai_tasks",
    "gemini.interactions",
    "gemini.count_tokens",
    "gemini.generate",
    "gemini.embeddings",
    "gemini.images",
    "gemini.live",
    "anthropic.count_tokens",
    "anthropic.complete",
    "anthropic.messages",
    "bedrock.converse",
    "bedrock.agent",
    "bedrock.guardrail",
    "cohere.generate",
    "cohere.chat",
    "cohere.chat_v1",
    "cohere.embed",
    "cohere.tokenize",
    "ollama.chat",
    "ollama.generate",
    "ollama.embed",
    "ollama.models",
    "cohere.rerank",
    "openai.endpoints.embeddings",
    "gemini.models",
    "bedrock.models",
    "openai.endpoints.models",
    "openai.completions",
    "others.mcp",
    "others.a2a",
    "openai.endpoints.images",
    "openai.endpoints.audio",
    "openai.endpoints.moderations",
    "openai.assistants",
    "others.replicate",
    "others.text_generation",
    "others.deepgram",
    "others.stored_objects",
    "bedrock.converse_by_request",
    "anthropic.messages_by_request",
    "gemini.generate_by_request",
    "openai.responses_by_request",
    "openai.chat_by_request",
)
"""Modules of `inspector.decode.protocols`, asked in this order and imported when their turn comes; the first that
recognises an exchange reads it. The most common stand first, because their shape is unmistakable; of the others, narrow
ones stand before wide ones."""


@cache
def _module(name: str) -> WireProtocol:
    return cast(WireProtocol, import_module(f"inspector.decode.protocols.{name}"))


def modules() -> Iterator[WireProtocol]:
    """The protocols, in the order in which they are asked."""
    return map(_module, PROTOCOLS)
