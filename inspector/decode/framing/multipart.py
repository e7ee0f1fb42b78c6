"""multipart/form-data into its fields.

https://www.rfc-editor.org/rfc/rfc7578

The boundary is the body's own first line, never a header's. What a recorder mangled is read as far as it goes: bare
line feeds, bytes that became replacement characters, an end that is missing.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from inspector.model.expressions import expression

_PARAMETER = expression(rb'(?:^|;)[ \t]*(name|filename)\*?="?((?<=")[^"\r\n]*|[^";\r\n]*)', re.IGNORECASE)
_LONGEST_BOUNDARY = 200
_HEAD = 8192
"""Bytes in which the headers of a part end."""


def looks_like(data: bytes | str) -> bool:
    """Whether a body begins as a form does: a boundary, then a header."""
    start = data[: _LONGEST_BOUNDARY + 40]
    if isinstance(start, str):
        start = start.encode("utf-8", "replace")
    first, _, rest = start.partition(b"\n")
    return first.startswith(b"--") and len(first.strip()) > 2 and rest[:8].lower() == b"content-"


def fields(data: bytes | str) -> dict[str, Any] | None:
    """The fields by name: text, or ``{"filename", "mime_type", "size", "data"}`` of a file with its bytes as base64.

    A name that comes again has a list. None where the body is no form.
    """
    if data[:2] in ("LS", b"LS"):
        data = _undone(data)
    if not looks_like(data):
        return None
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    boundary = raw.partition(b"\n")[0].rstrip(b"\r ")
    out: dict[str, list[Any]] = {}
    for part in (b"\n" + raw).split(b"\n" + boundary)[1:]:
        if part.startswith(b"--"):  # the end
            break
        name, value = _field(part.partition(b"\n")[2].removesuffix(b"\r"))
        if name:
            out.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in out.items()} or None


def _undone(data: bytes | str) -> bytes | str:
    """Some recorders write bodies that are no text as base64 and do not say so; two hyphens are ``LS``."""
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        return data


def _field(part: bytes) -> tuple[str, Any]:
    """A field's name and value. The headers end with an empty line."""
    found = re.search(rb"\r?\n\r?\n", part[:_HEAD])
    head, content = (part[: found.start()], part[found.end() :]) if found else (part[:_HEAD], b"")
    name = filename = mime_type = None
    for line in head.split(b"\n"):
        key, _, value = line.partition(b":")
        if key.strip().lower() == b"content-disposition":
            about = {word.lower(): text for word, text in _PARAMETER.findall(value)}
            name, filename = about.get(b"name"), about.get(b"filename")
        elif key.strip().lower() == b"content-type":
            mime_type = _text(value.partition(b";")[0].strip())
    if filename is None:
        return _text(name or b""), _text(content)
    encoded = base64.b64encode(content).decode()
    return _text(name or b""), {
        "filename": _text(filename), "mime_type": mime_type, "size": len(content), "data": encoded,
    }  # fmt: skip


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
