import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.model import jsonio
from inspector.output.escape import json_text, visible, visible_line

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


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\ufeff", "\u2028", "\u206a", "\U000e0041", "\x85", "\u202e", "a\u200cb", "\u200d"]
)
def test_what_nobody_sees_is_written_out(hidden: str) -> None:
    shown = visible(f"fog{hidden}bell")
    assert hidden not in shown
    assert f"{ord(hidden.strip('ab')):x}" in shown.lower()


@pytest.mark.parametrize("text", ["👩\u200d🔬", "می\u200cخواهم", "naïve", "霧"])
def test_what_belongs_to_a_script_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", ["\x9b31m", "\x85", "\u202e", "\U000e0041", "\x7f", "👩\u200d🔬", "fog"])
def test_json_for_a_terminal_is_the_same_json(text: str) -> None:
    made = json_text(jsonio.dumps({"said": text}))
    assert jsonio.loads(made) == {"said": text}
    assert made.isascii() or "👩" in made
    assert all(char.isprintable() for char in made)
