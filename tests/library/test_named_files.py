"""Files that name each other: whatever the order in which they come and go, the index is what a new one would be."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.making import SAMPLES, contents, library, put

KEPT_APART = ("wiremock/tower", "har/attached", "batch", "mastra")


def files_below(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", KEPT_APART)
@pytest.mark.parametrize("seed", range(3))
def test_the_index_is_the_same_whatever_comes_first(kind: str, seed: int, tmp_path: Path) -> None:
    source, served = SAMPLES / "other" / kind, tmp_path / "r"
    names = files_below(source)
    random.Random(seed).shuffle(names)
    served.mkdir()
    shelf = library(served)
    for name in names:
        put(served / name, (source / name).read_bytes())
        shelf.refresh(name.as_posix()) if seed else shelf.refresh()
    assert contents(shelf.index) == afresh(served)
    for name in names[: len(names) // 2]:
        (served / name).unlink()
        shelf.refresh(name.as_posix()) if seed else shelf.refresh()
        assert contents(shelf.index) == afresh(served), name


def test_a_body_that_changes_changes_the_recording_that_names_it(tmp_path: Path) -> None:
    served = tmp_path / "r"
    shutil.copytree(SAMPLES / "other/wiremock/tower", served)
    shelf = library(served)
    shelf.refresh()
    body = next(path for path in served.rglob("chat.json") if "__files" in path.parts)
    put(body, body.read_bytes().replace(b"The first keeper.", b"The last keeper of all."), age=30)
    shelf.refresh(body.relative_to(served).as_posix())
    assert "The last keeper of all." in repr(contents(shelf.index))
    assert contents(shelf.index) == afresh(served)


def afresh(folder: Path) -> dict[str, list[object]]:
    shelf = library(folder)
    shelf.refresh()
    return contents(shelf.index)
