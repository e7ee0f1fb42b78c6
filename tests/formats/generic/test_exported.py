"""What an export carries is what it was made from, and whatever somebody wrote in its place is said and not raised."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.decode import decoder
from inspector.files.roots import roots_of
from inspector.formats import Recording, read
from inspector.formats.generic import exported
from inspector.formats.reading.source import Source
from inspector.library import reader
from inspector.model import Body, Exchange
from inspector.output.otel_json import exchange_json
from inspector.redaction import decoded
from tests.making import SAMPLES

FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file())


def back(path: str, recording: Recording, exchanges: list[Exchange]) -> Recording:
    line = exported.line(path, recording.format, exchanges, recording.broken)
    return read(Source("some/where", line, thorough=True))


def paired(exchange: Exchange) -> Exchange:
    """The exchange without its place in the file, and with the pairs of its frames as they were before masking."""
    response = exchange.response
    if response and response.body and response.body.kind == "frames":
        response = replace(response, body=Body("frames", [(way, frame) for way, frame in response.body.value]))
    return replace(exchange, response=response, position=None)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SAMPLES).as_posix())
def test_what_is_carried_means_what_was_recorded(path: Path) -> None:
    """The law: masked, written and read back, an exchange is what it was, and says the same."""
    recording = reader.load(roots_of(path), path.name)
    masked = [paired(decoded.masked(one).exchange) for one in recording.exchanges]
    again = back(path.name, recording, masked)
    assert list(again.exchanges) == masked
    assert again.format == (recording.format or exported.NAME)
    assert again.broken == recording.broken
    for one, other in zip(masked, again.exchanges, strict=True):
        shown = exchange_json({}, *decoded.masked(other), blobs=True)
        assert shown == exchange_json({}, one, decoder.decode(one), blobs=True)


def test_every_kind_of_body_is_carried() -> None:
    """Frames and bytes are no JSON: that the samples hold them is what makes the law one."""
    found = set()
    for path in FILES:
        for one in reader.load(roots_of(path), path.name).exchanges:
            found |= {half.body.kind for half in (one.request, one.response) if half and half.body}
    assert found == {"value", "chunks", "text", "frames", "bytes"}


def entry(**given: Any) -> dict[str, Any]:
    return {"entry": 0, "request": {"method": "GET", "url": "https://x/", "headers": [], "body": None}, **given}


def carried(*entries: Any, **given: Any) -> Recording:
    return read(Source("x", json.dumps({"exported": "x", "path": "x", "exchanges": entries, **given}).encode()))


HALF = {"status": 200, "headers": [], "body": None, "error": None}


@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        [],
        {},
        {"entry": 0},
        entry(request=None),
        entry(request=[]),
        entry(request={"method": 1}),
        entry(request={"headers": [["a"]]}),
        entry(request={"headers": [["a", 1]]}),
        entry(request={"headers": {"a": "b"}}),
        entry(request={"body": {"kind": "value"}}),
        entry(request={"body": {"kind": "spell", "value": 1}}),
        entry(request={"body": {"kind": ["value"], "value": 1}}),
        entry(request={"body": {"kind": "text", "value": 1}}),
        entry(request={"body": {"kind": "bytes", "value": "!"}}),
        entry(request={"body": {"kind": "chunks", "value": {}}}),
        entry(request={"body": {"kind": "frames", "value": [1]}}),
        entry(request={"body": {"kind": "frames", "value": [["up", 1]]}}),
        entry(response=[1]),
        entry(response={**HALF, "status": "200"}),
        entry(response={**HALF, "status": True}),
        entry(response={**HALF, "error": {"type": "x"}}),
        entry(duration="long"),
        entry(test_id=["x"]),
        entry(problems=[["x"]]),
        entry(problems=5),
        entry(expectation={"status": 1}),
        entry(expectation={"status": 1, "asserts": [["x"]]}),
    ],
    ids=json.dumps,
)
def test_what_is_of_a_wrong_type_costs_its_entry_alone(bad: Any) -> None:
    recording = carried(entry(), bad, entry())
    assert [bool(one.problems) for one in recording.exchanges] == [False, True, False]
    assert [one.entry for one in recording.exchanges] == [0, 1, 2]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((0, 4, 9), [0, 4, 9]),
        ((0, 0, 1), [0, 1, 2]),
        ((2, 1, 0), [0, 1, 2]),
        ((-1, 0, 1), [0, 1, 2]),
        ((0, 1, 2**70), [0, 1, 2]),
        ((0, True, 2), [0, 1, 2]),
        ((0, 1.0, 2), [0, 1, 2]),
        ((0, None, "2"), [0, 1, 2]),
    ],
)
def test_no_two_entries_have_one_number(given: tuple[Any, ...], kept: list[int]) -> None:
    assert [one.entry for one in carried(*(entry(entry=number) for number in given)).exchanges] == kept


@pytest.mark.parametrize("exchanges", [None, 5, "x", {"a": 1}])
def test_a_recording_without_a_list_holds_nothing(exchanges: Any) -> None:
    assert carried(exchanges=exchanges).exchanges == ()


@pytest.mark.parametrize("name", ["", "x" * 99, "<b>", "a\nb", 7, ["har"]])
def test_what_is_no_name_of_a_format_is_not_shown_as_one(name: Any) -> None:
    assert carried(entry(), exported=name).format == exported.NAME
