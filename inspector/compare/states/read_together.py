"""Two directories read side by side: what is at the same place in both is compared while it is there, decoded, so that
nobody has to read it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from inspector.analysis.exchange_summary import Summary
from inspector.compare.states.details import NOTHING, Kept, failed, kept
from inspector.compare.states.read_calls import OF_PROMPTS, Decoded, masked_differences
from inspector.compare.states.row_changes import is_unknown_to_rows
from inspector.files.roots import Roots
from inspector.files.scan import ScannedFile
from inspector.index import Entry, FileRow, Index
from inspector.library import reader
from inspector.library.safe_summary import Wanted
from inspector.model import Exchange, ModelCall

_BATCH = 64
"""Files of the later state that are written at a time."""


class Early(NamedTuple):
    """What the exchanges of two files differ in that have one each."""

    is_same: bool
    """Whether they are recorded in the same words."""
    found: Kept


Paths = tuple[str, str]
"""Of a file before, and of the same now."""


class _Beside(NamedTuple):
    """What was read of the later state, beside a file of the earlier one."""

    entries: tuple[Entry, ...]
    paths: Paths
    early: Early | None


@dataclass
class SideBySide:
    """Reads the files of the earlier state, each with the file that it is in the later one."""

    before: Roots
    after: Roots
    others: Mapping[str, ScannedFile]
    """The later file for the path of the earlier one."""
    wanted: Wanted
    """What is asked for of each exchange."""
    known: set[int] = field(default_factory=set)
    """The later state's messages whose text was read already."""

    def entries(self, found: ScannedFile, known: set[int], old: FileRow | None) -> Iterator[Entry | _Beside]:
        other = self.others.get(found.path)
        if other is None:
            yield from reader.entries(self.before, found, known, old, self.wanted)
            return
        was, now = _Lone(), _Lone()
        yield from was.seen(reader.entries(self.before, found, known, old, self._told_to(was)))
        later = tuple(now.seen(reader.entries(self.after, other, self.known, None, self._told_to(now))))
        yield _Beside(later, (found.path, other.path), _early(was, now) if was.is_alone and now.is_alone else None)

    def _told_to(self, lone: _Lone) -> Wanted:
        return self.wanted._replace(understood=lone.understood)


class _Lone:
    """The exchange of a file that has no other."""

    def __init__(self) -> None:
        self.call: Decoded | None = None
        self.summary: Summary | None = None
        self._count = 0

    def understood(self, exchange: Exchange, call: ModelCall) -> None:
        self.call = (exchange, call)

    def seen(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self._count += len(entry.exchanges)
            self.summary = entry.exchanges[0][-1] if entry.exchanges else self.summary
            yield entry

    @property
    def is_alone(self) -> bool:
        return self._count == 1


def _early(was: _Lone, now: _Lone) -> Early | None:
    """What two exchanges differ in; None where their rows will say that they are alike, or nobody understood one."""
    if was.call is None or now.call is None:
        return None
    if was.call[0].raw == now.call[0].raw:
        return Early(True, NOTHING)
    if was.summary and now.summary and _seem_alike(was.summary, now.summary):
        return None
    try:
        return Early(False, kept(masked_differences(was.call, now.call)))
    except Exception as error:
        return Early(False, failed(error))


def _seem_alike(was: Summary, now: Summary) -> bool:
    """Whether what the index will know of two exchanges is the same, and enough to call them alike."""
    return not is_unknown_to_rows(was, now) and _told(was) == _told(now)


def _told(one: Summary) -> tuple[object, ...]:
    said = tuple(tuple((message.key, message.thought) for message in each) for each in (one.prompt, one.replies))
    odd = frozenset(one.odd.split(",")) - OF_PROMPTS
    tokens = (one.input_tokens, one.output_tokens)
    return said, one.request, one.test_id, one.model, one.provider, one.finish, one.status, odd, tokens


class Taken:
    """Puts what was read of the later state into its index, and keeps what was compared early."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._waiting: list[Entry] = []
        self.early: dict[Paths, Early] = {}

    def __call__(self, read: Iterator[Entry | _Beside]) -> Iterator[Entry]:
        for one in read:
            if isinstance(one, Entry):
                yield one
                continue
            self._waiting += one.entries
            if one.early is not None:
                self.early[one.paths] = one.early
            if len(self._waiting) >= _BATCH:
                self._write()
        self._write()

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._index.write(waiting, [])
