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

from inspector import jsonio
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
# Authorization: Bearer …, anywhere, however short.
_AUTHORIZED = re.compile(
    r"""(\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?:bearer|basic|token|digest|apikey)\s+)([^\s"'\\,;]+)""",
    re.IGNORECASE,
)
# A line that is a header, or an entry of a configuration file: X-Auth-Token: …
_LINE = re.compile(
    r"^([ \t>*+-]*([A-Za-z][\w.-]*)[ \t]*:[ \t]*(?:(?:bearer|basic|token|digest|apikey)[ \t]+)?)"
    r"(\S+|[^\s=;]+=.*?)[ \t]*(?=(?:#.*)?$)",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_WORDS = _HEADER_WORDS - {"auth", "key", "sig"}
# The line below [BasicAuth] in a Hurl file: user: password
_BASIC_AUTH = re.compile(
    r"^([ \t]*\[BasicAuth\][^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[^\n:]*:[ \t]*)(\S[^\n#]*)", re.MULTILINE
)
_IN_QUERY = re.compile(r"""((?:^|[?&])([\w.-]+)=)([^&\s"'<>\\)`]+)""")
_IN_ADDRESS = re.compile(r"""(://[^\s/:@"'<>]*:)([^\s/@"'<>]+)(?=@)""")
_BEARER = re.compile(r"\b((?:Bearer|Basic)\s+)((?=\S*\d)[A-Za-z0-9._~+/=-]{6,}|[A-Za-z0-9._~+/=-]{16,})")
_TEMPLATE = re.compile(r"(?:Bearer |Basic )?\{\{[^{}]*\}\}")
_TELLING = (
    "authorization", "api_key", "api-key", "apikey", "cookie", "token", "secret", "private", "passw", "credential",
    "signature", "bearer ", "basic ", "[basicauth]", "key=", "sig=", "auth=",
)  # fmt: skip

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
        raw=_whole(recorded.raw, found),
    )


def headers(recorded: Headers, found: Found = lambda _: MASK) -> Headers:
    return tuple((name, _masked(content, found) if is_secret(name) else content) for name, content in recorded)


def _masked(content: str, found: Found) -> str:
    """A template such as ``{{api_key}}`` names a secret and is none; what is masked already stays as it is."""
    if not content or content.startswith(MASK[:-1]) or _TEMPLATE.fullmatch(content):
        return content
    return found(content)


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
            key: _secret(item, found) if _KEY.fullmatch(key) is not None else value(item, found)
            for key, item in recorded.items()
        }
    if isinstance(recorded, list):
        return [value(item, found) for item in recorded]
    return text(recorded, found) if isinstance(recorded, str) else recorded


def _secret(item: Json, found: Found) -> Json:
    """What stands under a secret key: texts, numbers, lists of them. An object describes it, as schemas do."""
    if isinstance(item, str):
        return _masked(item, found)
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return found(str(item))
    return [_secret(one, found) for one in item] if isinstance(item, list) else value(item, found)


def text(recorded: str, found: Found = lambda _: MASK) -> str:
    """A text with what looks like a credential masked: in headers, quoted JSON, addresses, and after ``Bearer``."""
    if not _is_telling(recorded):  # a hundred times faster than the expressions
        return recorded
    lowered = recorded.lower()

    def last(hit: re.Match[str]) -> str:
        return hit.group(1) + _masked(hit.group(2), found)

    def named(hit: re.Match[str]) -> str:
        secret = is_secret(hit.group(2)) if hit.re is _IN_QUERY else _is_secret_line(hit.group(2))
        return hit.group(1) + _masked(hit.group(3), found) if secret else hit.group()

    masked = recorded
    for words, rule, become in (
        (("authorization",), _AUTHORIZED, last),
        (("[basicauth]",), _BASIC_AUTH, last),
        ((*_LINE_WORDS, "api_key", "api-key"), _LINE, named),
        (('"', "'"), _IN_TEXT, last),
        (("=",), _IN_QUERY, named),
        (("@",), _IN_ADDRESS, last),
        (("bearer ", "basic "), _BEARER, last),
    ):
        if any(word in lowered for word in words):
            masked = rule.sub(become, masked)
    return masked


def _is_telling(recorded: str) -> bool:
    """Whether a text holds a word that a secret goes by, or an address that may hold a user's name."""
    lowered = recorded.lower()
    return any(map(lowered.__contains__, _TELLING)) or ("://" in recorded and "@" in recorded)


def _is_secret_line(name: str) -> bool:
    return _KEY.fullmatch(name) is not None or not _LINE_WORDS.isdisjoint(_SPLIT.split(name.lower()))


def _body(recorded: Body | None, found: Found) -> Body | None:
    if recorded is None:
        return None
    return Body(recorded.kind, _whole(recorded.value, found))


def _whole(recorded: Json, found: Found) -> Json:
    """A whole body masked. Most hold no word that a secret goes by, which is quicker to see than to go through them."""
    return value(recorded, found) if _is_telling(jsonio.dumps(recorded)) else recorded


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
