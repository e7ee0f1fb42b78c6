"""Flow dumps of mitmproxy (https://mitmproxy.org), of every version of the format from 0.10 to 21.

A dump is one tagged netstring a flow. What a flow is made of hardly changed: early names are bytes, ``code`` became
``status_code``, and until version 11 the messages of a WebSocket were a flow of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.http import tnetstring
from inspector.formats.reading import bodies, times
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.unread import closed
from inspector.model import Body, Exchange, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression

NAME = "mitmproxy"
FILES = "mitmproxy dumps of every version: `*.mitm`, `*.flow`, `*.flows`, `*.dump`"

_NAMES = (
    rb"backup|client_conn|comment|error|id|intercepted|is_replay|marked|messages|metadata|mode|request|response"
    rb"|server_conn|timestamp_created|type|version|websocket|(?:client|server)_\w+|close_\w+"
)
_HEAD = expression(rb"\d{2,12}:\d{1,2}:(?:" + _NAMES + rb")[,;]\d{1,12}:")
_PORTS = {"http": 80, "https": 443}
_ADDRESS = expression(r"[\d.]*|.*:.*")
"""A host that is an IP address, as a transparent proxy sees it."""

_KEYS = frozenset({"request", "response", "websocket", "messages", "error", "client_conn", "server_conn"})


def sniff(source: Source) -> bool:
    return _HEAD.match(source.head) is not None


def read(source: Source) -> Iterator[Exchange]:
    handshakes: dict[str, dict[str, Any]] = {}
    return each(source, _flows(source), lambda number, flow: _exchange(number, flow, handshakes, source.path), _KEYS)


def _flows(source: Source) -> Iterator[Any]:
    data, at, number = source.data, 0, 0
    while at < len(data):
        try:
            flow, at = tnetstring.value(data, at)
        except tnetstring.NotTnetstring as error:
            why = " stops in the middle" if error.truncated else f": {error}"
            raise CutShort(f"flow {number + 1}{why}") from None
        yield flow
        number += 1


def _exchange(number: int, flow: dict[str, Any], handshakes: dict[str, dict[str, Any]], path: str) -> Exchange:
    problems: list[Problem] = []
    kind = _text(flow.get("type")) or "http"
    asked = bodies.obj(flow.get("request"))
    if kind == "http":
        request = _request(asked, problems)
        response = _response(flow.get("response"), flow.get("websocket"), _error(flow), problems)
        if "websocket" in bodies.obj(flow.get("metadata")):
            handshakes[_text(flow.get("id"))] = flow
    elif kind == "websocket":
        handshake = handshakes.get(_text(bodies.obj(flow.get("metadata")).get("websocket_handshake")), {})
        asked = bodies.obj(handshake.get("request"))
        request, response = _request(asked, []), _response(handshake.get("response"), flow, _error(flow), problems)
    else:
        request, response = _other(kind, flow)
    began = asked.get("timestamp_start") or asked.get("timestamp") or flow.get("timestamp_created")
    return Exchange(
        entry=number,
        request=request,
        response=response,
        started_at=bodies.moment(began),
        duration=_duration(asked, flow),
        hint=path,
        problems=tuple(problems),
        raw=_raw(flow, request, response),
    )


def _request(raw: dict[str, Any], problems: list[Problem]) -> Request:
    headers = bodies.headers(raw.get("headers"))
    body = _content(raw, headers, problems, "request body")
    return Request(_text(raw.get("method")), _url(raw, bodies.header(headers, "host") or ""), headers, body)


def _url(raw: dict[str, Any], host_header: str) -> str:
    """The address as the client meant it: a transparent proxy knows the host's name from headers only."""
    host, path, port = _text(raw.get("host")), _text(raw.get("path")), raw.get("port")
    scheme = _text(raw.get("scheme")) or "http"
    named = _text(raw.get("authority")) or host_header
    if path.startswith(("http://", "https://")):
        return path
    if named and _ADDRESS.fullmatch(host):
        where = named
    else:
        where = f"[{host}]" if ":" in host else host
        where += f":{port}" if port and port != _PORTS.get(scheme) else ""
    if _text(raw.get("method")) == "CONNECT":
        return named or where
    return f"{scheme}://{where}{path}" if where else path


