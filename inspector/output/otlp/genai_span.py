"""The span of an exchange, by OpenTelemetry's conventions for generative AI.

https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-spans.md
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from inspector.model import Exchange, Json, ModelCall, ProviderError, ToolCall, ToolResult, jsonio
from inspector.output.otlp import genai_messages
from inspector.output.otlp.any_values import key_values
from inspector.output.otlp.request_settings import settings_attributes
from inspector.output.otlp.span_times import SpanTimes, first_chunk_after, span_times
from inspector.output.shown_exchange import Shown

CLIENT, INTERNAL = 3, 1


class SpanIds(NamedTuple):
    """Hexadecimal digits: 32 of the trace, 16 of a span."""

    trace: str
    span: str
    parent: str = ""


def span(ids: SpanIds, name: str, kind: int, times: SpanTimes, attributes: Mapping[str, Json]) -> dict[str, Any]:
    """A span in OTLP's JSON."""
    return {
        "traceId": ids.trace,
        "spanId": ids.span,
        **({"parentSpanId": ids.parent} if ids.parent else {}),
        "name": name,
        "kind": kind,
        "startTimeUnixNano": str(times.began),
        "endTimeUnixNano": str(times.ended),
        "attributes": key_values({**attributes, "inspector.time": times.unknown}),
    }


def exchange_span(one: Shown, ids: SpanIds, *, blobs: bool) -> dict[str, Any]:
    """The span that an exchange is."""
    exchange, call = one.exchange, one.call
    ran = tool_run(call)
    about = run_attributes(*ran) if ran else _model_attributes(exchange, call, blobs=blobs)
    error = call.error
    made = span(
        ids,
        span_name(exchange, call),
        INTERNAL if ran else CLIENT,
        span_times(exchange, call, one.modified),
        {**_address(exchange), **_origin(one), "error.type": _error_type(error), **about},
    )
    return {**made, **failed(error.message or "")} if error else made


def failed(why: str = "") -> dict[str, Any]:
    """The status of a span that ended with an error."""
    return {"status": {"code": 2, "message": why}}


def span_name(exchange: Exchange, call: ModelCall) -> str:
    """``chat gpt-4o``, ``execute_tool bell``, ``models``; what is no traffic of a model by its method: ``POST``."""
    if ran := tool_run(call):
        return f"execute_tool {ran[0].name or ''}".rstrip()
    if method := _mcp_method(call):
        return method
    if call.operation == "other" or call.infrastructure:
        return exchange.request.method or "other"
    return f"{call.operation} {call.prompt.model or ''}".rstrip()


def tool_run(call: ModelCall) -> tuple[ToolCall, ToolResult | None] | None:
    """The call of a tool that an exchange is, and what the tool answered."""
    if call.operation != "execute_tool":
        return None
    calls = (part for said in call.prompt.messages for part in said.parts if isinstance(part, ToolCall))
    results = (part for said in call.replies for part in said.parts if isinstance(part, ToolResult))
    known = next(calls, None)
    return (known, next(results, None)) if known else None


def run_attributes(call: ToolCall, result: ToolResult | None) -> dict[str, Json]:
    """What a span says of a tool that ran. A result that is a text stands as it is."""
    answered = None if result is None else result.response
    return {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": call.name or "",
        "gen_ai.tool.call.id": call.id,
        "gen_ai.tool.type": "extension" if call.kind == "server" else "function",
        "gen_ai.tool.call.arguments": _text(genai_messages.arguments(call)),
        "gen_ai.tool.call.result": _text(answered),
        **({"error.type": "tool_error"} if result is not None and result.is_error else {}),
    }


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) or value is None else jsonio.dumps(value)


def _mcp_method(call: ModelCall) -> str | None:
    method = call.prompt.settings.get("method") if call.operation == "execute_tool" else None
    return method if isinstance(method, str) and method else None


