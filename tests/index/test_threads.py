"""How exchanges hang together, against the same told a second time by comparing every prompt with every other."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from inspector.analysis.exchange_summary import Said, Summary
from inspector.analysis.search_text import Piece
from inspector.analysis.story_order import story, story_of
from inspector.index import Index, Row
from inspector.index.conditions import ALL
from inspector.index.rows import Entry, FileRow
from inspector.index.threads import LOOKED_AT
from tests.making import examples

SYSTEMS = (1, 2)
"""Keys that are instructions."""


def _summary(prompt: Sequence[int], replies: Sequence[int], test: str | None, model: str) -> Summary:
    said = [Said(key, key, (Piece("system", "be kind"),) if key in SYSTEMS else ()) for key in prompt]
    return Summary(
        entry=0, position=None, test_id=test, session=None, protocol=None, provider="p", operation="chat", host="",
        model=model, response_model=None, sent=True, streamed=False, events=1, status=200, finish="stop",
        input_tokens=1, output_tokens=1, total_tokens=2, asked="", replied="", odd="", collapsed_under=None, size=None,
        duration=None, has=0, request=hash((tuple(prompt), model)), prompt=tuple(said),
        replies=tuple(Said(key, key) for key in replies),
    )  # fmt: skip


Recorded = tuple[Sequence[int], Sequence[int], str | None, str]


def _index(recorded: Sequence[Recorded]) -> Index:
    index = Index(None)
    entries = []
    for number, (prompt, replies, test, model) in enumerate(recorded):
        path = f"{number:05}.json"
        file = FileRow(path, 1, 1, number, 1, "f", "read", None)
        kind, group = ("test", test) if test else ("file", path)
        entries.append(Entry(file, ((f"{number:016x}", kind, group, _summary(prompt, replies, test, model)),)))
    index.write(entries)
    return index


_TALKS = ((1, 3, 4, 3, 4, 3), (1, 3, 4, 2, 2, 4), (2, 3, 4, 3, 4, 3))
_KEYS = st.one_of(  # what chance alone makes seldom begins as something else does
    st.tuples(st.sampled_from(_TALKS), st.integers(0, 6)).map(lambda drawn: drawn[0][: drawn[1]]),
    st.lists(st.integers(1, 4), max_size=5),
)
_LIBRARY = st.lists(
    st.tuples(_KEYS, st.lists(st.integers(1, 4), max_size=2), st.sampled_from(["t", "u", None]), st.sampled_from("ab")),
    max_size=14,
)


@given(_LIBRARY)
@examples(60)
def test_before_after_and_beside_as_every_pair_says(recorded: list[Recorded]) -> None:
    index = _index(recorded)
    rows = index.rows()
    for row in rows:
        heads = [other for other in rows if other.prompt and _begins(row, other) and other.prompt != row.prompt]
        longest = max((len(other.prompt) for other in heads), default=0)
        parents = [other for other in heads if len(other.prompt) == longest]
        before = index.before(row, 100)
        if parents:
            follows = {other.uid: row.prompt[longest] in other.replies for other in parents}
            assert {link.row.uid: link.follows for link in before.those} == follows
            assert before.total == len(parents)
            order = [_rank(row, other, follows[other.uid]) for other in (link.row for link in before.those)]
            assert order == sorted(order)
        else:
            assert all(link.is_reworded and link.follows for link in before.those)
        after = index.after(row, 100)
        extending = [other for other in rows if row.prompt and _begins(other, row) and other.prompt != row.prompt]
        direct = {other.prompt for other in extending if not any(_between(row, mid, other) for mid in extending)}
        if extending:
            assert {link.row.prompt for link in after.those} == direct
            assert after.total == len(direct) == len(after.those), "copies are one way"
            assert all(link.follows == (link.row.prompt[len(row.prompt)] in row.replies) for link in after.those)
            assert [link.follows for link in after.those] == sorted(
                (link.follows for link in after.those), reverse=True
            )
        twins = {twin.uid: twin.is_same_request for twin in index.beside(row)}
        same = [other for other in rows if other.prompt == row.prompt and other.id != row.id and row.prompt]
        assert twins == {other.uid: other.model == row.model for other in same}
    index.close()


def _begins(row: Row, other: Row) -> bool:
    return row.prompt[: len(other.prompt)] == other.prompt


def _between(row: Row, middle: Row, other: Row) -> bool:
    return _begins(other, middle) and len(row.prompt) < len(middle.prompt) < len(other.prompt)


def _rank(row: Row, other: Row, follows: bool) -> tuple[bool, bool, bool, str]:
    return not follows, other.list_group != row.list_group, other.model != row.model, other.path


@given(_LIBRARY)
@examples(60)
def test_recorded_as_every_pair_says(recorded: list[Recorded]) -> None:
    index = _index(recorded)
    rows = index.rows()
    for row in rows:
        found = index.recorded(row, range(len(row.prompt)))
        for at, key in enumerate(row.prompt):
            said = [other for other in rows if other.id != row.id and key in other.replies]
            exact = [other for other in said if other.prompt == row.prompt[:at]]
            assert (at in found) == bool(said)
            if said:
                source = found[at]
                assert source.is_next == bool(exact)
                best = min(exact or said, key=lambda other: _rank(row, other, True))
                assert (source.uid, source.group_id) == (best.uid, best.group_id)
    index.close()


@given(_LIBRARY)
@examples(40)
def test_a_tree_is_one_wherever_one_begins(recorded: list[Recorded]) -> None:
    index = _index([(prompt, replies, None, model) for prompt, replies, _, model in recorded])
    rows = index.rows()
    trees = {row.id: frozenset(leaf.id for leaf in index.leaves(index.tree(row))) for row in rows}
    for row in rows:
        assert row.id in trees[row.id]
        assert all(trees[other] == trees[row.id] for other in trees[row.id])
        alike = [other for other in rows if row.prompt and _begins(other, row)]
        assert {other.id for other in alike} <= trees[row.id]
    index.close()


@given(_LIBRARY)
@examples(40)
def test_leaves_tell_the_story_that_rows_tell(recorded: list[Recorded]) -> None:
    index = _index(recorded)
    rows = index.rows()
    assert story_of(index.leaves(ALL)) == story(rows)
    assert [len(leaf.prompt) for leaf in index.leaves(ALL, 3)] == sorted(len(row.prompt) for row in rows[:3])
    index.close()


def test_other_instructions_do_not_hide_what_goes_before() -> None:
    index = _index([
        ((1, 10), (11,), "t", "a"),
        ((2, 10, 11, 12), (13,), "t", "a"),  # other instructions
        ((10, 11, 12, 13, 14), (15,), "u", "b"),  # none
        ((2, 10, 19), (), "t", "a"),  # what it seems to go on from was never said
    ])  # fmt: skip
    first, second, third, fourth = index.rows()
    (link,) = index.before(second).those
    assert (link.row.id, link.follows, link.is_reworded) == (first.id, True, True)
    (link,) = index.before(third).those
    assert (link.row.id, link.is_reworded) == (second.id, True)
    assert not index.before(fourth).those
    assert [(link.row.id, link.is_reworded) for link in index.after(first).those] == [(second.id, True)]
    assert [(link.row.id, link.is_reworded) for link in index.after(second).those] == [(third.id, True)]


def test_what_thousands_share_is_not_read_for_each() -> None:
    """Cost is counted in what SQLite does, which no other load on the machine changes."""
    many = LOOKED_AT // 2
    lone = _index([((5,), (6,), "t", "a"), ((5, 6, 7), (8,), "t", "a")])
    crowd: list[Recorded] = [((5,), (6,), f"t{number}", "a") for number in range(many)]
    crowded = _index([*crowd, ((5, 6, 7), (8,), "t0", "a")])
    for question in ("before", "after"):
        rows = crowded.rows()
        row = rows[-1] if question == "before" else rows[0]
        links = getattr(crowded, question)(row)
        assert len(links.those) <= 5
        assert links.those[0].row.list_group == "t0", "the same test is preferred, wherever it stands"
        few = _steps(lone, question, lone.rows()[-1 if question == "before" else 0])
        assert _steps(crowded, question, row) < few + many * 60
    assert len(crowded.beside(crowded.rows()[0], 50)) == 49


def _steps(index: Index, question: str, row: Row) -> int:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 100
        return 0

    index._writer.set_progress_handler(count, 100)
    getattr(index, question)(row)
    index._writer.set_progress_handler(None, 0)
    return steps
