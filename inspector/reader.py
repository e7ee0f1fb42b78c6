"""Reading one file from the disk: bytes in, exchanges or a reason out. Runs in worker processes too."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple, cast

from inspector import archives, formats, wire
from inspector.formats import Recording
from inspector.formats.source import START, Line, Source
from inspector.index import Entry, FileRow
from inspector.model import Exchange
from inspector.scan import Found, is_below, named, on_disk
from inspector.summary import Summary, summarise, unread

STILL_WRITING = 3.0
"""Seconds after its last change during which a file that ends too early counts as being written."""

_DEEPEST = 3
"""Archives within archives that are looked into."""

_TAIL = 256
"""Bytes before the place where a grown file is read on that must be what they were."""


class Unreadable(Exception):
    """A file cannot be read, and why, in words for the page."""


class Root(NamedTuple):
    """A served directory. `prefix` leads from the enclosing repository to it, so that ids do not depend on which of
    the repository's folders is served."""

    path: Path
    prefix: str
    only: str | None = None
    """The one file that is served, where the root was given as a file."""

    @property
    def served(self) -> Path:
        """What was given: the directory, or the one file."""
        return self.path / on_disk(self.only) if self.only else self.path

    def file(self, path: str) -> str:
        """Where a recording lies on the disk."""
        return os.path.join(self.path, on_disk(path))


def root_of(path: Path) -> Root:
    """The root for a path given on the command line; the path must exist, and a directory be readable."""
    full = path.resolve(strict=True)
    if full.is_file():
        return Root(full.parent, _prefix(full.parent), named(full.name))
    os.scandir(full).close()
    return Root(full, _prefix(full))


def _prefix(folder: Path) -> str:
    repository = next((parent for parent in (folder, *folder.parents) if os.path.exists(parent / ".git")), folder)
    prefix = named(folder.relative_to(repository).as_posix())
    return "" if prefix == "." else f"{prefix}/"


def uid(root: Root, path: str, entry: int) -> str:
    """The 16 hex digits of an exchange's address."""
    name = f"{root.prefix}{path}\n{entry}"
    return blake2b(name.encode(), digest_size=8).hexdigest()


def group_of(exchange: Exchange, path: str) -> tuple[str, str]:
    """Kind and id of what an exchange belongs to: its test, else its session, else its file."""
    if exchange.test_id:
        return "test", exchange.test_id
    return ("session", exchange.session) if exchange.session else ("file", path)


def load(root: Root, path: str, at: Line | None = None) -> Recording:
    """Read a recording below the root, or the one entry of it that begins `at` a line. Never raises: what fails is
    said in the result.

    The path comes from the index, but what lies on the disk may have become a link since.
    """
    try:
        with _opened(root, path) as file:
            return _read(Source(root.prefix + path, file, thorough=True, start=at or START, one=at is not None))
    except Unreadable as error:
        return Recording(None, broken=str(error))


def original(root: Root, path: str) -> bytes:
    """The bytes of a recording, which may lie in an archive. Raises `Unreadable`."""
    with _opened(root, path) as file:
        return file.read()


def recordings(root: Root, found: Found) -> Iterator[tuple[str, Recording]]:
    """The recording that a file is, or those of an archive, with their paths."""
    paths: Iterable[str] = (found.path,)
    if archives.is_archive(found.path):
        paths = [row.path for row, _, _ in entries(root, found, set()) if row.inside is not None]
    return ((path, load(root, path)) for path in paths)


def _read(source: Source) -> Recording:
    try:
        return formats.read(source)
    except OSError as error:
        raise Unreadable(_why(error)) from None


@contextmanager
def _opened(root: Root, path: str) -> Iterator[IO[bytes]]:
    """A recording's file, on the disk or in an archive that lies there. Raises `Unreadable`."""
    outer, inner = _divided(root, path)
    with ExitStack() as stack:
        file = stack.enter_context(_on_disk(root, outer))
        while inner:
            member = _found(outer, file, inner)
            outer, inner = member.path, inner[len(member.path) + 1 :]
            file = BytesIO(_bytes(member))
        yield file


def _divided(root: Root, path: str) -> tuple[str, str]:
    """A path as the file that lies on the disk and what is inside of it."""
    parts = path.split("/")
    for end in range(len(parts) - 1, 0, -1):
        outer = "/".join(parts[:end])
        if archives.is_archive(outer) and os.path.isfile(root.file(outer)):
            return outer, "/".join(parts[end:])
    return path, ""


def _found(path: str, file: IO[bytes], inner: str) -> archives.Member:
    """The member that a path names, or the archive within the archive that holds it."""
    try:
        for member in archives.members(path, file):
            if inner == member.path or (archives.is_archive(member.path) and inner.startswith(f"{member.path}/")):
                return member
    except archives.NoArchive as error:
        raise Unreadable(str(error)) from None
    raise Unreadable("it is not in the archive any more")


def _bytes(member: archives.Member) -> bytes:
    if member.open is None:
        raise Unreadable(member.why or "it cannot be opened")
    try:
        with member.open() as file:
            return file.read(archives.MAX_MEMBER)
    except archives.PROBLEMS as error:
        raise Unreadable(f"not unpacked: {error or type(error).__name__}"[:300]) from None


@contextmanager
def _on_disk(root: Root, path: str) -> Iterator[IO[bytes]]:
    if not is_below(str(root.path), root.file(path)):
        raise Unreadable("the file is gone, or leads out of the served directory")
    try:
        with _plain_file(root, path) as file:
            yield file
    except MemoryError:
        raise Unreadable("not enough memory to read it") from None
    except OSError as error:
        raise Unreadable(_why(error)) from None


