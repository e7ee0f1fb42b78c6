"""In long texts only assignments to names that may tell are looked at: those that all would be looked at for."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from inspector.redaction import assignments

_TOLD = (
    "token: abcdef12345678901234 ", 'api_key = "sk-abc" ', "--password hunter22a9 ", "$TOKEN=x ",
    "x-api-key: 8f3a9d0c1b2e ",
    '"passwd": "Zx81-abc!" ', "pat=>", "Key:", "-token x ", "..key=1 ", "monkey: see ", "the author: a keeper ", "\n",
    "fog bells and lamps ", "AWS_SECRET_ACCESS_KEY=abc/def+ghi ", 'keeper = "Thorvald" ', "k" * 150 + "ey=1 ",
)  # fmt: skip


def _every(text: str) -> Iterator[assignments.Span]:
    """The same by looking at each part of a text that is too short to be looked through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignments, "_SHORT", len(text) + 1)
        yield from assignments.assigned(text)


@pytest.mark.parametrize("seed", range(40))
def test_all_are_found(seed: int) -> None:
    text = "".join(random.Random(seed).choices(_TOLD, k=120))
    assert [*assignments.assigned(text)] == [*_every(text)]
    assert [*assignments.assigned(text)]
