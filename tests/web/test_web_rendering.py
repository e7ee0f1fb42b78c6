"""Names and texts of ours, laid out."""

from __future__ import annotations

import pytest

from inspector.web.rendering import breakable, coded


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
