"""Tools that llama-stack itself ran, such as a web search: one call, one result.

https://github.com/llamastack/llama-stack/blob/main/src/llama_stack_api/tools.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Message, Prompt, ProviderError, ToolResult, Usage
from inspector.model.delta import Delta, ErrorDelta, PartDelta

NAME = "llama_stack.tool_runtime"
OPERATION = "execute_tool"

NEUTRAL = frozenset(
    {
        "provider"
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    return "tool_name" in evidence.body and not evidence.path


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The call. It has no id, and no model is asked."""
    call = lenient.call(None, body.get("tool_name"), body.get("kwargs"))
    return Prompt(
        messages=(Message("assistant", (call,)),),
        settings=lenient.settings(dict(body), "tool_name", "kwargs", "provider"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """The result. Where the tool failed, its complaint is the error, and the result if there is no other."""
    body = event.data
    if not isinstance(body, dict):
        return
    complaint = lenient.maybe(body.get("error_message"))
    content = lenient.result(body.get("content"))
    if content is not None or complaint:
        response = complaint if content is None else content
        yield PartDelta(ToolResult(None, None, response, True if complaint else None))
    if complaint:
        yield ErrorDelta(ProviderError(None, complaint, lenient.count(body.get("error_code")), body))


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
