"""What all recorders have, and what those of HTTP compare by."""

from __future__ import annotations

import pytest

from inspector import formats
from inspector.model import Body, Request
from inspector.recorders import RECORDERS, Recorder, recorder_of
from inspector.recorders.matchers import MATCHERS, failing
from inspector.recorders.vcrpy_rules import cassette_of


@pytest.mark.parametrize("recorder", RECORDERS, ids=lambda one: one.NAME)
def test_a_recorder_says_what_it_does(recorder: Recorder) -> None:
    assert recorder.HOW
    assert recorder.RULES.startswith("https://")
    assert {*recorder.MATCHED_BY} <= {*MATCHERS, "key"}
    assert {*recorder.FORMATS} <= {module.NAME for module in formats.modules()}


def test_no_format_has_two_recorders() -> None:
    written = [name for recorder in RECORDERS for name in recorder.FORMATS]
    assert len(written) == len(set(written))
    assert recorder_of("har") is None
    assert recorder_of(None) is None


ASKED = Request(
    "post", "https://Skerry.example/v1/lamp?b=2&a=1", (("X-Fog", "thin"),), Body("text", '{"a": 1, "b": 2}')
)


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (Request("POST", "https://skerry.example:443/v1/lamp?a=1&b=2"), {"uri", "headers", "body", "raw_body"}),
        (Request("GET", ASKED.url, ASKED.headers, ASKED.body), {"method"}),
        (Request("POST", ASKED.url, (("x-fog", "thin"),), Body("value", {"b": 2, "a": 1})), {"raw_body"}),
        (Request("POST", ASKED.url.replace("s:", ":"), ASKED.headers, ASKED.body), {"scheme", "port", "uri"}),
        (Request("POST", ASKED.url.replace("lamp", "fog"), ASKED.headers, ASKED.body), {"path", "uri"}),
        (Request("POST", ASKED.url + "&a=1", ASKED.headers, ASKED.body), {"query", "uri"}),
        (Request("POST", "https://[", ASKED.headers, ASKED.body),
         {*MATCHERS} - {"method", "headers", "body", "raw_body"}),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_matchers_compare(other: Request, differs: set[str]) -> None:
    assert {*failing(MATCHERS, ASKED, other)} == differs
    assert {*failing(MATCHERS, other, ASKED)} == differs


def test_a_matcher_that_nobody_knows_compares_nothing() -> None:
    assert failing(["phase of the moon"], ASKED, Request("GET", "/")) == ()


@pytest.mark.parametrize(
    ("test", "cassette"),
    [
        ("tests/test_lamp.py::test_lit", "tests/cassettes/test_lamp/test_lit.yaml"),
        ("test_lamp.py::TestLamp::test_lit[a/b]", "cassettes/test_lamp/TestLamp.test_lit[a-b].yaml"),
        ("lamp.TestLamp", ""),
        ("", ""),
    ],
)
def test_where_pytest_recording_keeps_the_cassette_of_a_test(test: str, cassette: str) -> None:
    assert cassette_of(test) == cassette
