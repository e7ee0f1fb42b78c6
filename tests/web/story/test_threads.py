"""Threads of one file: conversations beside the first, and the errands of an agent."""

from __future__ import annotations

import json
from typing import Any

from tests.web.pages import Shelf, message
from tests.web.rich import cassette, interaction


def _call(reply: str, *messages: dict[str, Any], **more: Any) -> Any:
    body = {"model": "claude-sonnet-4-5", "max_tokens": 99, "messages": [*messages], **more}
    said = {"type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "stop_reason": "max_tokens"}
    answer = {"string": json.dumps({**said, "content": [{"type": "text", "text": reply}]})}
    return interaction("POST", "https://api.anthropic.com/v1/messages", json.dumps(body), answer)


def _thread(*asked: str) -> list[Any]:
    """An exchange for each question, which goes on from the one before."""
    said: list[dict[str, Any]] = []
    found = []
    for one in asked:
        said.append(message(one))
        found.append(_call(f"{one} Yes.", *said))
        said.append(message(f"{one} Yes.", "assistant"))
    return found


def test_threads_of_a_file_are_named_by_what_the_user_said_first(shelf: Shelf) -> None:
    errand = _call("Fog at night", message("Write a short title for this conversation: fog"))
    main, agent = _thread("Mend the bell!", "And the rope?", "And the lamp?"), _thread("Look for rope.", "Where?")
    shelf.put("watch.yaml", cassette(errand, *main, *agent))
    uid = shelf.uid("watch.yaml")
    row = next(row for row in shelf.rows if row.asked == "And the rope?")
    page = shelf.page(f"/e/{row.uid}/story")
    words = " ".join(page.text.split())
    assert "2 threads Mend the bell! 3 exchangesLook for rope. 2 exchanges" in words
    assert "Thread 2: Look for rope.2 exchanges" in words
    assert "5 user turns Mend the bell!And the rope?And the lamp?Look for rope.Where?" in words
    last = next(row for row in shelf.rows if row.asked == "And the lamp?")
    ends = [one["href"] for _, one in page.having("href") if "longest way" in (one.get("title") or "")]
    assert ends == [f"../../e/{last.uid}#reply"], "not the agent's, which comes later"
    assert "1 × helper call" in " ".join(shelf.page("/").text.split())
    assert next(one for one in shelf.rows if one.uid == uid).odd == "", "what an errand is cut off at is no issue"
    assert row.odd == "cut off"


def test_short_threads_have_no_names(shelf: Shelf) -> None:
    shelf.put("watch.yaml", cassette(*_thread("Mend the bell!", "And the rope?"), *_thread("Look for rope.")))
    assert "threads" not in shelf.page(f"/e/{shelf.uid('watch.yaml')}/story").text
