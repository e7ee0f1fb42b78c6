"""The strip of a stream: every chunk is counted once, and its picture stays small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.model import Event, ModelCall, Prompt
from inspector.model.call import Step
from inspector.model.delta import FinishDelta, ReasoningDelta, TextDelta, ToolCallDelta, UsageDelta
from inspector.web.exchange.stream import stream
from inspector.web.exchange.stream_strip import COLUMNS, KINDS, stream_strip

_DELTAS = st.sampled_from(
    [(), (TextDelta("fog"),), (TextDelta(""),), (ReasoningDelta("hm"),), (ToolCallDelta("{", name="ring"),),
     (UsageDelta({}),), (TextDelta("."), FinishDelta("stop"))]
)  # fmt: skip


def _steps(*deltas: tuple[object, ...]) -> list[Step]:
    return [Step(Event(number, None), those) for number, those in enumerate(deltas)]  # type: ignore[arg-type]


@given(st.lists(_DELTAS, min_size=2, max_size=3 * COLUMNS))
def test_every_chunk_is_of_one_kind_and_every_column_of_one_path(deltas: list[tuple[object, ...]]) -> None:
    strip = stream_strip(_steps(*deltas))
    assert strip
    assert sum(kind.total for kind in strip.kinds) == strip.total == len(deltas)
    assert sum(kind.path.count("M") for kind in strip.kinds) == strip.columns == min(len(deltas), COLUMNS)
    assert [kind.kind for kind in strip.kinds] == [kind for kind in KINDS if kind in {one.kind for one in strip.kinds}]


def test_what_a_chunk_is() -> None:
    strip = stream_strip(_steps((), (ReasoningDelta("hm"),), (TextDelta("x"),), (TextDelta("x"), FinishDelta("stop"))))
    assert strip
    assert [kind[:4] for kind in strip.kinds] == [
        ("text", 1, 2, 2), ("reasoning", 1, 1, 1), ("finish", 1, 3, 3), ("other", 1, 0, 0)
    ]  # fmt: skip
    assert stream_strip(_steps((TextDelta("whole"),))) is None


def test_the_empty_input_that_a_block_begins_with_is_no_word_of_the_call() -> None:
    steps = _steps((ToolCallDelta(name="ring", whole="{}"),), (ToolCallDelta('{"bell":'),), (ToolCallDelta("2}"),))
    call = ModelCall(protocol=None, provider=None, operation="chat", prompt=Prompt(), steps=tuple(steps))
    said = [piece.text for chunk in stream(call, None).chunks for piece in chunk.pieces]
    assert said == ["ring ", '{"bell":', "2}"]
