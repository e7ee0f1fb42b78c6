"""What a recording says and no format reads: said once for each half, with its place.

A format declares the keys of an envelope that it knows and those that say nothing to a reader; whatever else holds what
looks like an answer is a problem. Where no answer was found, whatever else holds a text is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from inspector.formats.reading import encoded
from inspector.formats.reading.llm_shapes import first, is_answer, is_request
from inspector.model import Json, Problem
from inspector.model.jsonio import parse_or_none

_ENOUGH = 12
"""Characters of a text that may be an answer."""

_LONGEST = 65536
"""Characters of a text that is looked into."""

_FEW = 50
"""Items of a list that are."""

_DEEPEST = 3
_STREAM = ("data:", "event:")

_CODES = ("close_code", "closeCode", "code")
_REASONS = ("close_reason", "closeReason", "reason")
_NORMAL = frozenset({1000, 1001, 1005})
"""Done, going away, and no code given."""


def unread(raw: dict[Any, Any], known: Collection[str], where: str, *, is_answered: bool) -> list[Problem]:
    """The problem of the keys beside the `known` ones that may hold what was said; none where there are none."""
    names = [str(key) for key, value in raw.items() if key not in known and _speaks(value, not is_answered, _DEEPEST)]
    return [Problem(where, f"keys not understood: {', '.join(names)}"[:300])] if names else []


def left_over(count: int, what: str, where: str) -> list[Problem]:
    """The problem of parts of a file that belong to nothing: `what` they are, such as ``line``, and how many."""
    return [Problem(where, f"{count:,} {what}{'' if count == 1 else 's'} not understood")] if count else []


def unread_lines(counts: Mapping[str, int]) -> list[Problem]:
    """The problems of lines of types that nobody knows, with how many there are of each."""
    return [Problem("lines", f"not understood: {count:,} of type {kind}") for kind, count in counts.items()]


def holds_an_answer(value: Json) -> bool:
    """Whether a value holds a model's answer or request."""
    return _speaks(value, False, _DEEPEST)


def _speaks(value: Json, at_all: bool, depth: int) -> bool:
    """Whether a value looks like what was said; `at_all`: any text of some length does."""
    if isinstance(value, (str, bytes)):
        return len(value) >= _ENOUGH if at_all else _is_said(value)
    if isinstance(value, dict):
        inner: Collection[Json] = value.values()
        if is_answer(value) or is_request(value):
            return True
    else:
        inner = value[:_FEW] if isinstance(value, list) else ()
        if at_all and len(inner) >= _ENOUGH:  # bytes, one a number
            return True
    return depth > 0 and any(_speaks(one, at_all, depth - 1) for one in inner)


def _is_said(text: str | bytes) -> bool:
    """Whether a text is a model's answer or request, or the events of one, encoded or not."""
    if isinstance(text, bytes):
        return encoded.is_binary(text) or text.lstrip().startswith((b"{", b"data:", b"event:"))
    start = text[:_LONGEST]
    if start.lstrip().startswith(_STREAM):
        return True
    value = parse_or_none(start) if start.lstrip()[:1] in ("{", "[") else None
    one = first(value) or value
    return is_answer(one) or is_request(one) or encoded.undone(start) is not None


def closed(told: Json, where: str = "websocket") -> list[Problem]:
    """The problem of a WebSocket that did not simply end; none where it did, or nobody says.

    https://www.rfc-editor.org/rfc/rfc6455#section-7.4
    """
    if not isinstance(told, dict):
        return []
    code, reason = (next((told[key] for key in keys if told.get(key)), None) for keys in (_CODES, _REASONS))
    code = code if type(code) is int and code not in _NORMAL else None
    if isinstance(reason, bytes):
        reason = reason.decode("utf-8", "replace")
    said = " ".join(str(one) for one in (code, reason) if one is not None)
    return [Problem(where, f"closed: {said}"[:300])] if said else []
