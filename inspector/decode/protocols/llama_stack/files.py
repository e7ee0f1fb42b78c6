"""Files that llama-stack had cut into chunks.

https://github.com/llamastack/llama-stack/blob/main/src/llama_stack_api/file_processors/models.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, FileRef, Message, Part, Prompt, ToolResult, Usage
from inspector.model.delta import Delta, PartDelta, SummaryDelta

NAME = "llama_stack.file_processor"
OPERATION = "other"

NEUTRAL = frozenset(
    {
        "provider",
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    return "api" in evidence.body and not evidence.path


def prompt(body: Mapping[str, Any]) -> Prompt:
    file = lenient.maybe(body.get("file_id"))
    parts: tuple[Part, ...] = (FileRef(file),) if file else ()
    return Prompt(
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "provider", *(("file_id",) if file else ())),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """A result for each chunk, which is text in nearly every case."""
    chunks = lenient.obj(event.data).get("chunks")
    if not isinstance(chunks, list):
        return
    yield SummaryDelta({"chunks": len(chunks)})
    for chunk in chunks:
        content = lenient.obj(chunk).get("content")
        yield PartDelta(ToolResult(None, None, chunk if content is None else lenient.result(content)))


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
