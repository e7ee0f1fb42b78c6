"""What the index keeps is what a new one would, and nothing of what is gone."""

from __future__ import annotations

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inspector import search
from inspector.index import Index
from inspector.library.library import Library
from tests.making import chat, contents, library, put

_SAID = ["alpha", "beta getUser", "gamma 今天天气", "delta_x 🎉", "epsilon café"]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 8))])
def test_an_index_that_went_through_much_equals_a_new_one(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    root = tmp_path / "r"
    root.mkdir()
    shelf = library(root, tmp_path / "x.sqlite")
    with closing(shelf.index):
        for step in range(30):
            for _ in range(chance.randint(1, 4)):
                _change(root, chance, 90_000.0 - step)
            shelf.refresh()
            _check(shelf.index)
            if step % 5 == 0:
                _compare(shelf, root)
        _compare(shelf, root)


def _change(root: Path, chance: random.Random, age: float) -> None:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    act = chance.choice(["new", "new", "new", "grow", "grow", "rewrite", "remove", "tear"])
    if act == "new" or not files:
        folder, number = chance.choice([".", "a", "a/b"]), chance.randint(0, 12)
        lines = chance.random() < 0.4
        data = b"".join(_line(chance) for _ in range(chance.randint(1, 4))) if lines else _chat(chance)
        put(root / folder / f"{number}.{'jsonl' if lines else 'json'}", data, age)
        return
    file = chance.choice(files)
    match act:
        case "grow" if file.suffix == ".jsonl":
            put(file, file.read_bytes() + _line(chance), age)
        case "remove":
            file.unlink()
        case "tear":
            put(file, file.read_bytes()[: chance.randint(0, 400)], age)
        case _:
            put(file, _line(chance) if file.suffix == ".jsonl" else _chat(chance), age)


def _chat(chance: random.Random) -> bytes:
    before = [{"role": "user", "content": said} for said in chance.sample(_SAID, chance.randint(0, 3))]
    test = chance.choice([None, None, "t.py::one", "t.py::two"])
    return chat(chance.choice(_SAID), chance.choice([*_SAID, ""]), test=test, before=before)


def _line(chance: random.Random) -> bytes:
    """One of a log's lines."""
    calls = [{"id": "c1", "type": "function", "function": {"name": chance.choice(["look", "tell"]), "arguments": "{}"}}]
    message: dict[str, Any] = {"role": "assistant", "content": chance.choice(_SAID), "reasoning_content": "I think"}
    if chance.random() < 0.5:
        message["tool_calls"] = calls
    asked = {"model": "m", "messages": [{"role": "user", "content": chance.choice(_SAID)}]}
    reply = {"model": "m", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    return json.dumps({"request": asked, "response": reply}).encode() + b"\n"


def _compare(shelf: Library, root: Path) -> None:
    fresh = library(root)
    fresh.refresh()
    assert contents(shelf.index) == contents(fresh.index)
    assert _shelves(shelf.index) == _shelves(fresh.index)
    for word in ("alpha", "user", "今天", "🎉", "cafe", "x", "think", "tool:look", "-tool:tell", "in:reply beta", "天"):
        where = search.where(word)
        assert _uids(shelf.index, where) == _uids(fresh.index, where), word


def _uids(index: Index, where: Any) -> list[str]:
    return sorted(row.uid for row in index.rows(where))


def _shelves(index: Index) -> list[Any]:
    """What grown files keep the old time for is left to `_check`."""
    return sorted(index.all("SELECT kind, name, total, odd FROM list_group"))


def _check(index: Index) -> None:
    """Nothing counts what is not there, and nothing is left of what is gone."""
    assert index.all("SELECT * FROM list_group ORDER BY id") == index.all(
        "SELECT list_group.id, kind, name, max(exchange.mtime), max(exchange.mtime) / 2000000000, count(*), "
        "sum(exchange.odd <> '') FROM list_group JOIN exchange ON exchange.list_group = list_group.id "
        "GROUP BY list_group.id ORDER BY 1"
    )
    assert index.all("SELECT id FROM exchange ORDER BY 1") == index.all("SELECT id FROM list_row ORDER BY 1")
    for left in (
        "SELECT file FROM exchange EXCEPT SELECT id FROM file",
        "SELECT exchange FROM mention EXCEPT SELECT id FROM exchange",
        "SELECT message FROM message_text EXCEPT SELECT message FROM mention",
        "SELECT id FROM message EXCEPT SELECT message FROM mention",
        "SELECT message FROM mention EXCEPT SELECT id FROM message",
        "SELECT message FROM called EXCEPT SELECT message FROM mention",
    ):
        assert not index.all(left), left
    with closing(index._connect()) as told:
        told.execute("CREATE VIRTUAL TABLE temp.told USING fts5vocab (main, full_text, instance)")
        rows = {row for (row,) in told.execute("SELECT DISTINCT doc FROM temp.told")}
    ids = {id for id, text in index.all("SELECT message, text FROM message_text") if any(map(str.isalnum, text))}
    assert rows == ids
