"""Tagged netstrings (https://tnetstrings.info), with mitmproxy's ``;`` for text: ``<size>:<payload><type>``."""

from __future__ import annotations

from typing import Any

MAX_DEPTH = 64
MAX_ITEMS = 1_000_000
"""Items of one list or mapping."""

_DIGITS = 12
_NUMBER = 400


class NotTnetstring(ValueError):
    """The bytes are no tagged netstring, and why. `truncated` where they only stop too early."""

    def __init__(self, why: str, truncated: bool = False) -> None:
        super().__init__(why)
        self.truncated = truncated


def value(data: bytes, at: int, end: int | None = None, depth: int = 0) -> tuple[Any, int]:
    """The value that begins at a place, and where the next one does. Raises `NotTnetstring`."""
    limit = len(data) if end is None else end
    start, stop = _payload(data, at, limit, cut=end is None)
    tag = data[stop : stop + 1]
    if tag == b",":
        return data[start:stop], stop + 1
    if tag == b";":
        return data[start:stop].decode("utf-8", "replace"), stop + 1
    if tag in (b"]", b"}"):
        if depth == MAX_DEPTH:
            raise NotTnetstring(f"nested more than {MAX_DEPTH} levels deep")
        items = _items(data, start, stop, depth + 1)
        return (items if tag == b"]" else _mapping(items)), stop + 1
    return _scalar(tag, data[start : min(stop, start + _NUMBER)]), stop + 1


def _payload(data: bytes, at: int, limit: int, cut: bool) -> tuple[int, int]:
    """Where the payload of the value at a place begins and ends. Only at the top can a value be cut."""
    colon = data.find(b":", at, min(at + _DIGITS + 1, limit))
    digits = data[at : colon if colon >= 0 else min(at + _DIGITS + 1, limit)]
    if not digits.isdigit() or (colon < 0 and not (cut and len(data) - at <= _DIGITS)):
        raise NotTnetstring(f"no length at byte {at}")
    stop = colon + 1 + int(digits)
    if colon < 0 or stop >= limit:
        raise NotTnetstring(f"the value at byte {at} goes on behind its end", truncated=cut)
    return colon + 1, stop


def _items(data: bytes, at: int, end: int, depth: int) -> list[Any]:
    items: list[Any] = []
    while at < end:
        item, at = value(data, at, end, depth)
        items.append(item)
        if len(items) > MAX_ITEMS:
            raise NotTnetstring(f"more than {MAX_ITEMS:,} items")
    return items


def _mapping(items: list[Any]) -> dict[str, Any]:
    """Names and values in turn; the names were bytes once."""
    return {_name(name): item for name, item in zip(items[::2], items[1::2], strict=False)}


def _name(name: Any) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)


def _scalar(tag: bytes, payload: bytes) -> Any:
    try:
        if tag == b"#":
            return int(payload)
        if tag == b"^":
            return float(payload)
    except ValueError:
        raise NotTnetstring(f"not a number: {payload[:20]!r}") from None
    if tag == b"!":
        return payload == b"true"
    if tag == b"~":
        return None
    raise NotTnetstring(f"no type {tag!r}")
