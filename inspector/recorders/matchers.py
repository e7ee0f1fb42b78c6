"""What recorders of HTTP compare requests by. The names are those that VCR.py gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import SplitResult, parse_qsl, urlsplit

from inspector.model import Body, Json, Request, jsonio

_PORTS = {"http": 80, "https": 443}


def _parts(request: Request) -> SplitResult:
    try:
        return urlsplit(request.url)
    except ValueError:
        return SplitResult("", "", request.url, "", "")


def _host(request: Request) -> str:
    return (_parts(request).hostname or "").lower()


def _port(request: Request) -> int | None:
    parts = _parts(request)
    try:
        return parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None


def _query(request: Request) -> list[tuple[str, str]]:
    return sorted(parse_qsl(_parts(request).query, keep_blank_values=True))


def _headers(request: Request) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in request.headers)


def body_of(request: Request) -> Json:
    """A body as it is compared: JSON where it is that, else as it was sent."""
    body: Body | None = request.body
    if body is None or body.value in ("", b""):
        return None
    if body.kind == "text" and isinstance(body.value, str):
        value = jsonio.parse_or_none(body.value)
        return body.value if value is None else value
    return body.value


MATCHERS: Mapping[str, Callable[[Request], object]] = {
    "method": lambda request: request.method.upper(),
    "scheme": lambda request: _parts(request).scheme.lower(),
    "host": _host,
    "port": _port,
    "path": lambda request: _parts(request).path or "/",
    "query": _query,
    "uri": lambda request: request.url,
    "headers": _headers,
    "body": body_of,
    "raw_body": lambda request: request.body and request.body.value,
}
"""What each compares."""


def failing(names: Iterable[str], recorded: Request, asked: Request) -> tuple[str, ...]:
    """The matchers by which two requests differ; one that is not known compares nothing."""
    return tuple(name for name in names if (what := MATCHERS.get(name)) is not None and what(recorded) != what(asked))
