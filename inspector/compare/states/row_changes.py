"""What changed in an exchange by what the index knows of it: the columns of its row, and the texts of its messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.analysis.exchange_summary import Summary
from inspector.analysis.features import BITS
from inspector.analysis.first_words import words
from inspector.compare import resources
from inspector.compare.states.change import What
from inspector.compare.states.state import State
from inspector.index import Row
from inspector.index.distinct_messages import REPLY
from inspector.model.common_head import common_head

_AROUND = 24
"""Characters before the first difference that are told with it."""
_TOLD = 100

_COLUMNS = (("test", "group_id"), ("model", "model"), ("provider", "provider"), ("finish", "finish"))
_PLACES = {"reply": "reply", "reasoning": "reasoning", "call": "tool call", "result": "tool result"}


class Said(NamedTuple):
    """What exchanges say: the numbers of their messages by their positions, and the texts of messages by place."""

    messages: dict[int, dict[int, int]]
    texts: dict[int, dict[str, str]]

    @classmethod
    def of(cls, state: State, rows: list[Row]) -> Said:
        messages: dict[int, dict[int, int]] = {}
        for exchange, position, message in state.known.said(rows):
            messages.setdefault(exchange, {})[position] = message
        texts: dict[int, dict[str, str]] = {}
        for message, place, text in state.known.texts({one for said in messages.values() for one in said.values()}):
            texts.setdefault(message, {})[place] = text
        return cls(messages, texts)

    def at(self, row: Row, position: int) -> dict[str, str]:
        """The texts of one message, by place."""
        return self.texts.get(self.messages.get(row.id, {}).get(position, 0), {})


def what(was: Row, now: Row, before: Said, after: Said) -> Iterator[What]:
    for kind in sorted({*now.marks} - {*was.marks}):
        yield What("odd", "", kind)
    for kind, column in _COLUMNS:
        old, new = getattr(was, column), getattr(now, column)
        if old != new and (kind != "test" or was.group_kind == now.group_kind == "test"):
            yield What(kind, old or "", new or "")
    if was.status != now.status:
        yield What("status", _number(was.status), _number(now.status))
    yield from _asked(was, now, before, after)
    yield from _replied(was, now, before, after)
    if (was.input_tokens, was.output_tokens) != (now.input_tokens, now.output_tokens):
        yield What("tokens", _tokens(was), _tokens(now))
    for kind in sorted({*was.marks} - {*now.marks}):
        yield What("odd", kind, "")


def _asked(was: Row, now: Row, before: Said, after: Said) -> Iterator[What]:
    if was.prompt != now.prompt:
        at = common_head(was.prompt, now.prompt)
        yield What("prompt", *apart(_whole(before.at(was, at)), _whole(after.at(now, at))))
    elif was.request != now.request and (was.model, was.operation) == (now.model, now.operation):
        yield What("tools or settings")


def _replied(was: Row, now: Row, before: Said, after: Said) -> Iterator[What]:
    changed = False
    for number in range(max(len(was.replies), len(now.replies))):
        old, new = _reply(before, was, number), _reply(after, now, number)
        same = was.replies[number : number + 1] == now.replies[number : number + 1]
        for place, kind in _PLACES.items():
            if old.get(place) != new.get(place) and (not same or place == "reasoning"):
                changed = True
                yield What(kind, *apart(old.get(place, ""), new.get(place, "")))
        if not same and not changed:
            changed = True
            yield What("reply")
    if not changed and was.replied != now.replied and not now.replies:  # an error, or what is no message
        yield What("reply", *apart(was.replied, now.replied))


def _reply(said: Said, row: Row, number: int) -> dict[str, str]:
    """The texts of a reply, and of its reasoning, which is a message of its own."""
    return {**said.at(row, -1 - (REPLY + number)), **said.at(row, REPLY + number)}


def _whole(texts: dict[str, str]) -> str:
    return " ".join(texts.values())


def apart(was: str, now: str) -> tuple[str, str]:
    """Two texts from their first difference on, with a few words before it."""
    at = common_head(was, now)
    start = max(at - _AROUND, 0)
    if start:
        start = min(was.find(" ", start, at) + 1 or start, at)
    return _from(was, start), _from(now, start)


def _from(text: str, start: int) -> str:
    told = words(text[start:], _TOLD)
    return f"…{told}" if start and told else told


def _tokens(row: Row) -> str:
    return "→".join(_number(count) or "?" for count in (row.input_tokens, row.output_tokens))


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def is_unknown_to_rows(was: Row | Summary, now: Row | Summary) -> bool:
    """Whether rows that are alike may answer something else: what is no message, an error beside one, the sources of a
    text, and the state of what is kept."""
    has_more = bool((was.has | now.has) & (BITS["citation"] | BITS["error"]))
    return not now.replies or has_more or now.protocol in resources.PROTOCOLS
