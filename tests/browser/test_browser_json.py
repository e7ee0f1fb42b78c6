"""JSON as a tree: drawn from the text that pages show where no script runs."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.driver import Open, Server, copied, frames, until
from tests.web.pages import message, recording

LONG = 12_345_678_901_234_567_890
STRANGE = {
    "said": 'fog\n\tbell "Ärm"', "escaped": "\\u0041", "dark": "\u202e\x1b", "number": LONG, "share": 1.50,
    "code": "QUJD" * 80,
    "deep": {"a": {"b": {"c": {"d": [1, 2]}}}}, "many": [{"n": n} for n in range(250)], "odd key": [{}], "$ref": 1,
}  # fmt: skip


def test_a_body_is_a_tree_that_folds_and_says_what_it_says(live_server: Server, opens: Open) -> None:
    live_server.write("a.json", recording("Yes.", [message("Lit?")], test_id="t.py::test_a", body_more=STRANGE))
    live_server.wait_until_read()
    page: Any = opens(live_server, "?q=test:test_a", viewport={"width": 1400, "height": 850})
    page.click("#list .row")
    page.locator("#view .tabs a", has_text="Raw").click()  # not that of the preview
    tree = page.locator(".sheet > .json-tree")
    tree.wait_for()
    assert page.locator(".sheet > pre.code").is_hidden()
    tree.locator("summary", has_text='"request"').click()
    more = tree.locator(".json-node > summary", has_text="body_more")
    more.focus()
    page.keyboard.press("Enter")
    tree.locator(".json-line", has_text='"$ref"').wait_for()
    said = tree.inner_text()
    assert 'fog\n\tbell "Ärm"' in said, "line breaks and quotes as such"
    assert str(LONG) in said, "a number as it was written"
    assert "1.5" in said
    assert "\u202e" not in said
    assert "QUJD" * 80 not in said
    assert "320 B" in said, "what looks like base64 is folded"
    assert '"c"' not in said, "what is deep is closed"

    page.keyboard.press("ArrowDown")  # to the first of its lines
    focused = page.evaluate("document.activeElement.textContent")
    assert focused.startswith('"said"')
    page.locator(".json-acts .act", has_text="path").click()
    assert copied(page, r"\$") == "$.request.body_more.said"
    page.locator(".json-acts .act", has_text="value").click()
    assert copied(page, "fog") == STRANGE["said"]
    page.locator(".json-acts .act", has_text="jq").click()
    assert copied(page, r"\.") == ".request.body_more.said"
    tree.locator(".json-line", has_text='"$ref"').hover()
    page.locator(".json-acts .act", has_text="jq").click()
    assert copied(page, r"\.request\.body_more\[") == '.request.body_more["$ref"]'
    many = tree.locator(".json-node > summary", has_text="many")
    many.click()
    tree.get_by_role("button", name="50 more items").click()
    assert tree.locator(".json-line", has_text='{"n": 249}').count() == 1

    live_server.write("a.json", recording("No.", [message("Lit?")], test_id="t.py::test_a", body_more=STRANGE))
    until(page, "document.querySelector('.sheet > pre').textContent.includes('No.')")
    frames(page)
    assert page.locator(".json-tree .json-line", has_text='{"n": 3}').count() == 1, "what was open stays open"
    assert page.locator(".sheet > .json-tree").count() == 1

    page.locator(".json-line", has_text='"share"').first.hover()
    page.locator(".json-acts .act", has_text="search").click()
    assert page.locator("#q").input_value() == 'test:test_a "1.5"'


def test_a_long_body_is_drawn_from_the_whole_of_it(live_server: Server, opens: Open) -> None:
    notes = [{"number": number, "fog": "thick " * 40} for number in range(2_000)]
    text = json.dumps(notes)
    live_server.write("a.json", recording("Yes.", [message("wick")], test_id="t.py::test_a", notes=notes))
    live_server.wait_until_read()
    page: Any = opens(live_server, "?q=wick")
    page.click("#list .row")
    page.locator("#view .tabs a", has_text="Raw").click()  # not that of the preview
    page.locator(".json-tree summary", has_text='"request"').click()
    page.locator(".json-tree summary", has_text="2,000 items").wait_for()
    assert len(text) > 500_000
    assert page.locator(".sheet .edge:visible").count() == 0, "its text had pages"
    assert page.locator(".json-tree mark.hit").count() == 0
