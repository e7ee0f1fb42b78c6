"""The requests of misses, taken from the exceptions that tests fail with.

VCR.py's exception has the request and the cassette (https://github.com/kevin1024/vcrpy, `vcr/errors.py`). llama-stack's
recorder tells only a hash; where it runs in the process of the test, the frame that raised still has the request
(https://github.com/ogx-ai/ogx, `src/ogx/testing/api_recorder.py`). Neither library is imported: what has their shape is
read, and nothing of it is called but what VCR.py itself called to make its message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from inspector.model import Json, jsonio
from inspector.recorders import llama_stack_rules, vcrpy_rules
from inspector.testruns.missed_request import MOST, MissedRequest

_MOST_ERRORS = 40
"""Exceptions that are looked at: those that one was raised from, and those of groups."""

_VCR_ERROR = "CannotOverwriteExistingCassetteException"
_MISSING = re.compile(r"(?:Recording not found|No recorded (?:response|tool result) found) for ")
_KEY = re.compile(r"[0-9a-f]{12,64}")


def caught(error: BaseException, test: str, path_of: Callable[[str], str]) -> list[MissedRequest]:
    """The requests that recorders missed, as recorded: nothing is masked yet. `path_of` makes the path of a cassette
    relative."""
    found: list[MissedRequest] = []
    for one in _chain(error):
        with suppress(Exception):  # what only looks like a recorder's
            missed = _of_vcr(one, path_of) or _of_llama_stack(one, test)
            if missed and missed not in found:
                found.append(missed)
    return found[:MOST]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception, those that it was raised from, and those of a group."""
    todo, seen = [error], {id(error)}
    while todo and len(seen) <= _MOST_ERRORS:
        one = todo.pop(0)
        yield one
        inner = getattr(one, "exceptions", ())
        for other in (one.__cause__, one.__context__, *(inner if isinstance(inner, list | tuple) else ())):
            if isinstance(other, BaseException) and id(other) not in seen:
                seen.add(id(other))
                todo.append(other)


# ---------------------------------------------------------------- VCR.py


def _of_vcr(error: Any, path_of: Callable[[str], str]) -> MissedRequest | None:
    if _VCR_ERROR not in {kind.__name__ for kind in type(error).__mro__}:
        return None
    cassette, asked = error.cassette, error.failed_request
    if asked is None:  # metadata is missing, and no request
        return None
    asked = _filtered(cassette, asked)
    matchers = tuple(matcher.__name__ for matcher in cassette._match_on)
    likest = _likest(error, cassette, asked)
    path = getattr(cassette, "_path", None)
    return MissedRequest(
        recorder=vcrpy_rules.NAME,
        method=str(asked.method),
        url=str(asked.uri),
        headers=_headers(asked.headers) if "headers" in matchers else (),
        body=_body(asked, is_parsed="raw_body" not in matchers),
        cassette=path_of(str(path)) if path else "",
        recorded=len(cassette.data),
        matched_by=matchers,
        differs=tuple(dict.fromkeys(name for name, _ in likest[0][2])) if likest else (),
        was_played=bool(likest) and not likest[0][2],
        record_mode=str(getattr(cassette.record_mode, "value", cassette.record_mode)),
    )


def _filtered(cassette: Any, asked: Any) -> Any:
    """The request as it is looked up: without what the project filters."""
    with suppress(Exception):
        return cassette._before_record_request(asked) or asked
    return asked


def _likest(error: Any, cassette: Any, asked: Any) -> list[tuple[Any, list[str], list[tuple[str, str]]]]:
    """The entries that are the same in most matchers: each with those, and with the ones that failed."""
    known = getattr(error, "similar_requests", None)
    return list(cassette.find_requests_with_most_matches(asked) if known is None else known)


def _headers(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), _text(value)) for name, value in dict(headers).items())


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _body(asked: Any, *, is_parsed: bool) -> Json:
    """The body as JSON or as a text; None where it is neither."""
    sent = getattr(asked, "body_bytes", None) or asked.body
    if isinstance(sent, bytes | bytearray):
        try:
            sent = bytes(sent).decode("utf-8")
        except UnicodeDecodeError:
            return None
    if not isinstance(sent, str) or not sent:
        return None
    value = jsonio.parse_or_none(sent) if is_parsed else None
    return sent if value is None else value


# ---------------------------------------------------------------- llama-stack


def _of_llama_stack(error: BaseException, test: str) -> MissedRequest | None:
    if not isinstance(error, RuntimeError) or not _MISSING.match(str(error)):
        return None
    known = _frame(error)
    key = known.get("request_hash")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return None
    missed = MissedRequest(llama_stack_rules.NAME, "POST", "", test=test, key=key)
    if isinstance(known.get("tool_name"), str):
        body = {"provider": known.get("provider_name"), "tool_name": known["tool_name"], "kwargs": known.get("kwargs")}
        return missed._replace(body=_plain(body))
    url = next((known[name] for name in ("url_str", "url") if known.get(name) is not None), "")
    bodies = [known[name] for name in ("json_payload", "body") if isinstance(known.get(name), dict)]
    method = known.get("method")
    return missed._replace(
        method=method if isinstance(method, str) else "POST", url=str(url), body=_plain(bodies[0]) if bodies else None
    )


def _frame(error: BaseException) -> Mapping[str, Any]:
    """The variables of the function that raised."""
    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None:
        frames = frames.tb_next
    return frames.tb_frame.f_locals if frames is not None else {}


def _plain(value: Any) -> Json:
    """What the recorder hashes, as JSON."""
    return json.loads(json.dumps(value, default=str))
