"""The tools that ran between exchanges: a call that a model made, and the result that a later request brings.

Each request repeats the conversation before it, with the calls and results in it. Each counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from inspector.analysis.tool_pairs import pair
from inspector.model import Exchange, Json, ModelCall, ToolCall, ToolResult, jsonio
from inspector.output.otlp.genai_span import INTERNAL, SpanIds, belonging, failed, run_attributes, span, tool_run
from inspector.output.otlp.span_times import SpanTimes
from inspector.output.otlp.trace_ids import hashed


class _Run(NamedTuple):
    call: ToolCall
    result: ToolResult


class ToolSpans:
    """The spans of tools, of exchanges in the order in which they come."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._waiting: dict[tuple[str, str], ToolCall] = {}
        self._found: list[tuple[str, dict[str, Any]]] = []

    def note(self, exchange: Exchange, call: ModelCall, ids: SpanIds, times: SpanTimes) -> None:
        """Look for the tools whose results a request brings. When they ran is not known: before the request."""
        ran, of = tool_run(call), belonging(exchange)
        if ran and ran[0].id:  # is a span of its own
            self._seen.add(_id(ids.trace, ran[0], None))
        for run in self._runs(call, ids.trace):
            id = _id(ids.trace, run.call, run.result)
            if id not in self._seen:
                self._seen.add(id)
                self._found.append((_id(ids.trace, run.call, None), _span(run, ids._replace(span=id), times.began, of)))
        for reply in call.replies:
            self._waiting.update(
                ((ids.trace, part.id), part) for part in reply.parts if isinstance(part, ToolCall) and part.id
            )

    def found(self) -> Iterator[dict[str, Any]]:
        """The spans of a file's tools, once all of it is known: it may say itself that a tool ran, later."""
        yield from (span for named, span in self._found if named not in self._seen)
        self._found.clear()

    def _runs(self, call: ModelCall, trace: str) -> Iterator[_Run]:
        """Calls with their results, within the prompt or where the recording repeats nothing of the call."""
        messages = call.prompt.messages
        asked = {result: messages[at[0]].parts[at[1]] for at, result in pair(messages).items()}
        for number, message in enumerate(messages):
            for index, part in enumerate(message.parts):
                if isinstance(part, ToolResult):
                    waited = self._waiting.pop((trace, part.id or ""), None)
                    known = asked.get((number, index), waited)
                    if isinstance(known, ToolCall) and known.kind != "server":
                        yield _Run(known, part)


def _id(trace: str, call: ToolCall, result: ToolResult | None) -> str:
    answered = () if result is None else (call.name or "", call.arguments_text, jsonio.dumps(result.response))
    return hashed(16, "tool", trace, call.id or "", *answered)


def _span(run: _Run, ids: SpanIds, at: int, of: dict[str, Json]) -> dict[str, Any]:
    times = SpanTimes(at, at, "not recorded")
    made = span(ids, f"execute_tool {run.call.name or ''}".rstrip(), INTERNAL, times, {**run_attributes(*run), **of})
    return {**made, **failed()} if run.result.is_error else made
