"""A text changed where its secrets stand, and nowhere else: of JSON only the characters of the leaves that differ."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from inspector.model import Json, jsonio
from inspector.model.common_head import common_head
from inspector.model.expressions import expression

_TOKEN = expression(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s\[\]{}:,"]++', re.DOTALL)
_CHARACTER = expression(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|.", re.DOTALL)


class Edit(NamedTuple):
    """What takes the place of the characters from `start` to `end` of a text."""

    start: int
    end: int
    new: str


def applied(text: str, changed: list[Edit]) -> str:
    """The text with edits made."""
    if not changed:
        return text
    pieces: list[str] = []
    at = 0
    for start, end, new in changed:
        pieces += text[at:start], new
        at = end
    return "".join([*pieces, text[at:]])


def changes(text: str, old: Json, new: Json) -> list[Edit]:
    """What has to be changed in a JSON text that says `old` for it to say `new`, which differs in its leaves."""
    if old == new:
        return []
    leaves: list[tuple[Json, Json]] = []
    tokens = list(_TOKEN.finditer(text)) if _pair_up(old, new, leaves) else []
    if not tokens or len(tokens) != len(leaves):  # a key that stands twice, what is only nearly JSON, or another form
        return [Edit(0, len(text), jsonio.dumps(new))]
    return [_change(token, *leaf) for token, leaf in zip(tokens, leaves, strict=True) if leaf[0] != leaf[1]]


def _pair_up(old: Json, new: Json, leaves: list[tuple[Json, Json]]) -> bool:
    """The keys and leaves of two values, in the order in which they are written; whether both have the same form."""
    if isinstance(old, dict):
        if not isinstance(new, dict) or len(old) != len(new):
            return False
        for (key, item), (new_key, new_item) in zip(old.items(), new.items(), strict=True):
            leaves.append((key, new_key))
            if not _pair_up(item, new_item, leaves):
                return False
        return True
    if isinstance(old, list):
        return isinstance(new, list) and len(old) == len(new) and all(map(partial(_pair_up, leaves=leaves), old, new))
    leaves.append((old, new))
    return not isinstance(new, (dict, list))


def _change(token: re.Match[str], old: Json, new: Json) -> Edit:
    """The change of one leaf; of a text only the characters that differ."""
    written = token.group()
    if not (isinstance(old, str) and isinstance(new, str) and written[0] == '"'):
        return Edit(token.start(), token.end(), jsonio.dumps(new))
    start, end = differing(old, new)
    middle = new[start : len(new) - (len(old) - end)]
    if "\\" not in written and len(written) == len(old) + 2:  # each character stands for itself
        first = token.start() + 1
        return Edit(first + start, first + end, jsonio.dumps(middle)[1:-1])
    places = [*(hit.start() for hit in _CHARACTER.finditer(written, 1, len(written) - 1)), len(written) - 1]
    if len(places) != len(old) + 1:
        return Edit(token.start(), token.end(), jsonio.dumps(new))
    return Edit(token.start() + places[start], token.start() + places[end], jsonio.dumps(middle)[1:-1])


def differing(old: str, new: str) -> tuple[int, int]:
    """From where to where a text differs from another, in its own characters."""
    start = common_head(old, new)
    most = min(len(old), len(new)) - start
    return start, len(old) - (common_head(old[len(old) - most :][::-1], new[len(new) - most :][::-1]) if most else 0)