def _model_attributes(exchange: Exchange, call: ModelCall, *, blobs: bool) -> dict[str, Json]:
    prompt, summary = call.prompt, call.summary or {}
    method = _mcp_method(call)
    return {
        "gen_ai.operation.name": None if method or call.infrastructure else call.operation,
        "mcp.method.name": method,
        "gen_ai.provider.name": call.provider,
        "gen_ai.request.model": prompt.model,
        "gen_ai.request.stream": True if prompt.stream or call.streamed else None,
        **settings_attributes(prompt.settings),
        "gen_ai.system_instructions": _json(genai_messages.parts(prompt.system, blobs=blobs)),
        "gen_ai.input.messages": _json(genai_messages.input_message(one, blobs=blobs) for one in prompt.messages),
        "gen_ai.tool.definitions": _json(map(genai_messages.tool_definition, prompt.tools)),
        "gen_ai.response.id": call.response_id,
        "gen_ai.response.model": call.response_model,
        "gen_ai.response.finish_reasons": _reasons(call),
        "gen_ai.response.time_to_first_chunk": first_chunk_after(exchange) if call.streamed else None,
        "gen_ai.output.messages": _json(genai_messages.output_message(one, blobs=blobs) for one in call.replies),
        **_usage(call),
        "gen_ai.embeddings.dimension.count": summary.get("dimensions"),
        "inspector.response.summary": jsonio.dumps(dict(summary)) if summary else None,
    }


def _json(items: Iterable[Json]) -> str | None:
    listed = list(items)
    return jsonio.dumps(listed) if listed else None


def _reasons(call: ModelCall) -> list[str] | None:
    """The reasons why the answers ended, in the provider's words."""
    reasons = [reply.finish_reason_raw or reply.finish_reason for reply in call.replies]
    return [reason or "" for reason in reasons] if any(reasons) else None


def _usage(call: ModelCall) -> dict[str, Json]:
    """Tokens. The conventions have no name for the total; many who read spans know this one."""
    counts = call.usage
    if counts is None:
        return {}
    return {
        "gen_ai.usage.input_tokens": counts.input_tokens,
        "gen_ai.usage.output_tokens": counts.output_tokens,
        "gen_ai.usage.total_tokens": counts.total_tokens,
        "gen_ai.usage.cache_read.input_tokens": counts.cache_read_input_tokens,
        "gen_ai.usage.cache_creation.input_tokens": counts.cache_creation_input_tokens,
        "gen_ai.usage.reasoning.output_tokens": counts.reasoning_tokens,
    }


def _address(exchange: Exchange) -> dict[str, Json]:
    """Where the request went."""
    request, response = exchange.request, exchange.response
    about: dict[str, Json] = {
        "url.full": request.url or None,
        "http.request.method": request.method or None,
        "http.response.status_code": response.status if response else None,
    }
    try:
        parts = urlsplit(request.url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return about
    known = {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(parts.scheme)
    return {**about, "server.address": host, "server.port": port or known} if host else about


def belonging(exchange: Exchange) -> dict[str, Json]:
    """The session and the test of an exchange, and of the tools that ran in it."""
    return {"gen_ai.conversation.id": exchange.session, "test.case.name": exchange.test_id}


def _origin(one: Shown) -> dict[str, Json]:
    """Where the exchange was recorded, and what is odd about it."""
    exchange, call = one.exchange, one.call
    recording = one.place["recording"]
    return {
        **belonging(exchange),
        "inspector.recording.path": recording["path"],
        "inspector.recording.entry": recording["entry"],
        "inspector.recording.format": recording["format"],
        "inspector.protocol": call.protocol,
        "inspector.infrastructure": call.infrastructure,
        "inspector.sdk": exchange.sdk or None,
        "inspector.stream.events": len(call.steps) if call.streamed else None,
        "inspector.stream.complete": call.complete if call.streamed else None,
        "inspector.sent": None if exchange.sent else False,
        "inspector.problems": [f"{problem.where}: {problem.why}" for problem in call.problems] or None,
        "inspector.link": one.link or None,
    }


def _error_type(error: ProviderError | None) -> str | None:
    if error is None:
        return None
    return error.type or (str(error.status) if error.status else "_OTHER")
