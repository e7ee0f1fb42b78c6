"""An exchange for others' eyes: masked and understood, the same for pages, the index, exports and terminals.

Masked is what is understood: the values that bodies and events say, then the texts that events put together. Where an
exchange holds no secret it comes back as it is, and is decoded once.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import orjson

from inspector.decode import decoder
from inspector.model import Body, Exchange, Json, ModelCall, Problem, Response, Step, jsonio
from inspector.redaction import mask, masked_call, masked_raw, streamed
from inspector.redaction.found_in_json import Masker
from inspector.redaction.found_in_text import is_telling
from inspector.redaction.known import Knowing, is_said, worth_knowing
from inspector.redaction.placeholder import MASK, PlaceholderFor, remembered

_NO_RAW = {"masked": "A secret stands here in pieces: only the file itself shows the entry as recorded."}

_ROUNDS = 3
"""How often what is masked is looked through again: a mask may change how a text is read."""


class Masked(NamedTuple):
    exchange: Exchange
    call: ModelCall


def masked(recorded: Exchange, found: PlaceholderFor = lambda _: MASK, call: ModelCall | None = None) -> Masked:
    """The exchange with its secrets replaced by what `found` makes of them, decoded. `call` is what the recorded one is
    decoded to, where somebody has that already. Raises what decoding raises."""
    call = call or decoder.decode(recorded)
    if holds_nothing(recorded, call):
        return Masked(recorded, call)
    gathered: list[str] = []
    remember = remembered(gathered)
    once = _masked(recorded, call, lambda secret: (remember(secret), found(secret))[1])
    known = worth_knowing(gathered, call)
    is_repeated = bool(known) and is_said(repr((once.exchange, once.call.replies)), known)
    return _masked(recorded, call, Knowing(found, known)) if is_repeated else once


def beside(recorded: Exchange, call: ModelCall) -> tuple[str, ...]:
    """The secrets worth knowing that stand where nothing is said: in headers, the address, settings and tools."""
    gathered: list[str] = []
    found = remembered(gathered)
    response = recorded.response
    mask.url(recorded.request.url, found)
    mask.headers((*recorded.request.headers, *(response.headers if response else ())), found)
    for value in (dict(call.prompt.settings), jsonio.parse_or_none(jsonio.dumps(call.prompt.tools))):
        Masker(found).whole(value)
    return worth_knowing(gathered, call)


def _masked(recorded: Exchange, call: ModelCall, found: PlaceholderFor) -> Masked:
    exchange = _without_response_body(recorded, found)
    if not _is_said_the_same(recorded, exchange):
        call = decoder.decode(exchange)
    for _ in range(_ROUNDS):
        response = exchange.response
        body = _body(response.body, call, found) if response and response.body else None
        if response is None or body is None or body is response.body:
            break
        exchange = replace(exchange, response=replace(response, body=body))
        call = decoder.decode(exchange)
    exchange, call = _to_the_last(exchange, call, found)
    return Masked(replace(exchange, raw=_raw(recorded, exchange, found)), call)


def is_quiet(recorded: Exchange, call: ModelCall) -> bool:
    """Whether no secret stands in what an exchange comes to, nor in its address and headers, nor is known from
    elsewhere in it: masking leaves all of that as it is then. Quick where nothing is there that a secret goes by."""
    asked, response = recorded.request, recorded.response
    beside = (asked.method, asked.url, asked.headers, *((response.headers, response.error) if response else ()))
    told = (recorded.test_id, recorded.session, recorded.title, recorded.sdk, recorded.hint, recorded.problems)
    named = (call.provider, call.response_model, call.error, call.summary, told)
    tells_nothing = _tells_nothing((beside, named, call.replies)) and _tells_nothing(call.prompt)
    return tells_nothing or _hides_nothing(recorded, call, named)


def _hides_nothing(recorded: Exchange, call: ModelCall, named: object) -> bool:
    """The same, by what masks it."""
    gathered: list[str] = []
    found = remembered(gathered)
    try:
        if not _tells_nothing(named):
            Masker(found).value(orjson.loads(orjson.dumps(named, default=_as_list)))
        _without_response_body(recorded, found)
        body = recorded.response.body if recorded.response else None
        if body is not None and not _tells_nothing(body.value):
            _body(body, call, found)
        masked_call.masked(call, Masker(found))
    except Exception:  # whoever masks it says why
        return False
    return not gathered


def holds_nothing(recorded: Exchange, call: ModelCall) -> bool:
    """Whether nothing that a secret goes by stands in an exchange: masking leaves it as it is then. Quick."""
    told = recorded.response.body if recorded.response else None
    bodies = [body.value for body in (recorded.request.body, told) if body is not None]
    if any(isinstance(value, bytes) or (isinstance(value, str) and value.startswith("LS")) for value in bodies):
        return False  # a form, perhaps as base64
    return _tells_nothing(recorded) and _tells_nothing((call.prompt, call.replies, call.summary))


def _tells_nothing(values: object) -> bool:
    """Whether no text in some values is telling; false also of what is larger, deeper or stranger than JSON."""
    try:
        return not _is_telling(orjson.dumps(values, default=_as_list).decode())
    except TypeError:
        return False


@lru_cache(4)
def _is_telling(text: str) -> bool:
    """Two exchanges that are compared often ask the same."""
    return is_telling(text)


def _as_list(value: object) -> list[object]:
    if isinstance(value, tuple):  # with names
        return list(value)
    raise TypeError


def masked_anyhow(recorded: Exchange, call: ModelCall | None = None) -> Masked:
    """The same, and never raises: one exchange that we fail at must not hide the others."""
    try:
        return masked(recorded, call=call)
    except Exception as error:
        return failed_at(recorded, error)


def failed_at(recorded: Exchange, error: Exception) -> Masked:
    """An exchange that we fail at, with the reason and without its bodies and its entry: nobody knows then what is a
    secret in them."""
    return masked(_without_bodies(replace(recorded, raw=None), error))


def _without_bodies(exchange: Exchange, error: Exception) -> Exchange:
    why = Problem("exchange", f"not understood: {type(error).__name__}: {error}")
    request = replace(exchange.request, body=None)
    return replace(exchange, request=request, response=None, problems=(*exchange.problems, why))


def secrets(recorded: Exchange) -> list[str]:
    """The secrets of an exchange, each once, in the order in which masks number them."""
    gathered: list[str] = []
    masked(recorded, remembered(gathered))
    return gathered


def _without_response_body(recorded: Exchange, found: PlaceholderFor) -> Exchange:
    """The exchange masked but for the body of its response; what is not masked is the same object as before."""
    response = recorded.response
    bare = replace(recorded, raw=None, response=response and replace(response, body=None))
    exchange = mask.exchange(bare, found)
    if response is None or exchange.response is None:
        return exchange
    return replace(exchange, response=replace(exchange.response, body=response.body))


def _is_said_the_same(recorded: Exchange, exchange: Exchange) -> bool:
    """Whether both are decoded to the same call: headers alone make no difference."""
    headers = exchange.request.headers
    if replace(recorded.request, headers=headers) != exchange.request or recorded.problems != exchange.problems:
        return False
    return (recorded.hint, recorded.provider) == (exchange.hint, exchange.provider) and (
        recorded.response is None or exchange.response is None or recorded.response.error == exchange.response.error
    )


def _body(body: Body, call: ModelCall, found: PlaceholderFor) -> Body:
    """The body of a response masked; the same where it holds no secret."""
    if not call.streamed or not call.steps:
        whole = mask.body(body, found) or body
        if whole is not body or body.kind == "bytes":
            return whole
    events = streamed.events(call.steps, found, call.streamed)
    return streamed.body(body, call.steps, events) if events else body


def _to_the_last(exchange: Exchange, call: ModelCall, found: PlaceholderFor) -> Masked:
    """The same with what is still seen in the call's parts masked there. Of a response nobody knows then which of its
    events say it: none is shown."""
    safe = masked_call.masked(call, Masker(found))
    if safe.replies == call.replies or exchange.response is None:
        return Masked(exchange, safe)
    why = "A secret stands here in a form of its own: only the file itself shows what was answered."
    response = replace(exchange.response, body=Body("text", why))
    steps = tuple(Step(step.event._replace(data=None, raw=MASK), ()) for step in call.steps)
    return Masked(replace(exchange, response=response), replace(safe, steps=steps))


def _raw(recorded: Exchange, exchange: Exchange, found: PlaceholderFor) -> Json:
    """The entry masked, with the body in it that is masked already."""
    before, after = (one.response or Response() for one in (recorded, exchange))
    raw = recorded.raw
    if raw is not None and before.body and after.body and before.body is not after.body:
        raw = masked_raw.with_body(raw, before.body, after.body)
        if raw is None:
            return _NO_RAW
    asked = recorded.request.body
    if raw is None or asked is None or asked == exchange.request.body:
        return Masker(found).whole(raw)
    plain = masked_raw.without_encoded(raw, asked, _secrets_of(asked, found), found)
    return _NO_RAW if plain is None else Masker(found).value(plain)


def _secrets_of(body: Body, found: PlaceholderFor) -> list[str]:
    gathered: list[str] = []
    remember = remembered(gathered)
    mask.body(body, Knowing(remember, found.secrets) if isinstance(found, Knowing) else remember)
    return gathered
