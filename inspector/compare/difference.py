"""One thing that two exchanges differ in, what it amounts to, and where a page shows it."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Literal, NamedTuple

Side = Literal["answer", "request", "noise"]


class Difference(NamedTuple):
    """One difference.

    ``side``    whether something else was answered, something else was asked, or neither
    ``part``    what differs: ``reply``, ``reasoning``, ``citation``, ``call``, ``result``, ``finish``, ``error``,
                ``status``, ``message``, ``setting``, ``tool``, ``model``, ``provider``, ``stream``, ``tokens``,
                ``ids``, ``times``, ``headers``, ``order`` (of keys), ``logprobs``, ``other``
    ``place``   the anchor of it on the page that compares: that of `after`, or ``was-`` and that of `before` for what
                is gone
    ``key``     what names it, such as ``temperature``, ``get_weather.parameters.properties.city.type``, or the key of
                an argument; of a message its role
    ``before``, ``after``  JSON values or texts, `ABSENT` where there is none
    ``name``    the tool of a call, or of a result
    """

    side: Side
    part: str
    place: str
    key: str
    before: object
    after: object
    name: str = ""


_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def anchor(place: str, key: str) -> str:
    """The anchor of a difference on the page that compares: its place, and in there the key that names it."""
    if not key:
        return place
    named = key if _PLAIN_KEY.fullmatch(key) else blake2b(key.encode("utf-8", "replace"), digest_size=5).hexdigest()
    return f"{place}.{named}"


_NO_KEYS = frozenset(
    {"system", "user", "assistant", "tool", "role", "refusal", "blob", "uri", "file", "unknown", "is_error"}
)
"""What names a message or a part and is no key within it."""


def anchor_of(difference: Difference) -> str:
    """Where the page that compares shows a difference."""
    _, part, place, key, *_ = difference
    if part == "reply" and not place:  # numbers of an answer, which stand in no tree of keys
        return ""
    has_none = part in ("ids", "order", "error", "logprobs", "citation") or (part == "tool" and key == "order")
    if place == "around" or has_none or (part in ("message", "reply", "result") and key in _NO_KEYS):
        return place
    return anchor(place, key)
