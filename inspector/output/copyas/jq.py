"""A command that prints the entry from its file, with jq or yq; only where that was found to be the entry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import orjson

from inspector.decode.framing.content_encoding import GZIP
from inspector.formats.reading.yaml_text import NotYaml, documents
from inspector.model import Json
from inspector.output.copyas.editor import line
from inspector.output.copyas.form import File, Form, Subject
from inspector.output.copyas.shell import word

MOST = 32 * 1024 * 1024
"""Bytes of a file that is looked through for an entry."""

_MOST_YAML = 8 * 1024 * 1024
_DEEPEST = 4
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_GLOB = re.compile(r"[*?\[\\\]]")
_TAR = re.compile(r"\.(?:tar(?:\.\w+)?|t[gbx]z2?)$", re.IGNORECASE)

Path = tuple[str | int, ...]


class _Reader(NamedTuple):
    """A program that prints a part of a file, and how the same file is read here."""

    program: str
    most: int
    read: Callable[[bytes], Json]


def _yaml(data: bytes) -> Json:
    """The one document of a file; raises `NotYaml` for several."""
    found = documents(data)
    if len(found) != 1:
        raise NotYaml("several documents")
    return found[0]


_READERS = {
    "json": _Reader("jq", MOST, orjson.loads),
    "har": _Reader("jq", MOST, orjson.loads),
    "yaml": _Reader("yq", _MOST_YAML, _yaml),
    "yml": _Reader("yq", _MOST_YAML, _yaml),
}
_LINES = frozenset({"jsonl", "ndjson", "json", "log"})


def write(subject: Subject) -> str | None:
    file = subject.file
    if file is None:
        return None
    name = file.inner or file.path
    is_packed = name.endswith(".gz")
    ending = name.removesuffix(".gz").rpartition(".")[2].lower()
    if is_packed and file.inner:
        return None
    if file.position is not None:
        return _of_lines(file) if ending in _LINES and not is_packed else None
    reader = _READERS.get(ending)
    path = _path(file, reader, is_packed) if reader else None
    if reader is None or path is None:
        return None
    command, expression = reader.program, word(expressed(path))
    before = _unpacked(file) if file.inner else f"gzip -dc {word(led(file.path))} | " if is_packed else ""
    if before is None:
        return None
    return f"{before}{command} {expression}\n" if before else f"{command} {expression} {word(led(file.path))}\n"


def _of_lines(file: File) -> str | None:
    wanted = f"sed -n {line(file)}p"
    if not file.inner:
        return f"{wanted} {word(led(file.path))} | jq .\n"
    before = _unpacked(file)
    return before and f"{before}{wanted} | jq .\n"


def _unpacked(file: File) -> str | None:
    """What prints a file of an archive; None for a name that the program would take for a pattern, and for a log whose
    files may be packed with Zstandard, which `unzip` does not know."""
    if _GLOB.search(file.inner) or file.path.lower().endswith(".eval"):
        return None
    if _TAR.search(file.path):
        return f"tar -xOf {word(led(file.path))} {word(led(file.inner))} | "
    return f"unzip -p {word(led(file.path))} {word(file.inner)} | "


def led(path: str) -> str:
    """A path that no program takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def _path(file: File, reader: _Reader, is_packed: bool) -> Path | None:
    """The way to the entry in its file, None where it is not found there."""
    data = file.read()
    if len(data) > reader.most or (data.startswith(GZIP) and not is_packed):
        return None
    if is_packed:
        return () if file.is_alone else None
    try:
        document = reader.read(data)
    except (ValueError, RecursionError):
        return None
    found = next((path for path, value in _entries(document, file.entry) if _is_same(value, file.raw)), None)
    return found if found is not None else () if file.is_alone else None


def _is_same(value: Json, raw: Json) -> bool:
    """Whether a value is the entry. Bytes are shown as the text that they are, so those may be any."""
    if isinstance(value, dict) and isinstance(raw, dict):
        return value.keys() == raw.keys() and all(_is_same(item, raw[key]) for key, item in value.items())
    if isinstance(value, list) and isinstance(raw, list):
        return len(value) == len(raw) and all(map(_is_same, value, raw))
    return isinstance(value, bytes) or value == raw


def _entries(document: Json, entry: int) -> Iterator[tuple[Path, Json]]:
    """What may be an entry of a document: itself, or the one of that number in its lists; the outermost first."""
    level: list[tuple[Path, Json]] = [((), document)]
    for _ in range(_DEEPEST):
        yield from level
        inner: list[tuple[Path, Json]] = []
        for path, value in level:
            if isinstance(value, dict):
                inner += [((*path, str(key)), item) for key, item in value.items()]
            elif isinstance(value, list) and entry < len(value):
                inner.append(((*path, entry), value[entry]))
        level = [(path, value) for path, value in inner if isinstance(value, (dict, list))]


def expressed(path: Path) -> str:
    """A way into a document as jq writes it: ``.log.entries[3]``."""
    steps = "".join(map(_step, path))
    return steps if steps.startswith(".") else f".{steps}"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) else f"[{json.dumps(step)}]"


FORM = Form("jq", "jq", "bash", "A command that prints the entry from its file.", write)
