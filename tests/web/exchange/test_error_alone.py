"""A recording that is only an error: its list row and its page."""

from __future__ import annotations

from tests.web.pages import Shelf

REFUSED = '{"error": {"message": "That lamp is out.", "type": "invalid_request_error", "param": null, "code": "dark"}}'
OVERLOADED = '{"type": "error", "error": {"type": "overloaded_error", "message": "Too many ships."}}'


def test_an_error_on_its_own(shelf: Shelf) -> None:
    shelf.put("openai/refused.json", REFUSED)
    (row,) = shelf.rows
    assert (row.protocol, row.provider, row.replied, row.odd) == (None, "openai", "That lamp is out.", "error")
    page = shelf.page(f"/e/{row.uid}").text
    assert "An error on its own" in page
    assert "No wire protocol" not in page
    assert "That lamp is out." in page


def test_an_error_that_one_protocol_words_so(shelf: Shelf) -> None:
    shelf.put("overloaded.json", OVERLOADED)
    (row,) = shelf.rows
    assert (row.protocol, row.provider, row.replied) == ("anthropic.messages", "anthropic", "Too many ships.")
