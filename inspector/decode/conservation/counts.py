"""Counts of tokens that no column of the usage shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from inspector.decode.conservation.shown import Path
from inspector.decode.protocols.protocol import WireProtocol
from inspector.model import ModelCall
from inspector.model.delta import UsageDelta


def without_column(protocol: WireProtocol, call: ModelCall) -> list[Path]:
    """Counts that change nothing in the usage, and are not declared."""
    quiet: Collection[str] = getattr(protocol, "NEUTRAL_COUNTS", ())
    counts: dict[str, Any] = {}
    for _, deltas in call.steps:
        for delta in deltas:
            if type(delta) is UsageDelta:
                counts.update(delta.counts)
    return [
        ".".join(keys)
        for keys in _numbers(counts, ())
        if not {*keys} & {*quiet} and not _is_counted(protocol, counts, keys)
    ]


def _numbers(counts: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, value in counts.items():
        if type(value) is int and value:
            yield (*keys, key)
        elif type(value) is dict:
            yield from _numbers(value, (*keys, key))


def _is_counted(protocol: WireProtocol, counts: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    """Whether the usage that a protocol makes of counts depends on one of them."""
    try:
        return protocol.usage(counts) != protocol.usage(_with_one_more(counts, keys))
    except Exception:  # that the counts cannot be read is said elsewhere
        return True


def _with_one_more(counts: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    key, *rest = keys
    return {**counts, key: _with_one_more(counts[key], tuple(rest)) if rest else counts[key] + 1}
