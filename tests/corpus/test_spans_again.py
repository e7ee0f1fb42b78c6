"""Exports of real recordings as spans, read again."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from inspector.cli import gather
from inspector.files.roots import roots_of
from inspector.model import Text
from inspector.output.otlp.exports import lines
from inspector.output.shown_exchange import Shown
from tests.corpus.test_independent import CORPUS
from tests.output.otlp.read_again import check_same, is_conversation, read_again

pytestmark = [pytest.mark.long, pytest.mark.skipif(not CORPUS, reason="INSPECTOR_CORPUS names no directory")]

FOLDERS = sorted(path for path in Path(CORPUS).iterdir() if path.is_dir()) if CORPUS else []
AT_ONCE = 300


def _thinks_again(one: Shown) -> bool:
    """Whether a text still begins with a tag of reasoning, which is taken from it when it is read again."""
    texts = (part.content for reply in one.call.replies for part in reply.parts if isinstance(part, Text))
    return any(text.lstrip().startswith(("<reasoning>", "<think>", "<thought>")) for text in texts)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_conversations_say_the_same(folder: Path) -> None:
    shown = gather.exchanges(roots_of(folder), "", lambda _: None)
    while some := [*islice((one for one in shown if is_conversation(one) and not _thinks_again(one)), AT_ONCE)]:
        again = read_again("".join(lines(some, blobs=True)).encode())
        for one in some:
            check_same(one, again[one.place["id"]])
