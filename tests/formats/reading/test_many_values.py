"""What would take a gigabyte to be read is not, and that is said."""

from __future__ import annotations

import gc

import pytest

from inspector import formats
from inspector.formats.reading import file_bytes, yaml_text
from inspector.formats.reading.source import Source
from inspector.model import jsonio
from tests.making import chat

ANSWER = b'{"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "lit"}}], "x": ['
CASSETTE = (
    b"interactions:\n- request:\n    method: POST\n    uri: https://api.example.org/\n    body: '{}'\n    headers: {}\n"
    b"  response:\n    status: {code: 200, message: OK}\n    body: {string: '{}'}\n    headers: {}\nversion: 1\nx:\n"
)
PAIR = b'[{"request": {"url": "https://api.example.org/v1/x"}, "response": {"body": "%s"}},' % (b"f" * 64_000)


@pytest.mark.parametrize(
    ("name", "head", "unit", "times"),
    [
        ("a.json", ANSWER, b"{},", 5_000_000),
        ("a.json", ANSWER, b"1,", 25_000_000),
        ("a.json", ANSWER, b"[],", 5_000_000),
        ("a.yaml", CASSETTE, b"- a\n", 1_600_000),
        ("a.har", b'{"log": {"version": "1.2", "creator": {"name": "lamp"}, "entries": [', b"{},", 5_000_000),
        ("a.json", chat()[:-1] + b', "x": [', b"{},", 5_000_000),
        ("a.json", PAIR, b"{},", 5_000_000),
    ],
)
def test_too_many_values_are_refused_with_a_reason(name: str, head: bytes, unit: bytes, times: int) -> None:
    recording = formats.read(Source(name, head + unit * times))
    said = [recording.broken, *(problem.why for one in recording.exchanges for problem in one.problems)]
    assert "million values" in str(said)


def test_values_in_a_line_are_counted_as_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MOST_NODES", 1_000)
    recording = formats.read(Source("a.yaml", CASSETTE + b"- {a: 1, b: [x, y], c: {d: e}}\n" * 200))
    assert "million values in YAML" in str(recording.broken)
    assert gc.isenabled()


def test_a_capture_that_is_no_json_is_said() -> None:
    head = b'{"log": {"version": "1.2", "creator": {"name": "lamp"}, "entries": ['
    for broken in (b'{"request": oops}]}}', b"[" * 2_000 + b"]" * 2_000 + b"]}}"):
        assert formats.read(Source("a.har", head + broken)).broken


def test_a_large_text_is_no_such() -> None:
    assert isinstance(jsonio.loads(b'["' + b"fog " * 10_000_000 + b'"]'), list)
    file_bytes.check_yaml(b"fog: |\n" + b"  " + b"fog " * 10_000_000)
