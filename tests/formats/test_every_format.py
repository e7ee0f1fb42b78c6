"""What holds for every format: its sample means what its golden says, its content is what tells it, and whatever
happens to its bytes is said and not raised.

``pytest --rewrite-goldens tests/formats`` writes the goldens anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from inspector import formats
from inspector.cli.gather import exchanges
from inspector.decode import decoder
from inspector.files.roots import roots_of
from inspector.formats.reading.source import Source
from inspector.model import jsonio
from inspector.output.otel_json import exchange_json
from inspector.redaction import decoded
from tests.making import SAMPLES, examples

OTHERS = SAMPLES / "other"
GOLDENS = Path(__file__).parent / "goldens"
BODIES = {".wav", ".dat"}
APART = {"__files", "tool-results"}
FILES = sorted(
    path for path in OTHERS.rglob("*") if path.is_file() and path.suffix not in BODIES and APART.isdisjoint(path.parts)
)
"""Recordings; what they keep beside them is none."""
NAMED = {"hurl", "rest-client"}
"""Formats of plain text that a name without an ending does not contradict."""

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(OTHERS).as_posix())


def recorded(path: Path, data: bytes | None = None, name: str | None = None) -> formats.Recording:
    source = name or path.relative_to(SAMPLES).as_posix()
    return formats.read(Source(source, path.read_bytes() if data is None else data))


def test_every_format_has_a_sample() -> None:
    found = {recorded(path).format for path in SAMPLES.rglob("*") if path.is_file()}
    assert {format.NAME for format in formats.modules()} <= found


@every_file
def test_a_sample_means_what_its_golden_says(path: Path, request: pytest.FixtureRequest) -> None:
    complaints: list[str] = []
    shown = [exchange_json(*one[:3]) for one in exchanges(roots_of(path), "", complaints.append)]
    for one in shown:
        one["id"] = one["recording"]["path"] = "…"
    said = jsonio.dumps({"exchanges": shown, "complaints": complaints}, indent=True) + "\n"
    golden = GOLDENS / (path.relative_to(OTHERS).as_posix() + ".json")
    if request.config.getoption("--rewrite-goldens"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(said, encoding="utf-8")
    assert json.loads(said) == json.loads(golden.read_text(encoding="utf-8"))


@every_file
def test_content_tells_the_format_and_not_the_name(path: Path) -> None:
    known = recorded(path)
    assert known.format is not None
    for name in ("download", "download.bin", "a/b.json", "a/b.yaml"):
        if known.format not in NAMED or name == "download":
            unknown = recorded(path, name=name)
            assert (unknown.format, len(unknown.exchanges)) == (known.format, len(known.exchanges))


@every_file
@pytest.mark.parametrize("before", ["har", "gone", None])
def test_the_format_that_a_file_had_before_is_only_asked_first(path: Path, before: str | None) -> None:
    known = recorded(path)
    again = formats.read(Source(path.name, path.read_bytes(), known=before or known.format))
    assert (again.format, len(again.exchanges)) == (known.format, len(known.exchanges))


@pytest.mark.long
@every_file
@examples(60, HealthCheck.function_scoped_fixture)
@given(data=st.data())
def test_broken_bytes_are_said_and_not_raised(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(at, len(whole)))
    put = data.draw(st.sampled_from([b"", b"\0", b'"', b"\n", b"{", b"]", b"\xff\xfe", b"&a [*a]", b"9" * 30, b": "]))
    for broken in (whole[:at], whole[:at] + put + whole[end:], whole[:at] + whole[end:]):
        recording = recorded(path, broken)
        for exchange in recording.exchanges:
            decoded.masked(exchange)
            jsonio.dumps(decoder.decode(exchange).prompt.settings)
            assert jsonio.loads(jsonio.dumps(exchange.raw)) is not ...


@every_file
def test_what_stands_before_a_cut_is_shown(path: Path) -> None:
    """Of a file of many entries that is cut near its end, all but the last are there as they were."""
    whole = path.read_bytes()
    entries = recorded(path).exchanges
    if len(entries) < 2 or path.suffix in (".gz", ".html"):
        return
    cut = recorded(path, whole[: len(whole) - 20])
    assert [one.request for one in cut.exchanges[: len(entries) - 1]] == [one.request for one in entries[:-1]]


def test_reading_all_of_a_file_of_lines_does_not_disturb_its_lines(tmp_path: Path) -> None:
    """A format that asks for `data` or `problems` between two lines wastes time, and loses nothing."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"".join(b'{"number": %d, "fill": "%s"}\n' % (number, b"x" * 900) for number in range(5000)))
    with file.open("rb") as content:
        source = Source("log.jsonl", content)
        seen = sum(1 for _ in source.lines if source.data and source.json.problems is not None)
    assert seen == 5000
