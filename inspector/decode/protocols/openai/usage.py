"""What OpenAI's protocols count, in their words and in those of the servers that speak them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.decode import lenient
from inspector.model import Json, Usage

_CACHE_READ, _CACHE_WRITTEN = "cache_read_input_tokens", "cache_creation_input_tokens"
_ASKED = ("prompt_tokens", "input_tokens", "promptTokens", "inputTokens", "promptTokenCount")
_ANSWERED = ("completion_tokens", "output_tokens", "completionTokens", "outputTokens", "candidatesTokenCount")
_TOTAL = ("total_tokens", "totalTokens", "totalTokenCount")
_OF_ASKED = ("prompt_tokens_details", "input_tokens_details")
_OF_ANSWERED = ("completion_tokens_details", "output_tokens_details")
_CACHED = ("prompt_cache_hit_tokens", "cached_tokens", _CACHE_READ, "input_tokens_cache_read")
_CACHED_NOW = (_CACHE_WRITTEN, "input_tokens_cache_write")
_LONGEST = 15
"""Digits of a count."""


def of_chat(counts: Mapping[str, Any]) -> Usage:
    """OpenAI's words, and others' for what it has no word for: mlx-vlm counts in those of Responses, gateways in
    camelCase. llama.cpp counts apart from the cache, if at all."""
    asked, answered = _details(counts, _OF_ASKED), _details(counts, _OF_ANSWERED)
    timings = lenient.obj(counts.get("timings"))
    prompt_n, cache_n = lenient.count(timings.get("prompt_n")), lenient.count(timings.get("cache_n"))
    return Usage(
        input_tokens=_first(*map(counts.get, _ASKED), None if prompt_n is None else prompt_n + (cache_n or 0)),
        output_tokens=_first(*map(counts.get, _ANSWERED), timings.get("predicted_n")),
        total_tokens=_first(*map(counts.get, _TOTAL)),
        cache_read_input_tokens=_first(asked.get("cached_tokens"), *map(counts.get, _CACHED), cache_n),
        cache_creation_input_tokens=_first(asked.get("cache_write_tokens"), *map(counts.get, _CACHED_NOW)),
        reasoning_tokens=_first(answered.get("reasoning_tokens"), counts.get("reasoning_tokens")),
    )


def of_responses(counts: Mapping[str, Any]) -> Usage:
    asked, answered = lenient.obj(counts.get("input_tokens_details")), lenient.obj(counts.get("output_tokens_details"))
    return Usage(
        input_tokens=lenient.count(counts.get("input_tokens")),
        output_tokens=lenient.count(counts.get("output_tokens")),
        total_tokens=lenient.count(counts.get("total_tokens")),
        cache_read_input_tokens=lenient.count(asked.get("cached_tokens")),
        cache_creation_input_tokens=lenient.count(asked.get("cache_write_tokens")),
        reasoning_tokens=lenient.count(answered.get("reasoning_tokens")),
    )


def _details(counts: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return next(filter(None, (lenient.obj(counts.get(key)) for key in keys)), {})


def _first(*values: Json) -> int | None:
    return next((found for found in map(_count, values) if found is not None), None)


def _count(value: Json) -> int | None:
    """A count, which some write as ``11.0`` or in quotes."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) <= _LONGEST:
        return int(value)
    return lenient.count(value)
