"""Looking for secrets takes time that grows with the text and no faster, whatever the text is made of."""

from __future__ import annotations

import time
from itertools import chain

import pytest

from inspector.redaction import mask
from inspector.redaction.found_in_text import _TELLING, _TELLING_IN
from inspector.redaction.patterns import SHAPES

SMALL, LARGE = 5_000, 40_000
"""Characters. What grows with the square takes 64 times as long, and minutes for a message of a megabyte."""

BOUND = 24
QUICK = 0.15
"""Seconds of CPU time in which a text may be looked through whatever its smaller brother took."""

_WORDS = (*_TELLING, *chain.from_iterable(forms for _, forms in _TELLING_IN), "token", "password", "x-api-key")
_BEGINNINGS = tuple(dict.fromkeys(shape.begins for shape in SHAPES))
_MARKS = ("\\", '"', "'", "`", " ", "\n", "\t", "{", "[", "<", "</", "://", "@", "a=", "a:", "&", "?", "#", "-", "_",
          ".",
          "eyJ.", "eyJ-", ".eyJ0123456789", "-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----",
          "-----BEGIN RSA ", "A: b\n", "[BasicAuth]\n", "[BasicAuth]\n#\n", "data: {", "data: ", '{"a":', "curl -u ",
          "-u a:b ", "‹masked›", "‹masked", "a:\n- ", "key-", "$", "password: ", "--token ", "Bearer ", "=>", ":=",
          "<parameter=", '{"value": "', '"name": "key", "value": ', "0", "a", "AKIA0", "é")  # fmt: skip
PIECES = (
    *_MARKS,
    *(f"{word}{end}" for word in _WORDS for end in ("", ": ", "=", '": "', "=\\", '\\": \\"', " ")),
    *(f"{begins}{end}" for begins in _BEGINNINGS for end in ("", "-", "a" * 30)),
)
LEADS = ("token: a=", 'password api-key "secret": "', "token: a=1 x ", '{"password": "', "data: token\n")


def taken(text: str) -> float:
    start = time.process_time()
    mask.text(text)
    return time.process_time() - start


def grows_too_fast(lead: str, piece: str, tail: str = "x x") -> bool:
    small, large = (lead + piece * (size // len(piece)) + tail for size in (SMALL, LARGE))
    return all(taken(large) > max(QUICK, BOUND * taken(small)) for _ in range(3))  # once may be the machine


@pytest.mark.long
@pytest.mark.parametrize("lead", [LEADS[0], *(pytest.param(lead, marks=pytest.mark.long) for lead in LEADS[1:])])
def test_looking_for_secrets_takes_no_square_of_time(lead: str) -> None:
    assert [piece for piece in PIECES if grows_too_fast(lead, piece)] == []
