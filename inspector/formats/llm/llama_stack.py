"""The recordings of llama-stack (now OGX): one JSON file an exchange, of every era since July 2025.

What a file holds is told by the keys that are there. Its `endpoint` may be wrong, its `method` is always POST, and it
has no clock: `created` is forced to 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, Headers, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression
from inspector.model.jsonio import parse_or_none
from inspector.recorders import llama_stack_rules

NAME = "llama-stack"
FILES = "`recordings/<hash>.json` of llama-stack and OGX integration tests"

UNREACHABLE = "its name is not the key of what it holds"

_KEYS = frozenset({"test_id", "request", "response", "id_normalization_mapping"})
_VERSION = expression(r"\d[\w.+-]{0,40}")
_PROVIDERS = {"vllm_server_version": "vllm", "ollama_sdk_version": "ollama"}


def sniff(source: Source) -> bool:
    if not source.start_of_text.startswith(b"{") or b'"request"' not in source.head:
        return False
    value = source.json.value
    if not isinstance(value, dict) or "request" not in value:
        return False
    return value.keys() <= _KEYS and (source.json.error is not None or ("response" in value and _is_marked(value)))


def _is_marked(value: dict[str, Any]) -> bool:
    """Whether a request and a response have something that only this recorder writes; others make such pairs too."""
    halves = ((value["request"], "endpoint"), (value["response"], "is_streaming"))
    return len(value) > 2 or any(mark in half if isinstance(half, dict) else half is not None for half, mark in halves)


def read(source: Source) -> Iterator[Exchange]:
    document = source.json.value
    problems = list(source.json.problems)
    request = _object(document, "request", problems)
    yield Exchange(
        entry=0,
        request=_request(request, problems),
        response=_response(document, problems),
        test_id=_text(document.get("test_id")) or _text(request.get("test_id")),
        provider=_provider(request),
        sdk=_sdk(request),
        unreachable=_unreachable(source, document),
        problems=tuple(problems),
        raw=document,
    )


def _unreachable(source: Source, document: dict[str, Any]) -> str:
    """Why its recorder does not find a recording any more. Only who looks closely is told the reason: many rules are
    tried for it."""
    if not source.keys or source.json.error is not None or not llama_stack_rules.is_unreachable(source.name, document):
        return ""
    return llama_stack_rules.explained(source.name, document) if source.thorough else UNREACHABLE


def _request(raw: dict[str, Any], problems: list[Problem]) -> Request:
    return Request(
        method=_text(raw.get("method")) or "",
        url=_text(raw.get("url")) or "",
        headers=_headers(raw.get("headers"), problems),
        body=_request_body(raw),
    )


def _request_body(raw: dict[str, Any]) -> Body | None:
    """`body` of the SDK calls, `payload` of raw HTTP; tool and file calls are the request itself."""
    for key in ("body", "payload"):
        if raw.get(key) is not None:
            value = raw[key]
            return Body("text", value) if isinstance(value, str) else Body("value", value)
    if "tool_name" in raw or "api" in raw:
        return Body("value", {key: value for key, value in raw.items() if key != "test_id"})
    return None


def _response(document: dict[str, Any], problems: list[Problem]) -> Response | None:
    if document.get("response") is None:
        return None
    raw = _object(document, "response", problems)
    error = _exception(raw) if raw.get("is_exception") else None
    status = raw.get("status")
    return Response(
        status=status if isinstance(status, int) and not isinstance(status, bool) else error.status if error else None,
        headers=_headers(raw.get("headers"), problems),
        body=_response_body(raw, problems),
        error=error,
    )


def _response_body(raw: dict[str, Any], problems: list[Problem]) -> Body | None:
    """Chunks are a list of objects, or a list of the lines of an event stream. Not every list is a stream."""
    body = raw.get("body")
    if body is None:
        return None
    if not _is_streaming(raw, body):
        if isinstance(body, list):
            return Body("value", [_unwrapped(item) for item in body])
        return Body("text", body) if isinstance(body, str) else Body("value", _unwrapped(body))
    if not isinstance(body, list):
        problems.append(Problem("response body", f"said to be a stream, but {_kind(body)} is there"))
        return Body("text", body) if isinstance(body, str) else Body("value", _unwrapped(body))
    if body and all(isinstance(line, str) for line in body):
        return Body("text", "\n".join(line.rstrip("\r\n") for line in body))
    return Body("chunks", [_unwrapped(item) for item in body])


def _is_streaming(raw: dict[str, Any], body: Json) -> bool:
    """What the recorder says; where the file ends before it says so, a list of chunks or lines is a stream."""
    if "is_streaming" in raw or not isinstance(body, list) or not body:
        return bool(raw.get("is_streaming"))
    kind = body[0].get("__type__") if isinstance(body[0], dict) else None
    return isinstance(body[0], str) or (isinstance(kind, str) and not kind.endswith(".Model"))


def _exception(raw: dict[str, Any]) -> ProviderError:
    """A stored exception. Its `message` is the repr of what the provider answered, which `body` holds parsed."""
    data = raw.get("exception_data")
    data = data if isinstance(data, dict) else {}
    status = data.get("status_code")
    return ProviderError(
        type=_text(data.get("type")),
        message=_exception_message(data) or _text(raw.get("exception_message")),
        status=status if isinstance(status, int) else None,
        raw=data or raw.get("exception_message"),
    )


def _exception_message(data: dict[str, Any]) -> str | None:
    body = data.get("body")
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = _text(inner.get("message")) if isinstance(inner, dict) else None
    nested = parse_or_none(message) if message and message.startswith("{") else None  # Bedrock: JSON in the message
    if isinstance(nested, dict):
        nested = nested.get("error", nested)
        message = (_text(nested.get("message")) if isinstance(nested, dict) else None) or message
    return message or _text(data.get("message"))


def _unwrapped(value: Json) -> Json:
    """The data of ``{"__type__": "module.Class", "__data__": {…}}``; class paths changed too often to mean much."""
    if isinstance(value, dict) and "__data__" in value and "__type__" in value:
        return value["__data__"]
    return value


def _headers(raw: Json, problems: list[Problem]) -> Headers:
    if raw is not None and not isinstance(raw, dict):
        problems.append(Problem("headers", f"an object is expected, but {_kind(raw)} is there"))
    return tuple((key, str(value)) for key, value in raw.items()) if isinstance(raw, dict) else ()


def _provider(request: dict[str, Any]) -> str | None:
    """A provider that is named outright: that of a tool, or one that the recorder noted the version of."""
    metadata = request.get("provider_metadata")
    for mark, name in _PROVIDERS.items():
        if isinstance(metadata, dict) and mark in metadata:
            return name
    return _text(request.get("provider"))


def _sdk(request: dict[str, Any]) -> str:
    """The SDK that the recorder noted the version of."""
    metadata = request.get("provider_metadata")
    version = metadata.get("openai_sdk_version") if isinstance(metadata, dict) else None
    return f"openai {version}" if isinstance(version, str) and _VERSION.fullmatch(version) else ""


def _object(parent: dict[str, Any], key: str, problems: list[Problem]) -> dict[str, Any]:
    value = parent.get(key)
    if isinstance(value, dict):
        return value
    problems.append(Problem(key, f"an object is expected, but {_kind(value)} is there"))
    return {}


def _kind(value: Json) -> str:
    names = {bool: "a boolean", str: "text", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), "a number")


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None
