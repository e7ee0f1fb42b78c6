"""Two exchanges compared, as a page shows them: what differs, and where all else stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from inspector.analysis.anchors import Anchored, prompt, replies
from inspector.compare.body_differences import is_answered, is_resource, is_understood, value_of
from inspector.compare.difference import Difference, anchor_of
from inspector.compare.difference_line import line
from inspector.compare.exchanges import differences
from inspector.compare.message_pairs import Pair, message_pairs
from inspector.compare.said import unit_pairs
from inspector.compare.sequences import Budget
from inspector.compare.verdict import Verdict, verdict
from inspector.model import Json, Message, ModelCall
from inspector.redaction.decoded import Masked
from inspector.web.compare.key_tree import KeyTree, key_tree
from inspector.web.compare.text_pieces import TextDiff
from inspector.web.compare.unit_views import Units, UnitView, text_of, words

_STEPS = 500_000
"""Steps that one page may take to compare its texts."""

ROWS = 60
"""Messages and bars on one page."""

_LINES = 40
"""Differences that the head of the page lists."""

_NUMBERS = 200
"""Vectors that are listed."""

_LISTED = 60
"""Messages that a bar lists."""

_WORDS = 140


@dataclass(frozen=True, slots=True)
class Line:
    side: str
    text: str
    anchor: str
    begin: int | None = None
    """The first row of the page that has the place, where that is not this page."""


@dataclass(frozen=True, slots=True)
class PairView:
    """A message before and after; one of the anchors is empty where it has no match."""

    anchor: str
    role: str
    before: str
    after: str
    units: tuple[UnitView, ...]
    finish: tuple[str | None, str | None] = (None, None)
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A message that is the same: its role, its anchor in the later exchange, and its first words."""

    role: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Messages that are the same, folded."""

    count: int
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    verdict: Verdict
    lines: tuple[Line, ...]
    """What differs, but for noise: the answer first."""
    more_lines: int
    noise: tuple[Line, ...]
    settings: KeyTree | None
    tools: KeyTree | None
    sent: KeyTree | None
    """What was sent, where no protocol makes messages of it."""
    rows: tuple[Bar | PairView, ...]
    begin: int
    total: int
    """Bars and messages of the whole prompt, of which those from `begin` on are on this page."""
    replies: tuple[PairView, ...]
    received: KeyTree | None
    numbers: tuple[Line, ...]
    """Vectors and rankings that say something else."""
    status: tuple[str | None, str | None]
    error: TextDiff | None


def comparison(before: Masked, after: Masked, begin: int = 0, only: bool = False) -> Comparison:
    """The view of two exchanges; `only` leaves what is the same out of texts."""
    found = differences(before, after)
    sides = {anchor_of(one): one.side for one in found}
    budget = Budget(_STEPS)
    is_plain = before.call.protocol is None or after.call.protocol is None
    make = _Maker(Units(budget, sides, only))
    pairs = message_pairs(prompt(before.call), prompt(after.call))
    rows = list(_rows(pairs))
    begin = min(max(begin, 0), max(len(rows) - 1, 0))
    telling = sorted((one for one in found if one.side != "noise"), key=lambda one: one.side != "answer")
    pages = _Pages(rows, begin)
    return Comparison(
        verdict(one.side for one in found), tuple(map(pages.line, telling[:_LINES])), max(len(telling) - _LINES, 0),
        tuple(_line(one) for one in found if one.side == "noise"),
        key_tree("settings", _head(before, is_plain), _head(after, is_plain), budget, sides),
        key_tree("tools", _tools(before.call), _tools(after.call), budget, sides),
        make.sent(before, after),
        tuple(row if isinstance(row, Bar) else make.pair(row) for row in rows[begin : begin + ROWS]), begin, len(rows),
        tuple(map(make.pair, message_pairs(replies(before.call), replies(after.call)))),
        make.received(before, after),
        tuple(_line(one) for one in telling if _is_of_numbers(one))[:_NUMBERS], *make.outcome(before, after),
    )  # fmt: skip


def other_replies(found: Sequence[Difference], before: Masked, after: Masked, prefix: str) -> tuple[PairView, ...]:
    """The replies of an exchange that are others than those of one before, of which the differences are `found`. Their
    anchors begin with a prefix: the page has others by their names."""
    sides = {f"{prefix}{anchor_of(one)}": one.side for one in found}
    make = _Maker(Units(Budget(_STEPS), sides, only=False))
    old, new = (
        [one._replace(anchor=f"{prefix}{one.anchor}") for one in replies(each.call)] for each in (before, after)
    )
    return tuple(make.pair(pair) for pair in message_pairs(old, new) if not pair.says_the_same)


def _is_of_numbers(difference: Difference) -> bool:
    is_of_answer = difference.side == "answer" and difference.place == "reply"
    return is_of_answer and (difference.key == "order" or difference.key.startswith("vector "))


def _line(difference: Difference) -> Line:
    return Line(difference.side, line(difference), anchor_of(difference))


def _head(one: Masked, is_plain: bool) -> dict[str, Json]:
    """What was asked for besides messages and tools, by the keys that differences name it with; where no protocol says
    what was asked, with the address."""
    call, request = one.call, one.exchange.request
    about = {"model": call.prompt.model or call.response_model, "provider": call.provider}
    head = {key: value for key, value in about.items() if value is not None}
    where = {"method": request.method, "url": request.url} if is_plain else {}
    return {**head, "operation": call.operation, "stream": call.streamed, **where, **call.prompt.settings}


def _tools(call: ModelCall) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for number, tool in enumerate(call.prompt.tools):
        name = tool.name or tool.type
        about = {"type": tool.type, "description": tool.description, "parameters": tool.parameters}
        found[name if name not in found else f"{name} {number}"] = about
    return found


def _rows(pairs: Sequence[Pair]) -> Iterator[Bar | Pair]:
    """Messages that differ, and bars for what is the same between them."""
    same: list[Pair] = []
    for pair in pairs:
        if pair.says_the_same:
            same.append(pair)
            continue
        if same:
            yield _bar(same)
            same = []
        yield pair
    if same:
        yield _bar(same)


def _bar(pairs: Sequence[Pair]) -> Bar:
    messages = [pair.after for pair in pairs if pair.after is not None]
    return Bar(len(pairs), tuple(map(_mention, messages[:_LISTED])))


def _mention(one: Anchored) -> Mention:
    return Mention(one.message.role, one.anchor, _first_words(one.message))


def _first_words(message: Message) -> str:
    return words(" ".join(text_of(part)[:_WORDS] for part in message.parts[:3]))


class _Pages:
    """On which page of a long conversation a difference stands."""

    def __init__(self, rows: Sequence[Bar | Pair], begin: int) -> None:
        self._begin = begin
        self._rows: dict[str, int] = {}
        for number, row in enumerate(rows):
            if isinstance(row, Pair):
                self._rows[row.place] = number
                if row.before is not None:
                    self._rows[f"was-{row.before.anchor}"] = number

    def line(self, difference: Difference) -> Line:
        line = _line(difference)
        number = self._rows.get(difference.place.partition("-p")[0])
        if number is None or self._begin <= number < self._begin + ROWS:
            return line
        return replace(line, begin=number - number % ROWS)


class _Maker:
    def __init__(self, units: Units) -> None:
        self._units = units

    def pair(self, pair: Pair) -> PairView:
        before, after = pair.before, pair.after
        one = after or before
        assert one is not None
        finish = before and before.message.finish_reason, after and after.message.finish_reason
        return PairView(
            pair.place, one.message.role, before.anchor if before else "", after.anchor if after else "",
            tuple(self._of_units(pair)), finish, pair.says_the_same,
        )  # fmt: skip

    def _of_units(self, pair: Pair) -> Iterator[UnitView]:
        before, after = pair.before, pair.after
        empty = Message("user", ())
        was, now = before.anchor if before else pair.place, after.anchor if after else pair.place
        for one, other in unit_pairs(before.message if before else empty, after.message if after else empty):
            if one is not None and other is not None:
                yield self._units.both(one.part, other.part, f"{now}-p{other.number}")
            elif other is not None:
                yield self._units.lone(other.part, f"{now}-p{other.number}", True)
            elif one is not None:
                yield self._units.lone(one.part, f"was-{was}-p{one.number}", False)

    def sent(self, before: Masked, after: Masked) -> KeyTree | None:
        """What was sent, where no protocol makes messages of it."""
        if is_understood(before.call) or is_understood(after.call):
            return None
        return self._units.tree("settings", *(value_of(one.exchange.request.body) for one in (before, after)))

    def received(self, before: Masked, after: Masked) -> KeyTree | None:
        """What was answered beside messages: counts; all of it where no protocol reads it, or of what is kept."""
        if is_resource(before, after):
            return self._units.tree("reply", _kept(before), _kept(after))
        if is_answered(before.call) or is_answered(after.call):
            return self._units.tree("reply", dict(before.call.summary or {}), dict(after.call.summary or {}))
        return self._units.tree("reply", _answered(before), _answered(after))

    def outcome(self, before: Masked, after: Masked) -> tuple[tuple[str | None, str | None], TextDiff | None]:
        """The statuses where they differ, and the errors."""
        was, now = (one.exchange.response.status if one.exchange.response else None for one in (before, after))
        status = (None, None) if was == now else (_number(was), _number(now))
        old, new = (_error(one.call) for one in (before, after))
        return status, self._units.text(old, new) if old != new else None


def _answered(one: Masked) -> Json:
    return value_of(one.exchange.response.body if one.exchange.response else None)


def _kept(one: Masked) -> Json:
    """All that is said of a resource, and what it comes to."""
    body, summary = _answered(one), dict(one.call.summary or {})
    return {**body, **summary} if isinstance(body, dict) else summary


def _number(status: int | None) -> str | None:
    return None if status is None else str(status)


def _error(call: ModelCall) -> str:
    error = call.error
    return "" if error is None else " ".join(filter(None, (error.type, error.message))) or "error"
