"""What a form sends: a file, or else a text; and what is too large for it."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Response, abort, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from inspector.output.escape import visible_line

_AROUND = 64 * 1024
"""Bytes of a form around the text or file in it."""

_ESCAPED = 1024 * 1024
"""Bytes of a form that names and escapes what it holds in one line, which takes thirty times as much memory to read:
ours are sent in parts."""

_DRAINED = 256 * 1024 * 1024
"""Bytes of a form that is too large that are taken and dropped: a browser shows no answer before it has sent all."""


def sent(largest: int) -> tuple[str, bytes] | None:
    """Name and bytes of what was sent: a file, or else a text, whose line ends a browser writes as CR and LF. None for
    what is too large."""
    in_parts = request.mimetype == "multipart/form-data"
    request.max_content_length = request.max_form_memory_size = largest + _AROUND if in_parts else _ESCAPED
    taken = _Counted(request.environ["wsgi.input"])
    request.environ["wsgi.input"] = taken
    if not in_parts and (request.content_length or 0) > _ESCAPED:
        _drain(taken)
        abort(415, f"What is larger than {_ESCAPED // 2**20} MB has to be sent as multipart/form-data.")
    try:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            name = visible_line(upload.filename.replace("\\", "/").rpartition("/")[2])[:200]
            data = upload.read(largest + 1)
        else:
            name, data = "pasted", request.form.get("text", "").replace("\r\n", "\n").encode("utf-8", "replace")
    except RequestEntityTooLarge:
        _drain(taken)
        return None
    return (name, data) if len(data) <= largest else None


def form(page: str, status: int) -> Response:
    """The answer with a form. With the usual "no-referrer" a browser names no origin when it sends one, and the guard
    wants it."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


class _Counted(io.RawIOBase):
    """What a browser sends, and how much of it was taken: who asks for more than there is waits for ever."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self.taken += len(piece)
        return len(piece)


def _drain(sent: _Counted) -> None:
    left = min(request.content_length or 0, _DRAINED) - sent.taken
    while left > 0 and (piece := sent.read(min(left, 1024 * 1024))):
        left -= len(piece)
