"""Images, audio and video as such, and everything else as bytes to download.

What a browser is given to show depends on the first bytes alone, never on the type that a recording claims: an image
that is a page, or an SVG, is a file to download.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Response, request

from inspector.decode.framing.media_types import mime_type as told_by
from inspector.model import Blob, Json
from inspector.model.media import blob as made
from inspector.model.media import decoded

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
AUDIO = frozenset({"audio/wav", "audio/mpeg", "audio/aac", "audio/ogg", "audio/flac"})
VIDEO = frozenset({"video/mp4", "video/webm"})

INLINE_SIZE = 20_000_000
"""Bytes of the largest image, sound or film that is shown in a page."""

_DEEPEST = 8
_MOST = 512 * 1024 * 1024
_PCM = ("audio/pcm", "audio/l16", "audio/raw", "audio/x-pcm")
_PCM_RATE = 24_000
"""Samples a second of speech that models send, where its type does not say."""

_ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "audio/wav": "wav",
    "audio/mpeg": "mp3", "audio/aac": "aac", "audio/ogg": "ogg", "audio/flac": "flac", "video/mp4": "mp4",
    "video/webm": "webm", "application/pdf": "pdf", "application/zip": "zip",
    "text/plain": "txt",
}  # fmt: skip

_POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
"""The page that a browser itself makes around an image styles it inline; nothing else is in such an answer."""


_DATA_KEYS = ("data", "base64", "b64_json", "bytes")
_TYPE_KEYS = ("media_type", "mimeType", "mime_type", "mediaType")
_MOST_INSIDE = 12
"""Blobs inside of one tool result that are shown."""

_DATA_ADDRESS = re.compile(r"data:([\w.+-]+/[\w.+-]+)[^,]{0,80};base64,")


@dataclass(frozen=True, slots=True)
class BlobView:
    """A blob of a message. `shown` is how a page shows it, `number` which one of its part it is."""

    shown: str
    modality: str
    mime_type: str
    size: int
    number: int = 0

    @property
    def name(self) -> str:
        """What it is in words, for those who do not see it."""
        return " ".join(word for word in (self.modality, self.mime_type) if word)


def view(blob: Blob, number: int = 0) -> BlobView:
    return BlobView(of_blob(blob), blob.modality, blob.mime_type or "", blob.size, number)


def views(response: Json) -> tuple[BlobView, ...]:
    return tuple(view(blob, number) for number, blob in enumerate(inside(response)))


def inside(response: Json) -> list[Blob]:
    """The blobs that a tool answered with, in any of the forms that providers have for them: those that are shown."""
    if not isinstance(response, (dict, list)):
        return []
    return list(islice((blob for blob in _inside(response, 0) if of_blob(blob)), _MOST_INSIDE))


def _inside(value: Json, depth: int) -> Iterator[Blob]:
    if isinstance(value, dict):
        kind = next((value[key] for key in _TYPE_KEYS if isinstance(value.get(key), str)), None)
        data = next((value[key] for key in _DATA_KEYS if isinstance(value.get(key), str)), None)
        if kind and data:
            yield made(data, kind)
            return
    elif isinstance(value, str) and (found := _DATA_ADDRESS.match(value)):
        yield made(value[found.end() :], found[1])
    if isinstance(value, (dict, list)) and depth < _DEEPEST:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _inside(item, depth + 1)


def answer(blob: Blob, name: str, show: bool) -> Response | None:
    """A blob's bytes for a page to show, or as a file; None where there are none of that."""
    data = content(blob)
    if show:
        return shown(playable(blob, data)) if data is not None and of_blob(blob) else None
    return download(blob.data.encode("utf-8", "replace") if data is None else playable(blob, data), name)


def shown_as(kind: str | None, audio: bool = False) -> str:
    """How a page shows bytes of a type: ``image``, ``audio``, ``video``, or ``""`` for a card."""
    if kind in IMAGES:
        return "image"
    if kind in AUDIO:
        return "audio"
    return ("audio" if audio else "video") if kind in VIDEO else ""


def of_blob(blob: Blob) -> str:
    """How a page shows a blob."""
    if blob.size > INLINE_SIZE or not blob.data:
        return ""
    if _is_pcm(blob.mime_type):
        return "audio"
    shown = shown_as(told_by(_first_bytes(blob.data)), blob.modality == "audio")
    return shown if shown and content(blob) is not None else ""


def content(blob: Blob) -> bytes | None:
    """The bytes of a blob, None where its data is no base64."""
    data = decoded("".join(blob.data.split()), _MOST)
    return data if data is not None else _forgiving(blob.data)


def playable(blob: Blob, data: bytes) -> bytes:
    """The bytes as a browser plays them: bare samples get the head of a WAV file."""
    return _wav(data, _rate(blob.mime_type or "")) if _is_pcm(blob.mime_type) and told_by(data) is None else data


def shown(data: bytes) -> Response | None:
    """Bytes for a page to show, None for those that no page shows. Parts of it may be asked for, to seek in a sound."""
    kind = told_by(data)
    if kind is None or not shown_as(kind):
        return None
    response = Response(data, content_type=kind)
    response.headers["Content-Security-Policy"] = _POLICY
    response.add_etag()
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response


def download(data: bytes, name: str, kind: str | None = None) -> Response:
    """Bytes as a file. Nothing recorded is ever served as something that a browser would run."""
    kind = told_by(data) or kind
    ending = _ENDINGS.get(kind or "", "bin")
    served = kind if kind in _ENDINGS and kind.startswith(("image/", "audio/", "video/")) else None
    response = Response(data, content_type=served or "application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{ending}"
    return response


def _first_bytes(data: str) -> bytes:
    head = "".join(data[:96].split())
    try:
        return base64.b64decode(head[: len(head) // 4 * 4], altchars=b"-_" if "-" in head or "_" in head else None)
    except (binascii.Error, ValueError):
        return b""


def _forgiving(data: str) -> bytes | None:
    """The bytes of base64 in its other alphabet, or without its padding."""
    text = "".join(data.split()).rstrip("=").replace("-", "+").replace("_", "/")
    return decoded(text + "=" * (-len(text) % 4), _MOST)


def _is_pcm(kind: str | None) -> bool:
    return (kind or "").partition(";")[0].strip().lower() in _PCM


def _rate(kind: str) -> int:
    for setting in kind.lower().split(";")[1:]:
        name, _, value = setting.strip().partition("=")
        if name == "rate" and value.isdecimal() and 1_000 <= int(value[:7]) <= 192_000:
            return int(value[:7])
    return _PCM_RATE


def _wav(samples: bytes, rate: int) -> bytes:
    """Samples of 16 bits, one channel, as a WAV file."""
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16, b"data",
        len(samples),
    )  # fmt: skip
    return head + samples
