"""Names and texts of ours, laid out."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from markupsafe import escape

from inspector.web.rendering.context import breakable, coded
from inspector.web.rendering.highlighting import json_html, slim


@pytest.mark.parametrize(
    ("name", "html"),
    [
        ("lamp_room::reads_gauge", "lamp_<wbr>room::<wbr>reads_<wbr>gauge"),
        ("src/__fixtures__/", "src/<wbr>__fixtures__/<wbr>"),
        ("fog.yaml", "fog<wbr>.yaml"),
        ("a/<b>&\x1b", "a/<wbr>&lt;b&gt;&amp;\\x1b"),
        ("gpt-4.1", "gpt-4.1"),
        ("", ""),
    ],
)
def test_a_name_breaks_between_its_words(name: str, html: str) -> None:
    assert breakable(name) == html


def test_backticks_are_code() -> None:
    assert coded("logs: `*.<x>` and `a`") == "logs: <code>*.&lt;x&gt;</code> and <code>a</code>"


CODE = ('{"a": [1,  "it\'s <b>"]}', "<a href=\"x\" src='y'>", 'data: {"q": "=\\"&quot;"}\n\n', '="="')


@pytest.mark.parametrize("text", CODE)
@pytest.mark.parametrize("html", [escape, json_html])
def test_slim_html_reads_the_same_and_holds_no_attribute_that_was_recorded(html: Any, text: str) -> None:
    slimmer = slim(html(text))
    assert unescape(re.sub(r"<[^<>]*>", "", slimmer)).rstrip() == text.rstrip()
    assert re.findall(r'="[^"]*"', re.sub(r'<span class="\w+">', "", slimmer)) == []
    assert len(slimmer) < len(html(text)) or text == '="="'
