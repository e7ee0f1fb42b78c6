"""Binary data inside a message: base64 text with what kind of medium it is and how large."""

from __future__ import annotations

import base64
import binascii

from inspector.model.message import Blob

MEDIA = ("image", "audio", "video")
"""The modalities that a page or a listener makes something of; all else is a ``file``."""


def blob(data: str, mime_type: str | None, kind: str | None = None) -> Blob:
    """Inline base64 data, of a `kind` that is known or of the one that its type tells."""
    return Blob(mime_type, kind or modality(mime_type), data, size(data))


def size(data: str) -> int:
    """Bytes that base64 text stands for, without decoding it."""
    return max(len(data) * 3 // 4 - data[-2:].count("="), 0)


def modality(mime_type: str | None) -> str:
    """image, audio, video, or file."""
    head = (mime_type or "").partition("/")[0].lower()
    return head if head in MEDIA else "file"


def decoded(data: str, limit: int) -> bytes | None:
    """The bytes of base64 text, None where it is none or the bytes would be more than `limit`."""
    if len(data) * 3 // 4 > limit + 3:
        return None
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
