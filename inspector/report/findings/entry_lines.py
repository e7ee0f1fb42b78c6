"""The line that an entry of a recording begins on, where it is known: by its place in a file of lines, and in cassettes
and archives by where their entries begin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from inspector.files.roots import Roots
from inspector.files.scan import Unreadable
from inspector.library import reader
from inspector.report.findings.gathered import Found

_LARGEST = 32 * 1024 * 1024
"""Bytes of a file that is looked through."""

_ITEM = re.compile(rb"^( {0,8})- (?:request|id|recorded_at|response):", re.MULTILINE)
"""How an entry of a cassette begins."""

_ENTRIES = re.compile(r'"entries" {0,4}: {0,4}\[')


class EntryLines:
    """Of the recordings below some roots; files are read as they come, and the last are remembered."""

    def __init__(self, roots: Roots) -> None:
        self._roots = roots
        self._starts = lru_cache(16)(self._looked_up)
        self._data = lru_cache(4)(self._read)

    def line(self, found: Found) -> int:
        """From 1; the first where it is not known."""
        if found.position is not None:
            return self._data(found.path).count(b"\n", 0, found.position) + 1
        if not found.uid:
            return 1
        starts = self._starts(found.path)
        return starts[found.entry] if found.entry < len(starts) else 1

    def _looked_up(self, path: str) -> list[int]:
        """The lines that the entries of a file begin on; empty where nobody knows."""
        data = self._data(path)
        if path.endswith((".yaml", ".yml")):
            return [data.count(b"\n", 0, at) + 1 for at in _items(data)]
        if path.endswith(".har"):
            text = data.decode("utf-8", "replace")
            return [text.count("\n", 0, at) + 1 for at in _members(text)]
        return []

    def _read(self, path: str) -> bytes:
        try:
            data = reader.original(self._roots, path)
        except (Unreadable, OSError):
            return b""
        return data if len(data) <= _LARGEST else b""


def _items(data: bytes) -> Iterator[int]:
    indent = None
    for found in _ITEM.finditer(data):
        indent = found[1] if indent is None else indent
        if found[1] == indent:
            yield found.start()


def _members(text: str) -> Iterator[int]:
    """Where the entries of an archive begin."""
    begin = _ENTRIES.search(text)
    at = begin.end() if begin else len(text)
    decoder = json.JSONDecoder()
    while at < len(text):
        if text[at] in " \t\r\n,":
            at += 1
            continue
        if text[at] != "{":
            return
        yield at
        try:
            _, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
