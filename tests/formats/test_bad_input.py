"""Whatever lies in the directory: it is listed with a reason, and the rest is read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from inspector import formats
from inspector.analysis.exchange_summary import summarise
from inspector.decode import decoder
from inspector.files.roots import roots_of
from inspector.formats.reading.source import Source
from inspector.library import reader
from inspector.model import jsonio
from inspector.web import create_app
from tests.making import SAMPLES, chat, library, put, wait_until

BAD = {
    "empty": b"",
    "lone": b"{",
    "number": b"7",
    "deep": b"[" * 200 + b"]" * 200,
    "deeper": b'{"request":' * 100_000,
    "nul": b"\0" * 100,
    "utf8": chat("caf\xe9").replace(b"caf", b"caf\xff\xfe"),
    "bom": b"\xef\xbb\xbf" + chat("bom"),
    "nan": chat("x").replace(b'"stream": false', b'"temperature": NaN'),
    "surrogate": chat("x").replace(b'"content": "x"', b'"content": "\\ud800"'),
    "twice": chat("x").replace(b'"stream": false', b'"stream": 1, "stream": 2'),
    "proto": chat("x").replace(b'"stream": false', b'"__proto__": {"a": 1}'),
    "cut": chat("x")[:300],
}


def test_the_rest_keeps_working(tmp_path: Path) -> None:
    for name, data in BAD.items():
        put(tmp_path / f"{name}.json", data)
    put(tmp_path / "good one #?%.json", chat("fine"))
    with open(os.path.join(os.fsencode(tmp_path), b"caf\xe9.json"), "wb") as file:
        file.write(chat("latin"))
    app = create_app(tmp_path, in_memory=True)
    keeper = app.extensions["keeper"]()
    wait_until(lambda: len(keeper.library.index.files()) == len(BAD) + 2)
    client = app.test_client()
    page = client.get("/").text
    assert "fine" in page
    for name in ("empty", "lone", "deeper", "nul"):
        assert f"{name}.json" in page
    for row in keeper.library.index.rows():
        for tab in ("", "/stream", "/request", "/response", "/raw"):
            assert client.get(f"/e/{row.uid}{tab}").status_code == 200, (row.path, tab)
    keeper.stop()


@pytest.mark.parametrize("data", [chat("asked", "answered")], ids=["chat"])
def test_cut_at_any_byte(data: bytes) -> None:
    for end in range(len(data)):
        for exchange in formats.read(Source("a.json", data[:end])).exchanges:
            call = decoder.decode(exchange)
            summary = summarise(exchange, call)
            assert "asked".startswith(summary.asked) or not call.prompt.messages  # then the address stands there
            assert "answered".startswith(summary.replied)


def test_a_document_that_is_broken_is_said_once() -> None:
    """Whatever format it is of: it is one document still, and none of its lines is an entry."""
    documents = [file for file in sorted(SAMPLES.rglob("*.json")) if _is_document(file.read_bytes())]
    assert len(documents) > 100
    for file in documents:
        lines = file.read_bytes().split(b"\n")
        for place in (1, len(lines) // 2, len(lines) - 2):
            data = b"\n".join([*lines[:place], b"}{ fog", *lines[place:]])
            recording = formats.read(Source(file.name, data))
            said = [one for one in recording.exchanges if one.problems or decoder.decode(one).problems]
            assert [bool(recording.broken), *map(bool, said)].count(True) == 1, (file, place)


def _is_document(data: bytes) -> bool:
    return data.count(b"\n") > 8 and jsonio.parse_or_none(data.decode("utf-8", "replace")) is not None


def test_wrong_types_anywhere(tmp_path: Path) -> None:
    document = json.loads(chat("x"))
    number = 0
    for path in _places(document):
        for wrong in (None, 7, "text", [], {}, [[1]], True):
            copy = json.loads(json.dumps(document))
            parent = copy
            for key in path[:-1]:
                parent = parent[key]
            parent[path[-1]] = wrong
            put(tmp_path / f"{(number := number + 1)}.json", json.dumps(copy).encode())
    shelf = library(tmp_path)
    shelf.refresh()
    assert len(shelf.index.files()) == number
    assert not [row for row in shelf.index.rows() if "not understood" in row.replied]


def _places(value: object, path: tuple[object, ...] = ()):  # type: ignore[no-untyped-def]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield (*path, key)
        yield from _places(child, (*path, key))


def test_a_key_that_stands_twice_is_said(tmp_path: Path) -> None:
    """The last one counts, as everywhere, and whoever opens the exchange is told."""
    put(tmp_path / "twice.json", BAD["twice"])
    put(tmp_path / "once.json", chat("x"))
    roots = roots_of(tmp_path)
    (twice,) = reader.load(roots, "twice.json").exchanges
    assert [problem.why for problem in twice.problems] == [
        "the key stream stands twice in one object: the last one counts"
    ]
    assert not reader.load(roots, "once.json").exchanges[0].problems
