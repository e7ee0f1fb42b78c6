"""Words and phrases: what the full text finds, and what is marked of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector import search
from inspector.analysis.words import inner, words
from inspector.index.distinct_messages import COLUMNS
from inspector.search.full_text import Wanted, expression, marker
from tests.making import chat, examples, library, put

_FTS = sqlite3.connect(":memory:", check_same_thread=False)
_FTS.execute(
    f"CREATE VIRTUAL TABLE full_text USING fts5 ({', '.join(COLUMNS)}, content = '', "
    "tokenize = 'unicode61 remove_diacritics 2')"
)


def _finds(query: str, text: str) -> bool:
    """Whether the full text finds a text."""
    match = expression(query)
    if not match:
        return False
    row = (words(text), inner(text))
    _FTS.execute("INSERT INTO full_text (rowid, user, user_inner) VALUES (1, ?, ?)", row)
    try:
        return bool(_FTS.execute("SELECT 1 FROM full_text WHERE full_text MATCH ?", [match]).fetchall())
    finally:
        _FTS.execute("INSERT INTO full_text (full_text, rowid, user, user_inner) VALUES ('delete', 1, ?, ?)", row)


def _marked(query: str, text: str) -> list[str]:
    made = marker([Wanted(query, None)])
    return [text[start:end] for start, end in made.spans(text)] if made else []


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("exp_00", "the job exp_0042 ran", "exp_00"), ("get_user", "call get_user_permissions now", "get_user"),
        ("user_permissions", "get_user_permissions()", "user_permissions"),
        ("permiss", "get_user_permissions", "permiss"),
        ("get_user", "getUserName", "getUser"), ("getUser", "get_user_name", "get_user"),
        ("getUser", "get user", "get user"),
        ("user", "getUserName", "User"), ("UserName", "getUserName", "UserName"), ("http", "parseHTTPServer", "HTTP"),
        ("server", "parseHTTPServer", "Server"), ("HTTPServer", "parse_http_server", "http_server"),
        ("getuser", "getUserName", "getUser"), ("get_user", "getuser", None), ("ser", "getUser", None),
        ("getuser", "myGetUser", None), ("new", "someNEwks", None),
        ("user get", "getUser getName", None), ("name get", "getName xGetY", None), ("token", "oauth2Token", "Token"),
        ("openai.chat.create", "import openai.chat.create", "openai.chat.create"),
        ("chat.cre", "openai.chat.create", "chat.cre"),
        ("tests/unit/a.py", "in tests/unit/a.py:", "tests/unit/a.py"), ("C:\\temp", "open C:\\temp\\x", "C:\\temp"),
        ("x=1", "let x = 1;", "x = 1"), ("--flag", "with --flag on", "flag"), ("!!!", "!!!", None), ("_", "_", None),
        ("the weather in", "The weather, in Paris", "The weather, in"), ("weather the", "the weather", None),
        ("the" + " " * 50 + "end", "the" + "." * 90 + "end", "the" + "." * 90 + "end"),
        ("weath", "weather", "weath"), ("eather", "weather", None), ("a", "a b", "a"), ("a", "ab", None),
        ("x", "getX now", "X"),
        ("cafe", "un café noir", "café"), ("café", "un cafe", "cafe"), ("cafés", "deux cafe\u0301s", "cafe\u0301s"),
        ("cafe\u0301", "un café", "café"), ("NAÏVE", "naive", "naive"), ("Ärger", "arger", "arger"),
        ("übercool", "ÜberCool", "ÜberCool"), ("cool", "ÜberCool", "Cool"), ("καλημέρα", "Καλημερα", "Καλημερα"),
        ("σας", "ΣΑΣ", "ΣΑΣ"), ("привет", "ПРИВЕТ мир", "ПРИВЕТ"), ("иога", "йога", "йога"),
        ("strasse", "Straße", None),
        ("isik", "ışık", "ışık"), ("exam", "ex\u00adam", "ex\u00adam"), ("ｇｐｔ", "GPT", "GPT"),
        ("天", "今天天气", "天天"), ("天气", "今天天气很好", "天气"), ("气天", "今天天气", None),
        ("GPT模型", "使用GPT模型", "GPT模型"),
        ("模型", "使用GPT模型", "模型"), ("GPT", "使用GPT模型", "GPT"), ("人々", "昔の人々は", "人々"),
        ("天 气", "今天气天", "天气天"),
        ("東京タワー", "昨日東京タワーへ行った", "東京タワー"), ("タワ", "東京タワー", "タワ"), ("か", "が", None),
        ("ไทย", "ภาษาไทย", "ไทย"),
        ("มา", "ม้า", None), ("ม้า", "ขี่ม้าไป", "ม้า"), ("ภาษา", "ภาษาไทย", "ภาษา"), ("𠮷野", "𠮷野家", "𠮷野"),
        ("모델", "모델을 쓴다", "모델"), ("한국", "하늘", None), ("언어 모델", "언어 모델은", "언어 모델"),
        ("हिन्दी", "मैं हिन्दी बोलता", "हिन्दी"), ("مرحبا", "قال مرحبا بك", "مرحبا"),
        ("محمد", "مُحَمَّد", "مُحَمَّد"),
        ("שלום", "אמר שָׁלוֹם", "שָׁלוֹם"), ("🎉", "well done🎉!", "🎉"), ("👍", "👍🏽 ok", "👍"),
        ("❤️", "I ❤ it", "❤"),
        ("🎉🎉", "🎉 🎉", None), ("done 🎉", "well 🎉 done", "🎉 done"), ("€", "5 €", "€"), ("→", "a → b", "→"),
        ("a b", "a 中 b", None), ("hello مرحبا", "hello, مرحبا", "hello, مرحبا"), ("x" * 81, "x" * 90, "x" * 81),
        ("tail", "a" * 80 + "Tail", None), ("tail", "a" * 76 + "Tail", "Tail"), ("½", "½", "½"),
    ],
)  # fmt: skip
def test_what_is_found_and_marked(query: str, text: str, marked: str | None) -> None:
    assert _finds(query, text) == (marked is not None)
    found = _marked(query, text)
    assert found == ([] if marked is None else [marked]) or sorted(found) == sorted(marked.split() if marked else [])


_ATOMS = [
    *["get", "User", "user", "Name", "a", "aa", "A", "B", "HTTP", "x", "00", "2", "é", "É", "e\u0301", "ß", "İ", "ı"],
    *["ς", "Σ", "中", "国", "々", "ม้", "า", "カ", "ｶ", "한", "국", "하", "م", "ُ", "ש", "ह", "ि", "🎉", "👍🏽", "→"],
    *["½", "①", "ﬁ", "Ａ", "Ⅷ", " ", " ", " ", "_", ".", "-", "\n", '"', "*", "\0", "\u00ad", "\u200d", "\ue000"],
    *["\ue001", "\U0001f3fb", "ᾈ", "ǆ", "𝒜", "a" * 78, "aB" * 20, "ᏸ", "𞤀", "İx", "ﷺ", "₂", "³", "ŉ", "\u0345", "ǅ"],
]
_TEXTS = st.lists(st.sampled_from(_ATOMS), max_size=12).map("".join)


@examples(600)
@given(_TEXTS, _TEXTS | st.text(max_size=8))
@example("aA", "a_a")
def test_a_text_is_marked_exactly_when_the_full_text_finds_it(query: str, text: str) -> None:
    assert bool(_marked(query, text)) == _finds(query, text)


@examples(300)
@given(_TEXTS, st.lists(st.sampled_from(["weather", "get_user", "今天", "모델", "🎉", "naïve"]), min_size=1))
def test_whoever_copies_words_of_a_text_finds_it(around: str, copied: list[str]) -> None:
    query = " ".join(copied)
    text = f"{around} {query} {around}"
    assert _finds(query, text)
    assert any(stretch in query or query in stretch for stretch in _marked(query, text))


def test_short_words_over_all_texts_that_are_as_short() -> None:
    """Every text of four characters, every query of three."""
    texts = ["".join(letters) for letters in product("aB_ 中", repeat=4)]
    queries = ["".join(letters) for letters in product("aB_中", repeat=3)]
    for query in queries[::3]:
        for text in texts[::7]:
            assert bool(_marked(query, text)) == _finds(query, text), (query, text)


@pytest.mark.long
@pytest.mark.parametrize("text", ["a", "a_", "A", "aA", "aé", "aAé", "中", "🎉", "a\u0301", "_", "ab " * 30])
def test_hostile_texts_take_a_moment(text: str) -> None:
    """The square of so much would take an hour."""
    long = text * (200_000 // len(text))
    for query in ("a", "a_a_a_a_b", "getUser"):
        made = marker([Wanted(query, None)])
        assert made is not None
        made.spans(long)
    assert len(inner(long)) + len(words(long)) < 20 * len(long)


def test_stretches_do_not_touch_and_stay_within(tmp_path: Path) -> None:
    made = marker([Wanted("a b", None), Wanted("b", None), Wanted("b c", None)])
    assert made is not None
    assert made.spans("a b c, b") == [(0, 5), (7, 8)]


def test_a_place_narrows_what_is_marked() -> None:
    known = search.read("in:call city in:reply sunny any")
    made = known.marker
    assert made is not None
    text = "city sunny any"
    assert [text[a:b] for a, b in made.spans(text, "call")] == ["city"]
    assert [text[a:b] for a, b in made.spans(text, "reply")] == ["sunny", "any"]
    assert [text[a:b] for a, b in made.spans(text, "user")] == []
    assert [text[a:b] for a, b in made.spans(text)] == ["city sunny any"] or made.spans(text)


def test_what_is_excluded_is_not_marked() -> None:
    assert search.read("-secret -(a b)").marker is None
    made = search.read("plain -secret").marker
    assert made is not None
    assert made.spans("plain secret") == [(0, 5)]


def test_the_index_finds_what_these_words_find(tmp_path: Path) -> None:
    """The texts above, through files and the index."""
    said = ["getUserName", "use exp_00 now", "今天天气很好", "well done🎉", "cafe\u0301s", "ภาษาไทย", "모델을"]
    for number, text in enumerate(said):
        put(tmp_path / f"{number}.json", chat(text, "x"))
    shelf = library(tmp_path)
    shelf.refresh()
    with closing(shelf.index):
        for query in ("user", "exp_00", "天气", "🎉", "cafés", "ไทย", "모델", "now", "y"):
            found = {int(row.path[0]) for row in shelf.index.rows(search.where(f'"{query}"'))}
            assert found == {number for number, text in enumerate(said) if _finds(query, text)}
            assert found or query == "y"
