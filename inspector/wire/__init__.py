"""Wire protocols: what a provider's bytes mean. One module each, all of them in `WIRES`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from inspector.assembly import Assembly, Reply
from inspector.framing import frame, is_stream
from inspector.jsonio import NotJson, loads
from inspector.model import (
    Body,
    Delta,
    ErrorDelta,
    Event,
    Exchange,
    FinishReason,
    Json,
    Message,
    ModelCall,
    Problem,
    Prompt,
    ProviderError,
    Step,
    ToolResult,
    Usage,
    made,
)
from inspector.wire import (
    anthropic_messages,
    gemini_generate,
    gemini_interactions,
    llama_stack_files,
    llama_stack_tools,
    ollama_chat,
    ollama_embed,
    ollama_generate,
    ollama_models,
    openai_chat,
    openai_completions,
    openai_embeddings,
    openai_models,
    rerank,
)
from inspector.wire import reading as read
from inspector.wire.clue import Clue, Wire
from inspector.wire.providers import provider
from inspector.wire.written import prompt_with_written, with_written

WIRES: tuple[Wire, ...] = (
    openai_chat,
    llama_stack_tools,
    llama_stack_files,
    gemini_interactions,
    gemini_generate,
    anthropic_messages,
    ollama_chat,
    ollama_generate,
    ollama_embed,
    ollama_models,
    rerank,
    openai_embeddings,
    openai_models,
    openai_completions,
)
"""Asked in this order; the first that recognises an exchange reads it. The most common stands first, because its
shape is unmistakable; of the others, narrow ones stand before wide ones."""

_MODEL_IN_PATH = re.compile(r"/models/([^/:]+):\w+$")
"""Google asks a model at its own address: ``/v1beta/models/gemini-2.0-flash:generateContent``."""


def decode(exchange: Exchange) -> ModelCall:
    """Understand an exchange. Never raises: what fails is a problem of the result."""
    problems: list[Problem] = list(exchange.problems)
    events = _events(exchange, problems)
    clue = _clue(exchange, events)
    wire = next((wire for wire in WIRES if wire.recognise(clue)), None)
    prompt = _prompt(wire, clue, problems)
    assembly, steps = _assemble(wire, exchange, events, problems)
    streamed = len(events) > 1 or (exchange.response is not None and is_stream(exchange.response.body))
    return ModelCall(
        protocol=wire.NAME if wire else None,
        provider=exchange.provider or provider(clue, (event.data for event in events)),
        operation=wire.OPERATION if wire else "other",
        prompt=prompt,
        replies=tuple(_message(reply, prompt) for reply in assembly.replies()),
        usage=_usage(wire, assembly.counts, problems),
        response_id=assembly.id,
        response_model=assembly.model,
        created_at=assembly.created_at,
        summary=assembly.summary,
        error=(exchange.response.error if exchange.response else None) or assembly.error,
        streamed=streamed,
        complete=assembly.complete or not streamed,
        steps=steps,
        problems=tuple(problems),
    )


# Recorded bytes can make any reader fail. These are the places that turn that into a problem of the exchange.


def _events(exchange: Exchange, problems: list[Problem]) -> list[Event]:
    response = exchange.response
    if response is None or response.body is None:
        return []
    try:
        return frame(response.body)
    except Exception as error:
        problems.append(_problem("response body", error))
        return []


def _prompt(wire: Wire | None, clue: Clue, problems: list[Problem]) -> Prompt:
    prompt = Prompt(model=read.maybe(clue.body.get("model")))
    if wire is not None:
        try:
            prompt = prompt_with_written(wire.prompt(clue.body))
        except Exception as error:
            problems.append(_problem("request body", error))
    in_path = _MODEL_IN_PATH.search(clue.path) if prompt.model is None else None
    return replace(prompt, model=in_path[1]) if in_path else prompt


def _assemble(
    wire: Wire | None, exchange: Exchange, events: list[Event], problems: list[Problem]
) -> tuple[Assembly, tuple[Step, ...]]:
    """All events at once, which is quicker; those of a response that fails one by one, to lose only the bad ones."""
    status = exchange.response.status if exchange.response else None
    failed = wire is None or (len(events) == 1 and (status or 0) >= 400)
    assembly = Assembly()
    if not failed and wire is not None:
        try:
            deltas = list(map(tuple, map(wire.deltas, events)))
            assembly.add(chain.from_iterable(deltas))
        except Exception:
            assembly = Assembly()
        else:
            return assembly, tuple(made(Step, events, deltas))
    return assembly, tuple(_guarded(assembly, wire, event, status if failed else None, problems) for event in events)


def _guarded(assembly: Assembly, wire: Wire | None, event: Event, status: int | None, problems: list[Problem]) -> Step:
    """One event on its own; with the `status` of a body that may be an error's."""
    try:
        deltas = tuple(wire.deltas(event)) if wire else ()
        if wire is None or status is not None:
            deltas = _with_error(deltas, read.error_of(event.raw if event.data is None else event.data, status))
        assembly.add(deltas)
    except Exception as error:
        problems.append(_problem(f"event {event.number}", error))
        deltas = ()
    return Step(event, deltas)


def _with_error(deltas: tuple[Delta, ...], error: ProviderError | None) -> tuple[Delta, ...]:
    """A whole body's deltas with the error that its status makes of it, which knows more than the body alone."""
    if error is None:
        return deltas
    return (*(delta for delta in deltas if not isinstance(delta, ErrorDelta)), ErrorDelta(error))


def _usage(wire: Wire | None, counts: Mapping[str, Any], problems: list[Problem]) -> Usage | None:
    if wire is None or not counts:
        return None
    try:
        usage = wire.usage(counts)
    except Exception as error:
        problems.append(_problem("usage", error))
        return None
    return usage if usage != Usage() else None


def _problem(where: str, error: Exception) -> Problem:
    why = "nested too deeply" if isinstance(error, RecursionError) else f"{type(error).__name__}: {error}"
    return Problem(where, why[:300])


def _clue(exchange: Exchange, events: list[Event]) -> Clue:
    host, path = _address(exchange.request.url)
    answer = next((event.data for event in events if event.data is not None), None)
    first = answer[0] if isinstance(answer, list) and answer else answer
    return Clue(host, path, read.obj(body_value(exchange.request.body)), read.obj(first), answer)


def _address(url: str) -> tuple[str, str]:
    """Host and path of a URL; ``vertexai:///generate_content`` has its scheme for a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url
    return (parts.netloc.rpartition("@")[2] or parts.scheme).lower(), parts.path.rstrip("/")


def body_value(body: Body | None) -> Json:
    """The JSON of a request's body, None where it is not JSON."""
    if body is None:
        return None
    if body.kind != "text":
        return body.value
    try:
        return loads(body.value)
    except NotJson:
        return None


def _message(reply: Reply, prompt: Prompt) -> Message:
    reason: FinishReason | None = read.finish(reply.finish) if reply.finish else None
    by_tool = reply.role is None and reply.parts and all(isinstance(part, ToolResult) for part in reply.parts)
    return Message(
        role="tool" if by_tool else read.role(reply.role or "assistant"),
        role_raw=reply.role,
        parts=with_written(reply.parts, prompt.tools),
        finish_reason=reason,
        finish_reason_raw=reply.finish,
    )


def names() -> Iterator[str]:
    """The protocols that can be read, for documentation."""
    return (wire.NAME for wire in WIRES)
