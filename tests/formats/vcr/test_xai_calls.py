"""Cassettes of xAI's calls as lists of requests and of responses."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from inspector import formats
from inspector.decode.decoder import decode
from inspector.formats import Recording
from inspector.formats.reading.source import Source
from inspector.model import Body, Text
from tests.making import SAMPLES

EARLY = SAMPLES / "other" / "vcr" / "tests" / "cassettes" / "test_keeper" / "test_early_calls.xai.yaml"
ASKED = {"model": "lamp", "messages": [{"role": "ROLE_USER", "content": [{"text": "Lit?"}]}]}


def read(data: bytes | str) -> Recording:
    return formats.read(Source("a.yaml", data.encode() if isinstance(data, str) else data))


def cassette(**lists: Any) -> str:
    return yaml.safe_dump({"version": 1, **lists}, sort_keys=False)


def test_the_sample() -> None:
    recording = read(EARLY.read_bytes())
    light, oil, bell = map(decode, recording.exchanges)
    assert (recording.format, recording.broken) == ("vcr", None)
    assert (light.protocol, light.provider, light.prompt.model) == ("x_ai.grpc", "x_ai", "grok-4-fast")
    assert light.replies[0].parts == (Text("From nine miles off."),)
    assert (oil.streamed, oil.replies[0].parts) == (True, (Text("Two barrels."),))
    assert oil.prompt.messages[0].parts == (Text("How much oil is left?"),)
    assert (bell.provider, [problem.where for problem in bell.problems]) == ("x_ai", ["response body"])


@pytest.mark.parametrize(
    ("lists", "asked", "answered", "problems"),
    [
        ({"responses": [b"a"]}, None, Body("bytes", b"a"), 1),
        ({"stream_chunks": [[b"a", b"b"]]}, None, Body("bytes", b"ab"), 1),
        ({"stream_chunks": [[b"a"]], "stream_chunks_json": [[{"chunk": {"id": 1}}, 2]]}, None,
         Body("chunks", [{"id": 1}, 2]), 0),
        ({"sample_requests": [b"a"]}, Body("bytes", b"a"), None, 1),
        ({"responses": [b"a"], "sample_requests_json": [{"args": [], "kwargs": ASKED}]}, Body("value", ASKED),
         Body("bytes", b"a"), 1),
        ({"responses": [b"a"], "responses_json": ["b"]}, None, Body("value", "b"), 0),
        ({"responses": [b"a"], "responses_json": "b", "stream_requests": 5}, None, Body("bytes", b"a"), 1),
    ],
)  # fmt: skip
def test_calls(lists: dict[str, Any], asked: Body | None, answered: Body | None, problems: int) -> None:
    recording = read(cassette(**lists))
    (one,) = recording.exchanges
    assert recording.format == "vcr"
    assert (one.request.body, one.response.body if one.response else None) == (asked, answered)
    assert len(one.problems) == problems


def test_a_bad_item_is_said() -> None:
    recording = read("version: 1\nresponses:\n- !!binary YQ==\n- *nothing\n- !!binary Yg==\n")
    assert [one.response and one.response.body for one in recording.exchanges] == [
        Body("bytes", b"a"), None, Body("bytes", b"b")
    ]  # fmt: skip
    assert "not understood" in recording.exchanges[1].problems[0].why


@pytest.mark.parametrize("lists", [{"responses": []}, {"responses": ["a"]}, {"responses": [b"a"], "lamp": 1}])
def test_what_is_none(lists: dict[str, Any]) -> None:
    assert read(cassette(**lists)).format is None
