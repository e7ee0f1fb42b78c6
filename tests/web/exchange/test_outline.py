"""A long conversation: what is from before is folded, and an outline stands beside it."""

from __future__ import annotations

import json
from typing import Any

from inspector.web.exchange.outline import FEWEST, MOST
from inspector.web.exchange.timeline import FOLDED, FOLDED_SIZE
from tests.web.pages import Page, Shelf, message
from tests.web.rich import cassette, interaction


def _asked(rounds: int, error: bool = False) -> list[dict[str, Any]]:
    """A user's turn, a call and its result, so many times, and a last question."""
    said = []
    for number in range(rounds):
        call = {"type": "tool_use", "id": f"t{number}", "name": "strike", "input": {"bell": number}}
        told = {"type": "tool_result", "tool_use_id": f"t{number}", "content": "no rope", "is_error": error}
        said += [message(f"Strike {number}!"), message([call], "assistant"), message([told])]
    return [*said, message("And now?")]


def _put(shelf: Shelf, name: str, messages: list[dict[str, Any]]) -> str:
    body = {"model": "claude-sonnet-4-5", "max_tokens": 99, "messages": messages}
    reply = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Silence."}]}
    answer = {"string": json.dumps({**reply, "model": "claude-sonnet-4-5", "stop_reason": "end_turn"})}
    return shelf.put(
        name, cassette(interaction("POST", "https://api.anthropic.com/v1/messages", json.dumps(body), answer))
    )


def _outline(page: Page) -> list[str]:
    return [one["data-place"] or "" for _, one in page.having("data-place")]


def test_what_is_from_before_is_folded_and_new_messages_are_not(shelf: Shelf) -> None:
    messages = _asked(4)
    _put(shelf, "a.json", messages)
    uid = _put(shelf, "b.json", [*messages, message("Silence.", "assistant"), message("Why?")])
    page = shelf.page(f"/e/{uid}")
    assert "14 messages from before" in page.text
    assert len(messages) + 1 == 14 > FOLDED
    old = [one["id"] for _, one in page.having("class") if "is-old" in (one["class"] or "").split()]
    assert old[0] == "m0"
    assert "m14" not in old
    assert "m14" in page.ids
    assert not [one for tag, one in page.having("open") if one.get("id") == "from-before"]
    assert [one for tag, one in shelf.page(f"/e/{uid}?q=strike").having("open") if one.get("id") == "from-before"]
    short = shelf.page(f"/e/{_put(shelf, 'c.json', _asked(1))}")
    assert "from before" not in short.text
    long = [message("Tell of the lamp. " * (FOLDED_SIZE // 18 + 1))]
    _put(shelf, "d.json", long)
    uid = _put(shelf, "e.json", [*long, message("Silence.", "assistant"), message("Why?")])
    assert "2 messages from before" in shelf.page(f"/e/{uid}").text, "few, and long"


def test_the_outline_names_turns_calls_that_failed_and_the_reply(shelf: Shelf) -> None:
    page = shelf.page(f"/e/{_put(shelf, 'a.json', _asked(3, error=True))}")
    assert len(_asked(3)) > FEWEST
    assert _outline(page) == ["m0", "m1-p0", "m3", "m4-p0", "m6", "m7-p0", "m9", "reply"]
    assert set(_outline(page)) <= {*page.ids}
    assert page.text.count("✗") == 3
    assert not _outline(shelf.page(f"/e/{_put(shelf, 'b.json', _asked(1))}"))
    turns = [one.get("id") for _, one in page.having("data-turn") if one["data-turn"] == "user"]
    assert turns == ["m0", "m3", "m6", "m9"], "results are no turn of the user"
    long = shelf.page(f"/e/{_put(shelf, 'c.json', _asked(MOST))}")
    assert len(_outline(long)) == MOST
