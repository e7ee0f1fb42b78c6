"""Secrets: what their names are, and how their values are masked.

Recordings hold credentials. Everything that leaves the reader for a page, for ``show`` or for the index goes through
here first. A masked value is gone: only `secrets`, read from the file again, gives one back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from urllib.parse import urlsplit, urlunsplit

from inspector.model import Body, Exchange, Headers, Json, Request

MASK = "‹masked›"
NUMBERED = re.compile(r"‹masked (\d+)›")

_HEADER_WORDS = frozenset(
    {"auth", "authorization", "apikey", "cookie", "credential", "credentials", "key", "password", "secret", "sig"}
    | {"signature", "token"}
)
_HARMLESS = frozenset({"idempotency-key", "sec-websocket-key"})
_KEYS = (
    "authorization|proxy-authorization|api[-_]?key|x-api-key|x-goog-api-key|[a-z0-9_-]+[-_]api[-_]?key|cookie|set-cookie"
    "|access[-_]?token|refresh[-_]?token|id[-_]token|auth[-_]?token|bearer[-_]?token|session[-_]token"
    "|x-amz-security-token|client[-_]secret|secret|secret[-_]?(?:access[-_])?key|aws[-_]secret[-_]access[-_]key"
    "|private[-_]key|password|passwd"
)
_KEY = re.compile(_KEYS, re.IGNORECASE)
_SPLIT = re.compile(r"[-_.\s]+")
# "password": "…" inside a text, also where that text is itself quoted inside JSON (\"password\": \"…\").
_IN_TEXT = re.compile(rf"""(\\?["'](?:{_KEYS})\\?["']\s*[:=]\s*\\?["'])([^"'\\]+)""", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+([A-Za-z0-9._~+/=-]{16,})")
_TEMPLATE = re.compile(r"(?:Bearer |Basic )?\{\{[^{}]*\}\}")
_TELLING = (
    "authorization",
    "api_key",
    "api-key",
    "apikey",
    "cookie",
    "token",
    "secret",
    "private",
    "passw",
    "bearer ",
    "basic ",
)

Found = Callable[[str], str]
"""What becomes of a secret: takes the value, gives what stands in its place."""


def exchange(recorded: Exchange, found: Found = lambda _: MASK) -> Exchange:
    """The exchange with every secret replaced by what `found` makes of it."""
    request, response = recorded.request, recorded.response
    return replace(
        recorded,
        request=Request(
            request.method,
            url(request.url, found),
            headers(request.headers, found),
            _body(request.body, found),
        ),
        response=response
        and replace(response, headers=headers(response.headers, found), body=_body(response.body, found)),
        raw=value(recorded.raw, found),
    )


def headers(recorded: Headers, found: Found = lambda _: MASK) -> Headers:
    return tuple((name, _masked(content, found) if is_secret(name) else content) for name, content in recorded)


def _masked(content: str, found: Found) -> str:
    """A template such as ``{{api_key}}`` names a secret and is none."""
    return content if not content or _TEMPLATE.fullmatch(content) else found(content)


def is_secret(name: str) -> bool:
    """Whether a header or query parameter of this name holds a credential."""
    plain = name.lower()
    return plain not in _HARMLESS and not _HEADER_WORDS.isdisjoint([plain, *_SPLIT.split(plain)])


def url(address: str, found: Found = lambda _: MASK) -> str:
    """An address with its user information and the secrets of its query masked."""
    if "?" not in address and "@" not in address:
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return MASK
    user, at, host = parts.netloc.rpartition("@")
    pairs = [_pair(pair, found) for pair in parts.query.split("&")]
    return urlunsplit(
        (parts.scheme, (found(user) if user else "") + at + host, parts.path, "&".join(pairs), parts.fragment)
    )


def _pair(pair: str, found: Found) -> str:
    name, _, content = pair.partition("=")
    return f"{name}={_masked(content, found)}" if is_secret(name) else pair


def value(recorded: Json, found: Found = lambda _: MASK) -> Json:
    """A JSON value with the texts under secret keys masked, at any depth."""
    if isinstance(recorded, dict):
        return {
            key: _masked(item, found)
            if isinstance(item, str) and _KEY.fullmatch(key) is not None
            else value(item, found)
            for key, item in recorded.items()
        }
    if isinstance(recorded, list):
        return [value(item, found) for item in recorded]
    return text(recorded, found) if isinstance(recorded, str) else recorded


def text(recorded: str, found: Found = lambda _: MASK) -> str:
    """A text with the values of secret keys in quoted JSON, and bearer tokens, masked."""
    lowered = recorded.lower()
    if not any(word in lowered for word in _TELLING):  # a hundred times faster than the expressions
        return recorded
    masked = _IN_TEXT.sub(lambda hit: hit.group(1) + found(hit.group(2)), recorded)
    return _BEARER.sub(lambda hit: f"{hit.group(1)} {found(hit.group(2))}", masked)


def _body(recorded: Body | None, found: Found) -> Body | None:
    if recorded is None:
        return None
    return Body(recorded.kind, value(recorded.value, found))


def numbered() -> Found:
    """Masks that say which secret they stand for, counted from 0 as in `secrets`: ``‹masked 0›``."""
    numbers = count()
    return lambda _: f"‹masked {next(numbers)}›"


def secrets(recorded: Exchange) -> list[str]:
    """The secrets of an exchange in the order in which they are masked."""
    gathered: list[str] = []

    def remember(secret: str) -> str:
        gathered.append(secret)
        return MASK

    exchange(recorded, remember)
    return gathered
