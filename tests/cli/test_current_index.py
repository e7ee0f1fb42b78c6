"""Commands begin with the index that a server keeps: where it is current, nothing is read but what is printed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspector.cli import main
from inspector.files.roots import roots_of
from inspector.index import Index, index_file
from inspector.library.library import Library
from tests.making import chat, put


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    top = tmp_path / "kept"
    put(top / "a.json", chat("Is the lamp lit?", "It is."))
    put(top / "b.json", chat("Is the bell rung?", "It is not."))
    roots = roots_of(top)
    file = index_file(top)
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(Index(file, roots.served)) as index:
        Library(roots, index).refresh()
    return top


@pytest.mark.parametrize(
    "command",
    ["ls {}", "ls -q lamp {}", "show -q lamp {}", "show -q lamp --format jsonl {}", "check {}", "summary {}"],
)
def test_a_current_index_answers(kept: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [str(kept) if word == "{}" else word for word in command.split()]
    plain = CliRunner().invoke(main, asked)
    monkeypatch.setattr("inspector.library.reader.entries", lambda *_: pytest.fail("it was read again"))
    quick = CliRunner().invoke(main, asked)
    assert (quick.exit_code, quick.stdout) == (plain.exit_code, plain.stdout), quick.output


def test_what_came_since_is_there(kept: Path) -> None:
    put(kept / "c.json", chat("Is the lamp trimmed?", "Since noon."))
    lines = CliRunner().invoke(main, ["ls", "-q", "lamp", str(kept)]).stdout
    assert "a.json" in lines
    assert "c.json" in lines
    assert "b.json" not in lines