@contextmanager
def _plain_file(root: Root, path: str) -> Iterator[IO[bytes]]:
    with open(root.file(path), "rb", buffering=0, opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable("it is no file any more")
        yield cast(IO[bytes], file)


def _why(error: OSError) -> str:
    known = {FileNotFoundError: "the file is gone", PermissionError: "no permission to read it"}
    return known.get(type(error)) or error.strerror or str(error)


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that took the file's place would wait for its writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


# ---------------------------------------------------------------- for the index


def entries(root: Root, found: Found, known: set[int], old: FileRow | None = None) -> Iterator[Entry]:
    """A found file with its summaries, ready for the index; an archive with its files after it.

    `known` are messages whose text went there already; `old` is what the index has of the file: where only lines were
    added, only they are read.
    """
    row = FileRow(*found[:5], None, "broken", found.why)
    if found.why is not None:
        yield Entry(row, ())
        return
    try:
        with _plain_file(root, found.path) as file:
            if archives.is_archive(found.path):
                yield from _archived(root, row, file, known)
            else:
                yield from _entries(root, row, file, known, old)
    except MemoryError:
        yield Entry(row._replace(why="not enough memory to read it"), ())
    except OSError as error:
        yield Entry(row._replace(why=_why(error)), ())
    except Unreadable as error:
        yield Entry(row._replace(why=str(error)), ())


def _archived(root: Root, row: FileRow, file: IO[bytes], known: set[int], depth: int = 1) -> Iterator[Entry]:
    """The files of an archive that are recordings. Of the others only those that cannot be opened are worth a word."""
    broken, any_read = None, False
    try:
        for member in archives.members(row.path, file):
            inner = row._replace(path=f"{row.path}/{member.path}", state="broken", why=member.why, inside=row.path)
            try:
                for entry in _member(root, inner, member, known, depth):
                    if entry.file.state != "stranger":
                        any_read = True
                        yield entry
            except (Unreadable, *archives.PROBLEMS) as error:
                yield Entry(inner._replace(why=f"not unpacked: {error or type(error).__name__}"[:300]), ())
    except archives.NoArchive as error:
        broken = str(error)
    state = "broken" if broken else "read" if any_read else "stranger"
    yield Entry(row._replace(format="archive", state=state, why=broken), ())


def _member(root: Root, row: FileRow, member: archives.Member, known: set[int], depth: int) -> Iterator[Entry]:
    if member.open is None:
        yield Entry(row, ())
    elif not archives.is_archive(member.path):
        with member.open() as file:
            yield from _entries(root, row, file, known, None)
    elif depth < _DEEPEST:
        for entry in _archived(root, row, BytesIO(_bytes(member)), known, depth + 1):
            yield entry._replace(file=entry.file._replace(inside=row.inside))


def _entries(root: Root, row: FileRow, file: IO[bytes], known: set[int], old: FileRow | None) -> Iterator[Entry]:
    """A file's entries, in as many pieces as it takes to never hold all of a large one."""
    start = _grown_from(file, row, old)
    source = Source(root.prefix + row.path, file, start=start)
    since = start.number
    for part in formats.in_parts(source):
        judged = _judged(row, part, file)
        is_half = judged.state == "writing" and judged.resume is None  # shown once it is whole
        exchanges = () if is_half else part.exchanges
        yield Entry(judged, tuple(_summarised(root, row.path, exchange, known) for exchange in exchanges), since)
        since = max((exchange.entry + 1 for exchange in part.exchanges), default=since)


def _judged(row: FileRow, part: Recording, file: IO[bytes]) -> FileRow:
    resume = f"{part.resume.number}:{part.resume.position}:{_tail(file, part.resume.position)}" if part.resume else None
    row = row._replace(format=part.format, resume=resume)
    if part.broken is None:
        state, why = ("read", None) if part.format else ("stranger", "no format knows what it holds")
        return row._replace(state=state, why=why)
    if part.truncated and row.inside is None and is_fresh(row):
        return row._replace(state="writing", why="being written")
    return row._replace(state="broken", why=part.broken)


def _grown_from(file: IO[bytes], row: FileRow, old: FileRow | None) -> Line:
    """Where to begin: after the lines that are known already, if what stands there is what stood there."""
    if old is None or old.resume is None or old.inode != row.inode:
        return START
    number, position, tail = old.resume.split(":")
    known = int(position) <= row.size and _tail(file, int(position)) == tail
    return Line(int(number), int(position)) if known else START


def _tail(file: IO[bytes], position: int) -> str:
    """What stands before a position, as a hash."""
    start = max(position - _TAIL, 0)
    file.seek(start)
    return blake2b(file.read(position - start), digest_size=8).hexdigest()


def is_fresh(found: Found | FileRow) -> bool:
    """Whether a file changed so lately that somebody may still be writing it. Clocks of other machines may be ahead."""
    return abs(time.time() - found.mtime / 1e9) < STILL_WRITING


def _summarised(root: Root, path: str, exchange: Exchange, known: set[int]) -> tuple[str, str, str, Summary]:
    kind, group = group_of(exchange, path)
    try:
        summary = summarise(exchange, wire.decode(exchange), known)
    except Exception as error:  # one exchange that we fail at must not hide the others
        known.clear()  # texts of its messages may be marked as sent and were not
        summary = unread(exchange, error)
    return uid(root, path, exchange.entry), kind, group, summary
