from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.model import jsonio
from inspector.model.jsonio import NotJson, dumps, load, loads, parse_or_none, salvage

SAMPLE = (
    '{"a": [1, -2.5e+3, true, null, {"b": "x\\\\u00 \\"q\\" \\u00e9 \\ud83d\\ude00 é 😀\\n"}], "c\\\\": false,'
    ' "d": "\\\\", "e": {}, "f": [[]], "z": 12}'
)
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]


@pytest.fixture
def deep_stack() -> Iterator[None]:
    """The recursion limit that every process of the program sets."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(jsonio.RECURSION_LIMIT)
    yield
    sys.setrecursionlimit(before)


def is_prefix(part: object, whole: object) -> bool:
    """Whether a value is what a value begins with, in the order in which it is written."""
    if isinstance(part, str) and isinstance(whole, str):
        return whole.startswith(part)
    if isinstance(part, dict) and isinstance(whole, dict):
        names = list(part)
        return names == list(whole)[: len(names)] and is_prefix(list(part.values()), list(whole.values()))
    if isinstance(part, list) and isinstance(whole, list):
        if not part:
            return True
        *head, last = part
        return head == whole[: len(head)] and len(part) <= len(whole) and is_prefix(last, whole[len(head)])
    return type(part) is type(whole) and part == whole


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_byte_order_marks(encoding: str) -> None:
    assert load(SAMPLE.encode(encoding)) == (loads(SAMPLE), ())


def test_text_with_a_byte_order_mark() -> None:
    assert loads("\ufeff[1]") == [1]


def test_nan_and_infinity() -> None:
    not_a_number, infinity, minus = loads(b"[NaN, Infinity, -Infinity]")
    assert not_a_number != not_a_number
    assert (infinity, minus) == (float("inf"), float("-inf"))


def test_lone_surrogates_are_replaced_and_said() -> None:
    value, notes = load(rb'{"\udc00": ["\ud83d", "\\ud83d", "\ud83d\ude00", "\ud83d\ud83d\ude00"]}')
    assert value == {"\ufffd": ["\ufffd", r"\ud83d", "😀", "\ufffd😀"]}
    assert "surrogates" in notes[0]


def test_lone_surrogates_in_text() -> None:
    assert load('["\ud800"]').value == ["\ufffd"]


def test_lone_surrogates_deep_down(deep_stack: None) -> None:
    value, notes = load("[" * 1000 + r'"\ud83d"' + "]" * 1000)
    for _ in range(1000):
        [value] = value
    assert (value, len(notes)) == ("\ufffd", 1)


def test_bytes_that_are_not_utf8_are_replaced_and_said() -> None:
    assert load(b'["a\xffb"]') == (["a\ufffdb"], ("byte 3 is not UTF-8; replaced by U+FFFD",))
    assert load(b'\xef\xbb\xbf["\xff"]') == (["\ufffd"], ("byte 5 is not UTF-8; replaced by U+FFFD",))


def test_both_replacements_are_said() -> None:
    assert len(load(b'["\xff\\ud800"]').notes) == 2


@pytest.mark.parametrize("text", ["", " \n", b"", b"\xef\xbb\xbf"])
def test_empty(text: str | bytes) -> None:
    with pytest.raises(NotJson, match="empty") as caught:
        loads(text)
    assert caught.value.truncated
    assert salvage(text) is None


@pytest.mark.parametrize("text", ["[1] x", "{'a': 1}", "nope", "[1,,2]", "\x00", '["a" "b"]', "[1.x]", "}"])
def test_what_is_not_json_is_not_truncated(text: str) -> None:
    with pytest.raises(NotJson, match="not JSON") as caught:
        loads(text)
    assert not caught.value.truncated


def test_huge_integers() -> None:
    assert loads("[NaN, " + "1" * 4000 + "]")[1] == int("1" * 4000)
    for digits in ("1" * 5000, "-" + "1" * 5000):
        value, notes = load(digits)
        assert value == float(digits[:1].strip("1") + "inf")
        assert "rounded" in notes[0]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_cut_anywhere(encoding: str) -> None:
    data, value = SAMPLE.encode(encoding), loads(SAMPLE)
    for end in range(len(data)):
        with pytest.raises(NotJson) as caught:
            loads(data[:end])
        if end >= 4:  # a byte order mark can be cut too
            assert caught.value.truncated, data[:end]
        kept = salvage(data[:end])
        assert kept is None or is_prefix(kept, value), data[:end]
    assert salvage(data) == value


def test_salvage_keeps_all_that_is_whole() -> None:
    assert salvage('{"a": "b", "c": ["d", 1, "e') == {"a": "b", "c": ["d", 1, "e"]}
    assert salvage('{"a": "b", "c": 12') == {"a": "b"}
    assert salvage('{"a": {"b"') == {"a": {}}
    assert salvage(r'["\\') == ["\\"]
    assert salvage(r'["\\"') == ["\\"]
    assert salvage(r'["a\ud83d\ude') == ["a"]
    assert salvage("tru") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON, st.booleans(), st.data())
def test_whatever_is_cut_gives_a_prefix(value: object, escaped: bool, data: st.DataObject) -> None:
    text = json.dumps([value], ensure_ascii=escaped)
    end = data.draw(st.integers(0, len(text.encode()) - 1))
    kept = salvage(text.encode()[:end])
    assert kept is None or is_prefix(kept, [value])


@given(st.binary() | st.text('[]{},:"\\u0d8e- .1tn\ufeff'))
def test_nothing_raises_but_not_json(data: bytes | str) -> None:
    salvage(data)
    with contextlib.suppress(NotJson):
        loads(data)


@given(JSON)
def test_there_and_back(value: object) -> None:
    assert loads(json.dumps(value)) == loads(json.dumps(value).encode("utf-16")) == value
    assert loads(dumps(value)) == loads(dumps(value, indent=True))


@pytest.mark.parametrize("depth", [200, 1000])
def test_deep_nesting_is_read(depth: int, deep_stack: None) -> None:
    for text in ("[" * depth + "]" * depth, "[" * depth + "NaN" + "]" * depth):
        assert isinstance(loads(text), list)
    with pytest.raises(NotJson) as caught:
        loads("[" * depth)
    assert caught.value.truncated
    assert dumps(salvage("[" * depth)) == "[" * depth + "]" * depth


@pytest.mark.parametrize("depth", [1025, 5000, 100_000])
def test_deeper_nesting_is_refused_with_its_reason(depth: int, deep_stack: None) -> None:
    for text in ("[" * depth + "]" * depth, '{"a":' * depth + "NaN" + "}" * depth):
        with pytest.raises(NotJson, match="levels deep"):
            loads(text)
        assert salvage(text) is None
    assert salvage("[" * depth) is None


@pytest.mark.parametrize("depth", [200, 1000, 100_000])
def test_depth_never_raises_anything_else_at_the_usual_limit(depth: int) -> None:
    for text in ("[" * depth, '[{"":' * depth, "[" * depth + r'"\ud800"' + "]" * depth):
        salvage(text)
        parse_or_none(text)


def test_dumps_writes_what_orjson_refuses() -> None:
    assert dumps({"a": 2**70, "b": "\ud800"}) == f'{{"a":{2**70},"b":"?"}}'
    assert dumps([1, {"é": None}], indent=True) == '[\n  1,\n  {\n    "é": null\n  }\n]'
