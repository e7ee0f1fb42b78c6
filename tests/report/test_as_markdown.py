"""Markdown that recorded words cannot get out of, and that fits."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from inspector.report.as_markdown import FITS, markdown
from inspector.report.as_text import text
from inspector.report.layout import Items, Link, Page, Quote, Section, Table, Words

_HOSTILE = (
    "@keeper closes #12 ![x](https://evil.example/x.png) [x](https://evil.example) https://evil.example",
    "<img src=x onerror=alert(1)> <!-- </details> -->",
    "``` `` ` | cell | \\| \\\\| end\\",
    "`",
    "````",
    " ` ",
    "\n\n# title\n/close\n- item\n| a | b |\n| - | - |",
    "a|b|c\\|d\\\\|e`|`f``|``",
    "\x1b[31m \u202e \ud800 \x00",
    "",
    "   ",
    "$`math`$ $x$ :ship: <https://evil.example>",
    "&lt;b&gt; &#64;keeper",
)


def _page(*said: Words) -> Page:
    lines = tuple((one,) for one in said)
    table = Table(("", "exchanges"), tuple((one, "1") for one in said))
    sections = (
        Section("Errors", (Items(("400", *said), lines, 'is:"cut off"'),), is_trouble=True),
        Section("Changed since <b>@keeper", (Items(said, lines), table)),
    )
    return Page((("Nothing is odd",), ("Since", *said)), sections)


def _tokens(source: str) -> list[Token]:
    found = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    return [inner for token in found for inner in (token, *(token.children or ()))]


@pytest.mark.parametrize("said", _HOSTILE)
@pytest.mark.parametrize(
    "kind", [Quote, lambda said: Link(said, ""), lambda said: Link(said, "https://x.example/a b|c)>")]
)
def test_recorded_words_are_code_and_nothing_else(said: str, kind: type[Quote]) -> None:
    tokens = _tokens(markdown(_page(kind(said), kind(said))))
    plain, hostile = _tokens(markdown(_page(kind("word"), kind("word")))), tokens
    assert [token.type for token in hostile] == [token.type for token in plain]
    outside = [token for token in tokens if token.type in ("text", "html_inline", "html_block")]
    assert not re.search(r"evil|@keeper|#12|alert|close", " ".join(token.content for token in outside))
    assert {token.attrs.get("href") for token in tokens if token.type == "link_open"} <= {
        "https://x.example/a%20b%7Cc%29%3E"
    }


@pytest.mark.parametrize("number", [0, 1, 30, 3000])
def test_it_fits_and_says_what_is_left_out(number: int) -> None:
    said = "灯台 " * 200
    lines = tuple((Link(f"{at:016x}", "https://x.example/" + "y" * 80), Quote(said)) for at in range(number))
    blocks = tuple(Items(("kind", Quote(said)), lines) for _ in range(min(number, 40)))
    page = Page((("odd",),), (Section("Odd", blocks, is_trouble=True), Section("Tests", (Table(("", "n"), lines),))))
    source = markdown(page)
    assert len(source.encode()) <= FITS < 65_536
    shown = source.count("https://x.example/")
    assert ("more" in source) == (shown < number * (len(blocks) + 1))
    assert "…" not in source or number
    told = text(page, 10, color=False)
    assert ("more" in told) == (number > 10)


@pytest.mark.parametrize("sign", ["+", "-", "~"])
def test_the_sign_of_a_change_is_no_list(sign: str) -> None:
    page = Page((("Nothing is odd",),), (Section("Changed", (Items(("test",), ((sign, "new", Quote("x")),)),)),))
    tokens = _tokens(markdown(page))
    lists = [token for token in tokens if token.type == "bullet_list_open"]
    assert len(lists) == 2, "one of tests, and one of what changed in the test"
    assert f"{sign} new" in "".join(token.content for token in tokens)


def test_the_limit_is_kept() -> None:
    lines = tuple((Quote(f"{at}"),) for at in range(9))
    source = markdown(Page((("odd",),), (Section("Odd", (Items(("kind",), lines),)),)), 4)
    assert "`3`" in source
    assert "`4`" not in source
    assert "… and 5 more" in source


def test_a_terminal_is_not_dressed() -> None:
    told = text(_page(*map(Quote, _HOSTILE)), 99, color=False)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ud800]", told)
    assert all(line.startswith(("  ", "Nothing", "Since", "Errors", "Changed")) for line in told.splitlines() if line)
