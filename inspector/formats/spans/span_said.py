"""What a span says of a model: the same for all conventions, in the messages of OpenTelemetry's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from inspector.formats.spans.attribute_values import Attributes, below, first, quietly_parsed
from inspector.model import Json


@dataclass(slots=True)
class Said:
    """The two halves of a call. A list is None where the span says nothing of it."""

    system: list[Any] | None = None
    messages: list[Any] | None = None
    output: list[Any] | None = None
    tools: list[Any] | None = None
    settings: dict[str, Json] = field(default_factory=dict)
    model: Json = None
    """The model that was asked, where only the parameters name it."""

    def fill(self, other: Said) -> None:
        """Take from another convention what is not known yet."""
        if self.messages is None and self.system is None:
            self.messages, self.system = other.messages, other.system
        if self.output is None:
            self.output = other.output
        self.tools = other.tools if self.tools is None else self.tools
        self.settings = {**other.settings, **self.settings}
        self.model = other.model if self.model is None else self.model


MODELS = ("gen_ai.request.model", "llm.request.model", "ai.model.id", "embedding.model_name", "llm.model_name")
ANSWERED_BY = ("gen_ai.response.model", "ai.response.model", "llm.response.model", "llm.model_name")
IDS = ("gen_ai.response.id", "ai.response.id", "llm.response.id")
REASONS = (
    "gen_ai.response.finish_reasons", "gen_ai.response.finish_reason", "ai.response.finishReason", "llm.finish_reason",
    "llm.response.finish_reason", "llm.response.stop_reason",
)  # fmt: skip

_COUNTS = {
    "input_tokens": (
        "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens", "llm.token_count.prompt",
        "ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens",
    ),
    "output_tokens": (
        "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens",
        "llm.token_count.completion", "ai.usage.outputTokens", "ai.usage.completionTokens",
    ),
    "total_tokens": (
        "gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens",
    ),
    "cache_read_input_tokens": (
        "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.details.cache_read_tokens", "gen_ai.usage.details.cache_read_input_tokens",
        "gen_ai.usage.details.cached_tokens", "llm.token_count.prompt_details.cache_read",
        "llm.usage.cache_read_input_tokens", "ai.usage.cachedInputTokens",
        "ai.usage.inputTokenDetails.cacheReadTokens",
    ),
    "cache_creation_input_tokens": (
        "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
        "gen_ai.usage.details.cache_write_tokens", "gen_ai.usage.details.cache_creation_input_tokens",
        "llm.token_count.prompt_details.cache_write", "llm.usage.cache_creation_input_tokens",
        "ai.usage.inputTokenDetails.cacheWriteTokens",
    ),
    "reasoning_tokens": (
        "gen_ai.usage.reasoning_tokens", "gen_ai.usage.reasoning.output_tokens",
        "gen_ai.usage.details.reasoning_tokens", "llm.token_count.completion_details.reasoning",
        "llm.usage.reasoning_tokens", "ai.usage.reasoningTokens",
        "ai.usage.outputTokenDetails.reasoningTokens",
    ),
}  # fmt: skip
"""Counts of tokens, by the names that the conventions have for them."""

_SETTINGS = ("gen_ai.request.", "gen_ai.openai.request.", "openai.request.", "ai.settings.")
_STREAMED = ("gen_ai.request.stream", "gen_ai.is_streaming", "llm.is_streaming", "llm.request.is_streaming")
_STOPS = ("llm.chat.stop_sequences", "llm.top_k", "gen_ai.output.type", "ai.prompt.toolChoice")
_NO_SETTINGS = frozenset({"model", "stream"})


def usage(attributes: Attributes) -> dict[str, Json]:
    """Tokens by kind, as far as they were counted."""
    counts = {kind: first(attributes, *names) for kind, names in _COUNTS.items()}
    return {kind: count for kind, count in counts.items() if count is not None}


def settings(attributes: Attributes) -> dict[str, Json]:
    """What the request asks beside the conversation."""
    found: dict[str, Json] = {}
    for prefix in _SETTINGS:
        found |= {key: value for key, value in below(attributes, prefix).items() if key not in _NO_SETTINGS}
    found |= {key.rpartition(".")[2]: quietly_parsed(attributes[key]) for key in _STOPS if key in attributes}
    streamed = first(attributes, *_STREAMED)
    return {**found, "stream": streamed} if isinstance(streamed, bool) else found
