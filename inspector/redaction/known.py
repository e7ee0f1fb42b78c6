"""Secrets that a name gives away in one place, and that other places of the exchange say without it: a key of a header
that an error repeats, a password of a tool's arguments in the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from inspector.model import ModelCall
from inspector.model.expressions import expression
from inspector.redaction.placeholder import PlaceholderFor
from inspector.redaction.secret_values import is_opaque, is_type, without_scheme

Span = tuple[int, int]

_LEAST = 10
"""Characters of a secret that is looked for: what is shorter may stand anywhere by chance."""

_MIXED = expression(r"(?=.*\d)(?=.*[A-Za-z])", re.DOTALL)


class Knowing:
    """What puts a placeholder in a secret's place, and knows some secrets: those go wherever they stand."""

    def __init__(self, found: PlaceholderFor, secrets: tuple[str, ...]) -> None:
        self._found = found
        self.secrets = secrets

    def __call__(self, secret: str) -> str:
        return self._found(secret)


def worth_knowing(secrets: Iterable[str], call: ModelCall) -> tuple[str, ...]:
    """Those of some secrets that nobody says by chance, in each way of writing; the longest first. The model of a call
    is none: limits are counted by it, under the name of a key (``X-Ratelimit-Key: gpt-5-nano-2025-08-07``)."""
    values = {without_scheme(one) for one in secrets} - {call.prompt.model, call.response_model}
    drawn = {one for one in values if len(one) >= _LEAST and is_opaque(one) and _MIXED.match(one) and not is_type(one)}
    return tuple(sorted({way for one in drawn for way in ways_of_writing(one) if way}, key=_longest))


def ways_of_writing(secret: str) -> tuple[str, ...]:
    """A secret as it is, and in addresses and forms."""
    return secret, unquote(secret), quote(secret, "")


def _longest(secret: str) -> tuple[int, str]:
    return -len(secret), secret


def is_said(text: str, secrets: Iterable[str]) -> bool:
    return any(map(text.__contains__, secrets))


def says_known(text: str, found: PlaceholderFor) -> bool:
    """Whether a text says a secret that is known."""
    return isinstance(found, Knowing) and is_said(text, found.secrets)


def known_spans(text: str, found: PlaceholderFor) -> Iterator[Span]:
    """Where a text says secrets that are known."""
    for secret in found.secrets if isinstance(found, Knowing) else ():
        at = text.find(secret)
        while at >= 0:
            yield at, at + len(secret)
            at = text.find(secret, at + len(secret))
