"""Requests of editors' HTTP clients."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.formats import read
from inspector.formats.http import rest_client
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange
from tests.making import SAMPLES as RECORDINGS

SAMPLE = RECORDINGS / "other" / "rest-client" / "lamp.http"


def entries(text: str, path: str = "lamp.http") -> tuple[Exchange, ...]:
    recording = read(Source(path, text.encode()))
    assert recording.format == "rest-client"
    return recording.exchanges


def one(text: str) -> Exchange:
    [exchange] = entries(text)
    return exchange


def test_the_sample() -> None:
    lamp, jars, log, models = entries(SAMPLE.read_text())
    assert lamp.request.method == "POST"
    assert lamp.request.url == "{{host}}/v1/chat/completions?night=1&watch=second"
    assert lamp.request.headers == (("Content-Type", "application/json"), ("Authorization", "Bearer {{key}}"))
    assert lamp.request.body is not None
    assert lamp.request.body.value["messages"][0]["content"] == "Is the lamp lit? ### said the cook; {{fog}}"
    assert lamp.problems == ()
    assert "client.test" in lamp.raw["text"]
    assert lamp.raw["text"].startswith("### Is the lamp lit?")
    assert lamp.raw["line"] == 4
    assert jars.request.body is not None
    assert jars.request.body.kind == "text"
    assert "not JSON" in jars.problems[0].why
    assert log.request.body == Body("text", "< ./log.txt")
    assert (models.request.method, models.request.url) == ("GET", "https://api.openai.com/v1/models")
    assert [(x.entry, x.sent, x.response, x.expectation) for x in (lamp, jars, log, models)] == [
        (number, False, None, None) for number in range(4)
    ]


@pytest.mark.parametrize(
    ("text", "method", "url"),
    [
        ("GET http://lamp.test/oil", "GET", "http://lamp.test/oil"),
        ("GET http://lamp.test/oil HTTP/1.1", "GET", "http://lamp.test/oil"),
        ("DELETE {{host}}/oil/{{ id }}", "DELETE", "{{host}}/oil/{{ id }}"),
        ("POST /v1/messages HTTP/1.1\nHost: lamp.test", "POST", "/v1/messages"),
        ("http://lamp.test/oil?a=b", "GET", "http://lamp.test/oil?a=b"),
        ("GET http://lamp.test/oil\n  ?a=b\n  &c=d\nx: y", "GET", "http://lamp.test/oil?a=b&c=d"),
        ("GET http://lamp.test\n    /oil\n    /cans", "GET", "http://lamp.test/oil/cans"),
        ("@a = b\n# a comment\n// another\n\nGET http://lamp.test/oil", "GET", "http://lamp.test/oil"),
        ("< {% x() %}\nGET http://lamp.test/oil", "GET", "http://lamp.test/oil"),
    ],
)
def test_requests(text: str, method: str, url: str) -> None:
    exchange = one(text)
    assert (exchange.request.method, exchange.request.url, exchange.problems) == (method, url, ())


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"a": 1}', Body("value", {"a": 1})),
        ('\n\n{"a": 1}\n\n', Body("value", {"a": 1})),
        ('{"a": {{a}}}', Body("text", '{"a": {{a}}}')),
        ("{{body}}", Body("text", "{{body}}")),
        ("plain\n\ntext # here", Body("text", "plain\n\ntext # here")),
        ("< ./oil.json", Body("text", "< ./oil.json")),
        ('{"a": 1}\n\n> {% client.log("x") %}', Body("value", {"a": 1})),
        ('{"a": 1}\n\n> {%\n\n  x();\n%}\n', Body("value", {"a": 1})),
        ('{"a": 1}\n> ./handler.js\n>> out.json\n>>! out.json\n<> ./before.json', Body("value", {"a": 1})),
        ("", None),
    ],
)
def test_bodies(body: str, value: Body | None) -> None:
    exchange = one(f"POST http://lamp.test/oil\nx: y\n\n{body}")
    assert (exchange.request.body, exchange.problems) == (value, ())


def test_a_form_over_several_lines() -> None:
    text = "POST http://lamp.test/oil\nContent-Type: application/x-www-form-urlencoded\n\na=b\n&c=d\n"
    assert one(text).request.body == Body("text", "a=b&c=d")


def test_separators_part_and_empty_blocks_are_no_requests() -> None:
    text = "###\n### only a name\n\n###\nGET http://a.test\n####\nGET http://b.test\n### end\n"
    assert [(x.entry, x.request.url) for x in entries(text)] == [(0, "http://a.test"), (1, "http://b.test")]


def test_a_line_that_is_no_header_is_said() -> None:
    exchange = one("GET http://a.test\nx: y\nwhat is this\n")
    assert exchange.request.headers == (("x", "y"),)
    assert exchange.problems[0].where == "line 3"


@pytest.mark.parametrize(
    ("path", "text", "claimed"),
    [
        ("a.http", "GET http://a.test", True),
        ("a.REST", "# comment\nGET http://a.test", True),
        ("a.http", "HTTP/1.1 200 OK\nx: y\n\nhello", False),
        ("a.http", "", False),
        ("a.md", "### Title\nGET http://a.test", False),
        ("-", "### one\nGET http://a.test\n", True),
        ("-", "@host = a\nGET {{host}}\n", True),
        ("-", "GET http://a.test\n\n###\nGET http://b.test\n", True),
        ("-", "GET http://a.test\nHTTP 200\n", False),
        ("-", "### x\nGET http://a.test\nHTTP 200\n", False),
        ("-", "hello\n### x\nGET http://a.test\n", False),
        ("a.hurl", "### x\nGET http://a.test\n", False),
    ],
)
def test_what_is_claimed(path: str, text: str, claimed: bool) -> None:
    assert rest_client.sniff(Source(path, text.encode())) is claimed


@given(
    st.lists(st.sampled_from(["###", "GET http://a", "x: y", "", " ?a", "> {%", "%}", "{", "<", "> x", "@", "\r", "é"]))
)
def test_nothing_raises(lines: list[str]) -> None:
    recording = read(Source("a.http", "\n".join(lines).encode()))
    assert recording.broken is None
