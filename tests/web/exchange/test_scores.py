"""An answer that an evaluation scored: the page shows both, in the place of neither."""

from __future__ import annotations

from tests.making import SAMPLES
from tests.web.pages import Shelf

(LOG,) = (SAMPLES / "other" / "inspect-ai" / "logs").iterdir()


def test_scores_stand_below_the_answer(shelf: Shelf) -> None:
    shelf.put("night.json", LOG.read_text(encoding="utf-8"))
    (row,) = [one for one in shelf.rows if one.replied == "Seven times."]
    page = shelf.page(f"/e/{row.uid}").text
    assert page.index("Seven times.") < page.index("Scored") < page.index("includes: C") < page.index("target: 7")
    assert "never sent" not in page
