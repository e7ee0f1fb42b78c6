"""What was said in a call, part by part, each with its place on the exchange's page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.analysis.anchors import anchored
from inspector.model import (
    Blob,
    FileRef,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    jsonio,
    title_of,
)
from inspector.redaction.found_in_json import Masker
from inspector.redaction.masked_call import masked_part


class Said(NamedTuple):
    """A part of a message, and where it stands: ``system``, ``m3``, ``reply``."""

    where: str
    part: int
    said: Part

    def texts(self) -> Iterator[str]:
        """Its texts; those of JSON without what leads to them."""
        if title := title_of(self.said):
            yield title
        match self.said:
            case Text(content) | Reasoning(content) | Refusal(content):
                yield content
            case ToolCall():
                yield self.said.arguments_text
            case ToolResult(_, _, response):
                yield response if isinstance(response, str) else jsonio.dumps(response)
            case Unknown(raw):
                yield jsonio.dumps(raw)
            case Uri(uri):
                yield uri
            case Blob() | FileRef():
                return

    @property
    def joined(self) -> str:
        return "\n".join(self.texts())

    def masked(self, masker: Masker) -> Part:
        return masked_part(self.said, masker)


def said(call: ModelCall) -> Iterator[Said]:
    """All parts of the prompt and of the replies, in the order of the page."""
    for where, message in anchored(call):
        for index, part in enumerate(message.parts):
            yield Said(where, index, part)
