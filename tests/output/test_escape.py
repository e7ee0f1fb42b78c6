import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.output.escape import visible, visible_line

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("plain é 日本 😀", "plain é 日本 😀"),
        ("a\n\tb", "a\n\tb"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("over\rwritten", r"over\x0dwritten"),
        ("one\r\ntwo", "one\ntwo"),
        ("\x00\x07\x7f", r"\x00\x07\x7f"),
        ("user\u202etxt.exe", "user<U+202E>txt.exe"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_what_moves_or_turns_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("char", BIDI)
def test_every_bidi_control_is_written_out(char: str) -> None:
    assert visible(f"a{char}b") == f"a<U+{ord(char):04X}>b"


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_nothing_unseen_is_left(text: str) -> None:
    shown = visible(text)
    assert not any((ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or c in BIDI for c in shown)
    shown.encode()
    assert visible(shown) == shown


def test_one_line_stays_one_line() -> None:
    assert visible_line("a\nb\tc\x1b") == r"a\nb\tc\x1b"
