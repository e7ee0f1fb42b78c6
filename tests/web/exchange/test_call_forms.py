"""Calls of tools that every agent has: by their arguments, whatever the tool is called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.web.exchange.call_forms import Line, call_form
from tests.web.pages import Shelf, message, recording

MOST = 100


@pytest.mark.parametrize(
    ("arguments", "kind", "shown", "rest"),
    [
        ({"file_path": "/a", "old_string": "x\ny\n", "new_string": "x\nz\n"}, "edit", " x|-y|+z", ""),
        ({"path": "/a", "old_str": "x", "new_str": "x\n", "all": True}, "edit", " x|+", "all"),
        ({"path": "/a", "edits": [{"oldText": "a", "newText": "b"}]}, "edit", "-a|+b", ""),
        ({"path": "/a", "edits": [{"oldText": "a", "newText": "b", "all": 1}]}, "edit", "-a|+b", "edits"),
        ({"file_path": "/a", "content": "lamp\n"}, "file", "lamp\n", ""),
        ({"command": "ls -l", "timeout": 3}, "command", "ls -l", "timeout"),
        ({"command": ["ls", "-l"]}, None, "", ""),
        ({"old_string": "x", "path": "/a"}, None, "", ""),
        ({"content": "no path"}, None, "", ""),
        ({"path": 7, "content": "x"}, None, "", ""),
        (["command"], None, "", ""),
        (None, None, "", ""),
    ],
)
def test_what_a_call_does(arguments: Any, kind: str | None, shown: str, rest: str) -> None:
    form = call_form(arguments, MOST)
    assert (form.kind if form else None) == kind
    if form:
        assert (form.text or "|".join(line.sign + line.text for line in form.lines)) == shown
        assert (rest in form.rest) if rest else not form.rest


def test_what_is_long_is_counted_and_a_long_diff_stays_json() -> None:
    form = call_form({"path": "/a", "content": "x" * (MOST + 7)}, MOST)
    assert form
    assert (len(form.text), form.left) == (MOST, 7)
    assert call_form({"path": "/a", "old_string": "x" * MOST, "new_string": "y"}, MOST) is None


def test_lines_that_nothing_has_in_common_come_and_go() -> None:
    form = call_form({"path": "/a", "old_string": "ab\n" * 9, "new_string": "ba\n" * 9}, MOST)
    assert form
    assert {line.sign for line in form.lines} == {"-", "+"}
    assert form.lines[0] == Line("-", "ab")


def test_the_page_shows_the_form_and_what_else_was_said(shelf: Shelf) -> None:
    arguments = json.dumps({"command": "strike <b>\nrest", "why": "fog"})
    call = {"id": "1", "type": "function", "function": {"name": "run", "arguments": arguments}}
    long = "\n".join(f"stroke {number}" for number in range(40))
    messages = [
        message("Strike!"), message(None, "assistant", tool_calls=[call]), message(long, "tool", tool_call_id="1"),
    ]  # fmt: skip
    page = shelf.page(f"/e/{shelf.put('a.json', recording('Done.', messages))}")
    assert "strike <b>\nrest" in page.text
    assert '"why": "fog"' in page.text
    assert "all 40 lines" in page.text
    assert [one["class"] for _, one in page.having("class") if "call-pair" in (one["class"] or "")] == [
        "call-pair stacked"
    ]
