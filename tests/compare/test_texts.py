"""What differs between two texts."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inspector.compare.sequences import Budget
from inspector.compare.texts import Span, brief, is_coarse, spans
from tests.making import examples

WORDY = some.lists(some.sampled_from(["lamp", "bell", " ", "  ", "\n", ".", "the", "a", "keeper’s"]), max_size=40).map(
    "".join
)


def _both(found: list[Span]) -> tuple[str, str]:
    return tuple("".join(span.text for span in found if span.kind in ("same", kind)) for kind in ("gone", "come"))  # type: ignore[return-value]


@given(WORDY | some.text(max_size=60), WORDY | some.text(max_size=60), some.sampled_from([0, 5, 10_000]))
@examples(600)
def test_spans_put_together_are_both_texts(before: str, after: str, steps: int) -> None:
    found = spans(before, after, Budget(steps))
    assert _both(found) == (before, after)
    assert all(span.text for span in found)
    kinds = [span.kind for span in found]
    assert all(one != other for one, other in pairwise(kinds))
    assert all(pair != ("come", "gone") for pair in pairwise(kinds))


@given(WORDY)
@examples(50)
def test_nothing_goes_and_comes_between_the_same(text: str) -> None:
    assert spans(text, text) == ([Span("same", text)] if text else [])


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("It has 128 experts.", "It has 16 experts.", ["=It has ", "-128", "+16", "= experts."]),
        ("One bell. Two horns.", "One bell, two horns.", ["=One bell", "-. Two", "+, two", "= horns."]),
        ("a\nb\nc\nd\n", "a\nc\nd\ne\n", ["=a\n", "-b\n", "=c\nd\n", "+e\n"]),
        ("", "new", ["+new"]),
        ("lamps", "lamp", ["-lamps", "+lamp"]),
    ],
)
def test_words_go_and_come(before: str, after: str, found: list[str]) -> None:
    signs = {"same": "=", "gone": "-", "come": "+"}
    assert [signs[span.kind] + span.text for span in spans(before, after)] == found


def test_a_text_that_has_nothing_of_another_says_where_it_gave_up() -> None:
    words = [f"w{number % 97}" for number in range(20_000)]
    other = words.copy()
    random.Random(1).shuffle(other)
    found = spans(" ".join(words), " ".join(other))
    assert is_coarse(found)
    assert _both(found) == (" ".join(words), " ".join(other))
    assert not is_coarse(spans("a b c", "a x c"))


def _drawn(number: int, words: int) -> str:
    """A text of words that hardly stand in another, but for some short ones that do by chance."""
    draw = random.Random(number)
    return " ".join("".join(draw.choices("abcdefgh", k=draw.choice((3, 12, 12, 12)))) for _ in range(words))


def test_a_few_words_that_large_texts_share_by_chance_are_not_looked_for() -> None:
    budget = Budget(200_000)
    found = spans(_drawn(1, 20_000), _drawn(2, 20_000), budget)
    assert [span.kind for span in found] == ["gone", "come"]
    assert is_coarse(found)
    assert budget.left > 190_000


def test_the_few_changes_of_a_large_text_that_repeats_its_words_are_found() -> None:
    """Hardly a word of it stands once, and those that do hold it in place."""
    draw = random.Random(1)
    words = [f"w{draw.randrange(2_000)}" for _ in range(20_000)]
    other = [f"n{at}" if at % 2_500 == 7 else word for at, word in enumerate(words)]
    before, after = " ".join([*words, "fog"]), " ".join([*other, "fog", "bell"])
    found = spans(f"a {before}", f"b {after}")
    assert not is_coarse(found)
    assert [span.text for span in found if span.kind == "come"][1:-1] == [f"n{at}" for at in range(7, 20_000, 2_500)]


def test_a_paragraph_that_large_texts_share_is_found() -> None:
    shared = _drawn(3, 300)
    before, after = (f"{_drawn(number, 20_000)} {shared} {_drawn(number + 4, 9_000)}" for number in (1, 2))
    assert any(span.kind == "same" and shared in span.text for span in spans(before, after))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("It has 128 experts", "It has 16 experts", ("It has 128 experts", "It has 16 experts")),
        (
            "The second generation of it, as written above, has 128 experts",
            "The second generation of it, as written above, has 16 experts",
            ("… as written above, has 128 experts", "… as written above, has 16 experts"),
        ),
        ("", "new", ("", "new")),
        ("Yes", "Yes. And more", ("Yes", "Yes. And more")),
        ("a " * 300, "b " * 300, ("a " * 34 + "a …", "b " * 34 + "b …")),
    ],
)
def test_brief_tells_a_few_words_around_the_first_difference(before: str, after: str, told: tuple[str, str]) -> None:
    assert brief(before, after) == told


@given(WORDY, WORDY)
@examples(200)
def test_brief_is_short_and_on_one_line(before: str, after: str) -> None:
    for line in brief(before, after):
        assert "\n" not in line
        assert len(line) <= 80
    if before.split() != after.split():
        assert brief(before, after)[0] != brief(before, after)[1]


def _hostile(number: int) -> tuple[str, str]:
    words = [f"{number:x}" for number in range(4_000)]
    chained = " ".join(f"y{one} y{one - 1}" for one in range(1, 3_000))
    return (
        (" ".join(f"{word} a{word}" for word in words), " ".join(f"{word} b{word}" for word in words)),
        (f"y0 {chained}", f"z {chained} z y0"),
        ("ab " * 20_000, "ba " * 20_000),
        ("!?" * 20_000, "?!" * 20_000),
    )[number]


@pytest.mark.parametrize("number", range(4))
def test_texts_that_are_made_to_take_long_take_steps_in_proportion(number: int) -> None:
    before, after = _hostile(number)
    budget = Budget(50_000)
    assert _both(spans(before, after, budget)) == (before, after)
    assert budget.left > -200_000, "a gap ends soon after the budget does"


@pytest.mark.long
def test_of_texts_with_too_many_changes_the_first_ones_are_told_word_by_word() -> None:
    words = [f"bell{number}" for number in range(30_000)]
    before, after = (" ".join(f"{word} {mark}{at}" for at, word in enumerate(words)) for mark in ("rings", "tolls"))
    found = spans(before, after)
    assert _both(found) == (before, after)
    assert found[1:3] == [Span("gone", "rings0"), Span("come", "tolls0")]
    assert found[-1].is_coarse or found[-2].is_coarse
