"""What LiteLLM logs of a call (https://docs.litellm.ai/docs/proxy/logging_spec): its standard logging payload, as
files, buckets and log services keep it, rows of its spend logs, and the shapes before it.

A call lasts from its start to its end; `response_time` of a stream is the time to its first token.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import each_record
from inspector.formats.reading.halves import one_of, parsed
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.reading.times import between, moment
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression

NAME = "litellm"
FILES = "logs of LiteLLM: standard logging payloads, spend logs: `*.json`, `*.jsonl`"

_HEAD = expression(rb'"(?:call_type|response_obj|standard_logging_\w+|ddsource)"\s*:')
_WRAPPED = ("standard_logging_object", "standard_logging_payload", "kwargs", "request_kwargs", "payload", "message")
"""Keys under which a log service or an older LiteLLM keeps the payload, as an object or as its JSON text."""

_SIGNS = frozenset({
    "call_type", "model_parameters", "optional_params", "modelParameters", "custom_llm_provider", "startTime",
    "response_cost", "standard_logging_object", "spend",
})  # fmt: skip
_SETTINGS = ("model_parameters", "modelParameters", "optional_params")
_BEGAN, _ENDED = ("startTime", "start_time"), ("endTime", "end_time")
_PROMPTED = ("messages", "input", "prompt")
_PATHS = (("embedding", "/v1/embeddings"), ("responses", "/v1/responses"), ("anthropic_messages", "/v1/messages"),
          ("image_generation", "/v1/images/generations"), ("transcription", "/v1/audio/transcriptions"),
          ("speech", "/v1/audio/speech"), ("moderation", "/v1/moderations"), ("rerank", "/v1/rerank"),
          ("text_completion", "/v1/completions"))  # fmt: skip
_INPUT = ("embedding", "responses", "moderation")
"""Calls whose prompt is their `input`, whatever the payload calls it."""

_CODE = expression(r"[1-5]\d\d")
_NEUTRAL = frozenset({
    "id", "trace_id", "call_type", "stream", "status", "status_fields", "model_map_information", "model_id",
    "model_group", "metadata", "cache_key", "request_tags", "end_user", "hidden_params", "guardrail_information",
    "standard_built_in_tools_params", "cost_breakdown", "requester_ip_address", "user", "session_id", "litellm_call_id",
    "completionStartTime", "response_time", "api_key", "team_id", "request_id", "spend_log_metadata", "usage_object",
    "proxy_server_request", "error_str", "error_information", "api_base", "custom_llm_provider", "model",
})  # fmt: skip
"""Keys of a payload that say nothing of what was said, and those that are read for something else."""

_KNOWN = _NEUTRAL.union(
    _SETTINGS, _BEGAN, _ENDED, _PROMPTED, _WRAPPED, ("response", "response_obj", "error", "exception")
)


def sniff(source: Source) -> bool:
    if _HEAD.search(source.head) is None:
        return False
    return any(_payload(record) is not None for record in first_records(source))


def _payload(record: Json) -> dict[str, Any] | None:
    """The payload of a record, which may be wrapped; None where there is none."""
    if not isinstance(record, dict):
        return None
    for key in _WRAPPED:
        inner = parsed(record.get(key))
        if isinstance(inner, dict) and (known := _payload({**_beside(record), **inner})) is not None:
            return known
    asked = not record.keys().isdisjoint((*_PROMPTED, "proxy_server_request")) or "error_str" in record
    answered = not record.keys().isdisjoint(("response", "response_obj", "error_str", "exception"))
    return record if asked and answered and not record.keys().isdisjoint(_SIGNS) else None


def _beside(record: dict[str, Any]) -> dict[str, Any]:
    """What an older LiteLLM keeps beside the arguments of the call."""
    return {key: record[key] for key in ("response_obj", *_BEGAN, *_ENDED) if key in record}


def read(source: Source) -> Iterator[Exchange]:
    return each_record(source, lambda number, entry, at: _exchange(number, entry, source.path, at), _KNOWN)


def _exchange(number: int, entry: Json, path: str, position: int | None) -> Exchange:
    payload = _payload(entry)
    if payload is None:
        raise ValueError("a logging payload is expected")
    problems: list[Problem] = []
    if payload is not entry:
        problems += unread(payload, _KNOWN, "entry", is_answered=True)
    session = one_of(payload, ("session_id", "litellm_session_id"))
    provider = payload.get("custom_llm_provider")
    return Exchange(
        entry=number,
        request=_request(payload, problems),
        response=_response(payload, problems),
        session=session if isinstance(session, str) else None,
        started_at=moment(one_of(payload, _BEGAN)),
        duration=between(one_of(payload, _BEGAN), one_of(payload, _ENDED)),
        hint=f"{provider}/{path}" if isinstance(provider, str) else path,
        position=position,
        problems=tuple(problems),
        raw=entry,
    )


def _request(payload: dict[str, Any], problems: list[Problem]) -> Request:
    kind = bodies.text(payload.get("call_type"))
    path = next((path for word, path in _PATHS if word in kind), "/v1/chat/completions")
    base = bodies.text(payload.get("api_base")).rstrip("/")
    url = base if base.endswith(path.removeprefix("/v1")) else base.removesuffix("/v1") + path if base else path
    body = _asked(payload, kind)
    return Request("POST", url, (), Body("value", body) if body else None)


def _asked(payload: dict[str, Any], kind: str) -> dict[str, Any]:
    """The body that was sent, put together from where the payload keeps its parts; the proxy's own request where it
    keeps none."""
    said = parsed(one_of(payload, _PROMPTED))
    if said in (None, [], {}):
        sent = bodies.obj(parsed(payload.get("proxy_server_request")))
        return bodies.obj(sent.get("body", sent))
    settings = bodies.obj(parsed(one_of(payload, _SETTINGS)))
    key = "input" if any(word in kind for word in _INPUT) else "prompt" if isinstance(said, str) else "messages"
    tools = {"tools": payload["tools"]} if isinstance(payload.get("tools"), list) else {}
    if key == "input" and "responses" not in kind:
        said = _texts(said)
    inner = bodies.obj(said)
    if inner and "messages" in inner:
        return {"model": payload.get("model"), **settings, **inner}
    return {"model": payload.get("model"), **settings, **tools, key: said}


def _texts(said: Json) -> Json:
    """The input of an embedding, which a payload may keep as messages."""
    if not isinstance(said, list) or not all("content" in bodies.obj(message) for message in said):
        return said
    texts = [message["content"] for message in said]
    return texts[0] if len(texts) == 1 else texts


def _response(payload: dict[str, Any], problems: list[Problem]) -> Response | None:
    error = _error(payload)
    if error is not None:
        return Response(error.status, (), None, error)
    answered = parsed(one_of(payload, ("response", "response_obj")))
    if answered in (None, "", {}, []):
        return None
    if isinstance(answered, str):
        problems.append(Problem("response body", f"kept as no answer: {answered}"[:300]))
    return Response(None, (), Body("text" if isinstance(answered, str) else "value", answered))


def _error(payload: dict[str, Any]) -> ProviderError | None:
    """Why a call failed; in rows of spend logs that stands in their metadata."""
    within = bodies.obj(parsed(payload.get("metadata")))
    told = bodies.obj(payload.get("error_information") or within.get("error_information"))
    said = told.get("error_message") or payload.get("error_str") or payload.get("exception")
    if not said:
        return None
    code = bodies.text(str(told.get("error_code") or ""))
    kind = bodies.text(told.get("error_class")) or None
    return ProviderError(kind, str(said), int(code) if _CODE.fullmatch(code) else None, told or said)
