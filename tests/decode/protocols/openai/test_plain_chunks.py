"""The quick way past plain chunks says what the plain way says, and takes no chunk that says more."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.conservation.neutral import neutral_of
from inspector.decode.conservation.shown import texts_of
from inspector.decode.protocols.openai import chat, plain_chunks
from inspector.model import Event
from inspector.model.delta import AboutDelta

_PLACES: tuple[tuple[str | int, ...], ...] = ((), ("choices", 0), ("choices", 0, "delta"))
_KEYS = (
    "content", "reasoning", "reasoning_content", "refusal", "role", "tool_calls", "function_call", "annotations",
    "finish_reason", "index", "logprobs", "message", "text", "usage", "error", "choices", "delta", "object", "fog",
    "model_version", "content_filter_results", "stop_reason", "provider",
)  # fmt: skip
_VALUES: tuple[Any, ...] = ("fog", "", None, 0, 1, 0.5, ["fog"], {"content": "fog"}, {"error": "fog"}, [])


def _chunk(said: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "obfuscation": "x7",
        "choices": [{"index": 0, "delta": {said: "Light"}, "logprobs": None, "finish_reason": None}],
        "usage": None,
    }


def _changed(said: str, place: tuple[str | int, ...], key: str, value: Any) -> dict[str, Any]:
    chunk = _chunk(said)
    inner: Any = chunk
    for step in place:
        inner = inner[step]
    inner[key] = value
    return chunk


@pytest.mark.parametrize("said", ["content", "reasoning_content", "reasoning"])
def test_a_plain_chunk_is_taken(said: str) -> None:
    assert plain_chunks.only_deltas(_chunk(said))


@pytest.mark.parametrize("said", ["content", "reasoning_content", "refusal", "fog"])
@pytest.mark.parametrize("place", _PLACES)
def test_what_it_takes_is_all_that_is_said(said: str, place: tuple[str | int, ...]) -> None:
    for key in _KEYS:
        for value in _VALUES:
            chunk = _changed(said, place, key, value)
            quick = plain_chunks.only_deltas(chunk)
            if quick:
                plain = chat._all_deltas(Event(1, chunk))
                assert list(quick) == [delta for delta in plain if type(delta) is not AboutDelta and delta[0]], chunk
                assert [text for _, text in texts_of(chunk, neutral_of(chat))] == [quick[-1][0]], chunk
