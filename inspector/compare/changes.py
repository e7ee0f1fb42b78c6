"""What changed between two states of the recordings, by what was said and not by bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inspector.analysis.exchange_summary import words
from inspector.compare.change import NAME, NOISE, Change, Since, What
from inspector.compare.matching import Pair, files, pairs
from inspector.compare.states import State, digests, entries
from inspector.index import Row
from inspector.index.distinct_messages import REPLY

_AROUND = 24
"""Characters before the first difference that are told with it."""
_TOLD = 100

_COLUMNS = (("test", "group_id"), ("model", "model"), ("provider", "provider"), ("finish", "finish"))
_PLACES = {"reply": "reply", "reasoning": "reasoning", "call": "tool call", "result": "tool result"}


def since(before: State, after: State, name: str, unchanged: frozenset[str] = frozenset()) -> Since:
    """What changed. The places in `unchanged` are files that are the same, byte by byte, and that `before` may have
    left out. With a query, what it finds in either state."""
    same_file = files(before.places, after.places)
    same = _same_bytes(before, after, same_file)
    same_after = same.keys() | {path for path, place in after.places.items() if place in unchanged}
    same_before = set(same.values())
    old = [row for row in before.rows if row.path not in same_before]
    new = [row for row in after.rows if row.path not in same_after]
    told = _changes(before, after, pairs(old, new, same_file), same_file)
    changes = tuple(change for change in told if _is_asked_for(change, before, after))
    news = sum({"new": 1, "gone": -1}.get(change.kind, 0) for change in changes)
    return Since(name, changes, len(after.found) - news)


def _is_asked_for(change: Change, before: State, after: State) -> bool:
    was, now = change.before, change.after
    return (was is not None and was.id in before.found) or (now is not None and now.id in after.found)


def _same_bytes(before: State, after: State, same_file: dict[str, str]) -> dict[str, str]:
    """The files that are the same, byte by byte: their paths now and before."""
    was = digests(before, set(same_file.values()))
    now = digests(after, set(same_file))
    return {new: old for new, old in same_file.items() if new in now and now[new] == was.get(old)}


def _changes(before: State, after: State, found: list[Pair], same_file: dict[str, str]) -> Iterator[Change]:
    both = [(was, now) for was, now in found if was and now]
    said_before = _Said.of(before, [was for was, _ in both])
    said_after = _Said.of(after, [now for _, now in both])
    what = {now.id: tuple(_what(was, now, said_before, said_after)) for was, now in both}
    alike = [(was, now) for was, now in both if not what[now.id]]
    noisy = _noisy(before, after, alike)
    for was, now in found:
        if was is None or now is None:
            yield Change(was and _placed(was, before), now)
            continue
        told = what[now.id] or ((What(NOISE),) if now.id in noisy else ())
        if {one.kind for one in told} <= {NOISE} and same_file.get(now.path) != was.path:
            told = (*told, What(NAME, before.place(was.path), after.place(now.path)))
        if told:
            yield Change(_placed(was, before), now, told)


def _placed(row: Row, before: State) -> Row:
    """An exchange by its place in the repository: the archive that it was read from is not there any more."""
    place = before.place(row.path)
    return row._replace(path=place, group_id=place if row.group_id == row.path else row.group_id)


def _noisy(before: State, after: State, alike: list[tuple[Row, Row]]) -> set[int]:
    """Which of the exchanges that say the same are not the same, entry by entry."""
    was = entries(before, {row.path for row, _ in alike})
    now = entries(after, {row.path for _, row in alike})
    return {new.id for old, new in alike if was.get((old.path, old.entry)) != now.get((new.path, new.entry))}


# ---------------------------------------------------------------- one exchange


class _Said(NamedTuple):
    """What exchanges say: the numbers of their messages by their positions, and the texts of messages by place."""

    messages: dict[int, dict[int, int]]
    texts: dict[int, dict[str, str]]

    @classmethod
    def of(cls, state: State, rows: list[Row]) -> _Said:
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


def _what(was: Row, now: Row, before: _Said, after: _Said) -> Iterator[What]:
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


def _asked(was: Row, now: Row, before: _Said, after: _Said) -> Iterator[What]:
    if was.prompt != now.prompt:
        at = _common(was.prompt, now.prompt)
        yield What("prompt", *apart(_whole(before.at(was, at)), _whole(after.at(now, at))))
    elif was.request != now.request and (was.model, was.operation) == (now.model, now.operation):
        yield What("tools or settings")


def _replied(was: Row, now: Row, before: _Said, after: _Said) -> Iterator[What]:
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


def _reply(said: _Said, row: Row, number: int) -> dict[str, str]:
    """The texts of a reply, and of its reasoning, which is a message of its own."""
    return {**said.at(row, -1 - (REPLY + number)), **said.at(row, REPLY + number)}


def _whole(texts: dict[str, str]) -> str:
    return " ".join(texts.values())


def apart(was: str, now: str) -> tuple[str, str]:
    """Two texts from their first difference on, with a few words before it."""
    at = _common(was, now)
    start = max(at - _AROUND, 0)
    if start:
        start = min(was.find(" ", start, at) + 1 or start, at)
    return _from(was, start), _from(now, start)


def _common(was: Sequence[object], now: Sequence[object]) -> int:
    """How much of the beginning of two sequences is the same."""
    pairs = enumerate(zip(was, now, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(was), len(now)))


def _from(text: str, start: int) -> str:
    told = words(text[start:], _TOLD)
    return f"…{told}" if start and told else told


def _tokens(row: Row) -> str:
    return "→".join(_number(count) or "?" for count in (row.input_tokens, row.output_tokens))


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def by_group(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes by the test, session or file of the exchange, in the order of their names."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.row.group_id, []).append(change)
    return dict(sorted(found.items()))
