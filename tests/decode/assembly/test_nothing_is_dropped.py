"""Whatever a delta says is in what all deltas come to: the law of conservation behind the protocols."""

from __future__ import annotations

from typing import get_args

import pytest

from inspector.decode.assembly.response import Assembly
from inspector.model import Citation, ProviderError, Text, Token, Unknown
from inspector.model import delta as deltas
from inspector.model.delta import Delta, Item, WholeItem

MARKER = "bWFya2Vy"  # base64 too
ITEM = Item(0, "i")
SILENT = {deltas.EndDelta, deltas.AwaitsDelta, deltas.BeginsDelta, deltas.UsageDelta}
"""What says nothing in words."""

SAYING: list[Delta] = [
    deltas.TextDelta(MARKER),
    deltas.ReasoningDelta(MARKER),
    deltas.RefusalDelta(MARKER),
    deltas.ToolCallDelta(MARKER),
    deltas.ToolCallDelta(whole=MARKER),
    deltas.ToolCallDelta(name=MARKER),
    deltas.ToolCallDelta(id=MARKER),
    deltas.ArgumentDelta(("x",), MARKER),
    deltas.PartDelta(Unknown(MARKER)),
    deltas.PartDelta(Text(MARKER), slot="s"),
    deltas.SoFarDelta(deltas.TextDelta, MARKER),
    deltas.BlobDelta(MARKER),
    deltas.ItemBeginsDelta(ITEM, "message", parts=(Text(MARKER),)),
    deltas.ItemDelta((Text(MARKER),), ITEM),
    deltas.ItemsDelta((WholeItem((Text(MARKER),)),)),
    deltas.WholeDelta((deltas.TextDelta(MARKER),)),
    deltas.CitationDelta(Citation(None, None, MARKER, None)),
    deltas.CitationDelta(Citation(None, None, MARKER, None), words=""),
    deltas.TokensDelta((Token(MARKER, -1.0),)),
    deltas.RoleDelta(MARKER),
    deltas.FinishDelta(MARKER),
    deltas.AboutDelta(MARKER, None),
    deltas.AboutDelta(None, MARKER),
    deltas.SummaryDelta({"count": MARKER}),
    deltas.ErrorDelta(ProviderError(None, MARKER, None, {})),
]


def test_every_delta_that_says_something_is_here() -> None:
    assert {type(delta) for delta in SAYING} == {*get_args(Delta)} - SILENT


@pytest.mark.parametrize("said", SAYING, ids=lambda delta: f"{type(delta).__name__}")
def test_what_a_delta_says_is_in_the_reply(said: Delta) -> None:
    """By itself: which of two that contradict each other holds is said elsewhere."""
    assembly = Assembly()
    of_a_text = isinstance(said, (deltas.CitationDelta, deltas.TokensDelta))
    assembly.add((deltas.TextDelta("Wet "), said) if of_a_text else (said,))
    made = (assembly.replies(), assembly.summary, assembly.error, assembly.id, assembly.model)
    assert MARKER in repr(made)
