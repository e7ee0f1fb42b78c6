from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from inspector import search
from inspector.web.exchange.part_views import CUT
from inspector.web.exchange.search_marks import MOST_MARKS, marked
from tests.making import chat, put
from tests.web.pages import Shelf


def _marker(query: str) -> search.Marker:
    marker = search.read(query).marker
    assert marker is not None
    return marker


@pytest.mark.parametrize(
    ("html", "query", "expected"),
    [
        ("<p>the lamp</p>", "lamp", "<p>the [lamp]</p>"),
        ("<p>the <b>la</b>mp</p>", "lamp", "<p>the <b>[la]</b>[mp]</p>"),
        ("<td>la</td><td>mp</td>", "lamp", "<td>la</td><td>mp</td>"),
        ("<a title='lamp' href='?q=lamp'>x</a>", "lamp", "<a title='lamp' href='?q=lamp'>x</a>"),
        ("a &lt;lamp&gt; &amp; b", "lamp", "a &lt;[lamp]&gt; &amp; b"),
        ("get_keeper and getKeeper", "keeper", "get_[keeper] and get[Keeper]"),
        ("Lamp lamps clamp", "lamp", "[Lamp] [lamp]s clamp"),
        ("", "lamp", ""),
    ],
)
def test_marks_stand_between_the_tags(html: str, query: str, expected: str) -> None:
    done = str(marked(Markup(html), _marker(query), "user"))
    assert done.replace("<mark class='hit'>", "[").replace("</mark>", "]") == expected


@given(
    st.lists(st.sampled_from(["<b>", "</b>", "<p>", "lamp", "la", "mp", " ", "&amp;", "&lt;", "ö", "é"]), max_size=30)
)
def test_marks_change_nothing_else(pieces: list[str]) -> None:
    html = "".join(pieces)
    done = re.sub(r"</?mark[^>]*>", "", str(marked(Markup(html), _marker("lamp OR la"), "user")))
    assert unescape(done) == unescape(html)


@given(st.text(max_size=80))
def test_recorded_text_stays_text(text: str) -> None:
    done = str(marked(escape(text), _marker("a OR script OR lt"), "user"))
    assert set(re.findall(r"<[^>]*>", done)) <= {"<mark class='hit'>", "</mark>"}


def test_a_page_lands_on_its_first_hit(shelf: Shelf) -> None:
    put(
        shelf.path / "a.json", chat("Is the lamp lit?", "The lamp is lit.", before=[{"role": "system", "content": "x"}])
    )
    shelf.refresh()
    (row,) = shelf.rows
    page = shelf.page(f"/e/{row.uid}?q=lamp")
    hits = [one for tag, one in page.tags if tag == "mark" and one.get("class") == "hit"]
    assert [one.get("id") for one in hits] == ["hit", None]
    narrowed = shelf.page(f"/e/{row.uid}?q=in:reply+lamp")
    assert sum(tag == "mark" and one.get("class") == "hit" for tag, one in narrowed.tags) == 1
    for query in ("", "model:gpt", "-lamp", "is:od", "(lamp"):
        page = shelf.page(f"/e/{row.uid}?q={query}")
        assert not [tag for tag, one in page.tags if tag == "mark" and one.get("class") == "hit"]


def test_what_is_folded_over_a_hit_is_open(shelf: Shelf) -> None:
    long = "Keep the log. " * 300 + "Trim the wick."
    put(shelf.path / "a.json", chat("Hello", before=[{"role": "system", "content": long}]))
    shelf.refresh()
    (row,) = shelf.rows
    fold = [one for tag, one in shelf.page(f"/e/{row.uid}?q=wick").tags if one.get("class") == "long-text"]
    assert fold
    assert all("open" in one for one in fold)
    assert not any("open" in one for tag, one in shelf.page(f"/e/{row.uid}").tags if one.get("class") == "long-text")


def test_a_hit_in_what_is_cut_is_a_link_further_on(shelf: Shelf) -> None:
    text = "Keep the log. " * (CUT // 10) + "Trim the wick."
    put(shelf.path / "a.json", chat(text))
    shelf.refresh()
    (row,) = shelf.rows
    page = shelf.page(f"/e/{row.uid}?q=wick")
    (link,) = [one["href"] or "" for tag, one in page.tags if tag == "a" and one.get("id") == "hit"]
    there = shelf.page("/" + link.lstrip("./"))
    assert [one.get("id") for tag, one in there.tags if tag == "mark" and one.get("class") == "hit"] == ["hit"]


def test_a_text_has_no_more_marks_than_a_page_can_take() -> None:
    html = Markup("<p>lamp</p>" * 20_000)
    assert marked(html, _marker("lamp"), "user").count("<mark") == MOST_MARKS
