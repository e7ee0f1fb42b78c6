"""What a form sends: a file, or else a text; and what is too large for it."""

from __future__ import annotations

from flask import Response, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from inspector.output.escape import visible_line

_AROUND = 64 * 1024
"""Bytes of a form around the text or file in it."""

_DRAINED = 256 * 1024 * 1024
"""Bytes of a form that is too large that are taken and dropped: a browser shows no answer before it has sent all."""


def sent(largest: int) -> tuple[str, bytes] | None:
    """Name and bytes of what was sent: a file, or else a text, whose line ends a browser writes as CR and LF. None for
    what is too large."""
    request.max_content_length = request.max_form_memory_size = largest + _AROUND
    try:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            name = visible_line(upload.filename.replace("\\", "/").rpartition("/")[2])[:200]
            data = upload.read(largest + 1)
        else:
            name, data = "pasted", request.form.get("text", "").replace("\r\n", "\n").encode("utf-8", "replace")
    except RequestEntityTooLarge:
        _drain()
        return None
    return (name, data) if len(data) <= largest else None


def form(page: str, status: int) -> Response:
    """The answer with a form. With the usual "no-referrer" a browser names no origin when it sends one, and the guard
    wants it."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _drain() -> None:
    stream, left = request.environ.get("wsgi.input"), min(request.content_length or 0, _DRAINED)
    while stream is not None and left > 0 and (piece := stream.read(min(left, 1024 * 1024))):
        left -= len(piece)
