"""Processes that read files, so that a first look at a large directory uses all cores.

Each is a Python of its own that is given files on its standard input and answers with entries on its standard output.
So it shares neither locks nor open files with this one, may be started while threads run, and ends when this one does,
for whatever reason: its input ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from inspector.files.roots import Roots
from inspector.files.scan import ScannedFile
from inspector.index import Entry, FileRow
from inspector.library import reader
from inspector.library.safe_summary import ALL, Wanted
from inspector.model.jsonio import RECURSION_LIMIT
from inspector.model.uncollected import uncollected

WORTH = 400
"""Files from which on processes of their own pay for themselves."""

_MOST = 8
"""Processes at most: beyond that the one that writes cannot keep up."""

_CHUNK = 16
"""Files that a process is given at a time."""

_LARGE = 256 * 1024 * 1024
"""Bytes of a file that is read here, piece by piece: an answer is of whole files."""

_AHEAD = 4
"""Chunks that a process has before it, so that it never waits for this one."""

_HELD = 32
"""Chunks of answers that wait for this process; then the others wait, too."""

_PATIENCE = 0.2
"""Seconds after which who waits looks whether there is anything to wait for."""

Todo = tuple[ScannedFile, FileRow | None]
"""A file to read, and what the index has of it where it may only have grown."""


class Reading(Protocol):
    """What reads a file, here or in another process."""

    def entries(self, found: ScannedFile, known: set[int], old: FileRow | None) -> Iterator[Any]: ...


class PlainReading(NamedTuple):
    """Reads what lies below some roots, and nothing else."""

    roots: Roots
    wanted: Wanted = ALL

    def entries(self, found: ScannedFile, known: set[int], old: FileRow | None) -> Iterator[Entry]:
        return reader.entries(self.roots, found, known, old, self.wanted)


_Chunk = Sequence[Todo]
_LENGTH = struct.Struct(">Q")


class Workers:
    """Processes that read some files beside this one, which reads too and writes what all of them bring. They run no
    longer than that takes."""

    def __init__(self, reading: Reading, count: int | None = None) -> None:
        self._reading = reading
        self._count = _others() if count is None else count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._left: deque[_Chunk] = deque()
        self._answers: queue.Queue[tuple[_Chunk, bytes | None]] = queue.Queue(_HELD)
        self._ended = False

    def entries(self, files: Sequence[Todo]) -> Iterator[Any]:
        """The files' entries, roughly in order. What a killed process was reading is read here."""
        usual = [todo for todo in files if todo[0].size <= _LARGE]
        self._left.extend(usual[at : at + _CHUNK] for at in range(0, len(usual), _CHUNK))
        missing = len(self._left)
        known: set[int] = set()
        try:
            with suppress(OSError):  # no more processes are to be had
                self._start()
            while missing and not self._ended:
                if (given := self._next()) is not None:
                    missing -= 1
                    yield from self._read(given[0], known) if given[1] is None else pickle.loads(given[1])  # noqa: S301
        finally:
            self.end()
        for found, old in files:
            if found.size > _LARGE:
                yield from self._reading.entries(found, known, old)

    def end(self) -> None:
        """End them, whatever they are doing."""
        self._ended = True
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()

    def _next(self) -> tuple[_Chunk, bytes | None] | None:
        """An answer; or a chunk to read here, while there is no answer; or nothing yet."""
        with suppress(queue.Empty):
            return self._answers.get_nowait()
        with suppress(IndexError):
            return self._left.popleft(), None
        with suppress(queue.Empty):
            return self._answers.get(timeout=_PATIENCE)
        return None

    def _read(self, chunk: _Chunk, known: set[int]) -> list[Any]:
        with uncollected():
            return [entry for found, old in chunk for entry in self._reading.entries(found, known, old)]

    # ------------------------------------------------------------ the other processes

    def _start(self) -> None:
        code = f"import sys; sys.path = {sys.path!r}; from inspector.library import workers; workers.work()"
        for _ in range(self._count if _is_python() else 0):
            process = subprocess.Popen(  # noqa: S603  # ourselves
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **_ALONE,
            )  # fmt: skip
            self._processes.append(process)
            threading.Thread(target=self._employ, args=[process], name="employer", daemon=True).start()

    def _employ(self, process: subprocess.Popen[bytes]) -> None:
        """Give a process chunks for as long as there are any, and take its answers."""
        given: deque[_Chunk] = deque()
        assert process.stdin
        assert process.stdout
        try:
            _send(process.stdin, pickle.dumps(self._reading))
            while self._give(process.stdin, given):
                answer = _received(process.stdout)
                self._arrived(given.popleft(), answer)
        except (OSError, EOFError):
            for chunk in given:
                self._arrived(chunk, None)
        finally:
            process.stdout.close()
            with suppress(OSError):
                process.stdin.close()

    def _give(self, file: IO[bytes], given: deque[_Chunk]) -> bool:
        while len(given) < _AHEAD:
            try:
                given.append(self._left.popleft())
            except IndexError:
                break
            _send(file, pickle.dumps(given[-1]))
        return bool(given)

    def _arrived(self, chunk: _Chunk, answer: bytes | None) -> None:
        while not self._ended:
            with suppress(queue.Full):
                self._answers.put((chunk, answer), timeout=_PATIENCE)
                return


_ALONE: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
"""Ctrl-C is for this process to handle."""


def _is_python() -> bool:
    """Some servers carry a Python inside of them."""
    return Path(sys.executable or "").name.lower().startswith(("python", "pypy"))


def _others() -> int:
    """Processes beside this one: one a core."""
    return max(1, min(cores() - 1, _MOST))


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _send(file: IO[bytes], data: bytes) -> None:
    file.write(_LENGTH.pack(len(data)) + data)
    file.flush()


def _received(file: IO[bytes]) -> bytes:
    """The next message. Raises `EOFError`."""
    head = file.read(_LENGTH.size)
    data = file.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
    if not data:
        raise EOFError
    return data


# ---------------------------------------------------------------- in the other process


def work() -> None:
    """Answer until there is nothing more to do."""
    gc.disable()
    sys.setrecursionlimit(RECURSION_LIMIT)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may be written there
    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=[questions], daemon=True).start()
    reading: Reading = pickle.loads(questions.get())  # noqa: S301  # of the process that started this one
    known: set[int] = set()
    while True:
        chunk: _Chunk = pickle.loads(questions.get())  # noqa: S301
        _send(answers, pickle.dumps([entry for found, old in chunk for entry in reading.entries(found, known, old)]))


def _listen(questions: queue.SimpleQueue[bytes]) -> None:
    """Nobody asks any more, or nobody is there: end at once, whatever is being read."""
    try:
        while True:
            questions.put(_received(sys.stdin.buffer))
    except (OSError, EOFError):
        os._exit(0)
