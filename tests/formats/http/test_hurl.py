from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.formats import read
from inspector.formats.http import hurl
from inspector.formats.reading.source import Source
from inspector.model import Assertion, Body, Exchange, Expectation

FILE = """\
# POST http://old.test/v1/chat/completions
# {"model": "commented-out"}
# HTTP 200
# [Asserts]
# status == 200

POST http://localhost:8000/v1/chat/completions
Content-Type: application/json
x-hint: a\\#b # a comment

{
  "model": "m",

  "messages": [{"role": "user", "content": "POST http://not.an/entry } ] \\" {"}]
}

# not above an assert

HTTP/1.1 200
content-type: application/json
[Captures]
token: jsonpath "$.id"
[Asserts]
# nor this

jsonpath "$.model" == "m"
# why
# and how
jsonpath "$.usage" != null
# after the last one

# GET http://trailing.test/
GET {{host}}/v1/models
HTTP *
"""


def entries(text: str) -> tuple[Exchange, ...]:
    recording = read(Source("tests/a.hurl", text.encode()))
    assert recording.format == "hurl"
    return recording.exchanges


def one(text: str) -> Exchange:
    [exchange] = entries(text)
    return exchange


def body(text: str) -> Body | None:
    exchange = one(f"POST http://a.test/\n{text}")
    assert exchange.problems == ()
    return exchange.request.body


def whys(exchange: Exchange) -> list[tuple[str, str]]:
    return [(problem.where, problem.why.split(":")[0]) for problem in exchange.problems]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file(ending: str, mark: str) -> None:
    chat, models = entries(mark + FILE.replace("\n", ending))
    assert (chat.entry, chat.sent, chat.response, chat.problems) == (0, False, None, ())
    assert chat.request.method == "POST"
    assert chat.request.url == "http://localhost:8000/v1/chat/completions"
    assert chat.request.headers == (("Content-Type", "application/json"), ("x-hint", "a#b"))
    assert chat.request.body is not None
    assert chat.request.body.kind == "value"
    assert chat.request.body.value["messages"][0]["content"] == 'POST http://not.an/entry } ] " {'
    assert chat.expectation == Expectation(
        200,
        (
            Assertion("content-type: application/json"),
            Assertion('token: jsonpath "$.id"'),
            Assertion('jsonpath "$.model" == "m"'),
            Assertion('jsonpath "$.usage" != null', "why\nand how"),
        ),
    )
    assert (models.entry, models.request.method, models.request.url) == (1, "GET", "{{host}}/v1/models")
    assert (models.expectation, models.problems) == (Expectation(None), ())


def test_raw_is_the_source_of_the_entry() -> None:
    chat, models = entries(FILE)
    assert chat.raw["line"] == 7
    assert chat.raw["text"].startswith("POST http://localhost:8000/")
    assert chat.raw["text"].endswith("!= null\n# after the last one")
    assert models.raw == {
        "text": "GET {{host}}/v1/models\nHTTP *",
        "line": FILE.split("\n").index("GET {{host}}/v1/models") + 1,
    }


def test_without_an_answer_nothing_is_expected() -> None:
    first, second = entries("GET http://a.test/1\nGET http://a.test/2\n")
    assert (first.expectation, second.expectation) == (None, None)
    assert second.request.url == "http://a.test/2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":\n\n{"b": "}"}}', Body("value", {"a": {"b": "}"}})),
        ("[1,\n[2]] # done", Body("value", [1, [2]])),
        ('{"a": "{{quoted}}"}', Body("value", {"a": "{{quoted}}"})),
        ('{"a": {{bare}}}', Body("text", '{"a": {{bare}}}')),
        ("```\nGET http://in.text/\n\nHTTP 200\n```", Body("text", "GET http://in.text/\n\nHTTP 200\n")),
        ('```json\n{"a": 1}\n```', Body("text", '{"a": 1}\n')),
        ("```in one line```", Body("text", "in one line")),
        ("```base64\naGVs\nbG8=\n```", Body("text", "hello")),
        ("`one line`", Body("text", "one line")),
        ("base64,aGVs\n bG8=;", Body("text", "hello")),
        ("base64,//8=;", Body("text", "base64,//8=;")),
        ("hex,68 69;", Body("text", "hi")),
        ("file,data/body.json;", Body("text", "file,data/body.json;")),
        ("<a>\n\n<b/>\n</a>", Body("text", "<a>\n\n<b/>\n</a>")),
        ('"text"', Body("text", '"text"')),
        ("", None),
    ],
)
def test_bodies(text: str, expected: Body | None) -> None:
    assert body(text) == expected
    first, second = entries(f"POST http://a.test/\nh: v\n\n{text}\nHTTP 200\n\nGET http://b.test/\n")
    assert (first.request.body, first.request.headers) == (expected, (("h", "v"),))
    assert first.expectation == Expectation(200)
    assert second.request.url == "http://b.test/"


