"""Files that llama-stack had cut into chunks.

https://github.com/llamastack/llama-stack/blob/main/src/llama_stack_api/file_processors/models.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, PartDelta, SummaryDelta
from inspector.model import Event, FileRef, Message, Part, Prompt, ToolResult, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "llama_stack.file_processor"
OPERATION = "other"


def recognise(clue: Clue) -> bool:
    return "api" in clue.body and not clue.path


def prompt(body: Mapping[str, Any]) -> Prompt:
    file = read.maybe(body.get("file_id"))
    parts: tuple[Part, ...] = (FileRef(file),) if file else ()
    return Prompt(
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "provider", *(("file_id",) if file else ())),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """A result for each chunk, which is text in nearly every case."""
    chunks = read.obj(event.data).get("chunks")
    if not isinstance(chunks, list):
        return
    yield SummaryDelta({"chunks": len(chunks)})
    for chunk in chunks:
        content = read.obj(chunk).get("content")
        yield PartDelta(ToolResult(None, None, chunk if content is None else read.result(content)))


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
