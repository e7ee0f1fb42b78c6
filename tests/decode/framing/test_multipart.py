from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.framing import multipart

FORM = (
    b'--b1\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n'
    b'--b1\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    b"RIFF\x00\xff\r\n\r\nrest\r\n--b1--\r\n"
)
FILE = b"RIFF\x00\xff\r\n\r\nrest"


def file(data: bytes, name: str = "a.wav", kind: str | None = "audio/wav") -> dict[str, Any]:
    return {"filename": name, "mime_type": kind, "size": len(data), "data": base64.b64encode(data).decode()}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (FORM, {"model": "m", "file": file(FILE)}),
        (FORM.removesuffix(b"--b1--\r\n"), {"model": "m", "file": file(FILE + b"\r\n")}),
        (FORM.replace(b"--b1--\r\n", b"--b1--"), {"model": "m", "file": file(FILE)}),
        (base64.b64encode(FORM).decode(), {"model": "m", "file": file(FILE)}),
        (
            '--x\nContent-Disposition: form-data; name="a"\n\none\ntwo\n'
            "--x\ncontent-disposition: form-data; name=b\n\n\n--x--",
            {"a": "one\ntwo", "b": ""},
        ),
        (
            '--x\r\nContent-Disposition: form-data; name="a[]"\r\n\r\n1\r\n'
            '--x\r\nContent-Disposition: form-data; name="a[]"\r\n\r\n2\r\n'
            '--x\r\nContent-Disposition: form-data; name="a[]"\r\n\r\n3\r\n--x--',
            {"a[]": ["1", "2", "3"]},
        ),
        ('--x\r\nContent-Disposition: form-data; name="a"; filename=""\r\n\r\nv\r\n--x--', {"a": file(b"v", "", None)}),
        ('--x\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut of', {"a": "cut of"}),
        ('--x\r\nContent-Disposition: form-data; name="a"', {"a": ""}),
        ('--x\r\nContent-Disposition: form-data; name="f"; filename="ü"\r\n\r\n\ufffd\r\n--x--', {
            "f": file("\ufffd".encode(), "ü", None)
        }),
    ],
)  # fmt: skip
def test_fields(body: bytes | str, fields: dict[str, Any]) -> None:
    assert multipart.fields(body) == fields


@pytest.mark.parametrize(
    "body", ["", b"", "--", "a=1&b=2", "-- a comment\n-- another", "--x\r\nno header", "LS0=", '{"a": 1}']
)
def test_what_is_no_form(body: bytes | str) -> None:
    assert multipart.fields(body) is None


def test_many_boundaries_take_no_longer_than_their_bytes() -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"\r\n--x" * 100_000
    assert multipart.fields(body) == {"a": ""}


@given(st.integers(0, len(FORM)), st.binary(max_size=6))
def test_a_broken_form_never_raises(at: int, noise: bytes) -> None:
    multipart.fields(FORM[:at] + noise + FORM[at:])
    multipart.fields((FORM[:at] + noise).decode("utf-8", "replace"))
