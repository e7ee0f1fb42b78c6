"""Two directories that are read side by side differ in the same as two that are read one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.compare.states import given
from inspector.compare.states.read_pairs import loaded
from inspector.files.urls import Links
from inspector.library import workers
from inspector.library.progress import Progress
from inspector.report.as_json_changes import diff_json
from tests.making import chat, put

_KEY = "sk-proj-" + "Lamp1ighter" * 4


def _quietly(progress: Progress) -> None:
    """Nobody wants to know."""


def _asked(content: str, reply: str, id: str = "chatcmpl-1", **settings: object) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads(chat(content, reply, None))
    recorded["request"]["body"] |= settings
    recorded["response"]["body"]["__data__"]["id"] = id
    return recorded


_STATES: dict[str, tuple[Any, Any]] = {
    "same": (_asked("Is it lit?", "It is lit."),) * 2,
    "ids": (_asked("Who keeps it?", "Old Tom.", "chatcmpl-1"), _asked("Who keeps it?", "Old Tom.", "chatcmpl-2")),
    "answer": (_asked("Is it foggy?", "It is."), _asked("Is it foggy?", "It is not.")),
    "setting": (_asked("Ring it.", "Done.", temperature=0.7), _asked("Ring it.", "Done.", temperature=0.2)),
    "secret": (_asked("Which key?", f"{_KEY} opens it."), _asked("Which key?", f"{_KEY} opens the lamp room.")),
    "gone": (_asked("Who came?", "Nobody."), None),
    "new": (None, _asked("Who left?", "Ann.")),
    "renamed": (_asked("Where is the oil?", "Below."), None),
    "renamed again": (None, _asked("Where is the oil?", "Below.")),
    "not recognised": ({"lamp": 1}, {"lamp": 2}),
    "became a recording": ({"lamp": 1}, _asked("And now?", "Now.")),
    "order": (_asked("Is it dark?", "Yes."), dict(reversed(_asked("Is it dark?", "Yes.").items()))),
}


@pytest.fixture
def states(tmp_path: Path) -> tuple[str, str]:
    for name, both in _STATES.items():
        for side, recorded in zip(("old", "new"), both, strict=True):
            if recorded is not None:
                put(tmp_path / side / f"{name}.json", json.dumps(recorded).encode())
    for side, reply in (("old", b"Aye."), ("new", b"No.")):
        put(tmp_path / side / "broken.json", b'{"request": {"url": "' + reply)
    return str(tmp_path / "old"), str(tmp_path / "new")


def _told(old: str, new: str, query: str) -> dict[str, Any]:
    with given.compared(old, new, query, _quietly) as both:
        told: dict[str, Any] = diff_json(both.since, both.name, query, Links("", False))
        return told


@pytest.mark.parametrize("query", ["", "lit"])
def test_they_differ_as_if_read_one_after_the_other(
    states: tuple[str, str], query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = _told(*states, query)
    monkeypatch.setattr(given, "may_be_read_together", lambda before, after: False)
    assert together == _told(*states, query)
    if not query:
        assert {"answer", "request", "new", "gone", "noise", "moved", "same"} <= together["verdicts"].keys()
    assert _KEY not in json.dumps(together)


def test_nothing_is_read_twice(states: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, str]] = []

    def noted(before: Any, after: Any, pairs: Any) -> Iterator[Any]:
        read.extend((was.path, now.path) for was, now in pairs)
        return loaded(before, after, [])

    monkeypatch.setattr("inspector.compare.states.changes.loaded", noted)
    _told(*states, "")
    assert read == [("renamed.json", "renamed again.json")], "which file it was shows when all are read"


def test_processes_beside_this_one_compare_too(states: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = _told(*states, "")
    monkeypatch.setattr("inspector.library.library.WORTH", 1)
    monkeypatch.setattr(workers, "_CHUNK", 1)
    assert _told(*states, "") == alone
