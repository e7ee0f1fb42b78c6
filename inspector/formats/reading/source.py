"""A file on its way to a format."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from inspector.formats.reading.file_bytes import FileBytes
from inspector.formats.reading.json_file import JsonFile
from inspector.formats.reading.lines import START, Line, Lines
from inspector.formats.reading.sqlite_file import SqliteFile
from inspector.formats.reading.yaml_file import YamlFile


class CutShort(ValueError):
    """The file stops too early, and where. A format raises it after the exchanges that stand before that."""


Beside = Callable[[str], bytes]


def _nowhere(name: str) -> bytes:
    raise ValueError("nothing lies beside this recording")


class Source:
    """A file's path (with ``/``) and content, which `json`, `yaml`, `lines` and `sqlite` read, each when first asked
    and once.

    `head`, its first bytes, is there at once; a format that does not know the file by it should look no further.
    """

    def __init__(
        self,
        path: str,
        content: bytes | IO[bytes],
        thorough: bool = False,
        start: Line = START,
        one: bool = False,
        beside: Beside = _nowhere,
        keys: bool = True,
        known: str | None = None,
    ) -> None:
        self.path = path
        self._file = FileBytes(content)
        self.head = self._file.head
        self.start_of_text = self._file.start_of_text
        """The first bytes from the first that is no white space on, without a byte order mark."""
        self.thorough = thorough
        self.keys = keys
        """Whether anybody asks what its recorder would look it up by."""
        self.known = known
        """The format that claimed the file when it was read before, which is asked first."""
        self.json = JsonFile(self._file, thorough)
        self.yaml = YamlFile(self._file)
        self.lines = Lines(self._file, start, one)
        self.sqlite = SqliteFile(self._file, self.name, beside)
        self.beside = beside
        """The bytes of another file, by its name relative to the folder of this one; raises `ValueError`."""
        self._lists: dict[str, list[Any]] = {}

    @property
    def name(self) -> str:
        """The path without the ending of its compression."""
        return self.path.removesuffix(".gz")

    @property
    def data(self) -> bytes:
        """All bytes. Raises `TooLarge`."""
        return self._file.data

    @property
    def text(self) -> str:
        """The bytes as text; what is not UTF-8 becomes U+FFFD."""
        return self._file.text

    @property
    def cut(self) -> str | None:
        """Why its JSON or YAML stops too early, as far as it was read."""
        return self.yaml.cut or self.json.cut

    def listed(self, key: str) -> list[Any]:
        """The items of a list at the top of a YAML or JSON file. Where the file is neither, each of its items is read
        on its own, and those that cannot be are `Unread`."""
        if key not in self._lists:
            is_json = self.start_of_text[:1] in (b"{", b"[")
            self._lists[key] = self._of_json(key) if is_json else list(self.yaml.items(key))
        return self._lists[key]

    def _of_json(self, key: str) -> list[Any]:
        document = self.json.value
        found = document.get(key) if isinstance(document, dict) else document if not key else None
        return self.yaml.complete(found) if isinstance(found, list) else []
