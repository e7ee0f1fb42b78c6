"""The lines that findings are told to stand on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.checks.finding import Finding
from inspector.checks.rules import RULES
from inspector.files.roots import roots_of
from inspector.report.findings.entry_lines import EntryLines
from inspector.report.findings.gathered import gathered
from tests.making import library, put
from tests.testruns.test_replay_marks import cassette, entry


def har(indent: int | None) -> bytes:
    entries = [
        {
            "startedDateTime": "2026-01-01T00:00:00Z",
            "request": {"method": "POST", "url": "https://skerry.example/v1/chat/completions", "headers": [],
                        "postData": {"mimeType": "application/json", "text": '{"entries": [], "model": "lamp"}'}},
            "response": {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "{}"}},
            "note": said,
        }
        for said in ("Lit?", "Fog?")
    ]  # fmt: skip
    return json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}}, indent=indent).encode()


def lines_of_messages() -> bytes:
    body = {"model": "lamp", "messages": [{"role": "user", "content": "Lit?"}]}
    line = {
        "request": body,
        "response": {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Yes."}}]},
    }
    return b"\n\n".join([json.dumps(line).encode()] * 2) + b"\n"


@pytest.mark.parametrize(
    ("name", "data", "marks"),
    [
        ("lamp.yaml", cassette(entry("Lit?"), entry("Fog?")), [b"- request", b"- request"]),
        ("lamp.har", har(2), [b"startedDateTime"] * 2),
        ("flat.har", har(None), [b"startedDateTime"] * 2),
        ("lamp.jsonl", lines_of_messages(), [b'{"request"'] * 2),
    ],
    ids=["cassette", "archive", "archive on one line", "lines"],
)
def test_an_entry_stands_where_it_begins(tmp_path: Path, name: str, data: bytes, marks: list[bytes]) -> None:
    put(tmp_path / name, data)
    shelf = library(tmp_path)
    shelf.refresh()
    rows = shelf.index.sorted_rows()
    roots = roots_of(tmp_path)
    others = [(row.uid, Finding("R404", "it is silent")) for row in rows]
    found = [one for one in gathered(roots, RULES, rows, (), others) if one.why == "it is silent"]
    told = [EntryLines(roots).line(one) for one in found]
    text = data.split(b"\n")
    assert len(told) == len(marks)
    assert told == sorted(told)
    if len(text) > 3:
        assert len({*told}) == len(told)
    for line, mark in zip(told, marks, strict=True):
        assert mark in b"\n".join(text[line - 1 : line + 1])
