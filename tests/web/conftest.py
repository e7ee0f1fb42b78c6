from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.making import SAMPLES
from tests.web.pages import Shelf


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The sample recordings, as they are; nobody changes them."""
    path = tmp_path_factory.mktemp("samples") / "recordings"
    shutil.copytree(SAMPLES, path)
    shelf = Shelf(path)
    yield shelf
    shelf.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty directory of one's own."""
    path = tmp_path / "shelf"
    path.mkdir()
    shelf = Shelf(path)
    yield shelf
    shelf.close()
