"""What differs between two texts as templates print it: stretches, the long ones cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inspector.compare.sequences import Budget
from inspector.compare.texts import Span, is_coarse, spans

_SAME = 1_200
"""Characters of what is the same between two changes that a page shows, and of those with only differences."""
_SAME_BARE = 160
_CHANGED = 8_000
"""Characters of what went or came that a page shows."""
_MOST = 400
"""Changes of one text that a page shows."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What is the same, or what went and came in one place; `left` and `left_after` count characters not shown."""

    same: str = ""
    tail: str = ""
    """What is the same behind the characters that are left out."""
    gone: str = ""
    come: str = ""
    left: int = 0
    left_after: int = 0
    number: int = 0
    """Of a change: which of the text it is, from 1 on."""


@dataclass(frozen=True, slots=True)
class TextDiff:
    pieces: tuple[Piece, ...]
    is_coarse: bool
    """Whether a part was not compared word by word, as that would take too long."""
    more: int
    """Changes that are not shown."""


def text_diff(before: str, after: str, budget: Budget, only: bool = False) -> TextDiff:
    found = spans(before, after, budget)
    pieces = list(_pieces(found, _SAME_BARE if only else _SAME))
    changes = sum(piece.number > 0 for piece in pieces)
    shown = [piece for piece in pieces if piece.number <= _MOST]
    if changes > _MOST:
        end = next(at for at, piece in enumerate(pieces) if piece.number > _MOST)
        shown = pieces[:end]
    return TextDiff(tuple(shown), is_coarse(found), max(changes - _MOST, 0))


def _pieces(found: Sequence[Span], room: int) -> Iterator[Piece]:
    number = at = 0
    while at < len(found):
        span = found[at]
        at += 1
        if span.kind == "same":
            yield _same(span.text, room, at == 1, at == len(found))
            continue
        number += 1
        come = span.text if span.kind == "come" else ""
        if span.kind == "gone" and at < len(found) and found[at].kind == "come":
            come = found[at].text
            at += 1
        gone = span.text if span.kind == "gone" else ""
        yield Piece(
            gone=_shown(gone), come=_shown(come), left=max(len(gone) - _CHANGED, 0),
            left_after=max(len(come) - _CHANGED, 0), number=number,
        )  # fmt: skip


def _same(text: str, room: int, is_first: bool, is_last: bool) -> Piece:
    """What is the same: of a long stretch what stands beside the changes."""
    if len(text) <= room * 1.5:
        return Piece(same=text)
    head, tail = (0 if is_first else room // 2), (0 if is_last else room // 2)
    begin = _whole_word(text, head, 1)
    end = _whole_word(text, len(text) - tail, -1)
    return Piece(same=text[:begin], tail=text[end:], left=end - begin)


def _whole_word(text: str, at: int, step: int) -> int:
    """The nearest place between two words."""
    for near in range(at, at + 30 * step, step):
        if not 0 < near < len(text) or text[near - 1].isspace():
            return min(max(near, 0), len(text))
    return at


def _shown(text: str) -> str:
    """A change, where it is nothing but white space with signs for that."""
    if text and not text.strip():
        return text.replace("\r", "␍").replace("\n", "⏎\n").replace("\t", "⇥\t")
    return text[:_CHANGED]
