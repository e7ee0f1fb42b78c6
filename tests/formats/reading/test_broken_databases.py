"""An exchange of a broken SQLite database is the same whether it is read alone or among all."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from inspector.files.roots import roots_of
from inspector.formats.reading.lines import Line
from inspector.library.reader import load
from tests.making import SAMPLES


@pytest.mark.parametrize(
    ("sample", "seeds"), [("goose-session/sessions.db", (11, 24, 43, 50)), ("llm-logs/logs.db", (10, 33, 66, 91))]
)
def test_alone_or_among_all(tmp_path: Path, sample: str, seeds: tuple[int, ...]) -> None:
    """The seeds are those that SQLite finds other rows in where it is asked for a row than where it walks them."""
    data = (SAMPLES / "other" / sample).read_bytes()
    opened = 0
    for seed in seeds:
        file = tmp_path / f"{seed}.db"
        file.write_bytes(_broken(data, random.Random(seed)))
        roots = roots_of(file)
        for one in load(roots, file.name).exchanges:
            if one.position is not None:
                assert load(roots, file.name, Line(one.entry, one.position)).exchange(one.entry) == one
                opened += 1
    assert opened


def _broken(data: bytes, chance: random.Random) -> bytes:
    """A few bytes behind the header are others."""
    broken = bytearray(data)
    for _ in range(chance.choice((1, 3, 8))):
        broken[chance.randrange(100, len(broken))] = chance.randrange(256)
    return bytes(broken)
