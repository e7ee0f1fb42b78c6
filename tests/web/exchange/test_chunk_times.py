"""When chunks came: what is recorded, and nothing else."""

from __future__ import annotations

import json

import pytest

from inspector.model import Event, Exchange, ModelCall, Prompt, Request, Response
from inspector.model.call import Step
from inspector.model.delta import FinishDelta, TextDelta
from inspector.web.exchange.chunk_times import Gap, chunk_times
from tests.web.pages import Shelf

AT = 1_772_438_400
BEGAN = "2026-03-02T08:00:00Z"


def times(*recorded: float, began: str | None = BEGAN, chunks: int = 4, protocol: str = "openai.chat_completions"):  # type: ignore[no-untyped-def]
    deltas = [(), (TextDelta("Fog "),), (TextDelta("at noon."),), (FinishDelta("stop"),)]
    steps = [Step(Event(number, {"created_at": began}), deltas[number]) for number in range(chunks)]
    call = ModelCall(protocol=protocol, provider=None, operation="chat", prompt=Prompt(), steps=tuple(steps))
    response = Response(times=tuple(AT + seconds for seconds in recorded))
    return chunk_times(Exchange(entry=0, request=Request("POST", ""), response=response, started_at=began), call)


def test_times_are_since_the_request_where_that_has_one() -> None:
    found = times(0.5, 0.75, 2.0, 2.25)
    assert found
    assert found.at == (500, 750, 2000, 2250)
    assert (found.first_words, found.is_since_request, found.total) == (1, True, 2250)
    assert found.gaps == (Gap(2, 1250),)
    later = times(0.5, 0.75, 2.0, 2.25, began=None)
    assert later
    assert (later.at, later.is_since_request) == ((0, 250, 1500, 1750), False)


@pytest.mark.parametrize("recorded", [(), (0.5,), (0.5, 1.0, 1.5), (0.1, 0.2, 0.3, 0.4, 0.5)], ids=len)
def test_times_of_something_else_are_not_those_of_chunks(recorded: tuple[float, ...]) -> None:
    assert times(*recorded) is None


def test_a_clock_that_goes_back_fails_no_page() -> None:
    found = times(3.0, 1.0, 2.0, 0.5)
    assert found
    assert min(found.at) >= 0


def test_all_chunks_at_one_moment_of_the_provider_say_nothing() -> None:
    assert times(protocol="ollama.chat") is None


def test_the_stream_says_when_its_chunks_came(shelf: Shelf) -> None:
    lines = [
        {"model": "llama3.2", "created_at": f"2026-03-02T08:00:0{at}Z", "done": at == 9,
         "message": {"role": "assistant", "content": text}}
        for at, text in ((1, "Fog "), (2, "at "), (3, "noon"), (9, "."))
    ]  # fmt: skip
    uid = shelf.put("fog.ndjson", "\n".join(map(json.dumps, lines)))
    words = " ".join(shelf.page(f"/e/{uid}/stream").text.split())
    assert "longest wait 6.0 s before @3 8.0 s from the first chunk to the last by the provider's clock" in words
    assert "first words" not in words, "nobody recorded when it was asked"
    assert "3 8.00 s ." in words
    assert "no times recorded" not in words


def test_samples_with_and_without_times(samples: Shelf) -> None:
    events = samples.page(f"/e/{samples.uid('other-fields.har')}/stream").text
    assert "first words after" in events
    assert "in all" in events
    assert "no times recorded" in samples.page(f"/e/{samples.uid('fog-bell.chunks.txt')}/stream").text
