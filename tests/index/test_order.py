"""The index of the same files is the same, in whatever order they were read."""

from __future__ import annotations

import json
import random
from pathlib import Path

from inspector.index import Index
from inspector.library import reader
from tests.making import chat, contents, library, put

CALL = {"id": "call_1", "type": "function"}


def _asked(arguments: str, result: str, ends: str) -> list[dict[str, object]]:
    function = {"name": "ring", "arguments": arguments}
    return [
        {"role": "user", "content": f"Ring the bell.{ends}"},
        {"role": "assistant", "tool_calls": [{**CALL, "function": function}]},
        {"role": "tool", "tool_call_id": "call_1", "content": result},
        {"role": "user", "content": [{"type": "text", "text": text} for text in ("Now", f" stop.{ends}")]},
        {"role": "user", "content": [{"type": "text", "text": f"Now stop.{ends}"}]},
    ]


def test_the_order_of_reading_leaves_no_trace(tmp_path: Path) -> None:
    ways = [
        ('{"times": 2}', '{"rung": true, "by": null}', ""),
        ('{"times":2}', '{"rung":true}', "\n"),
        ('{ "times":  2 }', '{"result": {"rung": true}}', "  "),
        ('{"times": 2.0}', json.dumps({"rung": True}, indent=2), "\n\n"),
    ]
    for number, way in enumerate(ways):
        put(tmp_path / f"{number}.json", chat("And now?", before=_asked(*way)))
    beside = library(tmp_path)
    found = list(beside.roots.found())
    told = []
    for seed in range(4):
        random.Random(seed).shuffle(found)
        known: set[int] = set()
        index = Index(None)
        for one in found:
            index.write(list(reader.entries(beside.roots, one, known)))
        told.append(contents(index))
    assert all(one == told[0] for one in told)
