"""How the spans of a trace hang together: a tool that ran on the answer that called it, and the first call of an agent
that works within a tool."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.sessions.link_names import link_name
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_kinds import TOOL, kind_of
from inspector.model import Exchange, Json

_DEEPEST = 100
"""Spans above one that are looked at for a tool."""

Made = tuple[Span, Exchange]


def linked(spans: Sequence[Span], made: Sequence[Made]) -> list[Exchange]:
    """The exchanges of spans with their links. `spans` are all that there are."""
    callers = [*_callers(made)]
    by_call = {(span.trace, id): span for span, id, _ in callers if id}
    of_tools = {
        (span.trace, span.id): caller
        for span, exchange in made
        if kind_of(span) == TOOL and (caller := _caller(span, exchange, by_call, callers))
    }
    of_agents = _agents(spans, made, of_tools)
    known = {(caller.trace, caller.id) for caller in of_tools.values()}
    links = {**of_tools, **of_agents}
    return [_with_links(span, exchange, links.get((span.trace, span.id)), known) for span, exchange in made]


def _with_links(span: Span, exchange: Exchange, caller: Span | None, known: set[tuple[str, str]]) -> Exchange:
    if caller is not None:
        exchange = replace(exchange, called_from=_name(caller))
    return replace(exchange, known_as=(_name(span),)) if (span.trace, span.id) in known else exchange


def _name(span: Span) -> str:
    return link_name(span.trace, span.id)


def _callers(made: Sequence[Made]) -> Iterator[tuple[Span, str, str]]:
    """Each tool call of an answer: the span that has it, the id and the name of the call."""
    for span, exchange in made:
        body = exchange.response.body.value if exchange.response and exchange.response.body else None
        output = bodies.obj(body).get("gen_ai.output.messages")
        for message in output if isinstance(output, list) and span.id else ():
            for call in _calls(bodies.obj(message)):
                about = bodies.obj(call.get("function")) or call
                yield span, bodies.text(call.get("id")), bodies.text(about.get("name"))


def _calls(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    parts = (bodies.obj(one) for one in _items(message.get("parts")))
    yield from (part for part in parts if part.get("type") == "tool_call")
    yield from map(bodies.obj, _items(message.get("tool_calls")))


def _items(value: Json) -> list[Any]:
    return value if isinstance(value, list) else []


def _caller(
    tool: Span, exchange: Exchange, by_call: dict[tuple[str, str], Span], callers: list[tuple[Span, str, str]]
) -> Span | None:
    """The span that called a tool: by the id of the call, else the last before it that called one of that name."""
    asked = bodies.obj(exchange.request.body.value if exchange.request.body else None)
    if id := bodies.text(asked.get("gen_ai.tool.call.id")):
        return by_call.get((tool.trace, id))
    name = asked.get("gen_ai.tool.name")
    before = [span for span, _, called in callers if span.trace == tool.trace and called == name and _ends(span, tool)]
    return max(before, key=lambda span: span.ended, default=None)


def _ends(span: Span, tool: Span) -> bool:
    """Whether a span ended before a tool began."""
    return isinstance(span.ended, int) and isinstance(tool.began, int) and span.ended <= tool.began


def _agents(
    spans: Sequence[Span], made: Sequence[Made], of_tools: dict[tuple[str, str], Span]
) -> dict[tuple[str, str], Span]:
    """For the first call of a model within each tool the span that called the tool."""
    parents = {(span.trace, span.id): (span.trace, span.parent) for span in spans}
    first: dict[tuple[str, str], Span] = {}
    for span, _ in made:
        above, steps = (span.trace, span.parent), 0
        while above in parents and above not in of_tools and steps < _DEEPEST:
            above, steps = parents[above], steps + 1
        if above in of_tools and kind_of(span) != TOOL and _begins_before(span, first.get(above)):
            first[above] = span
    return {(span.trace, span.id): of_tools[tool] for tool, span in first.items()}


def _begins_before(span: Span, other: Span | None) -> bool:
    return other is None or (isinstance(span.began, int) and isinstance(other.began, int) and span.began < other.began)