def test_sections_of_a_request() -> None:
    request = one(
        "POST {{ host }}/v1?a=1 # where\n[Options]\nretry: 3\n[Query]\nq: two words\nt: {{x}}\n[Cookies]\nc: 1\nd: 2\n"
        "[BasicAuth]\nbob: {{password}}\n[MultipartFormData]\nmodel: a\nfile: file,a.wav; audio/wav\nmodel: b\n"
    ).request
    assert request.url == "{{ host }}/v1?a=1&q=two+words&t={{x}}"
    assert request.headers == (("Authorization", "Basic bob:{{password}}"), ("Cookie", "c=1; d=2"))
    assert request.body == Body("value", {"model": ["a", "b"], "file": "file,a.wav; audio/wav"})


def test_an_expected_body_is_an_assertion() -> None:
    expectation = one('GET http://a.test/\nHTTP/2 201\n# the answer\n{\n "a": 1\n}\n').expectation
    assert expectation == Expectation(201, (Assertion('{\n "a": 1\n}', "the answer"),))


def test_an_assert_over_several_lines() -> None:
    text = "GET http://a.test/\nHTTP 200\n[Asserts]\nbody == ```\nGET http://x.test/\n```\nstatus < 300\n"
    assert one(text).expectation == Expectation(
        200, (Assertion("body == ```\nGET http://x.test/\n```"), Assertion("status < 300"))
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("POST", ("line 3", "the request has no URL")),
        ("POST http://a.test/ two words", ("line 3", "not understood after the URL")),
        ("POST http://a.test/\nno header", ("line 4", "not a “name")),
        ('POST http://a.test/\n{"a": [1\n', ("line 4", "the JSON body is not closed")),
        ('POST http://a.test/\n{"a": "never closed}\n', ("line 4", "the JSON body is not closed")),
        ("POST http://a.test/\n{'a': 1}\n", ("line 4", "the body is not JSON")),
        ("POST http://a.test/\n```\ntext\n", ("line 4", "the text is not closed by ```")),
        ("POST http://a.test/\nbase64,aGk=\n", ("line 4", "the body has no closing semicolon")),
        ("POST http://a.test/\n{}\nx: y", ("line 5", "stands after the body")),
        ("POST http://a.test/\n{}\n{}", ("line 5", "is a second body")),
        ("POST http://a.test/\n[Nonsense]\nx: y", ("line 5", "in an unknown section [Nonsense]")),
        ("POST http://a.test/\nHTTP soon", ("line 4", "names no status")),
        ("POST http://a.test/\nHTTP 200\nHTTP 201", ("line 5", "is a second HTTP line")),
    ],
)
def test_a_malformed_entry_says_so_and_costs_no_other(text: str, problem: tuple[str, str]) -> None:
    before, broken, after = entries(f"GET http://before.test/\n\n{text}\n\nGET http://after.test/\nHTTP 204\n")
    assert whys(broken) == [problem]
    assert (before.problems, after.problems) == ((), ())
    assert after.request.url == "http://after.test/"
    assert after.expectation == Expectation(204)


def test_lines_before_the_first_request_are_its_problem() -> None:
    exchange = one("what is\nthis\n\nGET http://a.test/\n")
    assert whys(exchange) == [("line 1", "stands before the first request")]


@pytest.mark.parametrize(
    ("path", "text", "claimed"),
    [
        ("a.hurl", FILE, True),
        ("a.hurl", "oops\nGET http://a.test/", True),
        ("a.hurl", "# GET http://a.test/\n", False),
        ("a.hurl", "", False),
        ("-", FILE, True),
        ("-", "oops\nGET http://a.test/", False),
        ("a.http", FILE, False),
        ("a.json", "{}", False),
    ],
)
def test_sniff(path: str, text: str, claimed: bool) -> None:
    assert hurl.sniff(Source(path, text.encode())) is claimed


LINES = (
    "GET http://a.test/",
    "POST",
    "HTTP 200",
    "HTTP *",
    "HTTP",
    "[Asserts]",
    "[Query]",
    "k: v",
    "{{x}}: y",
    "# c",
    "",
)
BODIES = ("[", "{", "}", '{"a": 1}', "```", "`x`", "base64,", "file,x;", "<a>", "\r", '"', 'body == "x"', "\\", "12")
PIECES = st.sampled_from((*LINES, *BODIES))


@given(st.lists(PIECES | st.text(), max_size=12).map("\n".join))
def test_no_text_raises_and_every_request_line_outside_a_body_counts(text: str) -> None:
    exchanges = list(hurl.read(Source("a.hurl", text.encode("utf-8", "replace"))))
    assert [exchange.entry for exchange in exchanges] == list(range(len(exchanges)))
    assert all(exchange.raw["text"] in text for exchange in exchanges if "\r" not in text)


def test_a_cut_file_never_raises() -> None:
    data = FILE.encode()
    for end in range(len(data)):
        assert read(Source("a.hurl", data[:end])).broken is None
