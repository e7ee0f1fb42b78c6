"""A file read as YAML: its documents, and where they are none as a whole, each piece on its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from inspector.formats.reading.file_bytes import FileBytes, check_yaml
from inspector.model import Json

_CUT = "not complete YAML: it ends in the middle of an entry"


class Unread(NamedTuple):
    """An entry that could not be read, and why."""

    why: str
    text: str


class YamlFile:
    """The YAML of a file, made when first asked for."""

    def __init__(self, file: FileBytes) -> None:
        self._file = file
        self.cut: str | None = None
        """Why the file stops too early, once its pieces or the items of a list were asked for."""

    @cached_property
    def documents(self) -> list[Json]:
        """The file's documents; none where it is no YAML, or not all of it."""
        from inspector.formats.reading import yaml_text

        check_yaml(self._file.data)
        try:
            return yaml_text.documents(self._file.data)
        except yaml_text.NotYaml:
            return []

    @cached_property
    def parts(self) -> list[Any]:
        """The file's documents; where they are no YAML together, each is read on its own, and those that cannot be are
        `Unread`."""
        from inspector.formats.reading import yaml_pieces

        return self.documents or list(self._one_by_one(yaml_pieces.split(self._file.text)))

    def items(self, key: str) -> Iterator[Any]:
        """The items of a list below a key of the document, or of the document itself. Where the file is no YAML as a
        whole, each is read on its own, and those that cannot be are `Unread`."""
        document = next(iter(self.documents), None)
        if document is not None:
            found = document.get(key) if isinstance(document, dict) else document if not key else None
            yield from self.complete(found) if isinstance(found, list) else ()
            return
        from inspector.formats.reading import yaml_pieces

        for made in self._one_by_one(yaml_pieces.items(self._file.text, key)):
            yield made[0] if isinstance(made, list) and made else made

    def complete(self, items: list[Any]) -> list[Any]:
        """The items without the first word of one more, where the file stops in it: that is YAML, too."""
        last = items[-1] if len(items) > 1 and isinstance(items[0], dict) else {}
        end = last.encode() if isinstance(last, str) else b"-" if last is None else None
        if end is None or not self._file.data.rstrip().endswith(end):
            return items
        self.cut = _CUT
        return items[:-1]

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
                    self.cut = _CUT
                    yield yaml_pieces.mended(piece)
                else:
                    yield Unread(str(error), piece)
            piece = following
