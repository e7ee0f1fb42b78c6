"""A secret that a name gives away in one place is masked wherever else the exchange says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.decode import decoder
from inspector.model import Exchange
from inspector.redaction import decoded, mask
from inspector.redaction.known import worth_knowing
from tests.making import library, put
from tests.redaction.planted import _called, _chunk, _reply, exchange
from tests.redaction.recorders import har
from tests.redaction.test_decoded import everything

SECRET = "hunter2-x9-quartz"
URL = "https://api.openai.com/v1/chat/completions"
ANSWERS: dict[str, Any] = {
    "whole": _reply(f"No lamp opens with {SECRET}, I am afraid."),
    "arguments": _called("open", json.dumps({"with": SECRET})),
    "name": _called(f"open_{SECRET}", "{}"),
    "error": {"error": {"message": f"Incorrect: {SECRET}."}},
    "stream": [_chunk({"content": piece}) for piece in ("No lamp opens with hun", "ter2-x9-", "quartz, I am afraid.")],
}
GIVEN: dict[str, Exchange] = {
    "header": exchange(headers=[("x-lamp-key", SECRET)]),
    "bearer": exchange(headers=[("authorization", f"Bearer {SECRET}")]),
    "address": exchange(f"{URL}?key={SECRET}"),
    "settings": exchange(asked={"model": "m", "messages": [], "metadata": {"db_password": SECRET}}),
    "question": exchange(asked={"model": "m", "messages": [{"role": "user", "content": f"password={SECRET}"}]}),
}


def both(given: Exchange, answer: Any) -> Exchange:
    answered = exchange(answered=answer)
    return Exchange(entry=0, request=given.request, response=answered.response, raw={"kept": answer})


@pytest.mark.parametrize("place", GIVEN)
@pytest.mark.parametrize("answer", ANSWERS)
def test_what_has_a_name_in_one_place_needs_none_in_others(place: str, answer: str) -> None:
    recorded = both(GIVEN[place], ANSWERS[answer])
    assert SECRET not in everything(recorded)
    assert decoded.secrets(recorded)


def test_no_index_holds_what_only_a_header_names(tmp_path: Path) -> None:
    answered = [one for name, one in ANSWERS.items() if name != "stream"]
    put(tmp_path / "r/a.har", har([both(given, answer) for given in GIVEN.values() for answer in answered]))
    shelf = library(tmp_path / "r", tmp_path / "i.sqlite")
    shelf.refresh()
    assert len(shelf.index.rows()) == len(GIVEN) * len(answered)
    shelf.index.close()
    assert SECRET.encode() not in (tmp_path / "i.sqlite").read_bytes()


@pytest.mark.parametrize("said", ["north", "bearer", "0000000000000", "lighthouse", "lamp1", "a word and 2 more"])
def test_what_may_be_said_by_chance_is_left_where_it_has_no_name(said: str) -> None:
    recorded = both(exchange(headers=[("x-lamp-key", said)]), _reply(f"It says {said}."))
    shown, call = decoded.masked(recorded)
    assert shown.request.headers == (("x-lamp-key", mask.MASK),)
    assert said in repr(call.replies)


def test_a_secret_of_an_address_is_known_as_it_was_meant() -> None:
    call = decoder.decode(exchange())
    assert worth_knowing(["Bearer ab%2Fcd%2F12345"], call) == (
        "ab%252Fcd%252F12345",
        "ab%2Fcd%2F12345",
        "ab/cd/12345",
    )


def test_a_model_by_which_limits_are_counted_is_no_secret() -> None:
    asked = {"model": "lantern-5-2025-08-07", "messages": []}
    limited = exchange(asked=asked, headers=[("x-ratelimit-key", asked["model"])])
    masked = decoded.masked(both(limited, _reply("I am lantern-5-2025-08-07.")))
    assert masked.call.prompt.model == asked["model"]
    assert "lantern-5-2025-08-07" in str(masked.call.replies)
