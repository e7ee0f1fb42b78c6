"""What differs between two exchanges, in the order of the page that shows it.

Both are decoded, and masked if anybody else is to see them: ``redaction.decoded.masked``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict

from inspector.analysis.anchors import prompt, replies
from inspector.analysis.exchange_summary import model_name
from inspector.compare.body_differences import is_all_understood, is_resource, noise_of, of_bodies, of_headers, of_url
from inspector.compare.difference import Difference, Side
from inspector.compare.difference_line import line
from inspector.compare.message_pairs import Pair, message_pairs
from inspector.compare.resources import side_of
from inspector.compare.said import dotted, is_id, of_pair
from inspector.compare.values import ABSENT, edits
from inspector.compare.verdict import verdict
from inspector.model import ModelCall, ProviderError, ToolDefinition
from inspector.redaction.decoded import Masked

__all__ = ["Difference", "differences", "line", "tools_by_name", "verdict"]


def differences(before: Masked, after: Masked, *, is_brief: bool = False) -> list[Difference]:
    """What differs, in the order of the page: the request's head, the messages, the replies, and what is noise. Where
    that `is_brief`, much of the noise is left out beside anything else."""
    told = _told(before, after)
    if is_brief and _matters(told) and is_all_understood(before, after):
        return told
    return [*told, *_around(before, after, told)]


def differences_that_matter(before: Masked, after: Masked) -> list[Difference] | None:
    """What differs in messages, settings and tools, and whatever noise is seen by the way; None where bodies have to be
    looked at as well. Only that is to be masked: addresses, headers, and what exchanges come to."""
    told = _told(before, after) if is_all_understood(before, after) else []
    return told if _matters(told) else None


def _told(before: Masked, after: Masked) -> list[Difference]:
    return [*_asked(before, after), *_answered(before, after)]


def _matters(told: Iterable[Difference]) -> bool:
    return verdict(one.side for one in told) in ("request", "answer")


# ---------------------------------------------------------------- the request


def _asked(before: Masked, after: Masked) -> Iterator[Difference]:
    old, new = before.call, after.call
    yield from _model(old, new)
    if old.provider != new.provider:
        yield Difference(
            "request", "provider", "settings.provider", "", _or_absent(old.provider), _or_absent(new.provider)
        )
    if old.operation != new.operation:
        yield Difference("request", "setting", "settings", "operation", old.operation, new.operation)
    if old.streamed is not new.streamed:
        yield Difference("request", "setting", "settings", "stream", old.streamed, new.streamed)
    for path, was, now in edits(dict(old.prompt.settings), dict(new.prompt.settings)):
        yield Difference("request", "setting", "settings", dotted(path), was, now)
    yield from _tools(old, new)
    for pair in message_pairs(prompt(old), prompt(new)):
        yield from of_pair(pair, "request")
    yield from of_url(before, after)


def _model(old: ModelCall, new: ModelCall) -> Iterator[Difference]:
    was, now = (one.prompt.model or one.response_model for one in (old, new))
    if was != now:
        side: Side = "noise" if model_name(was) == model_name(now) else "request"
        yield Difference(side, "model", "settings.model", "", _or_absent(was), _or_absent(now))


def _or_absent(value: object) -> object:
    return ABSENT if value is None else value


def _tools(old: ModelCall, new: ModelCall) -> Iterator[Difference]:
    was, now = tools_by_name(old.prompt.tools), tools_by_name(new.prompt.tools)
    found = list(edits(was, now))
    for path, before, after in found:
        yield Difference("request", "tool", "tools", dotted(path), before, after, str(path[0]) if path else "")
    if not found and old.prompt.tools != new.prompt.tools:
        yield Difference("request", "tool", "tools", "order", list(was), list(now))


def tools_by_name(tools: Iterable[ToolDefinition]) -> dict[str, object]:
    """Definitions by their names; a second one of a name says its number."""
    found: dict[str, object] = {}
    for number, tool in enumerate(tools):
        name = tool.name or tool.type
        about = {"type": tool.type, "description": tool.description, "parameters": tool.parameters}
        found[name if name not in found else f"{name} {number}"] = about
    return found


# ---------------------------------------------------------------- the answer


def _answered(before: Masked, after: Masked) -> Iterator[Difference]:
    old, new = before.call, after.call
    yield from _status(before, after)
    for pair in message_pairs(replies(old), replies(new)):
        yield from of_pair(pair, "answer")
        yield from _finish(pair)
    yield from _error(old.error, new.error)
    for path, was, now in edits(_summary(old), _summary(new)):
        side: Side = "noise" if is_id(was, now) else side_of(path, was, now) if is_resource(before, after) else "answer"
        yield Difference(side, "setting" if side == "request" else "reply", "reply", dotted(path), was, now)
    if old.complete is not new.complete:
        yield Difference("answer", "stream", "around", "", _completeness(old), _completeness(new))


def _summary(call: ModelCall) -> Mapping[str, object]:
    return dict(call.summary or {})


def _completeness(call: ModelCall) -> str:
    return "complete" if call.complete else "cut off"


def _status(before: Masked, after: Masked) -> Iterator[Difference]:
    was, now = (one.exchange.response.status if one.exchange.response else None for one in (before, after))
    if was == now:
        return
    is_plain = (was is None or now is None) and (was or now or 0) < 300
    side: Side = "noise" if is_plain else "answer"
    yield Difference(side, "status", "status", "", _or_absent(was), _or_absent(now))


def _finish(pair: Pair) -> Iterator[Difference]:
    was, now = (one.message.finish_reason if one else None for one in (pair.before, pair.after))
    if was != now:
        yield Difference("answer", "finish", f"{pair.place}-finish", "", _or_absent(was), _or_absent(now))
        return
    raw, raw_after = (one.message.finish_reason_raw if one else None for one in (pair.before, pair.after))
    if raw != raw_after:
        yield Difference("noise", "finish", f"{pair.place}-finish", "", _or_absent(raw), _or_absent(raw_after))


def _error(before: ProviderError | None, after: ProviderError | None) -> Iterator[Difference]:
    if before is None or after is None:
        if before is not after:
            was, now = (ABSENT if one is None else one.message or one.type or "error" for one in (before, after))
            yield Difference("answer", "error", "error", "", was, now)
        return
    for key in ("type", "message", "status"):
        was, now = getattr(before, key), getattr(after, key)
        if was != now:
            side: Side = "noise" if is_id(was, now) else "answer"
            key = "" if key == "message" else key
            yield Difference(side, "error", "error", key, _or_absent(was), _or_absent(now))
    yield from _code(before, after)


def _code(before: ProviderError, after: ProviderError) -> Iterator[Difference]:
    """The code of an error, which some give beside its type."""
    for path, was, now in edits(before.raw, after.raw):
        if path[-1:] == ("code",) and was not in (before.type, before.status) and noise_of(path, was, now) is None:
            yield Difference("answer", "error", "error", "code", was, now)


# ---------------------------------------------------------------- around it


def _around(before: Masked, after: Masked, told: Collection[Difference]) -> Iterator[Difference]:
    old, new = before.call, after.call
    for path, count, count_after in edits(_counts(old), _counts(new)):
        yield Difference("noise", "tokens", "around", dotted(path), count, count_after)
    if old.prompt.model and new.prompt.model and old.response_model != new.response_model:
        was, now = map(_or_absent, (old.response_model, new.response_model))
        yield Difference("noise", "model", "around", "that answered", was, now)
    yield from _times(before, after)
    yield from of_bodies(before, after, told)
    yield from of_headers(before, after)


def _counts(call: ModelCall) -> dict[str, object]:
    return {key: count for key, count in asdict(call.usage).items() if count is not None} if call.usage else {}


def _times(before: Masked, after: Masked) -> Iterator[Difference]:
    for key in ("started_at", "duration"):
        was, now = getattr(before.exchange, key), getattr(after.exchange, key)
        if was != now:
            yield Difference("noise", "times", "around", key, _or_absent(was), _or_absent(now))
