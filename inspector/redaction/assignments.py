"""Secrets by the names that they are assigned to: in code, configuration, headers, commands and JSON of which a text
holds only some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from inspector.model.expressions import expression
from inspector.redaction.secret_names import is_secret, strength
from inspector.redaction.secret_values import is_opaque, is_single, is_type

Span = tuple[int, int]
"""Where a secret begins and ends in a text, in characters."""

_NAME = r"[A-Za-z_$][\w.-]{1,127}+"
_SCHEME = expression(r"(?:bearer|basic|token|digest|apikey)[ \t]++(?=\S)", re.IGNORECASE)
_ASSIGNED = expression(rf"(?<![\w.$-])(--?)?({_NAME})(\\*+[\"'])?(\s*+)(:=|=>|[:=]|(?(1)(?<=[ \t])|(?!)))(\s*+)")
"""A name and what leads to its value: a sign, or after an option of a command a space."""
_OPENED = expression(r"""(\\*+)(["'`])""")
_OBJECT = expression(r"""\{\s*+\\*+["']value\\*+["']\s*+:\s*+""", re.IGNORECASE)
_BARE = expression(r"""[^\s"'`\\,;&<>‹]{1,120}+""")
_MORE = expression(r"""(?:[^\s"'`\\,;&<>‹]|&(?![&\s]|\w{1,8};|[\w.-]{1,60}=|\Z))*+""")
"""The rest of a value without quotes: what it begins with decides whether it is one, for names may stand in values. An
`&` is a part of it where no other assignment, command or entity follows."""

_VARIABLE = expression(r"[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|PASSPHRASE)")


class _Value(NamedTuple):
    """A value after a name: where it stands, the quote that it stands in, whether a scheme (``Bearer``) led it."""

    start: int
    end: int
    quote: str
    has_scheme: bool


def assigned(text: str) -> Iterator[Span]:
    """``"password": "…"``, ``api_key = "…"``, ``export OPENAI_API_KEY=…``, ``x-api-key: …``, ``--token …``."""
    end = 0
    for hit in _assignments(text):
        if hit.start() < end:
            continue
        if weight := _weight(hit[2]):
            value = _value(text, hit.end())
            if _is_assigned(hit, weight, value, text[value.start : value.end]):
                end = value.end if value.quote else _end_of_bare(text, value.end)
                yield value.start, end


_WORDS = ("auth", "token", "secret", "pass", "pwd", "key", "cookie", "credential", "assertion", "jwt", "pat")
"""One of these is in every name that `_weight` knows."""

_SHORT = 500
"""Characters of a text in which looking for these saves nothing."""

_LONGEST = 140
"""Characters of a name, with what may lead it."""


def _assignments(text: str) -> Iterator[re.Match[str]]:
    """The assignments of a text, in order; of a long one those to names that may tell, which are few in prose."""
    lowered = text.lower()
    if len(text) < _SHORT or len(lowered) != len(text):
        return _ASSIGNED.finditer(text)
    starts = {_beginning(text, at) for word in _WORDS for at in _places(lowered, word)}
    return filter(None, map(partial(_ASSIGNED.match, text), sorted(starts)))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _beginning(text: str, at: int) -> int:
    """Where the name begins that a place of a text is in; how far back is looked has a bound, as names have."""
    least = max(at - _LONGEST, 0)
    while at > least and (text[at - 1].isalnum() or text[at - 1] in "_.$-"):
        at -= 1
    return at


@lru_cache(4096)
def _weight(name: str) -> str:
    """Code assigns to the same few names again and again."""
    return strength(name) or ("weak" if _VARIABLE.fullmatch(name) else "")


def _value(text: str, start: int) -> _Value:
    if inner := _OBJECT.match(text, start):
        start = inner.end()
    opened = _OPENED.match(text, start)
    if opened:
        start = opened.end()
        end = _closing(text, start, len(opened[1]), opened[2])
    scheme = _SCHEME.match(text, start)
    start = scheme.end() if scheme else start
    if not opened:
        bare = _BARE.match(text, start)
        end = bare.end() if bare else start
        while end > start and text[end - 1] in ")]}":
            end -= 1
    return _Value(start, max(start, end), opened[2] if opened else "", scheme is not None)


def _end_of_bare(text: str, at: int) -> int:
    end = _MORE.match(text, at).end()  # type: ignore[union-attr]
    while end > at and text[end - 1] in ")]}":
        end -= 1
    return end


def _is_assigned(name: re.Match[str], weight: str, value: _Value, said: str) -> bool:
    """Whether what is assigned to a name is a secret. Without quotes it may be an expression, or prose."""
    is_key = name[3] is not None
    if not said or (said.startswith(("$", "{", "<", "%")) and not is_key):
        return False
    if weight == "weak":
        return is_opaque(said) and (bool(value.quote) or (name[5] != ":" and is_single(said)))
    if value.quote:
        return is_key or not is_type(said)
    if is_key:
        return said.isdecimal() and len(said) > 3
    if "\n" in name[4] + name[6] or not is_single(said):
        return False
    is_long_header = name[2].lower().endswith("api-key") and len(said) > 5
    return value.has_scheme or (name[5] == ":" and is_long_header) or (len(said) > 3 and any(map(str.isdigit, said)))


def _closing(text: str, start: int, escapes: int, quote: str) -> int:
    """Where a quoted value ends: at its own kind of quote, escaped as often as the one that began it. One that has no
    end goes on to the end of the line."""
    at = text.find(quote, start)
    while at >= 0:
        first = at
        while first > start and text[first - 1] == "\\":
            first -= 1
        more = at - first - escapes
        if more <= 0 or more % (2 * escapes + 2) == 0:  # what is escaped once more has twice as many, and one
            return first if more <= 0 else at - escapes
        at = text.find(quote, at + 1)
    line = text.find("\n", start)
    return line if line >= 0 else len(text)


_LINE = expression(r"^[ \t>*+-]*+([A-Za-z][\w.-]*+)[ \t]*+:[ \t]*+(?:[&!]\S++[ \t]++)?([^\n]*+)", re.MULTILINE)
_LINE_WORDS = frozenset(
    {"authorization", "apikey", "cookie", "credential", "credentials", "password", "secret", "signature", "token"}
)
_COMMENT = expression(r"\s#")
_PAIRS = expression(r"[^\s=;]+=")


def in_lines(text: str) -> Iterator[Span]:
    """A line that is a header, or an entry of a configuration file: ``X-Auth-Token: …``."""
    for hit in _LINE.finditer(text):
        if not _is_line_name(hit[1]):
            continue
        start, end = hit.span(2)
        comment = _COMMENT.search(text, start, end)
        end = comment.start() if comment else end
        scheme = _SCHEME.match(text, start, end)
        start = scheme.end() if scheme else start
        value = text[start:end].rstrip()
        if len(value) > 2 and value[0] == value[-1] and value[0] in "\"'":
            start, value = start + 1, value[1:-1]
        if value[:1] not in ("", "#", '"', "'") and not is_type(value) and (_PAIRS.match(value) or is_single(value)):
            yield start, start + len(value)


def _is_line_name(name: str) -> bool:
    if strength(name) == "strong":
        return True
    words = name.lower().replace("_", "-").split("-")
    return is_secret(name) and not _LINE_WORDS.isdisjoint(words)


# The same in YAML that could not be read, where the value is the item below.
_BELOW = expression(r"^[ \t-]*+([A-Za-z][\w.-]*+):[ \t]*+\r?\n[ \t]*+-[ \t]++([^\s#\n][^\n]*+)", re.MULTILINE)


def below(text: str) -> Iterator[Span]:
    for hit in _BELOW.finditer(text):
        if _is_line_name(hit[1]):
            start, end = hit.span(2)
            scheme = _SCHEME.match(text, start, end)
            yield scheme.end() if scheme else start, start + len(text[start:end].rstrip())


# ---------------------------------------------------------------- names and values that stand apart

_NAMED = expression(
    r"""(?<!\\)(\\*+["'])(?:name|key|header)\1\s*+:\s*+\1([\w.-]{1,100}+)\1\s*+,\s*+\1value\1\s*+:\s*+(?=\1)""",
    re.IGNORECASE,
)
_VALUED = expression(
    r"""(?<!\\)(\\*+["'])value\1\s*+:\s*+\1([^"'\\]++)\1\s*+,\s*+\1(?:name|key|header)\1\s*+:\s*+\1([\w.-]{1,100}+)\1"""
)


def pairs(text: str) -> Iterator[Span]:
    """``{"name": "Authorization", "value": "…"}`` in what is not JSON as a whole."""
    for hit in _NAMED.finditer(text):
        if strength(hit[2]) == "strong" or is_secret(hit[2]):
            start = hit.end() + len(hit[1])
            end = _closing(text, start, len(hit[1]) - 1, hit[1][-1])
            if strength(hit[2]) == "strong" or is_opaque(text[start:end]):
                yield start, end
    for hit in _VALUED.finditer(text):
        if strength(hit[3]) == "strong" or (is_secret(hit[3]) and is_opaque(hit[2])):
            yield hit.span(2)
