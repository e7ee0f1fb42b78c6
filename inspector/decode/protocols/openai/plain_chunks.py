"""Chunks that add a piece of text or reasoning to the first choice and repeat the rest, as nearly all of a stream do.

`inspector.decode.protocols.openai.chat` reads them too, and any other chunk; here it is seen at a glance that a chunk
holds nothing else, so that nobody has to look through it again.
"""

from __future__ import annotations

from functools import lru_cache

from inspector.model import Json
from inspector.model.delta import Delta, ReasoningDelta, RoleDelta, TextDelta

KINDS = frozenset({TextDelta, ReasoningDelta})
"""What such a chunk adds, perhaps after a role. Of any other chunk more is made after that: who answers, at least."""

_CHUNK = frozenset(
    {"choices", "usage", "id", "object", "created", "created_at", "model", "model_id", "model_version", "provider"}
    | {"system_fingerprint", "service_tier", "obfuscation"}
)
_CHOICE = frozenset({"delta", "finish_reason", "index", "logprobs", "content_filter_results", "stop_reason"})
"""Keys that are read, or neutral in this protocol. What stands under others has to be empty."""

_TEXT = ["content"]
_THOUGHTS = (["reasoning_content"], ["reasoning"])


def only_deltas(chunk: Json) -> tuple[Delta, ...]:
    """The delta of a chunk that says nothing else, after the role that some servers repeat; nothing for any other
    chunk."""
    try:
        (choice,) = chunk["choices"]
        delta = choice["delta"]
        told = [key for key, value in delta.items() if value and key != "role"]
        text = delta[told[0]] if len(told) == 1 else None
        if text.__class__ is not str or _says_more(choice, _CHOICE) or _says_more(chunk, _CHUNK):
            return ()
        if chunk.get("usage") or choice.get("index") or choice.get("finish_reason") or choice.get("logprobs"):
            return ()
        role = delta.get("role")
    except (AttributeError, KeyError, TypeError, ValueError):  # another dialect, or no chunk at all
        return ()
    only = _text(text) if told == _TEXT else (ReasoningDelta(text, 0, "reasoning"),) if told in _THOUGHTS else ()
    if not role or not only:
        return only
    return (RoleDelta(role, 0), *only) if role.__class__ is str else ()


def _says_more(value: dict[str, Json], known: frozenset[str]) -> bool:
    return not known.issuperset(value) and any(map(value.get, value.keys() - known))


@lru_cache(4096)
def _text(text: str) -> tuple[Delta, ...]:
    """A few thousand tokens make up most texts."""
    return (TextDelta(text, 0, "content"),)
