"""Wire protocols: what a provider's bytes mean. One module each, all of them in `WIRES`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import chain
from typing import Any, cast
from urllib.parse import urlsplit

from inspector.assembly import Assembly, Reply
from inspector.deltas import Delta, ErrorDelta
from inspector.framing import frame, is_stream, multipart
from inspector.jsonio import NotJson, loads
from inspector.model import (
    Body,
    Event,
    Exchange,
    FinishReason,
    Json,
    Message,
    ModelCall,
    Problem,
    Prompt,
    ProviderError,
    Response,
    Step,
    ToolResult,
    Usage,
    made,
)
from inspector.wire import bedrock_path
from inspector.wire import reading as read
from inspector.wire.clue import Clue, Wire
from inspector.wire.infrastructure import infrastructure
from inspector.wire.providers import provider
from inspector.wire.session import Session
from inspector.wire.written import prompt_with_written, with_written

WIRES: tuple[str, ...] = (
    "openai_chat",
    "bedrock_embeddings",
    "bedrock_count_tokens",
    "bedrock_invoke",
    "openai_realtime",
    "openai_count_tokens",
    "openai_responses",
    "llama_stack_tools",
    "llama_stack_files",
    "xai_chat",
    "gemini_interactions",
    "gemini_count_tokens",
    "gemini_generate",
    "gemini_embeddings",
    "gemini_images",
    "gemini_live",
    "anthropic_count_tokens",
    "anthropic_complete",
    "anthropic_messages",
    "bedrock_converse",
    "bedrock_agent",
    "bedrock_guardrail",
    "cohere_generate",
    "cohere_chat",
    "cohere_chat_v1",
    "cohere_embed",
    "cohere_tokenize",
    "ollama_chat",
    "ollama_generate",
    "ollama_embed",
    "ollama_models",
    "rerank",
    "openai_embeddings",
    "gemini_models",
    "bedrock_models",
    "openai_models",
    "openai_completions",
    "mcp",
    "a2a",
    "openai_images",
    "openai_audio",
    "openai_moderations",
    "openai_assistants",
    "replicate",
    "text_generation",
    "deepgram",
    "stored_objects",
    "openai_chat_asked",
)
"""Modules of this package, asked in this order and imported when their turn comes; the first that recognises an
exchange reads it. The most common stands first, because its shape is unmistakable; of the others, narrow ones stand
before wide ones."""

_MODEL_IN_PATH = re.compile(r"/(?:models|tunedModels|endpoints)/([^/:]+):\w+$")
"""Google asks a model at its own address: ``/v1beta/models/gemini-2.0-flash:generateContent``."""


@cache
def _module(name: str) -> Wire:
    return cast(Wire, import_module(f"{__name__}.{name}"))


def modules() -> Iterator[Wire]:
    """The protocols, in the order in which they are asked."""
    return map(_module, WIRES)


def decode(exchange: Exchange) -> ModelCall:
    """Understand an exchange. Never raises: what fails is a problem of the result."""
    problems: list[Problem] = list(exchange.problems)
    events = _events(exchange, problems)
    clue = _clue(exchange, events)
    wire = next((wire for wire in modules() if wire.recognise(clue)), None)
    name = wire.NAME if wire else None
    who = exchange.provider or provider(exchange, clue, name, (event.data for event in events))
    session = _session(wire, events, problems)
    prompt = session.prompt if session else _prompt(wire, clue, problems)
    assembly, steps = session.assembled(events) if session else _assemble(wire, exchange, events, problems)
    streamed = len(events) > 1 or (exchange.response is not None and is_stream(exchange.response.body))
    return ModelCall(
        protocol=name,
        provider=who,
        infrastructure=infrastructure(exchange, clue, who) if wire is None else None,
        operation=wire.OPERATION if wire else "other",
        prompt=prompt,
        replies=tuple(_message(reply, prompt) for reply in assembly.replies()),
        usage=_usage(wire, assembly.counts or _counts_in(wire, exchange.response), problems),
        response_id=assembly.id,
        response_model=assembly.model,
        created_at=assembly.created_at,
        summary=assembly.summary,
        error=(exchange.response.error if exchange.response else None) or assembly.error,
        streamed=streamed,
        complete=session.complete if session else assembly.complete or not streamed,
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
    in_path = _model_in(clue.path) if prompt.model is None else None
    return replace(prompt, model=in_path) if in_path else prompt


def _model_in(path: str) -> str | None:
    found = _MODEL_IN_PATH.search(path)
    name = found[1] if found else bedrock_path.asked(path)[0]
    return None if name == "{model}" else name  # the place of one, where only the pattern of addresses was kept


def _session(wire: Wire | None, events: list[Event], problems: list[Problem]) -> Session | None:
    """The session that all events together are, of a protocol that has such; none where nothing happened."""
    read_session = getattr(wire, "session", None)
    if read_session is None or not events:
        return None
    try:
        return cast(Session, read_session(events))
    except Exception as error:
        problems.append(_problem("session", error))
        return Session(Prompt(), [()] * len(events), False)


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
    deltas: tuple[Delta, ...] = ()
    told = read.error_of(event.raw if event.data is None else event.data, status) if not wire or status else None
    try:
        deltas = _with_error(tuple(wire.deltas(event)) if wire else (), told)
        assembly.add(deltas)
    except Exception as error:
        if told is None:
            problems.append(_problem(f"event {event.number}", error))
        else:  # no answer, hence nothing that could not be read
            deltas = (ErrorDelta(told),)
            assembly.add(deltas)
    return Step(event, deltas)


def _with_error(deltas: tuple[Delta, ...], error: ProviderError | None) -> tuple[Delta, ...]:
    """A whole body's deltas with the error that its status makes of it, which knows more than the body alone."""
    if error is None:
        return deltas
    return (*(delta for delta in deltas if not isinstance(delta, ErrorDelta)), ErrorDelta(error))


def _counts_in(wire: Wire | None, response: Response | None) -> Mapping[str, Any]:
    """Token counts in the headers, of a protocol that has such."""
    read_counts = getattr(wire, "counts_in", None)
    return cast(Mapping[str, Any], read_counts(response.headers)) if read_counts and response else {}


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
    """Host and path of a URL; ``vertexai:///generate_content`` has its scheme for a host. A lone word is what some
    suites write in place of it."""
    if "/" not in url and ":" not in url:
        return "", ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url
    return (parts.netloc.rpartition("@")[2] or parts.scheme).lower(), parts.path.rstrip("/")


def body_value(body: Body | None) -> Json:
    """The JSON of a request's body, or the fields of its form; None where it is neither."""
    if body is None:
        return None
    if body.kind not in ("text", "bytes"):
        return body.value
    try:
        return loads(body.value)
    except NotJson:
        return multipart.fields(body.value)


def _message(reply: Reply, prompt: Prompt) -> Message:
    reason: FinishReason | None = read.finish(reply.finish) if reply.finish else None
    if reply.awaits and reason == "stop":
        reason = "tool_call"
    by_tool = reply.role is None and reply.parts and all(isinstance(part, ToolResult) for part in reply.parts)
    return Message(
        role="tool" if by_tool else read.role(reply.role or "assistant"),
        role_raw=reply.role,
        parts=with_written(reply.parts, prompt.tools),
        finish_reason=reason,
        finish_reason_raw=reply.finish,
    )
