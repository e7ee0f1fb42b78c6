"""What bytes that are no text are, by their first ones: images, audio, video, documents."""

from __future__ import annotations

import base64
from typing import Any

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
)


def mime_type(data: bytes) -> str | None:
    """The type that the first bytes tell, None where they tell none."""
    return next((kind for at, mark, kind in _SIGNATURES if data.startswith(mark, at)), None)


def described(data: bytes) -> dict[str, Any]:
    """Bytes as a JSON value: ``{"binary": {"mime_type", "size", "data"}}``, the data as base64."""
    kind = mime_type(data)
    return {"binary": {"mime_type": kind, "size": len(data), "data": base64.b64encode(data).decode()}}
