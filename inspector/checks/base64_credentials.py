"""Credentials inside base64 that stands in a text: a configuration that a tool read, a secret of Kubernetes."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from inspector.checks.credential_rules import Credential, credential, of_shape
from inspector.model.expressions import expression
from inspector.redaction.found_in_json import edits
from inspector.redaction.long_words import alphabet, long_words
from inspector.redaction.patterns import long_words_of
from inspector.redaction.placeholder import remembered

_SHORTEST = 24
"""Characters of base64 that a credential takes."""

_MOST = 256 * 1024
"""Characters of one piece of base64 that are looked into, from its beginning: what is longer is a file."""

_PIECES = 200
"""Pieces of one text that are looked into."""

_BASE64 = alphabet("+/_-")
_PIECE = expression(rf"[A-Za-z0-9+/_-]{{{_SHORTEST},}}+={{0,2}}")
_TEXT = expression(r"[\x09\x0a\x0d\x20-\x7e]+")


def may_be_encoded(text: str) -> bool:
    """Whether a text has a word that may be base64 of something: long, in both cases, with digits. Quick."""
    long = long_words(long_words_of(text), _BASE64, _SHORTEST)
    return any(not word.islower() and not word.isupper() and not word.isalpha() for word in long)


def encoded_credential(text: str) -> Credential | None:
    """The first credential that base64 in a text holds."""
    for inner in _decoded(text):
        if (found := of_shape(inner)) is not None:
            return found
        gathered: list[str] = []
        edits(inner, remembered(gathered))
        for value in gathered:
            if (told := credential(value)) is not None:
                return told
    return None


def _decoded(text: str) -> Iterator[str]:
    """What pieces of base64 say, where it is text."""
    for number, piece in enumerate(_PIECE.finditer(text)):
        if number == _PIECES:
            return
        found = piece.group().rstrip("=").replace("-", "+").replace("_", "/")[:_MOST]
        found = found[: len(found) - (len(found) % 4 == 1)]
        try:
            plain = base64.b64decode(found + "=" * (-len(found) % 4)).decode("ascii")
        except ValueError:
            continue
        if _TEXT.fullmatch(plain):
            yield plain
