"""Which exchanges of a test follow which, told a second time from the JSON alone.

The reading is that of `test_independent`; ids, scores and the sizes that hang on them are blanked wherever they stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inspector import formats
from inspector.analysis.fingerprint import digest
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.model import Message
from tests.corpus.test_independent import CORPUS, plainly, recordings

pytestmark = [pytest.mark.long, pytest.mark.skipif(not CORPUS, reason="INSPECTOR_CORPUS names no directory")]

VOLATILE = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\bfile-[0-9A-Za-z]{12,}"
    r"|(?<=score: )[-\d.e]+|(?<=_token_count': )[\d.]+"
)


class Turn(NamedTuple):
    """An exchange as a row of things to compare, and its answer."""

    prompt: tuple[Hashable, ...]
    reply: Hashable


@cache
def turns() -> dict[str, list[tuple[Turn, Turn]]]:
    """Per test: each exchange with messages, by their reading and by ours."""
    found: dict[str, list[tuple[Turn, Turn]]] = {}
    for path in recordings():
        document = json.loads(path.read_bytes())
        if document.get("test_id") and (theirs := read(document)).prompt:
            found.setdefault(document["test_id"], []).append((theirs, ours(path)))
    return found


def read(document: dict[str, Any]) -> Turn:
    exchange = plainly(document)
    if exchange["family"] in ("embeddings", "models", "ollama_models", "tool"):
        return Turn((), None)
    system = [("system", blank(exchange["system"]), "")] if exchange["system"] else []
    prompt = (*system, *(plain(message) for message in exchange["prompt"]))
    return Turn(prompt, plain({**exchange, "role": "assistant", "results": ()}))


def plain(message: dict[str, Any]) -> tuple[str, str, str]:
    """Without reasoning and the ids of calls; arguments as they parse."""
    calls = [(name, arguments) for _, name, arguments in message["calls"]]
    results = [result.strip() if isinstance(result, str) else result for _, result in message["results"]]
    others = json.dumps([calls, results, message.get("other") or 0], sort_keys=True) if calls or results else ""
    return message["role"], blank(without_thought(message["text"])), blank(others)


def without_thought(text: str) -> str:
    return text.partition("</think>")[2] if text.startswith("<think>") else text


def blank(text: str) -> str:
    return VOLATILE.sub("~", text).strip()


def ours(path: Path) -> Turn:
    (exchange,) = formats.read(Source(path.as_posix(), path.read_bytes())).exchanges
    call = decoder.decode(exchange)
    system = [Message("system", call.prompt.system)] if call.prompt.system else []
    prompt = tuple(digest(message).key for message in (*system, *call.prompt.messages))
    return Turn(prompt, next((digest(reply).key for reply in call.replies), None))


def links(test: Sequence[Turn]) -> set[tuple[int, int]]:
    """Which exchange goes on from whose answer: pairs of places in `test`, of the longest prompt that fits."""
    found = set()
    for number, turn in enumerate(test):
        for length in range(len(turn.prompt) - 1, 0, -1):
            before = [place for place, other in enumerate(test) if other.prompt == turn.prompt[:length]]
            found |= {(place, number) for place in before if test[place].reply == turn.prompt[length]}
            if before:
                break
    return found


def test_the_same_exchanges_follow_each_other() -> None:
    several = {name: test for name, test in turns().items() if len(test) > 1}
    missed, chains = {}, 0
    for name, test in several.items():
        theirs, found = links([turn for turn, _ in test]), links([turn for _, turn in test])
        chains += bool(found)
        if lost := theirs - found:
            missed[name] = lost
    print(f"{chains} of {len(several)} tests with several exchanges chain")
    assert not missed
    assert chains > len(several) // 2


def test_the_same_turns_are_told_apart() -> None:
    """Recordings of one turn under other ids and scores are one turn, and no two turns are taken for one."""
    for name, test in turns().items():
        theirs, found = (same([turn.prompt for turn in side]) for side in zip(*test, strict=True))
        assert theirs == found, name


def same(prompts: Sequence[Hashable]) -> set[tuple[int, int]]:
    return {(one, two) for two, prompt in enumerate(prompts) for one in range(two) if prompts[one] == prompt}
