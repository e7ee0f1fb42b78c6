"""Reading one file from the disk: bytes in, exchanges or a reason out. Runs in worker processes too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import IO

from inspector import formats
from inspector.analysis.exchange_summary import Summary
from inspector.decode.splitting import separated
from inspector.files import archives, neighbours
from inspector.files.recording_bytes import on_the_disk, opened, plain_file
from inspector.files.roots import Roots
from inspector.files.scan import TEST_RUN_MAP, ScannedFile, Unreadable
from inspector.files.unpacking import content, members, unpacked
from inspector.formats import Recording
from inspector.formats.reading.lines import START, Line
from inspector.formats.reading.source import Source
from inspector.index import Entry, FileRow
from inspector.library.identity import group_of, named_group, numbered
from inspector.library.safe_summary import ALL, Wanted, summary_of
from inspector.model import Exchange, jsonio

STILL_WRITING = 3.0
"""Seconds after its last change during which a file that ends too early counts as being written."""

_UNKNOWN = "no format knows what it holds"

APART = "the body of a recording beside it"

_UNFINISHED = -1
"""Stands for the time of a file's change until all of it is read: who was interrupted goes on with it."""

_TAIL = 256
"""Bytes before the place where a grown file is read on that must be what they were."""


def load(
    roots: Roots, path: str, at: Line | None = None, *, thorough: bool = True, known: str | None = None
) -> Recording:
    """Read a recording below the root, or the one entry of it that begins `at` a line; `thorough` for somebody who is
    told what is odd about it, and why; of a `known` format, if it still is. Never raises: what fails is said in the
    result.

    The path comes from the index, but what lies on the disk may have become a link since.
    """
    try:
        with opened(roots, path) as file:
            return _read(
                Source(
                    roots.place(path).in_repository,
                    file,
                    thorough=thorough,
                    start=at or START,
                    one=at is not None,
                    beside=neighbours.reader(roots, path),
                    known=known,
                )
            )
    except Unreadable as error:
        return Recording(None, broken=str(error))
    except Exception as error:
        return Recording(None, broken=_failed(error))


def original(roots: Roots, path: str) -> bytes:
    """The bytes of a recording, which may lie in an archive. Raises `Unreadable`."""
    with opened(roots, path) as file:
        return file.read()


def recordings(roots: Roots, found: ScannedFile) -> Iterator[tuple[str, Recording]]:
    """The recording that a file is, or those of an archive, with their paths."""
    if not _is_unfolded(roots, found.path):
        recording = load(roots, found.path)
        yield found.path, Recording(None) if _is_apart(roots, found.path, recording.format) else recording
        return
    try:
        with on_the_disk(roots, found.path) as file:
            for member in members(found.path, file):
                recording = _of_member(roots, member)
                yield member.path, Recording(None) if _is_apart(roots, member.path, recording.format) else recording
    except (archives.NoArchive, Unreadable) as error:
        yield found.path, Recording(None, broken=str(error))


def _is_apart(roots: Roots, path: str, format: str | None) -> bool:
    """Whether a file is only the body of a recording beside it."""
    return format == "bare" and neighbours.is_a_body(roots, path)


def _is_unfolded(roots: Roots, path: str) -> bool:
    """Whether a file is read as the files in it: every archive, and of exports the one that was given."""
    return archives.is_archive(path) or bool(roots.place(path).root.homes)


def _of_member(roots: Roots, member: archives.Member) -> Recording:
    try:
        near = neighbours.reader(roots, member.path)
        return _read(Source(roots.place(member.path).in_repository, content(member), thorough=True, beside=near))
    except Unreadable as error:
        return Recording(None, broken=str(error))
    except Exception as error:
        return Recording(None, broken=_failed(error))


def _read(source: Source) -> Recording:
    return _separated(formats.read(source))


def read_unnamed(name: str, data: bytes) -> Recording:
    """A recording that lies in no file. What no format claims has a reason here: somebody meant it to be one."""
    recording = _read(Source(name, data, thorough=True))
    if recording.format is not None or recording.broken is not None:
        return recording
    reason = _UNKNOWN
    if data.lstrip()[:1] in (b"", b"{", b"["):
        try:
            jsonio.loads(data)
        except jsonio.NotJson as error:
            reason = str(error)
    return recording._replace(broken=reason)


def _separated(recording: Recording) -> Recording:
    """The recording with each of several responses in one body as an exchange of its own."""
    try:
        return recording._replace(exchanges=separated(recording.exchanges))
    except Exception as error:  # as one exchange they are shown nevertheless
        return recording._replace(broken=recording.broken or _failed(error))


def _failed(error: Exception) -> str:
    return f"not read: {type(error).__name__}: {error}"[:300]


# ---------------------------------------------------------------- for the index


