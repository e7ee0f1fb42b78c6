"""A file that is no recording costs one read of its first bytes."""

from __future__ import annotations

import io
import json

import pytest

from inspector import formats
from inspector.formats.reading.file_bytes import HEAD
from inspector.formats.reading.source import Source

_ROWS = [{"id": number, "name": f"lamp {number}", "type": "lamp", "error": None} for number in range(4000)]
_CELL = {"cell_type": "code", "source": ["print(1)\n"], "outputs": [{"data": {"text/plain": ["1"]}}], "metadata": {}}
STRANGERS = {
    "package-lock.json": json.dumps(
        {"name": "x", "lockfileVersion": 3, "packages": {f"a{n}": {} for n in range(9000)}}
    ),
    "rows.json": json.dumps(_ROWS),
    "map.geojson": json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "id": r} for r in _ROWS]}),
    "notebook.ipynb": json.dumps({"cells": [_CELL] * 900, "metadata": {}, "nbformat": 4}),
    "openapi.json": json.dumps({"openapi": "3.1.0", "paths": {f"/a{n}": {"post": {}} for n in range(5000)}}),
    "tsconfig.json": json.dumps({"compilerOptions": {"strict": True}, "include": ["src"] * 12000}),
    "events.jsonl": "".join(json.dumps(row) + "\n" for row in _ROWS),
    "table.csv": "id,name\n" + "1,lamp\n" * 20000,
    "ci.yml": "name: ci\non: push\njobs:\n" + "".join(f"  job{n}:\n    runs-on: x\n" for n in range(5000)),
    "compose.yaml": "services:\n" + "".join(f"  s{n}: {{image: lamp}}\n" for n in range(5000)),
    "module.py": "import os\n\n\ndef lamp(request, response):\n    return request\n" * 2000,
    "README.md": "# Lamp\n\n- request: a thing\n" * 5000,
    "server.log": "2026-03-01 21:14:07 INFO lamp lit: {}\n" * 5000,
    "page.html": "<!doctype html><script>window.data = {}</script>" * 3000,
    "style.css": ".lamp { color: red }\n" * 6000,
    "dump.sql": "INSERT INTO lamp VALUES (1, 'x');\n" * 4000,
}
BINARY = {
    "random.bin": bytes(range(256)) * 500,
    "zeros.bin": b"\0" * 200_000,
    "photo.png": b"\x89PNG\r\n\x1a\n" + b"\xfe" * 99999,
}
FILES = {**{name: text.encode() for name, text in STRANGERS.items()}, **BINARY}


class Once(io.BytesIO):
    """A file that counts what is read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("name", FILES)
def test_a_stranger_is_known_by_its_first_bytes(name: str) -> None:
    assert len(FILES[name]) > HEAD, "or it proves nothing"
    file = Once(FILES[name])
    assert formats.read(Source(name, file)) == formats.Recording(None)
    assert file.taken == HEAD


@pytest.mark.parametrize("name", FILES)
def test_nor_is_it_one_when_it_is_small(name: str) -> None:
    assert formats.read(Source(name, FILES[name][:3000])).exchanges == ()
