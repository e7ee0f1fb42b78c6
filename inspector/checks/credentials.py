"""Credentials in an exchange, each with its place; what they are is never part of a finding.

What masking would hide is asked, place by place, whether it is a credential after all. A stream is looked at as it was
put together, so that a key that came in pieces is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from inspector.checks.base64_credentials import encoded_credential, may_be_encoded
from inspector.checks.credential_rules import Credential, credential
from inspector.checks.finding import Finding
from inspector.checks.said_parts import said
from inspector.model import Exchange, Headers, Json, ModelCall, ProviderError, jsonio
from inspector.redaction import mask
from inspector.redaction.found_in_json import Masker
from inspector.redaction.found_in_text import is_telling
from inspector.redaction.placeholder import remembered
from inspector.redaction.secret_names import is_secret

_NO_CREDENTIAL = frozenset(
    {"cookie", "set-cookie", "openai-organization", "openai-project", "anthropic-organization-id"}
)
"""Headers that are masked and open nothing: those of sessions that ended, and of who asked."""


def credentials(recorded: Exchange, call: ModelCall) -> Iterator[Finding]:
    """The credentials of an exchange as it was recorded, and of the call that it was decoded to."""
    for where, part, gathered in _gathered(recorded, call):
        found = {told: None for value in gathered if (told := credential(value)) is not None}
        for told in found:
            yield Finding(told.code, _why(told), where, part)


def encoded(call: ModelCall) -> Iterator[Finding]:
    """Credentials that base64 hides in what was said."""
    for one in said(call):
        for text in one.texts() if may_be_encoded(one.joined) else ():
            if (told := encoded_credential(text)) is not None:
                yield Finding("C103", f"base64 holds {_what(told)}", one.where, one.part)


def may_be_beside(recorded: Exchange, call: ModelCall) -> bool:
    """Whether a credential may stand where nothing is said: in headers, the address, settings, tools; in the bodies of
    what is no talk with a model. Quick, for it is asked of every exchange."""
    if any(_named(recorded.request.headers)) or any(_named(_answered(recorded))):
        return True
    if is_telling(recorded.request.url) or any(_tell(name) for _, name in _names(recorded)):
        return True
    if call.error is not None and is_telling(jsonio.dumps(_told(call.error))):
        return True
    asked = call.prompt
    if any(is_telling(jsonio.dumps(value)) for value in asked.settings.values() if type(value) in (str, dict, list)):
        return True
    if asked.tools and _tell(jsonio.dumps(asked.tools)):
        return True
    return _is_other(call) and any(is_telling(jsonio.dumps(body)) for _, body in _bodies(recorded))


@lru_cache(256)
def _tell(text: str) -> bool:
    """All requests of a program have the same tools, and those of a test its name."""
    return is_telling(text)


def _gathered(recorded: Exchange, call: ModelCall) -> Iterator[tuple[str, int | None, list[str]]]:
    """Each place that holds what masking hides, with that."""
    for side, headers in (("request", recorded.request.headers), ("response", _answered(recorded))):
        for name, value in _named(headers):
            yield f"{side} header {name.lower()}", None, [value]
    for where, part, look in _places(recorded, call):
        gathered: list[str] = []
        look(Masker(remembered(gathered)))
        if gathered:
            yield where, part, gathered


Look = Callable[[Masker], object]


def _places(recorded: Exchange, call: ModelCall) -> Iterator[tuple[str, int | None, Look]]:
    """Each place beside the headers, and what goes through it with a masker."""
    yield "address", None, lambda masker: mask.url(recorded.request.url, masker.found)
    yield "settings", None, _through(dict(call.prompt.settings))
    yield "tools", None, _through(jsonio.parse_or_none(jsonio.dumps(call.prompt.tools)))
    for one in said(call):
        yield one.where, one.part, one.masked
    if call.error is not None:  # a provider that refuses a key often says which
        yield "reply", None, _through(_told(call.error))
    for where, name in _names(recorded):
        yield where, None, _through(name)
    for side, body in _bodies(recorded) if _is_other(call) else ():
        yield side, None, _through(body)


def _through(value: Json) -> Look:
    return lambda masker: masker.whole(value)


def _told(error: ProviderError) -> Json:
    return [error.type, error.message, error.raw]


def _names(recorded: Exchange) -> Iterator[tuple[str, str]]:
    """What an exchange's test and session are called."""
    return ((where, name) for where, name in (("test", recorded.test_id), ("session", recorded.title)) if name)


def _answered(recorded: Exchange) -> Headers:
    return recorded.response.headers if recorded.response is not None else ()


def _named(headers: Headers) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if value and is_secret(name) and name.lower() not in _NO_CREDENTIAL and credential(value) is not None:
            yield name, value


def _is_other(call: ModelCall) -> bool:
    """Whether an exchange is no talk with a model: an exchange of tokens, say."""
    return call.protocol is None or call.operation == "other"


def _bodies(recorded: Exchange) -> Iterator[tuple[str, Json]]:
    response = recorded.response
    for side, body in (("request", recorded.request.body), ("response", response.body if response else None)):
        if body is not None and body.kind != "bytes":
            yield side, body.value


def _what(told: Credential) -> str:
    return f"what looks like a credential ({told.id})" if told.id else "a value under the name of a credential"


def _why(told: Credential) -> str:
    return f"this looks like a credential ({told.id})" if told.id else "a random value under the name of a credential"
