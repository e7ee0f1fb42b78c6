"""What holds for the sessions of every agent: an exchange of several lines is one wherever reading begins or ends."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from inspector import formats
from inspector.formats.reading.lines import START, Line
from inspector.formats.reading.source import Source
from inspector.model import Exchange
from tests.making import SAMPLES

AGENTS = ("claude-code", "codex", "gemini-session", "qwen-code")
FILES = sorted(path for agent in AGENTS for path in (SAMPLES / "other" / agent).rglob("*.jsonl"))
MIXED = "5a3c1e70-0000-4000-8000-0000000001d5.jsonl"
"""Holds several threads, and is read anew as a whole."""

every_session = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def read(data: bytes, start: Line = START, one: bool = False) -> formats.Recording:
    return formats.read(Source("session.jsonl", io.BytesIO(data), start=start, one=one))


@every_session
def test_each_exchange_is_found_by_where_it_begins(path: Path) -> None:
    """Whatever stands before it is not read again, but for what it takes to know whose the lines are."""
    data = path.read_bytes()
    for one in read(data).exchanges:
        if one.position is not None:
            assert read(data, Line(one.entry, one.position), one=True).exchange(one.entry) == one


@every_session
def test_a_session_that_grows_is_what_it_is_at_once(path: Path) -> None:
    """After each line, and in the middle of the next one: nothing twice, nothing old."""
    data = path.read_bytes()
    known: dict[int, Exchange] = {}
    resume: Line | None = START
    ends = [number + 1 for number, byte in enumerate(data) if byte == 10]
    for end in [one for whole in ends for one in (whole, min(whole + 40, len(data)))]:
        begin = resume or START
        part = read(data[:end], begin)
        known = {entry: one for entry, one in known.items() if entry < begin.number}
        known |= {one.entry: one for one in part.exchanges}
        assert known == {one.entry: one for one in read(data[:end]).exchanges}
        resume = part.resume


@every_session
def test_only_the_last_response_is_read_again_when_a_session_grows(path: Path) -> None:
    recording = read(path.read_bytes())
    ended = [one for one in recording.exchanges if one.response]
    assert recording.resume is None if path.name == MIXED else recording.resume is not None
    if recording.resume is not None:
        assert recording.resume.number >= max(one.entry for one in ended)


TITLES = {
    "claude-code": ["Oil is counted", "The late fog bell"],
    "codex": ["Counting lights"],
    "gemini-session": ["Counts the lights of the skerry.", "Count the strokes of the fog bell"],
    "qwen-code": ["The keeper of the night"],
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_session_says_what_it_is_called(agent: str) -> None:
    files = sorted(path for path in (SAMPLES / "other" / agent).rglob("*.json*") if "subagents" not in path.parts)
    titles = [one.title for path in files for one in formats.read(Source(path.name, path.read_bytes())).exchanges]
    assert [*dict.fromkeys(filter(None, titles))] == TITLES[agent]
