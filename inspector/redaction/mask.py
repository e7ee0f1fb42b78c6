"""Secrets masked, wherever an exchange keeps them.

Recordings hold credentials. Everything that leaves the reader for a page, for ``show`` or for the index goes through
here first. A masked value is gone: only the file, read again, gives one back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from urllib.parse import urlsplit, urlunsplit

from inspector.model import Body, Exchange, Expectation, Headers, Json, Problem, ProviderError, Request, jsonio
from inspector.redaction.patterns import MASK, NUMBERED, Found, is_secret, is_secret_key, is_telling, masked, text

__all__ = ["MASK", "NUMBERED", "Found", "exchange", "headers", "numbered", "remembered", "text", "url", "value"]

_PAIRED = frozenset(
    {"header", "headers", "rawheaders", "reqheaders", "requestheaders", "responseheaders", "trailers", "query"}
    | {"querystring", "queryparam", "queryparameters", "params", "form"}
)
"""Keys under which recorders keep names and values: as objects, as pairs, or as one list in turn."""

_STREAMED = re.compile(r"\s*(?:(?:data|event|id|retry)?:|\{[^\n]*\}[ \t\r]*\n)")
"""How server-sent events and JSON lines begin."""


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
        and replace(
            response,
            headers=headers(response.headers, found),
            body=_body(response.body, found),
            error=_error(response.error, found),
        ),
        test_id=recorded.test_id and text(recorded.test_id, found),
        session=recorded.session and text(recorded.session, found),
        expectation=_expectation(recorded.expectation, found),
        problems=tuple(Problem(where, text(why, found)) for where, why in recorded.problems),
        raw=_whole(recorded.raw, found),
    )


def headers(recorded: Headers, found: Found = lambda _: MASK) -> Headers:
    return tuple((name, (masked if is_secret(name) else text)(content, found)) for name, content in recorded)


def url(address: str, found: Found = lambda _: MASK) -> str:
    """An address with its user information and the secrets of its query masked."""
    if "?" not in address and "@" not in address:
        return text(address, found)
    try:
        parts = urlsplit(address)
    except ValueError:
        return MASK
    user, at, host = parts.netloc.rpartition("@")
    pairs = [_pair(pair, found) for pair in parts.query.split("&")]
    return urlunsplit(
        (
            parts.scheme,
            (found(user) if user else "") + at + host,
            text(parts.path, found),
            "&".join(pairs),
            parts.fragment,
        )
    )


def _pair(pair: str, found: Found) -> str:
    name, _, content = pair.partition("=")
    return f"{name}={masked(content, found)}" if is_secret(name) else text(pair, found)


def _error(told: ProviderError | None, found: Found) -> ProviderError | None:
    """What a recorder noted in place of an answer."""
    if told is None:
        return None
    kind, message = (one and text(one, found) for one in (told.type, told.message))
    return replace(told, type=kind, message=message, raw=_whole(told.raw, found))


def _expectation(recorded: Expectation | None, found: Found) -> Expectation | None:
    if recorded is None:
        return None
    asserts = tuple(replace(one, text=text(one.text, found)) for one in recorded.asserts)
    return replace(recorded, asserts=asserts)


# ---------------------------------------------------------------- JSON


def value(recorded: Json, found: Found = lambda _: MASK) -> Json:
    """A JSON value with the texts under secret keys masked, at any depth."""
    if isinstance(recorded, dict):
        return {key: _under(str(key), item, found) for key, item in recorded.items()}
    if isinstance(recorded, (list, tuple)):
        return [value(item, found) for item in recorded]
    return _said(recorded, found) if isinstance(recorded, str) else recorded


def _said(recorded: str, found: Found) -> str:
    """A text, which may be JSON or a stream of it: there a line break is written as an escape, and a header that stands
    in a line of its own is only seen once the text is parsed."""
    if "\\" not in recorded or not is_telling(recorded):
        return text(recorded, found)
    lines = recorded.split("\n") if _STREAMED.match(recorded) else [recorded]
    return text("\n".join(_line(line, found) for line in lines), found)


def _line(line: str, found: Found) -> str:
    head, brace, _ = line.partition("{")
    if not brace or head.strip() not in ("", "data:", "[") or not is_telling(line):
        return line
    start = len(head) if head.strip() != "[" else 0
    parsed = jsonio.parse_or_none(line[start:])
    hidden = value(parsed, found)
    return line if hidden == parsed else line[:start] + jsonio.dumps(hidden)


def _under(key: str, item: Json, found: Found) -> Json:
    if is_secret_key(key):
        return _secret(item, found)
    plain = key.lower()
    if plain == "cookies" and isinstance(item, list):
        return [_named(one, found, lambda _: True) for one in item]
    return _paired(item, found) if plain.replace("_", "") in _PAIRED else value(item, found)


def _secret(item: Json, found: Found) -> Json:
    """What stands under a secret key: texts, numbers, lists of them, or an object that has it as its `value`. Any other
    object describes it, as schemas do."""
    if isinstance(item, str):
        return masked(item, found)
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return found(str(item))
    if isinstance(item, dict) and isinstance(item.get("value"), str):
        return {**value(item, found), "value": masked(item["value"], found)}
    return [_secret(one, found) for one in item] if isinstance(item, list) else value(item, found)


def _paired(item: Json, found: Found) -> Json:
    """Names and their values, in any form that recorders keep headers and queries in."""
    if isinstance(item, dict):
        return {name: (_each if is_secret(str(name)) else value)(one, found) for name, one in item.items()}
    if not isinstance(item, list):
        return value(item, found)
    if item and all(isinstance(one, str) for one in item):
        names = ("", *item)  # in turn: name, value, name, value
        return [
            masked(one, found) if at % 2 and is_secret(names[at]) else text(one, found) for at, one in enumerate(item)
        ]
    return [_named(one, found, is_secret) for one in item]


def _named(pair: Json, found: Found, is_secret_name: Callable[[str], bool]) -> Json:
    """An object of ``name`` and ``value``, or a list of the two."""
    if isinstance(pair, dict) and isinstance(pair.get("name"), str) and is_secret_name(pair["name"]):
        return {key: _each(one, found) if key == "value" else value(one, found) for key, one in pair.items()}
    if isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str) and is_secret_name(pair[0]):
        return [pair[0], _each(pair[1], found)]
    return value(pair, found)


def _each(item: Json, found: Found) -> Json:
    """Every text of a value masked: ``{"equalTo": "…"}`` too."""
    if isinstance(item, dict):
        return {key: _each(one, found) for key, one in item.items()}
    return [_each(one, found) for one in item] if isinstance(item, (list, tuple)) else _secret(item, found)


def _body(recorded: Body | None, found: Found) -> Body | None:
    if recorded is None or recorded.kind == "bytes":
        return recorded
    return Body(recorded.kind, _whole(recorded.value, found))


def _whole(recorded: Json, found: Found) -> Json:
    """A whole body masked. Most hold no word that a secret goes by, which is quicker to see than to go through them."""
    if not is_telling(jsonio.dumps(recorded)):
        return recorded
    if isinstance(recorded, list) and len(recorded) > 1:  # of a stream's chunks the one with the usage, as a rule
        return [_whole(item, found) for item in recorded]
    return value(recorded, found)


def numbered() -> Found:
    """Masks that say which secret they stand for, counted as in `secrets`: ``‹masked 0›``."""
    numbers = count()
    return lambda _: f"‹masked {next(numbers)}›"


def remembered(secrets: list[str]) -> Found:
    """Masks that put each secret into a list."""

    def remember(secret: str) -> str:
        secrets.append(secret)
        return MASK

    return remember
