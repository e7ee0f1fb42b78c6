from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.story_order import around, in_order, story
from inspector.index import Row
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


_KEYS = st.one_of(
    st.integers(0, 5).map(lambda length: (0, 1, 2, 1, 2)[:length]),
    st.lists(st.integers(0, 3), max_size=5).map(tuple),
)


@given(st.lists(st.tuples(_KEYS, _KEYS), max_size=12))
def test_laws_of_a_story(recorded: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> None:
    rows = [_row(number, *one) for number, one in enumerate(recorded)]
    turns = story(rows)
    by_id = {row.id: row for row in rows}
    assert sorted(turn.id for turn in turns) == [row.id for row in rows], "each exchange once"
    assert [row.id for row in in_order(rows)] == [turn.id for turn in turns]
    told: list[int] = []
    for turn in turns:
        prompt = by_id[turn.id].prompt
        if turn.parent is not None:
            assert turn.parent in told, "after what it goes on from"
            head = by_id[turn.parent].prompt
            assert prompt[: len(head)] == head
            assert len(prompt) > len(head)
            between = [row for row in rows if row.prompt == prompt[: len(row.prompt)]]
            assert len(head) == max(len(row.prompt) for row in between if len(row.prompt) < len(prompt))
            follows = {row.id: prompt[len(head)] in row.replies for row in between if row.prompt == head}
            assert turn.parent == min(follows, key=lambda id: (not follows[id], by_id[id].path))
            assert turn.follows_reply == follows[turn.parent]
        same = [id for id in told if prompt and by_id[id].prompt == prompt]
        assert turn.same_as == (same[0] if same else None)
        assert turn.known <= len(prompt)
        told.append(turn.id)
    assert story(rows[::-1]) == turns, "files have no order"


def test_a_conversation_in_files(tmp_path: Path) -> None:
    first = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "uno"}]
    put(tmp_path / "z.json", chat("one", "uno"))
    put(tmp_path / "b.json", chat("two", "dos", before=first))
    put(tmp_path / "a.json", chat("three", "tres", before=first))
    shelf = library(tmp_path)
    shelf.refresh()
    rows = {row.id: row for row in shelf.index.rows()}
    turns = story([*rows.values()])
    assert [(rows[turn.id].path, turn.known, turn.depth, turn.forks) for turn in turns] == [
        ("z.json", 0, 0, 2), ("a.json", 2, 1, 0), ("b.json", 2, 1, 0),
    ]  # fmt: skip
    before, here, after = around(turns, turns[1].uid)
    assert (before, here, after) == tuple(turns)


def test_one_file_is_told_in_its_own_order() -> None:
    rows = [_row(1, (5, 6, 7), ())._replace(path="a.json"), _row(2, (5,), ())._replace(path="a.json", entry=1)]
    assert [turn.id for turn in story(rows)] == [2, 1], "what is repeated comes first"
    rows = [_row(1, (5, 6, 7), ())._replace(path="a.json"), _row(2, (8,), ())._replace(path="a.json", entry=1)]
    assert [turn.id for turn in story(rows)] == [1, 2]


@given(st.lists(st.tuples(st.none() | st.integers(0, 11), st.booleans()), max_size=12))
def test_what_links_say_is_told_once_and_in_order(linked: list[tuple[int | None, bool]]) -> None:
    """Links that lead nowhere or in a circle cost nothing but themselves."""
    rows = [
        _row(number, (9,), (8,))._replace(parent=parent, continues=None if is_called else parent, called_from=parent)
        for number, (parent, is_called) in enumerate(linked)
    ]
    turns = story(rows)
    assert sorted(turn.id for turn in turns) == [row.id for row in rows], "each exchange once"
    told: set[int | None] = {None}
    for turn in turns:
        assert turn.parent in told, "after what it goes on from"
        assert turn.parent in (None, rows[turn.id].parent)
        assert turn.is_linked == (turn.parent is not None)
        assert not turn.is_called or rows[turn.id].is_called
        told.add(turn.id)
    straight = [row._replace(parent=row.id - 1 if row.id else None) for row in rows]
    assert [turn.parent for turn in story(straight)] == [row.parent for row in straight], "no link is lost"
