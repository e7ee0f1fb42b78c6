"""What documents in a message are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inspector.decode import lenient
from inspector.model import Blob, FileRef, Json, Part, Text, Uri


def titled(parts: tuple[Part, ...], title: Json) -> tuple[Part, ...]:
    """The parts that a document consists of, the first of them with what it is called."""
    if parts and isinstance(title, str) and title and isinstance(parts[0], (Text, Blob, Uri, FileRef)):
        return (replace(parts[0], title=title), *parts[1:])
    return parts


def joined(raw: Mapping[str, Any], *keys: str) -> str:
    """The texts under some keys in one line, as far as they are there."""
    return " · ".join(text for key in keys if (text := lenient.maybe(raw.get(key))))
