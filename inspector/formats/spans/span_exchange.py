"""The exchange that a span stands for: its halves in the words of OpenTelemetry's conventions, whatever convention the
span follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inspector.decode.provider_names import NAMES
from inspector.formats.reading import bodies
from inspector.formats.reading.unread import unread
from inspector.formats.spans import ai_sdk, genai_attributes, logfire, openinference, own_export, span_said
from inspector.formats.spans.attribute_values import below, first, listed, parsed, quietly_parsed
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_kinds import EMBEDDINGS, TOOL, kind_of
from inspector.formats.spans.span_said import Said
from inspector.model import Body, Exchange, Problem, ProviderError, Request, Response

_CONVENTIONS: tuple[Callable[[Span, list[Problem]], Said], ...] = (
    genai_attributes.by_attributes,
    ai_sdk.by_messages,
    openinference.by_messages,
    genai_attributes.by_events,
    logfire.by_events,
    genai_attributes.by_numbers,
    logfire.by_data,
)
"""Asked one after the other: each gives what those before did not say."""

_READ = (
    "gen_ai.", "llm.", "ai.", "openinference.", "traceloop.", "tool.", "tool_", "embedding.", "input", "output",
    "request_data", "response_data", "events", "model_request_parameters", "logfire.", "openai.", "pydantic_ai.",
    "all_messages_events", "final_result", "model_name", "metadata", "session.", "user.", "inspector.", "mcp.", "test.",
)  # fmt: skip
"""How the names of attributes begin that are read, or say the same again."""

_AROUND = (
    "code.", "error.", "host.", "http.", "net.", "network.", "os.", "process.", "server.", "service.", "telemetry.",
    "thread.", "url.",
)  # fmt: skip
"""How the names begin that say where a span comes from."""

_OF_SPANS = frozenset({
    "traceId", "spanId", "parentSpanId", "traceState", "name", "kind", "attributes", "events", "links", "status",
    "startTimeUnixNano", "endTimeUnixNano", "flags", "droppedAttributesCount", "droppedEventsCount",
    "droppedLinksCount", "context", "parent_id", "start_time", "end_time", "resource", "spanContext",
    "parentSpanContext", "startTime", "endTime", "duration", "ended", "instrumentationScope", "status_code",
    "status_message", "span_kind", "logRecords",
})  # fmt: skip
_SESSIONS = (
    "gen_ai.conversation.id",
    "session.id",
    "langfuse.session.id",
    "traceloop.association.properties.session_id",
)
_PROVIDERS = ("gen_ai.provider.name", "llm.provider", "gen_ai.system", "llm.system", "ai.model.provider")
_ADDRESSES = ("url.full", "http.url", "gen_ai.openai.api_base", "llm.openai.api_base", "openai.api_base")
_KNOWN = frozenset(NAMES.values())
_STATUSES = ("http.response.status_code", "http.status_code", "gen_ai.response.status_code")


def exchange(number: int, span: Span) -> Exchange:
    """The exchange of a span. Raises for a span that holds none that can be read."""
    span = genai_attributes.with_details(span)
    problems = own_export.problems(span)
    kind = kind_of(span)
    asked, answered = {EMBEDDINGS: _embeddings, TOOL: _tool}.get(kind, _chat)(span, problems)
    error = _error(span)
    others = {key: value for key, value in span.attributes.items() if not key.startswith((*_READ, *_AROUND))}
    is_answered = answered is not None or error is not None
    problems += unread(span.raw, _OF_SPANS.union(span.known), "span", is_answered=is_answered or not span.known)
    problems += unread(others, (), "span attributes", is_answered=is_answered)
    body = None if answered is None else Body("value", answered)
    return Exchange(
        entry=number,
        request=Request("POST", _address(span, kind), (), Body("value", asked)),
        response=Response(error.status if error else None, (), body, error) if body or error else None,
        test_id=bodies.text(span.attributes.get("test.case.name")) or None,
        session=bodies.text(first(span.attributes, *_SESSIONS)) or span.trace or None,
        started_at=own_export.started_at(span),
        duration=own_export.duration(span),
        provider=_provider(span) if kind != TOOL else None,
        sdk=own_export.sdk(span),
        problems=tuple(problems),
        raw=span.raw,
    )


Halves = tuple[dict[str, Any], dict[str, Any] | None]


def _chat(span: Span, problems: list[Problem]) -> Halves:
    told = Said(settings=own_export.settings(span) or span_said.settings(span.attributes))
    for convention in _CONVENTIONS:
        told.fill(convention(span, problems))
    if told.messages is None or told.output is None:
        told.fill(openinference.by_values(span, problems))
    asked = {
        "model": told.model or first(span.attributes, *span_said.MODELS),
        "gen_ai.system_instructions": told.system,
        "gen_ai.input.messages": told.messages or [],
        "gen_ai.tool.definitions": told.tools,
    }
    known = {key: value for key, value in asked.items() if value is not None}
    return {**known, **told.settings}, _answer(span, told)


def _answer(span: Span, told: Said) -> dict[str, Any] | None:
    """What came back; None where the span only says that it was asked for."""
    names = span.attributes
    reasons = quietly_parsed(first(names, *span_said.REASONS))
    reasons = reasons if isinstance(reasons, list) else [reasons] if reasons else []
    counts = span_said.usage(names) or logfire.counted(span)
    known = {
        "id": first(names, *span_said.IDS),
        "model": first(names, *span_said.ANSWERED_BY),
        "gen_ai.output.messages": _with_reasons(told.output, reasons),
        "gen_ai.response.finish_reasons": reasons if told.output is None else None,
        "usage": counts or None,
    }
    answer = {key: value for key, value in known.items() if value not in (None, [])}
    if not answer or (span.failed and told.output is None and not counts):
        return None
    return {"gen_ai.output.messages": None, **answer}


def _with_reasons(output: list[Any] | None, reasons: list[Any]) -> list[Any] | None:
    """The messages, each with the reason why it ended where it does not say it itself."""
    more = [*reasons, *[None] * len(output or ())]
    return output and [
        {"finish_reason": reason, **message} if isinstance(message, dict) and reason else message
        for message, reason in zip(output, more, strict=False)
    ]


def _embeddings(span: Span, problems: list[Problem]) -> Halves:
    """Texts and vectors, in the words of OpenAI's embeddings."""
    names = span.attributes
    items = [bodies.obj(bodies.obj(one).get("embedding", one)) for one in listed(names, "embedding.embeddings")]
    values = names.get("ai.values")
    texts = [quietly_parsed(one) for one in values] if isinstance(values, list) else [one.get("text") for one in items]
    vectors = [quietly_parsed(one) for one in listed(names, "ai.embeddings")] or [one.get("vector") for one in items]
    texts = texts or _embedded(span)
    counts = span_said.usage(names)
    data = [{"object": "embedding", "index": at, "embedding": one} for at, one in enumerate(vectors) if one]
    asked = {"model": first(names, *span_said.MODELS), "input": [text for text in texts if text is not None]}
    usage = {"prompt_tokens": counts.get("input_tokens"), "total_tokens": counts.get("total_tokens")}
    answer = {"object": "list", "data": data, "model": first(names, *span_said.ANSWERED_BY), "usage": usage}
    return {**asked, **span_said.settings(names)}, None if span.failed else answer


