"""Reading one file from the disk: bytes in, exchanges or a reason out. Runs in worker processes too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from hashlib import blake2b
from typing import IO

from inspector import archives, formats, jsonio, redact, wire
from inspector.formats import Recording
from inspector.formats.source import START, Line, Source
from inspector.index import Entry, FileRow
from inspector.model import Exchange
from inspector.opening import Root, Unreadable, content, members, on_the_disk, opened, plain_file, unpacked, why
from inspector.scan import Found
from inspector.summary import Summary, summarise, unread
from inspector.wire.splitting import separated

STILL_WRITING = 3.0
"""Seconds after its last change during which a file that ends too early counts as being written."""

_TAIL = 256
"""Bytes before the place where a grown file is read on that must be what they were."""


def uid(root: Root, path: str, entry: int) -> str:
    """The 16 hex digits of an exchange's address."""
    name = f"{root.prefix}{path}\n{entry}"
    return blake2b(name.encode(), digest_size=8).hexdigest()


def group_of(exchange: Exchange, path: str) -> tuple[str, str]:
    """Kind and id of what an exchange belongs to: its test, else its session, else its file."""
    if exchange.test_id:
        return "test", redact.text(exchange.test_id)
    return ("session", redact.text(exchange.session)) if exchange.session else ("file", path)


def load(root: Root, path: str, at: Line | None = None) -> Recording:
    """Read a recording below the root, or the one entry of it that begins `at` a line. Never raises: what fails is
    said in the result.

    The path comes from the index, but what lies on the disk may have become a link since.
    """
    try:
        with opened(root, path) as file:
            return _read(Source(root.prefix + path, file, thorough=True, start=at or START, one=at is not None))
    except Unreadable as error:
        return Recording(None, broken=str(error))


def original(root: Root, path: str) -> bytes:
    """The bytes of a recording, which may lie in an archive. Raises `Unreadable`."""
    with opened(root, path) as file:
        return file.read()


def recordings(root: Root, found: Found) -> Iterator[tuple[str, Recording]]:
    """The recording that a file is, or those of an archive, with their paths."""
    if not archives.is_archive(found.path):
        yield found.path, load(root, found.path)
        return
    try:
        with on_the_disk(root, found.path) as file:
            for member in members(found.path, file):
                yield member.path, _of_member(root, member)
    except (archives.NoArchive, Unreadable) as error:
        yield found.path, Recording(None, broken=str(error))


def _of_member(root: Root, member: archives.Member) -> Recording:
    try:
        return _read(Source(root.prefix + member.path, content(member), thorough=True))
    except Unreadable as error:
        return Recording(None, broken=str(error))


def _read(source: Source) -> Recording:
    try:
        return _separated(formats.read(source))
    except OSError as error:
        raise Unreadable(why(error)) from None


def read_unnamed(name: str, data: bytes) -> Recording:
    """A recording that lies in no file. What no format claims has a reason here: somebody meant it to be one."""
    recording = _separated(formats.read(Source(name, data, thorough=True)))
    if recording.format is not None or recording.broken is not None:
        return recording
    why = "no format knows what it holds"
    if data.lstrip()[:1] in (b"", b"{", b"["):
        try:
            jsonio.loads(data)
        except jsonio.NotJson as error:
            why = str(error)
    return recording._replace(broken=why)


def _separated(recording: Recording) -> Recording:
    """The recording with each of several responses in one body as an exchange of its own."""
    return recording._replace(exchanges=separated(recording.exchanges))


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
        with plain_file(root, found.path) as file:
            if archives.is_archive(found.path):
                yield from _archived(root, row, file, known)
            else:
                yield from _entries(root, row, file, known, old)
    except MemoryError:
        yield Entry(row._replace(why="not enough memory to read it"), ())
    except OSError as error:
        yield Entry(row._replace(why=why(error)), ())
    except Unreadable as error:
        yield Entry(row._replace(why=str(error)), ())


def _archived(root: Root, row: FileRow, file: IO[bytes], known: set[int]) -> Iterator[Entry]:
    """The files of an archive that are recordings. Of the others only those that cannot be opened are worth a word."""
    broken, any_read = None, False
    try:
        for member in members(row.path, file):
            inner = row._replace(path=member.path, state="broken", why=member.why, inside=row.path)
            for entry in _of_archive(root, inner, member, known):
                any_read = True
                yield entry
    except archives.NoArchive as error:
        broken = str(error)
    state = "broken" if broken else "read" if any_read else "stranger"
    yield Entry(row._replace(format="archive", state=state, why=broken), ())


def _of_archive(root: Root, row: FileRow, member: archives.Member, known: set[int]) -> Iterator[Entry]:
    if member.open is None:
        yield Entry(row, ())
        return
    try:
        with member.open() as file:
            yield from (entry for entry in _entries(root, row, file, known, None) if entry.file.state != "stranger")
    except archives.PROBLEMS as error:
        yield Entry(row._replace(why=unpacked(error)), ())


def _entries(root: Root, row: FileRow, file: IO[bytes], known: set[int], old: FileRow | None) -> Iterator[Entry]:
    """A file's entries, in as many pieces as it takes to never hold all of a large one."""
    start = _grown_from(file, row, old)
    source = Source(root.prefix + row.path, file, start=start)
    since = start.number
    for part in map(_separated, formats.in_parts(source)):
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
    return uid(root, path, exchange.entry), kind, group, summary_of(exchange, known)


def summary_of(exchange: Exchange, known: set[int]) -> Summary:
    """The summary of an exchange, whatever it holds."""
    try:
        return summarise(exchange, wire.decode(exchange), known)
    except Exception as error:  # one exchange that we fail at must not hide the others
        known.clear()  # texts of its messages may be marked as sent and were not
        return unread(exchange, error)
