"""Particular cases of OpenAI Completions, and of llama.cpp's own protocol."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Body, ModelCall, Text, Token, Usage
from tests.decode.protocols.samples.sample import exchange

URL = "http://x/v1/completions"


def answer(*events: Any, url: str = URL, request: Any = None) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    return decode(exchange(url, request or {}, body))


def test_probabilities_of_a_text_with_its_prompt() -> None:
    logprobs = {
        "tokens": ["Roses", " are", " red"],
        "token_logprobs": [None, -1, -0.5],
        "top_logprobs": [None, {" are": -1}, {" red": -0.5, " blue": -2}],
        "text_offset": [0, 5, 9],
    }
    expected = (Token(" are", -1.0, ((" are", -1.0),)), Token(" red", -0.5, ((" red", -0.5), (" blue", -2.0))))
    choice = {"index": 0, "text": "Roses are red", "logprobs": logprobs, "finish_reason": "length"}
    (reply,) = answer({"choices": [choice]}, request={"prompt": "Roses are", "echo": True}).replies
    assert reply.parts == (Text("Roses are red", (), (), expected),)


@pytest.mark.parametrize(
    ("stop", "finish"),
    [
        ({"stop_type": "limit"}, ("length", "length")),
        ({"stop_type": "eos"}, ("stop", "stop")),
        ({"stop_type": "novelty"}, ("unknown", "novelty")),
        ({"stopped_limit": True}, ("length", "length")),
        ({"stopped_eos": True}, ("stop", "stop")),
    ],
)
def test_llamacpp(stop: Any, finish: tuple[str, str]) -> None:
    likely = [{"token": " red", "logprob": -0.5, "top_logprobs": [{"token": " blue", "logprob": -2}]}]
    counts = {"tokens_evaluated": 4, "tokens_predicted": 2, "timings": {"prompt_n": 1, "cache_n": 3}, **stop}
    end = {"content": "", "stop": True, "model": "m", **counts}
    whole = {**end, "content": " red", "completion_probabilities": likely}
    stream = ({"content": " r", "stop": False}, {"content": "ed", "stop": False}, end)
    for call in (answer(whole, url=""), answer(*stream, url="")):
        assert call.protocol == "openai.completions"
        assert (call.usage, call.complete) == (Usage(4, 2, None, 3), True)
        (reply,) = call.replies
        assert (reply.finish_reason, reply.finish_reason_raw) == finish
        assert isinstance(reply.parts[0], Text)
        assert reply.parts[0].content == " red"
    (reply,) = answer(whole, url="").replies
    assert reply.parts == (Text(" red", (), (), (Token(" red", -0.5, ((" blue", -2.0),)),)),)


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/completion", {}),
        ("/v1/completions", {}),
        ("", {"choices": [{"text": "a"}]}),
        ("", {"object": "text_completion", "choices": []}),
        ("", {"content": "a", "stop": False}),
    ],
)
def test_recognition(url: str, body: Any) -> None:
    assert answer(body, url=url).protocol == "openai.completions"


def test_what_stands_after_the_gap_is_a_setting() -> None:
    prompt = decode(exchange(URL, {"prompt": "a", "suffix": "z"}, None)).prompt
    assert (prompt.messages[0].parts, prompt.settings) == ((Text("a"),), {"suffix": "z"})
