"""A body under each key and in each wrapping that recorders have is the same body."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from inspector.formats.reading import halves
from inspector.model import Body, Problem

ANSWER = {"choices": [{"message": {"content": "The lamp is lit."}}]}
TEXT = json.dumps(ANSWER)
STREAM = 'data: {"choices": [{"delta": {"content": "Fog."}}]}\n\ndata: [DONE]\n\n'
ENCODED = base64.b64encode(TEXT.encode()).decode()
PACKED = gzip.compress(TEXT.encode(), mtime=0)

AS_TEXT: list[dict[str, Any]] = [
    {"body": TEXT}, {"body_b64": ENCODED}, {"bodyBase64": ENCODED}, {"body_base64": ENCODED}, {"body_blob": ENCODED},
    {"raw_gzip": base64.b64encode(PACKED).decode()}, {"body_hex": TEXT.encode().hex()},
    {"body": ENCODED, "bodyEncoding": "base64"}, {"body": ENCODED, "encoding": "base64"},
    {"body": ENCODED, "base64Encoded": True}, {"body": ENCODED, "isBase64Encoded": True}, {"body": ENCODED},
    {"body": PACKED.hex()}, {"body": [PACKED.hex()[:20], PACKED.hex()[20:]]}, {"content": TEXT}, {"payload": TEXT},
    {"body": {"string": TEXT}}, {"body": {"encoding": "UTF-8", "string": TEXT}}, {"body": {"base64_string": ENCODED}},
    {"body": {"encoding": "base64", "data": ENCODED}}, {"body": {"b64": ENCODED}}, {"body": {"raw_gzip": ENCODED}},
    {"body": {"type": "Buffer", "data": list(TEXT.encode())}}, {"body": {"type": "text", "content": TEXT}},
    {"body": {"type": "binary", "content": TEXT.encode().hex()}}, {"body_type": "binary", "body": TEXT.encode().hex()},
    {"chunks": [TEXT[:9], TEXT[9:]]}, {"chunks": [{"data": TEXT[:9], "ms": 2}, {"data": TEXT[9:], "ms": 3}]},
    {"Body": ENCODED}, {"body": list(TEXT.encode())}, {"stream": TEXT}, {"stream": [TEXT[:9], TEXT[9:]]},
    {"stream": {"events": [{"data": TEXT[:9]}, {"data": TEXT[9:]}]}}, {"body": {"text": TEXT}}, {"body": {"raw": TEXT}},
]  # fmt: skip
AS_VALUE: list[dict[str, Any]] = [
    {"body": ANSWER}, {"parsed_body": ANSWER}, {"body_json": ANSWER}, {"textJSON": ANSWER}, {"jsonBody": ANSWER},
    {"body": {"type": "json", "content": ANSWER}}, {"body": {"type": "json", "content": TEXT}},
]  # fmt: skip


def kept(raw: dict[str, Any]) -> tuple[Body | None, list[Problem]]:
    problems: list[Problem] = []
    return halves.kept(raw, (), problems, "response body"), problems


@pytest.mark.parametrize("raw", AS_TEXT, ids=lambda raw: json.dumps(raw)[:50])
def test_text(raw: dict[str, Any]) -> None:
    assert kept({"status": 200, **raw}) == (Body("text", TEXT), [])


@pytest.mark.parametrize("raw", AS_VALUE, ids=lambda raw: json.dumps(raw)[:50])
def test_a_value(raw: dict[str, Any]) -> None:
    assert kept({"status": 200, **raw}) == (Body("value", ANSWER), [])


@pytest.mark.parametrize("cut", range(1, len(STREAM), 7))
def test_chunks_may_be_cut_anywhere(cut: int) -> None:
    coded = [base64.b64encode(piece.encode()).decode() for piece in (STREAM[:cut], STREAM[cut:])]
    assert kept({"chunks_b64": coded}) == (Body("text", STREAM), [])


def test_a_broken_encoding_is_said_and_shown() -> None:
    body, problems = kept({"body_b64": "fog!"})
    assert body == Body("text", "fog!")
    assert [problem.where for problem in problems] == ["response body"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"status": 200, "scroll": "something long enough"}, "keys not understood: scroll"),
        ({"status": 200, "scroll": STREAM, "log": {"deep": {"er": ANSWER}}}, "keys not understood: scroll, log"),
        ({"status": 200, "body": TEXT, "scroll": base64.b64encode(PACKED).decode()}, "keys not understood: scroll"),
        ({"status": 200, "body": TEXT, "note": "the keeper slept through the night"}, None),
        ({"status": 204, "note": "short", "count": 7, "tags": []}, None),
        ({"status": 200, "headers": {"x": "a value that is long enough"}}, None),
    ],
)
def test_what_nobody_reads_is_said_once(raw: dict[str, Any], said: str | None) -> None:
    problems = kept(raw)[1]
    assert [problem.why for problem in problems] == ([said] if said else [])
