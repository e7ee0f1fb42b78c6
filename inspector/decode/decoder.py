"""An exchange understood: its events, what they add, and what that comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, cast
from urllib.parse import urlsplit

from inspector.decode import conservation, lenient
from inspector.decode.assembly.response import Assembly, Reply
from inspector.decode.evidence import Evidence, NotUnderstood
from inspector.decode.framing import frame, is_stream, media_types, multipart
from inspector.decode.infrastructure import infrastructure, is_of_an_account
from inspector.decode.protocols.bedrock import address as bedrock_path
from inspector.decode.protocols.protocol import WireProtocol
from inspector.decode.providers import provider
from inspector.decode.recognise import modules
from inspector.decode.websocket_session import Session
from inspector.decode.written import prompt_with_written, with_written
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
from inspector.model.delta import Delta, ErrorDelta
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

_MODEL_IN_PATH = expression(r"/(?:models|tunedModels|endpoints)/([^/:]+):\w+$|/(?:ai/run|workers-ai)/(@\w+/[^\n]+)")
"""Google and Cloudflare ask a model at its own address: ``/v1beta/models/gemini-2.0-flash:generateContent``,
``/ai/run/@cf/meta/llama-3.2-3b-instruct``."""


def decode(exchange: Exchange, *, is_doubted: bool = True) -> ModelCall:
    """Understand an exchange. Never raises: what fails is a problem of the result. What is not understood is looked for
    where that `is_doubted`."""
    problems: list[Problem] = list(exchange.problems)
    events = _events(exchange, problems)
    evidence = _evidence(exchange, events)
    protocol = None if is_of_an_account(evidence.path) else _protocol(evidence)
    name = protocol.NAME if protocol else None
    who = exchange.provider or provider(exchange, evidence, name, (event.data for event in events))
    session = _session(protocol, events, problems)
    prompt = session.prompt if session else _prompt(protocol, exchange.request.body, evidence, problems)
    assembly, steps = session.assembled(events) if session else _assemble(protocol, exchange, events, problems)
    streamed = len(events) > 1 or (exchange.response is not None and is_stream(exchange.response.body))
    call = ModelCall(
        protocol=name,
        provider=who,
        infrastructure=infrastructure(exchange, evidence, who) if protocol is None else None,
        operation=protocol.OPERATION if protocol else "other",
        prompt=prompt,
        replies=tuple(_message(reply, prompt) for reply in assembly.replies()),
        usage=_usage(protocol, assembly.counts or _counts_in(protocol, exchange.response), problems),
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
    more = _not_understood(protocol, exchange, evidence, call) if is_doubted else ()
    return replace(call, problems=(*call.problems, *more)) if more else call


def _protocol(evidence: Evidence) -> WireProtocol | None:
    return next((protocol for protocol in modules() if protocol.recognise(evidence)), None)


def _not_understood(
    protocol: WireProtocol | None, exchange: Exchange, evidence: Evidence, call: ModelCall
) -> list[Problem]:
    """What the recording says and nothing shows; see `inspector.decode.conservation`."""
    if protocol is None:  # nothing is understood, and the page says so
        return []
    try:
        return [*conservation.problems(protocol, evidence.body, call)]
    except Exception as error:
        return [_problem("exchange", error)]


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


def _prompt(protocol: WireProtocol | None, body: Body | None, evidence: Evidence, problems: list[Problem]) -> Prompt:
    prompt = Prompt(model=lenient.maybe(evidence.body.get("model")))
    if protocol is not None:
        try:
            prompt = prompt_with_written(protocol.prompt(evidence.body))
        except Exception as error:
            problems.append(_problem("request body", error))
        if body is not None and not evidence.body:
            prompt = _with_what_is_no_object(prompt, body, problems)
    in_path = _model_in(evidence.path) if prompt.model is None else None
    return replace(prompt, model=in_path) if in_path else prompt


def _with_what_is_no_object(prompt: Prompt, body: Body, problems: list[Problem]) -> Prompt:
    """A prompt with a request's body that no protocol can look into: bytes are a part of it, such as the audio that is
    to be written down; what else says something is not understood."""
    if body.kind == "bytes":
        described = media_types.described(body.value)["binary"]
        if described["mime_type"] is None:
            problems.append(Problem("request body", f"{conservation.NOT_UNDERSTOOD}{described['size']:,} bytes"))
        return replace(prompt, messages=(*prompt.messages, Message("user", (lenient.file_part(described, "file"),))))
    if not _is_empty(body):
        problems.append(Problem("request body", f"{conservation.NOT_UNDERSTOOD}what is no JSON object"))
    return prompt


def _is_empty(body: Body) -> bool:
    """Whether a body says nothing: no words, or a JSON value without any."""
    value = body_value(body)
    if value is None and body.kind == "text":
        return body.value.strip() in ("", "null")
    return value in (None, "", [], {})


def _model_in(path: str) -> str | None:
    found = _MODEL_IN_PATH.search(path)
    name = found[1] or found[2] if found else bedrock_path.asked(path)[0]
    return None if name == "{model}" else name  # the place of one, where only the pattern of addresses was kept


def _session(protocol: WireProtocol | None, events: list[Event], problems: list[Problem]) -> Session | None:
    """The session that all events together are, of a protocol that has such; none where nothing happened."""
    read_session = getattr(protocol, "session", None)
    if read_session is None or not events:
        return None
    try:
        return cast(Session, read_session(events))
    except Exception as error:
        problems.append(_problem("session", error))
        return Session(Prompt(), [()] * len(events), False)


def _assemble(
    protocol: WireProtocol | None, exchange: Exchange, events: list[Event], problems: list[Problem]
) -> tuple[Assembly, tuple[Step, ...]]:
    """All events at once, which is quicker; those of a response that fails one by one, to lose only the bad ones."""
    status = exchange.response.status if exchange.response else None
    failed = protocol is None or (len(events) == 1 and (status or 0) >= 400)
    assembly = Assembly()
    if not failed and protocol is not None:
        try:
            deltas = list(map(tuple, map(protocol.deltas, events)))
            assembly.add(chain.from_iterable(deltas))
        except Exception:
            assembly = Assembly()
        else:
            return assembly, tuple(made(Step, events, deltas))
    return assembly, tuple(
        _guarded(assembly, protocol, event, status if failed else None, problems) for event in events
    )


def _guarded(
    assembly: Assembly, protocol: WireProtocol | None, event: Event, status: int | None, problems: list[Problem]
) -> Step:
    """One event on its own; with the `status` of a body that may be an error's."""
    deltas: tuple[Delta, ...] = ()
    told = lenient.error_of(event.raw if event.data is None else event.data, status) if not protocol or status else None
    try:
        deltas = _with_error(tuple(protocol.deltas(event)) if protocol else (), told)
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


