"""The corpus, masked: outside of masks every text is what it was, and no answer is lost to masking."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.decode import decoder
from inspector.files.roots import roots_of
from inspector.library import reader
from inspector.model import ModelCall, Text, ToolCall, ToolResult, jsonio
from inspector.redaction import decoded, mask

CORPUS = os.environ.get("INSPECTOR_CORPUS")

pytestmark = [pytest.mark.skipif(not CORPUS, reason="INSPECTOR_CORPUS names no directory"), pytest.mark.long]


def texts(call: ModelCall) -> Iterator[str]:
    for message in (*call.prompt.messages, *call.replies):
        for part in message.parts:
            if isinstance(part, Text):
                yield part.content
            elif isinstance(part, ToolCall):
                yield part.arguments_text
            elif isinstance(part, ToolResult):
                yield part.response if isinstance(part.response, str) else jsonio.dumps(part.response)


def is_masked_from(masked: str, text: str) -> bool:
    """Whether a text differs from another only where it has masks."""
    pieces = map(re.escape, masked.split(mask.MASK))
    return masked == text or re.fullmatch(".+?".join(pieces), text, re.DOTALL) is not None


def test_outside_of_masks_every_text_is_what_it_was() -> None:
    roots = roots_of(Path(CORPUS or ""))
    changed = []
    for found in roots.found():
        for path, recording in reader.recordings(roots, found):
            for exchange in recording.exchanges:
                plain = [*texts(decoder.decode(exchange))]
                masked = [*texts(decoded.masked(replace(exchange, raw=None)).call)]
                if len(plain) != len(masked) or not all(map(is_masked_from, masked, plain)):
                    changed.append(f"{path} {exchange.entry}")
    assert changed == []
