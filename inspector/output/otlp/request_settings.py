"""The settings of a request under the names that OpenTelemetry's conventions have for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from inspector.model import Json, jsonio

_NUMBERS: dict[str, tuple[type[int] | type[float], tuple[str, ...]]] = {
    "temperature": (float, ("temperature",)),
    "top_p": (float, ("top_p", "topP", "p")),
    "top_k": (float, ("top_k", "topK", "k")),
    "max_tokens": (int, (
        "max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens", "num_predict",
        "max_tokens_to_sample", "max_new_tokens", "maxTokenCount", "max_gen_len",
    )),
    "frequency_penalty": (float, ("frequency_penalty", "frequencyPenalty")),
    "presence_penalty": (float, ("presence_penalty", "presencePenalty")),
    "seed": (int, ("seed",)),
    "choice.count": (int, ("n", "candidateCount", "num_generations")),
}  # fmt: skip
"""Settings that the conventions have names for, by the names that providers have for them."""

_NO_SETTING = 2**63

_STOPS = ("stop", "stop_sequences", "stopSequences")
_NESTED = ("generationConfig", "generation_config", "inferenceConfig", "options", "config", "parameters")
"""Objects of a request that settings may stand in."""


def settings_attributes(settings: Mapping[str, Json]) -> dict[str, Json]:
    """The settings of a request by the names of the conventions; and all of them as they were sent."""
    if not settings:
        return {}
    nested = [inner for name in _NESTED if isinstance(inner := settings.get(name), dict)]
    sent = {key: value for place in (*reversed(nested), settings) for key, value in place.items()}
    found: dict[str, Json] = {}
    for name, (kind, words) in _NUMBERS.items():
        value: Json = next((sent[word] for word in words if sent.get(word) is not None), None)
        if _is_number(value) and (kind is float or float(value).is_integer()):
            found[f"gen_ai.request.{name}"] = kind(value)
    stops = next((sent[word] for word in _STOPS if sent.get(word)), None)
    stops = [stops] if isinstance(stops, str) else stops
    if isinstance(stops, list) and all(isinstance(one, str) for one in stops):
        found["gen_ai.request.stop_sequences"] = stops
    return {**found, "inspector.request.settings": jsonio.dumps(dict(settings))}


def _is_number(value: Json) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _NO_SETTING