def _counts_in(protocol: WireProtocol | None, response: Response | None) -> Mapping[str, Any]:
    """Token counts in the headers, of a protocol that has such."""
    read_counts = getattr(protocol, "counts_in", None)
    return cast(Mapping[str, Any], read_counts(response.headers)) if read_counts and response else {}


def _usage(protocol: WireProtocol | None, counts: Mapping[str, Any], problems: list[Problem]) -> Usage | None:
    if protocol is None or not counts:
        return None
    try:
        usage = protocol.usage(counts)
    except Exception as error:
        problems.append(_problem("usage", error))
        return None
    return usage if usage != Usage() else None


def _problem(where: str, error: Exception) -> Problem:
    why = "nested too deeply" if isinstance(error, RecursionError) else f"{type(error).__name__}: {error}"
    if isinstance(error, NotUnderstood):
        why = f"{conservation.NOT_UNDERSTOOD}{error}"
    return Problem(where, why[:300])


def _evidence(exchange: Exchange, events: list[Event]) -> Evidence:
    host, path = _address(exchange.request.url)
    answer = next((event.data for event in events if event.data is not None), None)
    first = answer[0] if isinstance(answer, list) and answer else answer
    return Evidence(host, path, lenient.obj(body_value(exchange.request.body)), lenient.obj(first), answer)


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
    reason: FinishReason | None = lenient.finish(reply.finish) if reply.finish else None
    if reply.awaits and reason == "stop":
        reason = "tool_call"
    by_tool = reply.role is None and reply.parts and all(isinstance(part, ToolResult) for part in reply.parts)
    return Message(
        role="tool" if by_tool else lenient.role(reply.role or "assistant"),
        role_raw=reply.role,
        parts=with_written(reply.parts, prompt.tools),
        finish_reason=reason,
        finish_reason_raw=reply.finish,
    )
