"""What a failing test's report says of its recordings: the end of what was last said, and where to read all of it."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from inspector.files import urls
from inspector.files.roots import Roots, roots_of
from inspector.files.scan import opened_plain
from inspector.library import identity, reader
from inspector.library.instances import servers
from inspector.model import Exchange
from inspector.output.escape import visible_line
from inspector.output.plural import count
from inspector.output.transcript import tail
from inspector.pytest_plugin.opened_files import FOLDERS
from inspector.redaction.decoded import Masked, masked

_MESSAGES = 2
"""Messages of the prompt that are shown."""

_LINES, _LONGEST, _WIDTH = 8, 400, 100
"""Lines of a message, characters of a line, and where that is wrapped."""

_LOOKED_AT = 12
"""Recordings that are looked at for one that somebody talks in."""

_HEAD = 4096
"""Bytes in which a recording says which test it belongs to."""

_TEST_ID = re.compile(rb'"test_id"\s*:\s*"((?:[^"\\]|\\.)*)"')


class Links(NamedTuple):
    """Where pages are, or the commands that open them."""

    top: Path
    """The repository."""
    rootdir: Path
    folders: Sequence[Path]
    """Where recordings are kept; empty for folders of the usual names."""
    base: str

    def to(self, address: str, name: str = "") -> str:
        """What leads to a page, which may go by a shorter name: a link, or the command that opens it."""
        return self.link(address) or f"inspector open {shlex.quote(visible_line(name or address))}"

    def link(self, address: str) -> str:
        """The link into the export, or to a server that runs; empty where there is neither."""
        if self.base:
            return visible_line(urls.link(self.base, address))
        server = _server(self.rootdir)
        return visible_line(server + address) if server else ""


@cache
def _server(place: Path) -> str:
    """The address of a server that runs on this machine and shows what lies at a place; empty for none."""
    return next((one.address for one in servers() if one.shows(place) or one.lies_in(place)), "")


class _Last(NamedTuple):
    """The last exchange of a test."""

    path: str
    """Relative to the repository."""
    uid: str
    group: tuple[str, str]
    one: Masked


def section(links: Links, test: str, opened: Mapping[str, str]) -> str:
    """What the report of a failing test says; empty where it has no recordings. `opened` are files on the disk."""
    paths = recordings_of(links, test, opened)
    roots = roots_of(links.top)
    last = _last(roots, test, paths)
    return "\n".join(_lines(links, test, last, len(paths))) if last else ""


def recordings_of(links: Links, test: str, opened: Mapping[str, str]) -> list[str]:
    """The recordings of a test on the disk: those that it opened, or else those that say that they are its."""
    return list(opened) or _of_test(links, test)


def _lines(links: Links, test: str, last: _Last, total: int) -> Iterator[str]:
    more = f", the last of {count(total, 'recording')}" if total > 1 else ""
    yield f"{visible_line(last.path)}{more}"
    for block in tail(*last.one, _MESSAGES):
        yield from _short(block)
    yield ""
    kind, group = last.group
    yield f"message: {links.to(f'e/{last.uid}#reply')}"
    address = f"t/{quote(group)}" if kind == "test" else f"p/{quote(last.path)}"
    yield f"{kind + ':':8} {links.to(address, group)}"


def _short(block: list[str]) -> Iterator[str]:
    block = [said for said in block if said]
    for said in block[:_LINES]:
        cut = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
        indent = " " * (len(cut) - len(cut.lstrip()))
        yield from textwrap.wrap(cut, _WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]
    if len(block) > _LINES:
        yield f"  … {count(len(block) - _LINES, 'more line')}"


# ---------------------------------------------------------------- the last exchange


def _last(roots: Roots, test: str, paths: Sequence[str]) -> _Last | None:
    """The exchange that was opened last, better one in which somebody answers."""
    found: _Last | None = None
    for file in list(reversed(paths))[:_LOOKED_AT]:
        path = roots.path_of(file)
        exchanges = reader.load(roots, path).exchanges if path is not None else ()
        own = [one for one in exchanges if one.test_id == test] or exchanges
        if path is None or not own:
            continue
        last = _opened(roots, path, own[-1])
        if last.one.call.replies or last.one.call.error:
            return last
        found = found or last
    return found


def _opened(roots: Roots, path: str, exchange: Exchange) -> _Last:
    return _Last(path, identity.uid(roots, path, exchange.entry), identity.group_of(exchange, path), masked(exchange))


_tests_of: dict[tuple[str, int], dict[str, list[str]]] = {}
"""Which recordings of a folder belong to which test, by the folder and its time."""


def _of_test(links: Links, test: str) -> list[str]:
    """The recordings that say that they belong to a test, where another process opened them. Those are looked for that
    lie beside it."""
    beside = links.rootdir.joinpath(*test.partition("::")[0].split("/")[:-1])
    found: list[str] = []
    for folder in links.folders or [beside / name for name in FOLDERS]:
        if folder.is_dir():
            key = (str(folder), folder.stat().st_mtime_ns)
            if key not in _tests_of:
                _tests_of[key] = _by_test(folder)
            found += _tests_of[key].get(test, ())
    return found


def _by_test(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for file in sorted(folder.glob("*.json")):
        said = None
        with suppress(OSError), opened_plain(file) as opened:
            said = _TEST_ID.search(opened.read(_HEAD))
        if said is not None:
            test = said[1].decode("utf-8", "replace").replace('\\"', '"').replace("\\\\", "\\")
            found.setdefault(test, []).append((file.stat().st_size, str(file)))
    return {test: [path for _, path in sorted(files)] for test, files in found.items()}
