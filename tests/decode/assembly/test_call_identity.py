"""Which call a piece belongs to, by the habits of servers, and what holds for all of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.assembly.response import Assembly
from inspector.model import ToolCall, jsonio
from inspector.model.delta import ToolCallDelta


def piece(arguments: str = "", slot: int | None = 0, id: str | None = None, name: str | None = None) -> ToolCallDelta:
    return ToolCallDelta(arguments, 0, slot, id, name)


def whole(arguments: str, name: str | None = None, id: str | None = None) -> ToolCallDelta:
    return ToolCallDelta("", 0, None, id, name, arguments)


def calls(*pieces: ToolCallDelta) -> list[tuple[str | None, str]]:
    assembly = Assembly()
    for delta in pieces:  # each in an event of its own
        assembly.add((delta,))
    parts = [part for reply in assembly.replies() for part in reply.parts]
    assert all(isinstance(part, ToolCall) for part in parts)
    return [(part.name, part.arguments_text) for part in parts if isinstance(part, ToolCall)]


LIT, RUNG = ("light", '{"lamp":1}'), ("ring", '{"bell":2}')

HABITS: dict[str, tuple[list[ToolCallDelta], list[tuple[str, str]]]] = {
    "a new id with each piece": ([piece("", 0, "a", "light"), piece('{"lamp"', 0, "b"), piece(":1}", 0, "c")], [LIT]),
    "a new id and the name with each piece": (
        [piece('{"lamp"', 0, "a", "light"), piece(":1}", 0, "b", "light")],
        [LIT],
    ),
    "a new id with an empty last piece": ([piece('{"lamp":1}', 0, "a", "light"), piece("", 0, "b")], [LIT]),
    "one index for calls with ids": (
        [piece('{"lamp":1}', 0, "a", "light"), piece('{"bell":2}', 0, "b", "ring")],
        [LIT, RUNG],
    ),
    "one index for calls of one function": (
        [piece('{"lamp":1}', 0, "a", "light"), piece('{"lamp":1}', 0, "b", "light")],
        [LIT, LIT],
    ),
    "one index for calls without ids": (
        [piece('{"lamp":1}', 0, None, "light"), piece('{"bell":2}', 0, None, "ring")],
        [LIT, RUNG],
    ),
    "one id for two indices": (
        [piece("", 0, "a", "light"), piece('{"lamp":1}', 0), piece("", 1, "a", "ring"), piece('{"bell":2}', 1)],
        [LIT, RUNG],
    ),
    "one id for two indices, in turns": (
        [
            piece("", 0, "a", "light"),
            piece("", 1, "a", "ring"),
            piece('{"lamp":1}', 0, "a"),
            piece('{"bell":2}', 1, "a"),
        ],
        [LIT, RUNG],
    ),
    "another index with the same id and no name": ([piece('{"lamp"', 0, "a", "light"), piece(":1}", 1, "a")], [LIT]),
    "an index only with the first piece": ([piece('{"lamp"', 0, "a", "light"), piece(":1}", None)], [LIT]),
    "no index, calls whole": (
        [piece('{"lamp":1}', None, None, "light"), piece('{"bell":2}', None, None, "ring")],
        [LIT, RUNG],
    ),
    "no index, the id with each piece": ([piece('{"lamp"', None, "a", "light"), piece(":1}", None, "a")], [LIT]),
    "the name late": ([piece('{"lamp"', 0, "a"), piece(":1}", 0, None, "light")], [LIT]),
    "the name in pieces": ([piece("", 0, "a", "li"), piece("", 0, None, "ght"), piece('{"lamp":1}')], [LIT]),
    "the name in pieces beside arguments": ([piece("{", 0, "a", "li"), piece('"lamp":1}', 0, "a", "ght")], [LIT]),
    "the name with each piece": ([piece("{", 0, "a", "light"), piece('"lamp":1}', 0, "a", "light")], [LIT]),
    "whole once more": ([piece('{"lamp"', 0, "a", "light"), piece(":1}"), piece('{"lamp":1}', 0, "a", "light")], [LIT]),
    "whole once more, by id alone": (
        [piece('{"lamp":1}', 0, "a", "light"), piece('{"lamp":1}', None, "a", "light")],
        [LIT],
    ),
    "whole once more, otherwise spaced": (
        [piece('{"lamp":1}', 0, "a", "light"), piece('{ "lamp": 1 }', 0, "a", "light")],
        [LIT],
    ),
    "arguments late, without name": (
        [whole("{}", "light"), whole('{"lamp":1}'), whole("{}", "ring"), whole('{"bell":2}')],
        [LIT, RUNG],
    ),
    "arguments in two halves, without name": (
        [whole('{"lamp":1}', "light"), whole('{"on":true}')],
        [("light", '{"lamp":1,"on":true}')],
    ),
    "an empty object to begin with": ([piece("", 0, "a", "light")._replace(whole="{}"), piece('{"lamp":1}')], [LIT]),
}


@pytest.mark.parametrize("habit", HABITS)
def test_habits_of_servers(habit: str) -> None:
    pieces, expected = HABITS[habit]
    assert calls(*pieces) == expected


Call = tuple[str, dict[str, Any]]
CALLS = st.lists(
    st.tuples(
        st.sampled_from(["light", "ring"]), st.dictionaries(st.text(max_size=3), st.integers(), min_size=1, max_size=2)
    ),
    min_size=1,
    max_size=3,
)


@given(CALLS, st.data())
def test_pieces_cut_anywhere_are_the_same_calls(made: list[Call], data: st.DataObject) -> None:
    """With an index for each call, whichever of the usual habits a server has beside it."""
    one_id, repeats = data.draw(st.booleans()), data.draw(st.booleans())
    pieces, expected = [], []
    for index, (name, value) in enumerate(made):
        text = jsonio.dumps(value)
        at = data.draw(st.integers(0, len(text)))
        id = "same" if one_id else f"id{index}"
        pieces += [piece(text[:at], index, id, name), piece(text[at:], index, None, name if repeats else None)]
        expected.append((name, text))
    assert calls(*pieces) == expected


@given(CALLS, st.integers(0, 2))
def test_a_call_said_again_changes_nothing(made: list[Call], which: int) -> None:
    once = [piece(jsonio.dumps(value), index, f"id{index}", name) for index, (name, value) in enumerate(made)]
    again = once[which % len(once)]
    assert calls(*once, again) == calls(*once, again._replace(slot=None)) == calls(*once)
