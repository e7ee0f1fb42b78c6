"""The README is short, begins with two commands, and has a picture."""

from __future__ import annotations

from tests.docs.generate import README
from tests.docs.pages import blocks

TEXT = README.read_text(encoding="utf-8")


def test_it_begins_with_two_commands_one_line_each() -> None:
    first_screen = TEXT.partition("\n## ")[0]
    assert first_screen.count("\n```\n") == 2
    (_, serve), (_, test) = blocks(TEXT)[:2]
    for command in (serve, test):
        assert command.count("\n") == 1, "one line"
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert serve.rstrip().endswith("inspector serve tests/recordings")
    assert "pytest" in test


def test_a_newcomer_reads_it_on_two_screens_or_so() -> None:
    assert TEXT.count("\n") <= 100


def test_the_picture_is_small() -> None:
    assert (README.parent / "tests" / "screenshot.png").stat().st_size < 200_000
