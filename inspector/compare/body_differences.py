"""Differences of bodies beside what they say as messages: ids, times, and how a stream is cut. Where a body says no
message, as of an endpoint that nobody knows, it is compared as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from hashlib import blake2b
from urllib.parse import urlsplit

from inspector.analysis import normalize
from inspector.compare import echoes, resources, vectors
from inspector.compare.difference import Difference, Side
from inspector.compare.said import dotted, is_id, is_score
from inspector.compare.values import ABSENT, Path, edits
from inspector.decode.conservation.neutral import NEUTRAL
from inspector.model import Body, Headers, Json, ModelCall, jsonio
from inspector.redaction.decoded import Masked

_MOST = 40
"""Differences of noise that are told one by one."""

_TIMES = re.compile(r"(?i)(?:^created|_at|_?time(?:stamp)?|^date|duration|_ms|latency|^expires.*)$")
_IDS = re.compile(
    r"(?:^|[_-])(?:ids?|Ids?|IDs?|etag|fingerprint)$|[a-z](?:Ids?|IDs?)$|^(?:obfuscation|(?:thoughtS|s)ignature)$"
)
_TOKENS = re.compile(r"(?i)usage|tokens?(?:_count|count)?$")


def of_bodies(before: Masked, after: Masked, told: Collection[Difference]) -> Iterator[Difference]:
    """How the bodies of requests and responses differ besides. What messages and settings have `told` is not
    repeated."""
    old, new = before.exchange, after.exchange
    is_told = any(one.side != "noise" for one in told)
    if old.request.body != new.request.body:
        is_known = is_understood(before.call) or is_understood(after.call)
        values = value_of(old.request.body), value_of(new.request.body)
        yield from _of_values(*values, "request", _as_it_is("request"), is_known=is_known, is_told=is_told)
    was, now = old.response.body if old.response else None, new.response.body if new.response else None
    if was == now:
        return
    if before.call.streamed or after.call.streamed:
        yield from _of_streams(before.call, after.call)
    is_known = is_answered(before.call) or is_answered(after.call)
    if vectors.OPERATIONS & {before.call.operation, after.call.operation}:
        yield from vectors.of_numbers(value_of(was), value_of(now))
    if not (is_known and (before.call.streamed or after.call.streamed)):
        judge = _judge_of(before, after, told)
        is_known = is_known and not is_resource(before, after)
        yield from _of_values(value_of(was), value_of(now), "answer", judge, is_known=is_known, is_told=is_told)


def is_all_understood(before: Masked, after: Masked) -> bool:
    """Whether nothing but noise is left for `of_bodies` to tell, beside what a protocol makes of the exchanges."""
    calls, old, new = (before.call, after.call), before.exchange, after.exchange
    if vectors.OPERATIONS & {call.operation for call in calls}:
        return False
    was, now = old.response and old.response.body, new.response and new.response.body
    is_asked = any(map(is_understood, calls)) or old.request.body == new.request.body
    is_read = any(map(is_answered, calls)) and not is_resource(before, after)
    return is_asked and (is_read or was == now)


def is_resource(before: Masked, after: Masked) -> bool:
    """Whether two answers are of something that a provider keeps, and are compared as such."""
    return resources.is_resource(before.call, after.call) and not (before.call.streamed or after.call.streamed)


def is_understood(call: ModelCall) -> bool:
    """Whether what was asked is compared as what a protocol makes of it."""
    prompt = call.prompt
    return call.protocol is not None and bool(prompt.messages or prompt.system or prompt.settings or prompt.model)


def is_answered(call: ModelCall) -> bool:
    """Whether what was answered is compared as what a protocol makes of it."""
    return bool(call.replies) or call.error is not None or call.summary is not None


def value_of(body: Body | None) -> Json:
    """What a body says, as JSON where it is that; `ABSENT` for none."""
    if body is None:
        return ABSENT
    if body.kind == "text" and isinstance(body.value, str):
        value = jsonio.parse_or_none(body.value) if body.value[:200].lstrip()[:1] in ("{", "[") else None
        return body.value if value is None else value
    if body.kind == "bytes" and isinstance(body.value, bytes):
        return f"{len(body.value)} bytes, {blake2b(body.value, digest_size=4).hexdigest()}"
    if body.kind == "frames":
        return [frame for _, frame in body.value]
    return body.value


Judge = Callable[[Path, object, object], Side | None]
"""What a difference amounts to that is no noise by its name; None for one that is told elsewhere."""


def _as_it_is(side: Side) -> Judge:
    return lambda path, before, after: side


def _judge_of(before: Masked, after: Masked, told: Collection[Difference]) -> Judge:
    """What differences of two answers amount to, where no protocol tells them all."""
    old, new = (value_of(one.exchange.request.body) for one in (before, after))
    asked = echoes.asked(old, new) if old != new and echoes.may_echo(before.call, after.call) else None
    repeated = {repr((one.before, one.after)) for one in told if one.side == "answer" or one.place == "reply"}
    has_error = any(one.part == "error" for one in told)
    is_kept = is_resource(before, after)

    def judge(path: Path, was: object, now: object) -> Side | None:
        if resources.is_empty(was) and resources.is_empty(now):
            return "noise"
        if asked and echoes.is_echo(path, was, now, asked):
            return "noise"
        if not is_kept:
            return "answer"
        if repr((was, now)) in repeated or (has_error and {"error", "last_error"}.intersection(path)):
            return None
        return resources.side_of(path, was, now)

    return judge


def _of_values(
    before: Json, after: Json, side: Side, judge: Judge, *, is_known: bool, is_told: bool
) -> Iterator[Difference]:
    """Differences of two bodies: what is noise by its name, and all else where no protocol tells it. Noise is told up
    to a number of differences."""
    found = edits(before, after)
    if not found:
        yield Difference("noise", "order", "around", f"of the {_BODIES[side]}", ABSENT, ABSENT)
    place = "settings" if side == "request" else "reply"
    noise = 0
    for path, was, now in found:
        part = noise_of(path, was, now)
        is_said = part is None and not is_known
        amounts = judge(path, was, now) if is_said else "noise"
        if amounts is None:
            continue
        if amounts != "noise":
            said = "setting" if amounts == "request" else "reply"
            yield Difference(amounts, said, place, dotted(path), was, now)
        elif (part or not is_told) and not (is_known and part == "tokens") and noise < _MOST:
            noise += 1
            yield Difference("noise", part or "other", "around", dotted(path), was, now)


_BODIES = {"request": "request", "answer": "response"}


def noise_of(path: Path, before: object, after: object) -> str | None:
    """What kind of noise a difference is; None where it may be what was said."""
    names = [key for key in path if isinstance(key, str)]
    name = names[-1] if names else ""
    if _TIMES.search(name) and not isinstance(before, (dict, list)):
        return "times"
    if _IDS.search(name) or is_id(before, after):
        return "ids"
    if any(map(_TOKENS.search, names)):
        return "tokens"
    if is_score(path, before, after) or name in NEUTRAL - _SAID:
        return "ids"
    return None


_SAID = frozenset({"status", "state", "type", "role", "model", "version", "filename", "index", "object"})
"""Names that are neutral beside a message, and may be all that an answer without one says."""


def _of_streams(old: ModelCall, new: ModelCall) -> Iterator[Difference]:
    was, now = _chunks(old), _chunks(new)
    if was != now:
        yield Difference("noise", "stream", "around", "", was, now)
    elif [step.event.data for step in old.steps] != [step.event.data for step in new.steps]:
        yield Difference("noise", "stream", "around", "", was, f"{now}, others")
    if old.response_id != new.response_id:
        yield Difference("noise", "ids", "around", "id", _or_absent(old.response_id), _or_absent(new.response_id))
    if old.created_at != new.created_at:
        yield Difference("noise", "times", "around", "created", _or_absent(old.created_at), _or_absent(new.created_at))


def _chunks(call: ModelCall) -> str:
    return f"{len(call.steps)} chunk{'s' * (len(call.steps) != 1)}" if call.streamed else "not streamed"


def _or_absent(value: object) -> object:
    return ABSENT if value is None else value


def of_url(before: Masked, after: Masked) -> Iterator[Difference]:
    """Where a request went, and how. What a protocol makes a request of says it without its address."""
    old, new = before.exchange.request, after.exchange.request
    is_known = before.call.protocol is not None and after.call.protocol is not None
    side: Side = "noise" if is_known else "request"
    if old.method != new.method:
        yield Difference(side, "setting", "settings", "method", old.method, new.method)
    if old.url != new.url:
        is_same = _address(old.url) == _address(new.url)
        yield Difference("noise" if is_same else side, "setting", "settings", "url", old.url, new.url)


def _address(url: str) -> tuple[str, str]:
    """An address without its host and the ids in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    seen = normalize.Seen({}, [])
    return normalize.arguments(parts.path, parts.path, seen), normalize.arguments(parts.query, parts.query, seen)


def of_headers(before: Masked, after: Masked) -> Iterator[Difference]:
    """Headers that differ, in one line: their names."""
    old, new = before.exchange, after.exchange
    sides = [("request", old.request.headers, new.request.headers)]
    sides.append((
        "response", old.response.headers if old.response else (), new.response.headers if new.response else (),
    ))  # fmt: skip
    for label, was, now in sides:
        gone, come = _changed(was, now), _changed(now, was)
        if gone or come:
            yield Difference("noise", "headers", "around", label, ", ".join(gone), ", ".join(come))


def _changed(headers: Headers, others: Headers) -> list[str]:
    """The names of headers that others do not have with the same value."""
    known = {(name.lower(), value) for name, value in others}
    return list(dict.fromkeys(name.lower() for name, value in headers if (name.lower(), value) not in known))
