"""The benchmarks' recordings are what they are said to be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.generate import generate
from tests.making import library

_COUNT = 600
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    generate(_COUNT, folder)
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_there_are_as_many_files_as_asked_for_and_a_smaller_number_gives_the_same(
    generated: Path, tmp_path: Path
) -> None:
    all_files = _files(generated)
    generate(150, tmp_path)
    assert len(all_files) == _COUNT
    assert len(_files(tmp_path)) == 150
    assert _files(tmp_path).items() <= all_files.items()


def test_every_exchange_is_recognised(generated: Path) -> None:
    found = library(generated)
    found.refresh()
    rows = found.index.rows()
    assert len(rows) >= _COUNT
    assert {row.protocol for row in rows if row.odd != "problem,no end"} >= {
        "openai.chat_completions",
        "openai.models",
        "openai.responses",
        "openai.embeddings",
        "gemini.generate_content",
        "anthropic.messages",
    }
    assert not [row.path for row in rows if row.protocol is None and "problem" not in row.odd]
    assert max(Counter(row.test_id for row in rows if row.test_id).values()) > 20
