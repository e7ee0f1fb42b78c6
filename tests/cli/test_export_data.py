"""Spans and tables: the command line around ``export --otlp``, ``export --parquet`` and their formats of ``show``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from tests.commands import run
from tests.making import chat, put

SECRET = "sk-proj-Fq3xPz81LmVt6YwKd0RbNcHs2JgQeUaT"


def test_an_export_of_spans_is_what_show_prints(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.json", chat("How deep?", f"Two fathoms, with {SECRET}"))
    put(tmp_path / "in" / "b.json", chat("How wide?", "A cable"))
    done = run("export", tmp_path / "in", "--otlp", tmp_path / "spans.jsonl")
    assert (done.returncode, done.text) == (0, f"2 exchanges as spans: {tmp_path / 'spans.jsonl'}\n")
    written = (tmp_path / "spans.jsonl").read_bytes()
    assert written == run("show", tmp_path / "in", "--format", "otlp").stdout
    assert SECRET.encode() not in written
    assert run("export", tmp_path / "in", "--otlp", tmp_path / "spans.jsonl").returncode == 0, (
        "takes the old one's place"
    )
    assert (tmp_path / "spans.jsonl").read_bytes() == written
    (found,) = (
        run("show", tmp_path / "in", "-q", "wide", "--format", "otlp", "--link-base", "https://lamps.example")
    ).text.splitlines()
    (resource,) = json.loads(found)["resourceSpans"]
    assert resource["resource"]["attributes"][0] == {"key": "service.name", "value": {"stringValue": "in"}}
    spans = resource["scopeSpans"][0]["spans"]
    assert [span["name"] for span in spans] == ["chat gpt-4o", "test tests/a.py::test_one"]
    assert f'"https://lamps.example/e/{spans[0]["spanId"]}.html"' in found


def test_spans_of_standard_input_say_so() -> None:
    printed = run("show", "-", "--format", "otlp", given=chat("How deep?")).text
    assert '{"key":"service.name","value":{"stringValue":"standard input"}}' in printed


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    file = put(tmp_path / "in" / "a.json", chat())
    other = put(tmp_path / "other.jsonl", b'{"resourceSpans":[]}\n')
    for arguments, word in (
        (["--otlp", other], "no export of ours"),
        (["--otlp", file], "lies among the recordings"),
        (["--otlp", tmp_path / "in" / "spans.jsonl"], "lies among the recordings"),
        (["--otlp", tmp_path / "x", "-o", tmp_path / "y"], "one at a time"),
        (["--otlp", tmp_path / "x", "--unmasked"], "are for pages"),
    ):
        done = run("export", tmp_path / "in", *arguments)
        assert (done.returncode, word in done.stderr.decode()) == (2, True), done
    nothing = run("export", tmp_path / "in", "--otlp", tmp_path / "x", "-q", "nobody")
    assert (nothing.returncode, (tmp_path / "x").exists()) == (1, False)
    assert other.read_bytes() == b'{"resourceSpans":[]}\n'


def test_a_table_is_what_show_writes(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.json", chat("How deep?", f"Two fathoms, with {SECRET}"))
    target = tmp_path / "x.parquet"
    for _ in range(2):  # the second takes the place of the first
        done = run("export", tmp_path / "in", "--parquet", target)
        assert (done.returncode, done.text) == (0, f"1 exchange in a table: {target}\n")
    assert target.read_bytes() == run("show", tmp_path / "in", "--format", "parquet").stdout
    assert [SECRET in str(one) for one in pyarrow.parquet.read_table(target).to_pylist()] == [False]
    other = tmp_path / "other.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), other)
    assert run("export", tmp_path / "in", "--parquet", other).returncode == 2


def test_a_table_needs_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "inspector.output.parquet_file", raising=False)
    monkeypatch.delattr("inspector.output.parquet_file", raising=False)
    file = put(tmp_path / "in" / "a.json", chat())
    for arguments in (["export", file, "--parquet", tmp_path / "x"], ["show", file, "--format", "parquet"]):
        done = run(*arguments)
        assert (done.returncode, "[parquet]" in done.stderr.decode()) == (2, True)
    assert not (tmp_path / "x").exists()
