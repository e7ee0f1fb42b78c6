"""Multipart forms, whose fields are named: https://www.rfc-editor.org/rfc/rfc7578"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import NamedTuple

from inspector.decode.framing import multipart
from inspector.model.expressions import expression

_NAME = expression(r';[ \t]*name\*?="?([^"\r\n;]*)', re.IGNORECASE)
_HEAD_ENDS = expression(r"\r?\n\r?\n")
_LONGEST_HEAD = 8192


class Field(NamedTuple):
    """A field of a form, and where its content stands in the text."""

    name: str
    start: int
    end: int


def is_form(text: str) -> bool:
    """Whether a text is a multipart form."""
    return text.startswith("--") and multipart.looks_like(text)


def unpacked(text: str) -> str | None:
    """The form that a text is as base64: some recorders keep them so. Two hyphens are ``LS``."""
    if not text.startswith("LS"):
        return None
    try:
        form = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return as_text(form) if multipart.looks_like(form) else None


def packed(text: str) -> str:
    return base64.b64encode(as_bytes(text)).decode()


def as_text(form: bytes) -> str:
    """The bytes of a form as text that can be made bytes again."""
    return form.decode("utf-8", "surrogateescape")


def as_bytes(form: str) -> bytes:
    return form.encode("utf-8", "surrogateescape")


def fields(text: str) -> Iterator[Field]:
    """The fields of a form, in order. A file has no name here: what it is called says nothing of its bytes; and where
    those are no text it is left out."""
    boundary = text.partition("\n")[0].rstrip("\r ")
    starts = [match.end() for match in re.finditer(rf"(?:\A|\n){re.escape(boundary)}", text)]
    for start, after in zip(starts, [*starts[1:], len(text) + len(boundary)], strict=True):
        end = after - len(boundary)
        end -= 2 if text.endswith("\r\n", start, end) else text.endswith("\n", start, end)
        head = _HEAD_ENDS.search(text, start, min(start + _LONGEST_HEAD, end))
        if head is None or "\0" in text[head.end() : head.end() + _LONGEST_HEAD]:
            continue
        about = text[start : head.start()]
        name = _NAME.search(about)
        yield Field(name[1] if name and "filename" not in about.lower() else "", head.end(), end)