def _response(answer: Json, session: Json, error: ProviderError | None, problems: list[Problem]) -> Response | None:
    raw, messages = bodies.obj(answer), bodies.obj(session)
    if not raw and not messages:
        return Response(error=error) if error else None
    headers = bodies.headers(raw.get("headers"))
    problems += closed(messages)
    body = _frames(messages) if messages else _content(raw, headers, problems, "response body")
    came = times.all_seconds(item[3] if len(item) > 3 else None for item in _messages(messages))
    return Response(bodies.status(raw.get("status_code", raw.get("code"))), headers, body, error, came)


def _content(raw: dict[str, Any], headers: Any, problems: list[Problem], where: str) -> Body | None:
    """The bytes as they were sent. None in their place means that they were passed on and not kept."""
    content = raw.get("content", raw.get("body", b""))
    if content is None:
        problems.append(Problem(where, "not saved by the recorder"))
    return bodies.body(content, problems, headers, where)


def _error(flow: dict[str, Any]) -> ProviderError | None:
    """What broke the connection."""
    error = flow.get("error")
    if not isinstance(error, dict):
        return None
    return ProviderError(None, _text(error.get("msg")) or None, None, bodies.plain(error))


def _frames(session: dict[str, Any]) -> Body:
    frames = [("sent" if item[1] else "received", bodies.frame(item[2])) for item in _messages(session)]
    return Body("frames", frames)


def _messages(session: dict[str, Any]) -> list[list[Json]]:
    """Messages are lists: kind, whether the client sent it, content, time, …"""
    found = session.get("messages")
    return [item for item in found if isinstance(item, list) and len(item) > 2] if isinstance(found, list) else []


def _other(kind: str, flow: dict[str, Any]) -> tuple[Request, Response | None]:
    """TCP and UDP: what went both ways. DNS: question and answer."""
    if "messages" not in flow:
        asked, answer = flow.get("request"), flow.get("response")
        request = Request(kind.upper(), "", (), Body("value", bodies.plain(asked)))
        return request, None if answer is None else Response(body=Body("value", bodies.plain(answer)))
    address = bodies.obj(flow.get("server_conn")).get("address")
    where = ":".join(map(_text, address[:2])) if isinstance(address, list) else ""
    found = flow["messages"]
    messages = [item for item in found if isinstance(item, list) and len(item) > 1] if isinstance(found, list) else []
    frames = [("sent" if item[0] else "received", bodies.frame(item[1])) for item in messages]
    return Request(kind.upper(), f"{kind}://{where}"), Response(body=Body("frames", frames), error=_error(flow))


def _duration(asked: dict[str, Any], flow: dict[str, Any]) -> float | None:
    """Until the answer was there, or the session was over."""
    began = asked.get("timestamp_start")
    ends = (bodies.obj(flow.get(key)).get("timestamp_end") for key in ("websocket", "response"))
    ended = next((end for end in ends if isinstance(end, (int, float))), None)
    return bodies.seconds(ended - began) if ended is not None and isinstance(began, (int, float)) else None


def _raw(flow: dict[str, Any], request: Request, response: Response | None) -> Json:
    """The flow, with its contents as they read, so that they are unpacked only once."""
    shown = dict(flow)
    for key, body in (("request", request.body), ("response", response.body if response else None)):
        if isinstance(bodies.obj(flow.get(key)).get("content"), bytes) and body and body.kind in ("text", "chunks"):
            shown[key] = {**flow[key], "content": body.value}
    return bodies.plain(shown)


def _text(recorded: Any) -> str:
    if isinstance(recorded, bytes):
        return recorded.decode("utf-8", "replace")
    return "" if recorded is None else str(recorded)