def _embedded(span: Span) -> list[Any]:
    """The texts, of conventions that have no list of their own for them."""
    names = span.attributes
    spread = listed(names, "gen_ai.prompt")
    spread = spread or [
        part for one in listed(names, "gen_ai.input.messages") for part in bodies.obj(one).get("parts", ())
    ]
    sent = bodies.obj(quietly_parsed(names.get("request_data")))
    asked = first({**names, **sent}, "input", "ai.value", "input.value")
    return [bodies.obj(one).get("content") for one in spread] or (asked if isinstance(asked, list) else [asked])


def _tool(span: Span, problems: list[Problem]) -> Halves:
    """A tool that ran: its call, and what it answered."""
    names = span.attributes
    sdk, told = below(names, "ai.toolCall."), below(names, "gen_ai.tool.")
    entity = below(names, "traceloop.entity.")
    name = first(names, "gen_ai.tool.name", "ai.toolCall.name", "tool.name", "tool_call.function.name")
    given = (told.get("call.arguments"), names.get("tool_arguments"), sdk.get("args"), sdk.get("input"),
             names.get("tool_call.function.arguments"), names.get("input.value"), entity.get("input"),
             names.get("input"), names.get("tool.parameters"))  # fmt: skip
    answers = (told.get("call.result"), names.get("tool_response"), sdk.get("result"), sdk.get("output"),
               names.get("output.value"), entity.get("output"), names.get("output"))  # fmt: skip
    asked = {
        "gen_ai.tool.name": name or entity.get("name") or span.name,
        "gen_ai.tool.call.id": first(names, "gen_ai.tool.call.id", "ai.toolCall.id", "tool_call.id", "tool.id"),
        "gen_ai.tool.call.arguments": next((one for one in given if one is not None), None),
        "gen_ai.tool.description": first(names, "gen_ai.tool.description", "tool.description"),
        "gen_ai.tool.type": told.get("type"),
    }
    result = next((one for one in answers if one is not None), None)
    answer = None if result is None else {"gen_ai.tool.call.result": parsed(result, problems, "the tool's result")}
    return {key: value for key, value in asked.items() if value is not None}, answer


def _error(span: Span) -> ProviderError | None:
    """Why a span failed: by the exception that it tells of, else by its status."""
    raised = next((event.attributes for event in reversed(span.events) if event.name == "exception"), None)
    if not span.failed and raised is None:
        return None
    told = raised or {}
    kind = bodies.text(first({**span.attributes, **told}, "exception.type", "error.type")) or None
    message = bodies.text(told.get("exception.message")) or span.status or None
    raw = {"status": span.raw.get("status"), **({"exception": told} if told else {})}
    return ProviderError(kind, message, bodies.status(first(span.attributes, *_STATUSES)), raw)


def _address(span: Span, kind: str) -> str:
    """The address that was asked, as far as the span knows it."""
    if kind == TOOL:
        return ""
    told = bodies.text(first(span.attributes, *_ADDRESSES)).rstrip("/")
    host, port = first(span.attributes, "server.address", "net.peer.name"), span.attributes.get("server.port")
    if not told and isinstance(host, str) and host:
        told = host if "//" in host else f"https://{host}{f':{port}' if port not in (None, 443) else ''}"
    path = "/v1/embeddings" if kind == EMBEDDINGS else ""
    return told if told.endswith(path) else told.removesuffix("/v1") + path


def _provider(span: Span) -> str | None:
    """Who answered, by the first name that is known; ``openai.chat`` is OpenAI's too. A name that the newest
    conventions give and nobody knows is one all the same."""
    words = [bodies.text(span.attributes.get(name)).strip().lower() for name in _PROVIDERS]
    known = (_known(form) for word in words for form in (word, word.partition(".")[0]))
    return next(filter(None, known), None) or words[0] or None


def _known(word: str) -> str | None:
    return word if word in _KNOWN else NAMES.get(word.replace("_", "-"))
