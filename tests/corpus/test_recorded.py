"""Which messages of a prompt some exchange recorded as its reply, told a second time from the JSON alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable
from contextlib import closing
from pathlib import Path

import pytest

from tests.corpus.test_chains import read
from tests.corpus.test_independent import CORPUS, recordings
from tests.making import library

pytestmark = [pytest.mark.long, pytest.mark.skipif(not CORPUS, reason="INSPECTOR_CORPUS names no directory")]


def test_what_is_said_to_be_recorded_is_a_reply_and_nothing_else_is() -> None:
    folder = Path(CORPUS or "") / "llama-stack"
    told = {path: read(json.loads(path.read_bytes())) for path in recordings() if folder in path.parents}
    by_reply: dict[Hashable, set[Path]] = {}
    for path, turn in told.items():
        by_reply.setdefault(turn.reply, set()).add(path)
    counted: Counter[tuple[bool, bool]] = Counter()
    with closing((shelf := library(folder)).index):
        shelf.refresh()
        paths = {row.uid: folder / row.path for row in shelf.index.rows()}
        for row in shelf.index.rows():
            turn = told[folder / row.path]
            if len(turn.prompt) != len(row.prompt):  # what they read in another way is for another test
                continue
            asked = [at for at, message in enumerate(turn.prompt) if _is_assistant(message)]
            found = shelf.index.recorded(row, asked)
            for at in asked:
                theirs = by_reply.get(turn.prompt[at], set()) - {folder / row.path}
                exact = any(told[path].prompt == turn.prompt[:at] for path in theirs)
                assert (at in found) == bool(theirs), f"{row.path}: message {at}"
                if at in found:
                    assert paths[found[at].uid] in theirs
                    assert found[at].is_next == exact, f"{row.path}: message {at}"
                counted[bool(theirs), exact] += 1
    print({("recorded" if is_any else "scripted", is_next): count for (is_any, is_next), count in counted.items()})
    assert counted[True, True] > counted[False, False] > 0


def _is_assistant(message: Hashable) -> bool:
    return isinstance(message, tuple) and message[0] == "assistant"
