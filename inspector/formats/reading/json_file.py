"""A file read as JSON: its value, what had to be repaired for that, and where it stops too early."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

from inspector.formats.reading.file_bytes import FileBytes, TooLarge
from inspector.model import Json, Problem
from inspector.model.jsonio import Loaded, NotJson, TooMuch, load, repeated_keys, salvage

_SMALL = 4_000_000
"""Bytes up to which a file is looked through for what JSON allows and nobody can keep."""

_FEW = 5
_GOES_ON = (b"{", b"[", b",", b":")
"""How the first line ends of a document that is written over many."""


class JsonFile:
    """The JSON of a file, made when first asked for. `thorough`: keys that stand twice are looked for, too."""

    def __init__(self, file: FileBytes, thorough: bool) -> None:
        self._file = file
        self._thorough = thorough
        self.cut: str | None = None
        """Why the file stops too early, once its value was asked for."""

    @cached_property
    def _loaded(self) -> Loaded | NotJson:
        try:
            return load(self._file.data)
        except NotJson as error:
            return error

    @property
    def error(self) -> NotJson | None:
        """Why the bytes are not JSON."""
        return self._loaded if isinstance(self._loaded, NotJson) else None

    @cached_property
    def broken(self) -> NotJson | None:
        """Why a file that is one JSON document cannot be read as one: its first line begins something that goes on
        behind it, or none of the first lines is a value of its own. None of a file of lines."""
        if self._begins_with_line or self.error is None or self.error.truncated:
            return None
        few = [*islice(filter(None, map(bytes.strip, self._file.lines(0))), _FEW)]
        goes_on = not few or few[0].endswith(_GOES_ON)
        return self.error if goes_on or not any(map(_is_whole, few)) else None

    @property
    def was_tried(self) -> bool:
        """Whether a format took the file for JSON."""
        return "_loaded" in self.__dict__

    @cached_property
    def value(self) -> Json:
        """The file's JSON; where the file stops too early, as much of it as there is; else None. Raises `TooLarge`."""
        if self._begins_with_line:
            return None
        if isinstance(self._loaded, TooMuch):
            raise TooLarge(str(self._loaded))
        if not isinstance(self._loaded, NotJson):
            return self._loaded.value
        if not self._loaded.truncated:
            return None
        self.cut = str(self._loaded)
        return salvage(self._file.data)

    @cached_property
    def _begins_with_line(self) -> bool:
        """Whether a whole value is followed by another line of its like: there is no need to read on."""
        first, _, rest = self._file.start_of_text.partition(b"\n")
        if first[:1] not in (b"{", b"[") or rest.lstrip()[:1] != first[:1]:
            return False
        return _is_whole(first)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What had to be replaced or left out to read the JSON; nothing where nobody reads the file as JSON."""
        if self.__dict__.get("value") is None:
            return ()
        if isinstance(self._loaded, NotJson):
            return (Problem("file", f"{self._loaded}; what stands before that is shown"),)
        small = self._thorough and len(self._file.data) <= _SMALL
        repeated = repeated_keys(self._file.data) if small else ()
        lost = [f"the key {key} stands twice in one object: the last one counts" for key in repeated[:_FEW]]
        return tuple(Problem("file", note) for note in (*self._loaded.notes, *lost))


def _is_whole(line: bytes) -> bool:
    """Whether a line is a list or an object of its own."""
    try:
        return isinstance(load(line).value, (dict, list))
    except NotJson:
        return False
