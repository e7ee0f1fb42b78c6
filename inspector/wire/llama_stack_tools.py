"""Tools that llama-stack itself ran, such as a web search: one call, one result.

https://github.com/llamastack/llama-stack/blob/main/src/llama_stack_api/tools.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, ErrorDelta, PartDelta
from inspector.model import Event, Message, Prompt, ProviderError, ToolResult, Usage
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "llama_stack.tool_runtime"
OPERATION = "execute_tool"


def recognise(clue: Clue) -> bool:
    return "tool_name" in clue.body and not clue.path


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The call. It has no id, and no model is asked."""
    call = read.call(None, body.get("tool_name"), body.get("kwargs"))
    return Prompt(
        messages=(Message("assistant", (call,)),),
        settings=read.settings(dict(body), "tool_name", "kwargs", "provider"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """The result. Where the tool failed, its complaint is the error, and the result if there is no other."""
    body = event.data
    if not isinstance(body, dict):
        return
    complaint = read.maybe(body.get("error_message"))
    content = read.result(body.get("content"))
    if content is not None or complaint:
        response = complaint if content is None else content
        yield PartDelta(ToolResult(None, None, response, True if complaint else None))
    if complaint:
        yield ErrorDelta(ProviderError(None, complaint, read.count(body.get("error_code")), body))


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
