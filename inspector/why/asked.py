"""What somebody has in hands of a request that found no recording: a log, a hash, a request as JSON or for curl."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple

from inspector.model import Body, Exchange, Request, jsonio
from inspector.testruns.replay_misses import Miss, find

_HASH = re.compile(r"[0-9a-f]{8,64}…?")
_DATA = ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json")
_WITH_VALUE = frozenset({"-o", "-u", "-A", "-e", "-m", "-w", "--max-time", "--user", "--output", "--connect-timeout"})


class Asked(NamedTuple):
    """Requests that are known, or what a recorder says of some that are not."""

    misses: tuple[Miss, ...] = ()
    exchange: Exchange | None = None


class NotUnderstood(Exception):
    """Nothing in it says what was asked for."""


def understood(text: str) -> Asked:
    """What a text asks about. Raises `NotUnderstood`."""
    text = text.strip()
    if _HASH.fullmatch(text):
        return Asked((Miss("recording", 0, text.rstrip("…")),))
    if text.startswith("curl ") and (request := _of_curl(text)):
        return Asked(exchange=_exchange(request))
    if text.startswith("{"):
        value = jsonio.parse_or_none(text)
        if isinstance(value, dict) and (exchange := _of_json(value)):
            return Asked(exchange=exchange)
    if misses := find(text).misses:
        return Asked(misses)
    raise NotUnderstood("it is no hash, no request as JSON or for curl, and no recorder misses a recording in it")


def _exchange(request: Request, test: str | None = None) -> Exchange:
    return Exchange(entry=0, request=request, response=None, test_id=test)


def _of_json(value: dict[str, Any]) -> Exchange | None:
    """A recording's entry, a request with its address and body, or a body alone."""
    test = value.get("test_id")
    inner = value.get("request")
    raw = inner if isinstance(inner, dict) else value
    url = raw.get("url") or raw.get("uri")
    if not isinstance(url, str):
        is_body = any(key in raw for key in ("messages", "model", "input", "prompt", "contents"))
        return _exchange(Request("POST", "", (), Body("value", raw))) if is_body else None
    body = next((raw[key] for key in ("body", "payload", "json", "data") if raw.get(key) is not None), None)
    kept = None if body is None else Body("text" if isinstance(body, str) else "value", body)
    method = raw.get("method")
    return _exchange(
        Request(method if isinstance(method, str) else "POST", url, (), kept), test if isinstance(test, str) else None
    )


def _of_curl(text: str) -> Request | None:
    try:
        words = iter(shlex.split(text.replace("\\\n", " "))[1:])
    except ValueError:
        return None
    method, url = "", ""
    data: list[str] = []
    headers: list[tuple[str, str]] = []
    for word in words:
        name, _, joined = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in _DATA:
            data.append(joined or next(words, ""))
        elif name in ("-X", "--request"):
            method = joined or next(words, "")
        elif name in ("-H", "--header"):
            headers += _header(joined or next(words, ""))
        elif name in _WITH_VALUE:
            _ = joined or next(words, "")
        elif name == "--url" or not word.startswith("-"):
            url = joined or (next(words, "") if name == "--url" else word)
    body = Body("text", "&".join(data)) if data else None
    return Request(method or ("POST" if data else "GET"), url, tuple(headers), body) if url else None


def _header(line: str) -> Iterator[tuple[str, str]]:
    name, colon, value = line.partition(":")
    if colon:
        yield name.strip(), value.strip()
