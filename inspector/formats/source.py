"""A file on its way to a format."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from inspector.jsonio import Loaded, NotJson, load, repeated_keys, salvage
from inspector.model import Exchange, Json, Problem

_SMALL = 4_000_000
"""Bytes up to which a file is looked through for what JSON allows and nobody can keep."""

_FEW = 5


class Source:
    """A file's path (with ``/``) and bytes, and its JSON, parsed when first asked for and only once."""

    def __init__(self, path: str, data: bytes, thorough: bool = False) -> None:
        self.path = path
        self.data = data
        self._thorough = thorough and len(data) <= _SMALL

    @cached_property
    def _loaded(self) -> Loaded | NotJson:
        try:
            return load(self.data)
        except NotJson as error:
            return error

    @property
    def not_json(self) -> NotJson | None:
        """Why the bytes are not JSON."""
        return self._loaded if isinstance(self._loaded, NotJson) else None

    @cached_property
    def value(self) -> Json:
        """The file's JSON; where the file stops too early, as much of it as there is; else None."""
        if not isinstance(self._loaded, NotJson):
            return self._loaded.value
        return salvage(self.data) if self._loaded.truncated else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What had to be replaced or left out to read the JSON."""
        if isinstance(self._loaded, NotJson):
            return (Problem("file", f"{self._loaded}; what stands before that is shown"),)
        repeated = repeated_keys(self.data) if self._thorough else ()
        lost = [f"the key {key} stands twice in one object: the last one counts" for key in repeated[:_FEW]]
        return tuple(Problem("file", note) for note in (*self._loaded.notes, *lost))

    @cached_property
    def text(self) -> str:
        """The bytes as text; what is not UTF-8 becomes U+FFFD."""
        return self.data.decode("utf-8", "replace").removeprefix("\ufeff")


class Format(Protocol):
    """One recording format. Both functions may raise; `inspector.formats.read` turns that into a problem."""

    NAME: str

    FILES: str
    """What such files are called, for the table of formats."""

    @property
    def SUFFIXES(self) -> tuple[str, ...]:
        """Endings of the names of files that are worth opening. What a file is, its content decides."""

    def sniff(self, source: Source) -> bool:
        """Whether the file is of this format."""

    def read(self, source: Source) -> Iterator[Exchange]:
        """The exchanges of the file, in file order."""
