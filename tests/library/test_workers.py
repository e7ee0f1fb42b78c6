"""Processes that read beside this one: they do answer, which nobody would miss but for the time that it takes."""

from __future__ import annotations

import pickle
from pathlib import Path

from inspector.files.roots import roots_of
from inspector.library.workers import PlainReading, Workers
from tests.making import chat, put


def test_another_process_reads(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat("Is the fog bell ringing?"))
    roots = roots_of(tmp_path)
    workers = Workers(PlainReading(roots), 1)
    workers._left.append([(found, None) for found in roots.found()])
    workers._start()
    try:
        _, answer = workers._answers.get(timeout=120)
    finally:
        workers.end()
    assert answer is not None
    (entry,) = pickle.loads(answer)
    assert (entry.file.path, entry.file.state, len(entry.exchanges)) == ("a.json", "read", 1)
