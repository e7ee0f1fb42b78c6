"""What spans are of, and which of them stand for an exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from inspector.formats.reading import bodies
from inspector.formats.spans.span import Span
from inspector.model import Problem

CHAT, EMBEDDINGS, TOOL = "chat", "embeddings", "tool"
SHOWN = (CHAT, EMBEDDINGS, TOOL)
INFRASTRUCTURE = "infrastructure"

_BY_OPERATION = {
    "chat": CHAT, "text_completion": CHAT, "completion": CHAT, "generate_content": CHAT, "embeddings": EMBEDDINGS,
    "embedding": EMBEDDINGS, "execute_tool": TOOL,
}  # fmt: skip
_BY_KIND = {"llm": CHAT, "embedding": EMBEDDINGS, "tool": TOOL}
_AI_SDK = (("doGenerate", CHAT), ("doStream", CHAT), ("doEmbed", EMBEDDINGS), ("toolCall", TOOL))
_SPEAKS = (
    "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.prompt", "gen_ai.completion", "gen_ai.prompt.0.role",
    "gen_ai.prompt.0.content", "gen_ai.completion.0.content", "llm.input_messages.0.message.role",
    "llm.output_messages.0.message.role", "llm.input_messages", "llm.output_messages", "ai.response.text",
    "ai.prompt.messages", "request_data", "pydantic_ai.all_messages", "all_messages_events",
)  # fmt: skip
"""Names of which a span has one that says what was said, whatever it calls itself."""

_EVENTS = ("gen_ai.choice", "gen_ai.content.prompt", "gen_ai.content.completion", "gen_ai.user.message")
_MODEL = ("gen_ai.request.model", "llm.request.model")
_OF_INFRASTRUCTURE = ("http.", "url.", "db.", "rpc.", "messaging.")
"""How attributes begin of spans that are known to say nothing of a model: requests, databases, queues."""

_MOST = 6
"""Kinds of spans that are told by name."""


def kind_of(span: Span) -> str:
    """What a span is of: one of `SHOWN`, or a word for what it is else."""
    told = span.attributes
    sdk = bodies.text(told.get("ai.operationId"))
    if sdk:
        return next((kind for end, kind in _AI_SDK if sdk.endswith(f".{end}")), sdk)
    inference = bodies.text(told.get("openinference.span.kind")).lower()
    if inference:
        return _BY_KIND.get(inference, inference)
    operation = bodies.text(told.get("gen_ai.operation.name"))
    if operation:
        return _BY_OPERATION.get(operation, operation)
    asked = bodies.text(told.get("llm.request.type"))
    if asked and asked != "unknown":
        return _BY_OPERATION.get(asked, asked)
    if traceloop := bodies.text(told.get("traceloop.span.kind")):
        return _BY_KIND.get(traceloop, traceloop)
    return _by_names(span)


def _by_names(span: Span) -> str:
    """The kind of a span that does not say it."""
    told = span.attributes
    if "gen_ai.tool.name" in told:
        return TOOL
    if "agent_name" in told or "gen_ai.agent.name" in told:
        return "agent"
    if speaks(span) or not told.keys().isdisjoint(_MODEL):
        return CHAT
    return INFRASTRUCTURE if any(key.startswith(_OF_INFRASTRUCTURE) for key in told) else "other"


def speaks(span: Span) -> bool:
    """Whether a span says what was said to a model, or by it."""
    return not span.attributes.keys().isdisjoint(_SPEAKS) or any(event.name in _EVENTS for event in span.events)


def told_apart(spans: Sequence[Span]) -> tuple[list[bool], list[Problem]]:
    """Which spans stand for exchanges; and how many others there are that no span within says again: those of
    infrastructure never say what is within them.

    Frameworks wrap the call of an SDK in spans that repeat what it says, with its tokens: of a model's span within
    another, only the inner one counts. What an agent or a chain says counts where no span within it says it.
    """
    kinds = [kind_of(span) for span in spans]
    streamed = {_asked(span) for span in spans if span.is_log}
    parents = _parents(spans)
    repeats = _around([at for at, kind in enumerate(kinds) if kind in (CHAT, EMBEDDINGS)], parents)
    repeats |= {at for at, span in enumerate(spans) if _waits(span) and _asked(span) in streamed}
    shown = [
        kind == TOOL or (at not in repeats and (kind in SHOWN or speaks(spans[at]))) for at, kind in enumerate(kinds)
    ]
    wraps = _around([at for at, is_shown in enumerate(shown) if is_shown], parents)
    said = {at for at in wraps if kinds[at] != INFRASTRUCTURE} | repeats
    return shown, _said(Counter(kinds[at] for at in range(len(spans)) if not shown[at] and at not in said))


_REQUEST = ("request_data", "gen_ai.input.messages", "events")
_ANSWER = ("response_data", "gen_ai.output.messages", "gen_ai.usage.output_tokens")


def _asked(span: Span) -> tuple[str, ...]:
    return tuple(str(span.attributes.get(name)) for name in _REQUEST)


def _waits(span: Span) -> bool:
    """Whether a span of Logfire's only asked: the streamed answer is a log of its own, which says the request again."""
    told = span.attributes
    return "request_data" in told and not span.failed and not span.is_log and told.keys().isdisjoint(_ANSWER)


def _parents(spans: Sequence[Span]) -> list[int | None]:
    """The place of the span that each is within; none where following them comes back to where it began."""
    by_id = {(span.trace, span.id): at for at, span in enumerate(spans) if span.id}
    parents = [by_id.get((span.trace, span.parent)) for span in spans]
    seen: dict[int, int] = {}
    for start in range(len(spans)):
        at: int | None = start
        while at is not None and at not in seen:
            seen[at] = start
            above = parents[at]
            if above is not None and seen.get(above) == start:
                parents[at] = above = None
            at = above
    return parents


def _around(within: list[int], parents: list[int | None]) -> set[int]:
    """The places of the spans that hold any of some."""
    found: set[int] = set()
    for at in within:
        above = parents[at]
        while above is not None and above not in found:
            found.add(above)
            above = parents[above]
    return found


def _said(others: Counter[str]) -> list[Problem]:
    if not others:
        return []
    kinds = ", ".join(f"{kind} {count:,}"[:60] for kind, count in others.most_common(_MOST))
    more = f" and {len(others) - _MOST} kinds more" if len(others) > _MOST else ""
    return [Problem("spans", f"not shown: {others.total():,} of other kinds ({kinds}{more})")]
