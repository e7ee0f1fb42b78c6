"""Base64 of messages: its size without decoding it, and what kind of medium it is."""

from __future__ import annotations

import base64

import pytest

from inspector.model import Blob
from inspector.model.media import blob, decoded, modality, size


def test_the_size_is_that_of_the_bytes() -> None:
    for length in range(9):
        data = base64.b64encode(bytes(length)).decode()
        assert size(data) == size(data.rstrip("=")) == length


@pytest.mark.parametrize("data", ["=", "==", "===="])
def test_the_size_of_padding_is_never_below_nothing(data: str) -> None:
    assert size(data) >= 0


@pytest.mark.parametrize(
    ("mime_type", "expected"),
    [
        ("image/png", "image"),
        ("Audio/L16;rate=16000", "audio"),
        ("video/mp4", "video"),
        ("application/pdf", "file"),
        ("imagery/png", "file"),
        ("", "file"),
        (None, "file"),
    ],
)
def test_the_type_tells_the_medium(mime_type: str | None, expected: str) -> None:
    assert modality(mime_type) == expected


def test_a_known_kind_comes_before_the_type() -> None:
    assert blob("AAAA", "application/ogg", "audio") == Blob("application/ogg", "audio", "AAAA", 3)
    assert blob("AAAA", "application/ogg") == Blob("application/ogg", "file", "AAAA", 3)


def test_no_more_is_decoded_than_the_limit() -> None:
    assert decoded("AAAA", 3) == bytes(3)
    assert decoded("AAAA" * 3, 3) is None
    assert decoded("not base64", 100) is None
