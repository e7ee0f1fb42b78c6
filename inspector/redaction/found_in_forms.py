"""Secrets in multipart forms, whose fields are named: https://www.rfc-editor.org/rfc/rfc7578"""

from __future__ import annotations

import base64
import re

from inspector.decode.framing import multipart
from inspector.redaction.found_in_json import Masker
from inspector.redaction.found_in_text import is_telling
from inspector.redaction.secret_names import is_secret

_NAME = re.compile(r';[ \t]*name\*?="?([^"\r\n;]*)', re.IGNORECASE)
_HEAD_ENDS = re.compile(r"\r?\n\r?\n")
_LONGEST_HEAD = 8192
_PACKED = ("LS0t", b"LS0t")
"""How the base64 of hyphens begins: some recorders keep forms so."""


def looks_like(content: str | bytes) -> bool:
    """Whether a body is a multipart form, perhaps as base64."""
    return content[:4] in _PACKED or multipart.looks_like(content)


def masked(content: str | bytes, masker: Masker) -> str | bytes:
    """The form with its secrets masked; the same content where it has none, or is no form after all."""
    if isinstance(content, bytes):
        text = content.decode("utf-8", "surrogateescape")
        new = _masked(text, masker)
        return content if new == text else new.encode("utf-8", "surrogateescape")
    return _masked(content, masker)


def _masked(content: str, masker: Masker) -> str:
    if content.startswith("LS0t"):
        return _packed(content, masker)
    boundary = content.partition("\n")[0].rstrip("\r ")
    parts = re.split(rf"(\r?\n{re.escape(boundary)})", "\n" + content)
    return "".join(part if at % 2 else _field(part, masker) for at, part in enumerate(parts))[1:]


def _packed(content: str, masker: Masker) -> str:
    try:
        form = base64.b64decode(content, validate=True)
    except ValueError:
        return content
    text = form.decode("utf-8", "surrogateescape")
    new = _masked(text, masker) if multipart.looks_like(form) else text
    return content if new == text else base64.b64encode(new.encode("utf-8", "surrogateescape")).decode()


def _field(part: str, masker: Masker) -> str:
    """A field with its content masked, by its name or by what it says. A file's bytes stay, but for texts."""
    ends = _HEAD_ENDS.search(part, 0, _LONGEST_HEAD)
    if ends is None:
        return part
    head, content = part[: ends.end()], part[ends.end() :]
    name = _NAME.search(head)
    if name and is_secret(name[1]) and "filename" not in head.lower():
        return head + masker.secret(content)
    if "\0" in content[:_LONGEST_HEAD] or not is_telling(content):
        return part
    return head + masker.text(content)
