"""Counts of tokens that no column of the usage shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from typing import Any

from inspector.decode.conservation.shown import Path
from inspector.decode.protocols.protocol import WireProtocol
from inspector.model import Json, ModelCall, Step
from inspector.model.delta import UsageDelta
from inspector.model.expressions import expression

_FEW = 4
_DEEPEST = 4
_KNOWN: dict[tuple[str, tuple[tuple[str, ...], ...]], list[Path]] = {}
_MOST_KNOWN = 1000
"""Sets of counts of which is remembered what has no column."""

_USAGE = expression(r"^(?:prompt|completion|input|output|total)_?[tT]oken(?:s|Count|_count)$")


def without_column(protocol: WireProtocol, call: ModelCall, kinds: Set[type]) -> list[Path]:
    """Counts that change nothing in the usage, and are not declared. `kinds` are those of the call's deltas."""
    quiet: Collection[str] = getattr(protocol, "NEUTRAL_COUNTS", ())
    counts: dict[str, Any] = {}
    for _, deltas in call.steps if UsageDelta in kinds else ():
        for delta in deltas:
            if type(delta) is UsageDelta:
                counts.update(delta.counts)
    if not counts:
        if call.summary is not None:  # what counts is the answer
            return []
        return [*dict.fromkeys(path for event, _ in _ends(call) for path in _uncounted(event.data, "", _DEEPEST))]
    places = tuple(_numbers(counts, ()))
    known = _KNOWN.get((protocol.NAME, places))  # exchanges of one server have the same counts
    if known is None:
        known = [
            ".".join(keys) for keys in places if not {*keys} & {*quiet} and not _is_counted(protocol, counts, keys)
        ]
        if len(_KNOWN) < _MOST_KNOWN:
            _KNOWN[(protocol.NAME, places)] = known
    return known


def _ends(call: ModelCall) -> Sequence[Step]:
    """Where counts stand: in the first event and in the last ones."""
    return call.steps if len(call.steps) < _FEW else (call.steps[0], *call.steps[1 - _FEW :])


def _uncounted(value: Json, path: Path, depth: int) -> Iterator[Path]:
    """The places of counts that nobody read."""
    if isinstance(value, list):
        for item in value[:_FEW]:
            yield from _uncounted(item, path, depth)
    elif isinstance(value, dict):
        for key, item in value.items():
            if type(item) is int and item and "oken" in key and _USAGE.search(key):
                yield f"{path}{key}"
            elif depth and isinstance(item, (dict, list)):
                yield from _uncounted(item, f"{path}{key}.", depth - 1)


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