def entries(
    roots: Roots, found: ScannedFile, known: set[int], old: FileRow | None = None, wanted: Wanted = ALL
) -> Iterator[Entry]:
    """A found file with its summaries, ready for the index; an archive with its files after it.

    `known` are messages whose text went there already; `old` is what the index has of the file: where only lines were
    added, only they are read. What is `wanted` of the exchanges holds for a file that is no archive.
    """
    row = FileRow(*found[:5], None, "broken", found.why)
    if found.why is not None:
        yield Entry(row, ())
        return
    since = 0
    try:
        with plain_file(roots, found.path) as file:
            if _is_unfolded(roots, found.path):
                yield from _archived(roots, row, file, known)
                return
            for entry in _entries(roots, row, file, known, old, wanted):
                yield entry
                since = max([entry.since, *(summary.entry + 1 for *_, summary in entry.exchanges)])
    except Unreadable as error:
        yield Entry(row._replace(why=str(error)), (), since)
    except Exception as error:  # one file that we fail at must not hide the others
        known.clear()  # as in `summary_of`
        yield Entry(row._replace(why=_failed(error)), (), since)


def _archived(roots: Roots, row: FileRow, file: IO[bytes], known: set[int]) -> Iterator[Entry]:
    """The files of an archive that are recordings. Of the others only those that cannot be opened are worth a word."""
    broken, any_read = None, False
    try:
        for member in members(row.path, file):
            inner = row._replace(path=member.path, state="broken", why=member.why, inside=row.path)
            for entry in _of_archive(roots, inner, member, known):
                any_read = True
                yield entry
    except archives.NoArchive as error:
        broken = str(error)
    state = "broken" if broken else "read" if any_read else "unrecognised"
    yield Entry(row._replace(format="archive", state=state, why=broken), ())


def _of_archive(roots: Roots, row: FileRow, member: archives.Member, known: set[int]) -> Iterator[Entry]:
    if member.open is None:
        yield Entry(row, ())
        return
    try:
        with member.open() as file:
            is_map = PurePosixPath(row.path).name == TEST_RUN_MAP  # that of the tests is read when a page asks for it
            found = _entries(roots, row, file, known, None)
            yield from (entry for entry in found if entry.file.state != "unrecognised" or is_map)
    except Exception as error:  # as in `archives.members`
        yield Entry(row._replace(why=unpacked(error)), ())


def _entries(
    roots: Roots,
    row: FileRow,
    file: IO[bytes],
    known: set[int],
    old: FileRow | None,
    wanted: Wanted = ALL,
) -> Iterator[Entry]:
    """A file's entries, in as many pieces as it takes to never hold all of a large one."""
    start = _grown_from(file, row, old)
    asked = set((old.named or "").splitlines()) if old is not None and start != START else set()
    near = neighbours.reader(roots, row.path, asked)
    place = roots.place(row.path)
    id = place.id
    source = Source(place.in_repository, file, start=start, beside=near, keys=wanted.marks)
    since = start.number
    for part in map(_separated, formats.in_parts(source)):
        if _is_apart(roots, row.path, part.format):
            yield Entry(row._replace(state="unrecognised", why=APART), ())
            return
        judged = _judged(row, part, file)
        is_half = judged.state == "writing" and judged.resume is None  # shown once it is whole
        exchanges = () if is_half else part.exchanges
        lone = judged.resume is None and len(exchanges) == 1 and row.inside is None
        summaries = (_summarised(id, row.path, exchange, known, lone, wanted) for exchange in exchanges)
        yield Entry(judged._replace(named="\n".join(sorted(asked)) or None), tuple(summaries), since)
        since = max((exchange.entry + 1 for exchange in part.exchanges), default=since)


def _judged(row: FileRow, part: Recording, file: IO[bytes]) -> FileRow:
    resume = f"{part.resume.number}:{part.resume.position}:{_tail(file, part.resume.position)}" if part.resume else None
    row = row._replace(format=part.format, resume=resume)
    if part.goes_on:
        return row._replace(state="read", changed=_UNFINISHED)
    if part.broken is None:
        return row._replace(state="read") if part.format else row._replace(state="unrecognised", why=_UNKNOWN)
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


def is_fresh(found: ScannedFile | FileRow) -> bool:
    """Whether a file changed so lately that somebody may still be writing it. Clocks of other machines may be ahead."""
    return abs(time.time() - found.mtime / 1e9) < STILL_WRITING


def _summarised(
    place: str, path: str, exchange: Exchange, known: set[int], lone: bool, wanted: Wanted
) -> tuple[str, str, str, Summary]:
    size = None if lone else jsonio.weight(exchange.raw)
    summary = summary_of(exchange, known, size, wanted)
    names = (summary.test_id, summary.session)
    is_plain = names == (exchange.test_id, exchange.session)  # a summary says no secret
    kind, group = named_group(*names, path) if is_plain else group_of(exchange, path)
    return numbered(place, exchange.entry), kind, group, summary
