"""A file on its way to a format."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import IO, Any, NamedTuple

from inspector.decode.framing import content_encoding
from inspector.model import Json, Problem
from inspector.model.jsonio import Loaded, NotJson, load, repeated_keys, salvage

HEAD = 64 * 1024
"""Bytes that a file is judged by."""

MAX_SIZE = 512 * 1024 * 1024
"""Bytes of the largest file that is read whole."""

MAX_LINE = 128 * 1024 * 1024
"""Bytes of the longest line."""

_SMALL = 4_000_000
"""Bytes up to which a file is looked through for what JSON allows and nobody can keep."""

CUT = "not complete YAML: it ends in the middle of an entry"

_FEW = 5
_STEP = 1024 * 1024


class TooLarge(ValueError):
    """The file, or a line of it, is larger than what is read whole."""


class Line(NamedTuple):
    """A line: its number among those that are not empty, from 0, and where it begins, in bytes."""

    number: int
    position: int
    data: bytes = b""
    ended: bool = True
    """Whether a line break follows; without one the line may still be growing."""


START = Line(0, 0)


class Unread(NamedTuple):
    """An entry that could not be read, and why."""

    why: str
    text: str


class Source:
    """A file's path (with ``/``) and content, each form of it made when first asked for and only once.

    `head` is there at once; a format that does not know the file by it should look no further. The rest of a file is
    read when `data`, `text`, `value`, `documents` or `lines` are asked for. Gzip is undone.
    """

    def __init__(
        self, path: str, content: bytes | IO[bytes], thorough: bool = False, start: Line = START, one: bool = False
    ) -> None:
        self.path = path
        self.start = start
        self.resume: Line | None = None
        """Where to go on when the file grows, for formats that read it by `lines`."""
        self.cut: str | None = None
        """Why a file that stops too early stops; for formats to say."""
        self.kept_as: str | None = None
        """The name of the format that the exchanges had before, for a format that others' are kept in."""
        self._content = content
        self._thorough = thorough
        self._one = one
        self._lists: dict[str, list[Any]] = {}
        self._first = self._begun()
        self.head = _head(self._first) if self.is_compressed else self._first
        """The first bytes."""

    def _begun(self) -> bytes:
        if isinstance(self._content, bytes):
            return self._content[:HEAD]
        self._content.seek(0)
        return self._content.read(HEAD)

    @property
    def name(self) -> str:
        """The path without the ending of its compression."""
        return self.path.removesuffix(".gz")

    @property
    def is_compressed(self) -> bool:
        return self._first.startswith(content_encoding.GZIP)

    @cached_property
    def start_of_text(self) -> bytes:
        """The first bytes from the first that is no white space on, without a byte order mark."""
        return self.head.removeprefix(b"\xef\xbb\xbf").lstrip()

    @cached_property
    def data(self) -> bytes:
        """All bytes. Raises `TooLarge`."""
        raw = self._whole()
        return content_encoding.decoded(raw) if raw.startswith(content_encoding.GZIP) else raw

    def _whole(self) -> bytes:
        if isinstance(self._content, bytes):
            return self._content
        if len(self._first) < HEAD:
            return self._first
        self._content.seek(HEAD)
        rest = self._content.read(MAX_SIZE) if _size(self._content) <= MAX_SIZE else None
        if rest is None or len(rest) == MAX_SIZE:
            raise TooLarge(f"larger than {MAX_SIZE // 2**20} MB")
        return self._first + rest

    @cached_property
    def text(self) -> str:
        """The bytes as text; what is not UTF-8 becomes U+FFFD."""
        return self.data.decode("utf-8", "replace").removeprefix("\ufeff")

    # ------------------------------------------------------------ JSON

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

    @property
    def asked_for_json(self) -> bool:
        """Whether a format took the file for JSON."""
        return "_loaded" in self.__dict__

    @cached_property
    def value(self) -> Json:
        """The file's JSON; where the file stops too early, as much of it as there is; else None."""
        if self._begins_with_line:
            return None
        if not isinstance(self._loaded, NotJson):
            return self._loaded.value
        if not self._loaded.truncated:
            return None
        self.cut = str(self._loaded)
        return salvage(self.data)

    @cached_property
    def _begins_with_line(self) -> bool:
        """Whether a whole value is followed by another line of its like: there is no need to read on."""
        first, _, rest = self.start_of_text.partition(b"\n")
        if first[:1] not in (b"{", b"[") or rest.lstrip()[:1] != first[:1]:
            return False
        try:
            load(first)
        except NotJson:
            return False
        return True

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What had to be replaced or left out to read the JSON; nothing where nobody reads the file as JSON."""
        if self.__dict__.get("value") is None:
            return ()
        if isinstance(self._loaded, NotJson):
            return (Problem("file", f"{self._loaded}; what stands before that is shown"),)
        small = self._thorough and len(self.data) <= _SMALL
        repeated = repeated_keys(self.data) if small else ()
        lost = [f"the key {key} stands twice in one object: the last one counts" for key in repeated[:_FEW]]
        return tuple(Problem("file", note) for note in (*self._loaded.notes, *lost))

    # ------------------------------------------------------------ YAML

    @cached_property
    def documents(self) -> list[Json]:
        """The file's YAML documents; none where it is no YAML, or not all of it."""
        from inspector.formats.reading import yaml_text

        try:
            return yaml_text.documents(self.data)
        except yaml_text.NotYaml:
            return []

    def listed(self, key: str) -> list[Any]:
        """The items of a list at the top of a YAML or JSON file. Where the file is neither, each of its items is read
        on its own, and those that cannot be are `Unread`."""
        if key not in self._lists:
            self._lists[key] = list(self._listed(key))
        return self._lists[key]

    def _listed(self, key: str) -> Iterator[Any]:
        is_json = self.start_of_text[:1] in (b"{", b"[")
        document = self.value if is_json else next(iter(self.documents), None)
        if document is not None or is_json:
            found = document.get(key) if isinstance(document, dict) else document if not key else None
            yield from self._complete(found) if isinstance(found, list) else ()
            return
        from inspector.formats.reading import yaml_pieces

        for made in self._one_by_one(yaml_pieces.items(self.text, key)):
            yield made[0] if isinstance(made, list) and made else made

    def _complete(self, items: list[Any]) -> list[Any]:
        """The items without the first word of one more, where the file stops in it: that is YAML, too."""
        last = items[-1] if len(items) > 1 and isinstance(items[0], dict) else {}
        end = last.encode() if isinstance(last, str) else b"-" if last is None else None
        if end is None or not self.data.rstrip().endswith(end):
            return items
        self.cut = CUT
        return items[:-1]

    @cached_property
    def parts(self) -> list[Any]:
        """The file's YAML documents; where they are no YAML together, each is read on its own, and those that cannot
        be are `Unread`."""
        from inspector.formats.reading import yaml_pieces

        return self.documents or list(self._one_by_one(yaml_pieces.split(self.text)))

    def _one_by_one(self, pieces: Iterator[str]) -> Iterator[Any]:
        from inspector.formats.reading import yaml_pieces, yaml_text

        piece = next(pieces, None)
        while piece is not None:
            following = next(pieces, None)
            try:
                yield yaml_text.documents(piece.encode())[0]
            except IndexError:
                pass  # nothing but comments
            except yaml_text.NotYaml as error:
                if following is None and error.at_end:
                    self.cut = CUT
                    yield yaml_pieces.mended(piece)
                else:
                    yield Unread(str(error), piece)
            piece = following

    # ------------------------------------------------------------ lines

    def lines(self) -> Iterator[Line]:
        """The lines that are not empty, from `start` on, without ever holding the whole file. Raises `TooLarge`."""
        number, position = self.start.number, self.start.position
        self.resume = Line(number, position)
        for raw in self._raw_lines(position):
            ended = raw.endswith(b"\n")
            if raw.strip():
                yield Line(number, position, raw.strip(), ended)
                if self._one:
                    return
                number += 1
            position += len(raw)
            if ended:
                self.resume = Line(number, position)

    def _raw_lines(self, position: int) -> Iterator[bytes]:
        if isinstance(self._content, bytes) or self.is_compressed:
            data = self.data
            while position < len(data):
                end = data.find(b"\n", position) + 1 or len(data)
                yield data[position:end]
                position = end
            return
        pieces: list[bytes] = []
        while piece := self._piece(position):
            position += len(piece)
            first, *others = piece.split(b"\n")
            pieces.append(first)
            for other in others:
                yield b"".join(pieces) + b"\n"
                pieces = [other]
            if sum(map(len, pieces)) > MAX_LINE:
                raise TooLarge(f"a line is longer than {MAX_LINE // 2**20} MB")
        if any(pieces):
            yield b"".join(pieces)

    def _piece(self, position: int) -> bytes:
        """Some bytes from a place on, whatever else was read meanwhile."""
        assert not isinstance(self._content, bytes)
        self._content.seek(position)
        return self._content.read(_STEP)


def _size(content: IO[bytes]) -> int:
    """Bytes of a file on the disk, which are known before they are read; 0 of any other."""
    try:
        return os.fstat(content.fileno()).st_size
    except (OSError, AttributeError):  # a file in an archive; that in a tar file does not know the word
        return 0


def _head(compressed: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(compressed, HEAD)
    except zlib.error:
        return b""
