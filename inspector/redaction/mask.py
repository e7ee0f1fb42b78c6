"""Secrets masked, wherever an exchange keeps them.

Recordings hold credentials. Everything that leaves the reader for a page, for ``show`` or for the index goes through
here first. A masked value is gone: only the file, read again, gives one back.
"""

from __future__ import annotations

from dataclasses import replace

from inspector.model import Body, Exchange, Expectation, Headers, Json, Problem, ProviderError, Request
from inspector.model.expressions import expression
from inspector.redaction import found_in_forms
from inspector.redaction.found_in_json import Masker
from inspector.redaction.placeholder import MASK, NUMBERED, PlaceholderFor, numbered, remembered
from inspector.redaction.secret_names import is_secret

__all__ = [
    "MASK",
    "NUMBERED",
    "PlaceholderFor",
    "exchange",
    "headers",
    "numbered",
    "remembered",
    "text",
    "url",
    "value",
]


def _mask(_: str) -> str:
    return MASK


def text(recorded: str, found: PlaceholderFor = _mask) -> str:
    """A text with its secrets masked: by the names that they stand under, and by their shape."""
    return Masker(found).text(recorded)


def value(recorded: Json, found: PlaceholderFor = _mask) -> Json:
    """A JSON value with its secrets masked, at any depth."""
    return Masker(found).value(recorded)


def exchange(recorded: Exchange, found: PlaceholderFor = _mask) -> Exchange:
    """The exchange with every secret masked that stands in one piece."""
    response = recorded.response
    asked = recorded.request
    request = Request(
        text(asked.method, found), url(asked.url, found), headers(asked.headers, found), body(asked.body, found)
    )
    if response is not None:
        said, told = body(response.body, found), _error(response.error, found)
        response = replace(response, headers=headers(response.headers, found), body=said, error=told)
    return replace(beside(recorded, found), request=request, response=response, raw=Masker(found).whole(recorded.raw))


def beside(recorded: Exchange, found: PlaceholderFor = _mask) -> Exchange:
    """The exchange with what a recording says beside request and response masked."""
    return replace(
        recorded,
        test_id=recorded.test_id and text(recorded.test_id, found),
        session=recorded.session and text(recorded.session, found),
        title=recorded.title and text(recorded.title, found),
        provider=recorded.provider and text(recorded.provider, found),
        hint=text(recorded.hint, found),
        sdk=text(recorded.sdk, found),
        unreachable=text(recorded.unreachable, found),
        expectation=_expectation(recorded.expectation, found),
        problems=tuple(Problem(where, text(why, found)) for where, why in recorded.problems),
    )


def headers(recorded: Headers, found: PlaceholderFor = _mask) -> Headers:
    masker = Masker(found)
    return tuple(
        (name, masker.secret(content) if is_secret(name) else masker.text(content)) for name, content in recorded
    )


_PARTS_OF_ADDRESS = expression(r"([?#&])")
_USER = expression(r"(?:[A-Za-z][A-Za-z0-9+.-]*+:)?//([^/?#]*)@")


def url(address: str, found: PlaceholderFor = _mask) -> str:
    """An address with its user information and the secrets of its query and fragment masked."""
    masker = Masker(found)
    user = _USER.match(address)
    head = address[: user.start(1)] + masker.secret(user[1]) if user and user[1] else ""
    rest = address[user.end(1) :] if head and user else address
    path, *others = _PARTS_OF_ADDRESS.split(rest)
    head += masker.text(path)
    return head + "".join(other if at % 2 == 0 else _pair(other, masker) for at, other in enumerate(others))


def _pair(pair: str, masker: Masker) -> str:
    name, equals, content = pair.partition("=")
    return f"{name}={masker.secret(content)}" if equals and is_secret(name) else masker.text(pair)


def _error(told: ProviderError | None, found: PlaceholderFor) -> ProviderError | None:
    """What a recorder noted in place of an answer."""
    if told is None:
        return None
    kind, message = (one and text(one, found) for one in (told.type, told.message))
    return replace(told, type=kind, message=message, raw=Masker(found).whole(told.raw))


def _expectation(recorded: Expectation | None, found: PlaceholderFor) -> Expectation | None:
    if recorded is None:
        return None
    asserts = (
        replace(one, text=text(one.text, found), comment=one.comment and text(one.comment, found))
        for one in recorded.asserts
    )
    return replace(recorded, asserts=tuple(asserts))


def body(recorded: Body | None, found: PlaceholderFor = _mask) -> Body | None:
    """A body that came in one piece; of bytes the fields of a form."""
    if recorded is None:
        return None
    new = recorded.value
    if isinstance(new, bytes):
        text = found_in_forms.as_text(new) if new.startswith((b"--", b"LS")) else ""
        masked = Masker(found).text(text)
        new = found_in_forms.as_bytes(masked) if masked != text else new
    elif recorded.kind != "bytes":
        new = Masker(found).whole(new)
    return recorded if new is recorded.value or new == recorded.value else Body(recorded.kind, new)
