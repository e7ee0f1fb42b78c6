"""Ollama's own protocols: broken streams, probabilities, and what it says about its models."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Body, ModelCall, Reasoning, Text, Token, ToolCall
from tests.decode.protocols.samples.sample import exchange


def lines(path: str, *events: Any) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    call = decode(exchange(f"http://localhost:11434{path}", {"model": "m"}, body))
    assert call.problems == ()
    return call


@pytest.mark.parametrize(
    ("path", "piece"),
    [("/api/chat", {"message": {"role": "assistant", "content": "a"}}), ("/api/generate", {"response": "a"})],
)
def test_an_error_in_the_middle_keeps_what_was_said(path: str, piece: Any) -> None:
    call = lines(path, {**piece, "done": False}, {"error": "out of memory"})
    assert call.replies[0].parts == (Text("a"),)
    assert call.error is not None
    assert call.error.message == "out of memory"
    assert not call.complete


def test_thinking_and_calls_with_objects() -> None:
    tool = {"id": "c", "function": {"index": 0, "name": "f", "arguments": {"x": [1]}}}
    call = lines(
        "/api/chat",
        {"message": {"role": "assistant", "content": "", "thinking": "H"}, "done": False},
        {"message": {"role": "assistant", "content": "", "thinking": "m"}, "done": False},
        {"message": {"role": "assistant", "content": "", "tool_calls": [tool]}, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"},
    )
    assert call.replies[0].parts == (Reasoning("Hm"), ToolCall("c", "f", '{"x":[1]}', {"x": [1]}))
    assert call.complete


def test_probabilities_of_tokens() -> None:
    def piece(text: str) -> Any:
        found = [{"token": text, "logprob": -0.5, "top_logprobs": [{"token": "b", "logprob": -1}]}]
        return {"response": text, "done": False, "logprobs": found}

    call = lines("/api/generate", piece("a"), piece("c"), {"response": "", "done": True})
    expected = tuple(Token(text, -0.5, (("b", -1.0),)) for text in "ac")
    assert call.replies[0].parts == (Text("ac", tokens=expected),)


@pytest.mark.parametrize(
    ("path", "answer", "summary"),
    [
        ("/api/tags", {"models": [{"name": "a", "model": "a:1"}, {"name": "b"}]}, {"models": ["a:1", "b"]}),
        (
            "/api/show",
            {"details": {"family": "fox", "parameter_size": "7B"}, "capabilities": ["tools"], "license": "…"},
            {"family": "fox", "parameter_size": "7B", "capabilities": ["tools"]},
        ),
        ("/api/push", {"status": "success"}, {"status": "success"}),
        ("/api/create", {"status": "success"}, {"status": "success"}),
        ("/api/version", {"version": "0.1"}, {"version": "0.1"}),
    ],
)
def test_models(path: str, answer: Any, summary: Any) -> None:
    call = lines(path, answer)
    assert (call.protocol, call.summary) == ("ollama.models", summary)


def test_a_download_ends_with_success() -> None:
    pulled = [{"status": "pulling"}, {"status": "pulling", "total": 2, "completed": 1}]
    assert not lines("/api/pull", *pulled).complete
    assert lines("/api/pull", *pulled, {"status": "success"}).complete


@pytest.mark.parametrize("path", ["/api/show", "/api/create", "/api/push", "/api/version"])
def test_addresses_that_others_have_are_not_claimed(path: str) -> None:
    assert lines(path, {"name": "x"}).protocol != "ollama.models"
