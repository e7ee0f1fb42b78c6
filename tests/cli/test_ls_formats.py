"""``inspector ls --format``: paths for other programs, and a list for scripts."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from inspector.recorders import llama_stack_rules as rules
from tests.commands import run
from tests.making import chat, put

MANUAL = Path(__file__).parents[2] / "inspector/docs"
RECORDED = json.loads(chat("Is it lit?", "Yes.", "tests/integration/sky/test_lamp.py::test_lit"))


def ls(folder: Path, *options: str, at: Path) -> str:
    return run("ls", os.path.relpath(folder, at), *options, at=at).text


def test_unreachable_recordings_by_paths_that_lead_to_them_from_here(tmp_path: Path) -> None:
    put(tmp_path / f"a/recordings/{rules.key(RECORDED)}.json", json.dumps(RECORDED).encode())
    lost = put(tmp_path / f"a/recordings/{64 * '0'}.json", json.dumps(RECORDED).encode())
    for at in (tmp_path, tmp_path / "a"):
        [path] = ls(tmp_path / "a", "-q", "is:unreachable", "--format", "paths", at=at).splitlines()
        assert (at / path).resolve() == lost.resolve()
    told = json.loads(ls(tmp_path, "-q", "is:unreachable", "--format", "json", at=tmp_path))
    assert [(one["path"], one["odd"]) for one in told] == [(f"a/recordings/{64 * '0'}.json", ["unreachable"])]
    section = (MANUAL / "terminal.md").read_text(encoding="utf-8").partition("## For scripts")[2]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert [key for cell in cells for key in re.findall(r"`(\w+)`", cell)] == [*told[0]], "the manual has every key"


def test_the_same_turn_in_two_files_of_a_test_is_a_duplicate(tmp_path: Path) -> None:
    other = json.loads(chat("Is it lit?", "Yes.", "tests/integration/sky/test_lamp.py::test_other"))
    for number, document in enumerate((RECORDED, RECORDED, other)):
        put(tmp_path / f"a/recordings/{64 * str(number)}.json", json.dumps(document).encode())
    found = ls(tmp_path, "-q", "is:duplicate", "--format", "paths", at=tmp_path).splitlines()
    assert [Path(path).stem[0] for path in found] == ["0", "1"]
