from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inspector.index import Row
from inspector.story import around, story
from tests.making import chat, library, put


def _row(number: int, prompt: tuple[int, ...], replies: tuple[int, ...]) -> Row:
    fields = dict.fromkeys(Row._fields)
    fields |= {
        "id": number,
        "uid": str(number),
        "entry": 0,
        "path": f"{number}.json",
        "prompt": prompt,
        "replies": replies,
    }
    return Row(**fields)  # type: ignore[arg-type]


_KEYS = st.lists(st.integers(0, 3), max_size=5).map(tuple)


@given(st.lists(st.tuples(_KEYS, _KEYS), max_size=12))
def test_laws_of_a_story(recorded: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> None:
    rows = [_row(number, *one) for number, one in enumerate(recorded)]
    turns = story(rows)
    assert sorted(turn.row.id for turn in turns) == [row.id for row in rows], "each exchange once"
    told = set()
    for turn in turns:
        if turn.parent is not None:
            assert turn.parent.id in told, "after what it goes on from"
            head = turn.parent.prompt
            assert turn.row.prompt[: len(head)] == head
            assert len(turn.row.prompt) > len(head)
        assert turn.known <= len(turn.row.prompt)
        told.add(turn.row.id)
    assert [turn.row for turn in story(rows[::-1])] == [turn.row for turn in turns], "files have no order"


def test_a_conversation_in_files(tmp_path: Path) -> None:
    first = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "uno"}]
    put(tmp_path / "z.json", chat("one", "uno"))
    put(tmp_path / "b.json", chat("two", "dos", before=first))
    put(tmp_path / "a.json", chat("three", "tres", before=first))
    shelf = library(tmp_path)
    shelf.refresh()
    turns = story(shelf.index.rows())
    assert [(turn.row.path, turn.known, turn.depth, turn.forks) for turn in turns] == [
        ("z.json", 0, 0, 2), ("a.json", 2, 1, 0), ("b.json", 2, 1, 0),
    ]  # fmt: skip
    before, here, after = around(turns, turns[1].row.uid)
    assert (before, here, after) == tuple(turns)


def test_one_file_is_told_in_its_own_order() -> None:
    rows = [_row(1, (5, 6, 7), ())._replace(path="a.json"), _row(2, (5,), ())._replace(path="a.json", entry=1)]
    assert [turn.row.id for turn in story(rows)] == [2, 1], "what is repeated comes first"
    rows = [_row(1, (5, 6, 7), ())._replace(path="a.json"), _row(2, (8,), ())._replace(path="a.json", entry=1)]
    assert [turn.row.id for turn in story(rows)] == [1, 2]
