from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inspector.formats.reading import yaml_pieces, yaml_text
from inspector.formats.reading.yaml_text import MAX_DEPTH, NotYaml

characters = st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029")  # line breaks to YAML
plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(characters) | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc é:-"), inner, max_size=4),
    max_leaves=20,
)


@given(plain_data)
def test_what_the_standard_dumper_writes_is_read_back(value: Any) -> None:
    assert yaml_text.documents(yaml.safe_dump(value, allow_unicode=True).encode()) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-1.5", -1.5),
        ("1.0e-05", 1e-05),
        ("true", True),
        ("{a: , b: 1}", {"a": None, "b": 1}),
        ("~", None),
        ("'12'", "12"),
        # what a version of YAML takes for something else stays as written
        ("on", "on"),
        ("No", "No"),
        ("12:30", "12:30"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("2025-10-09", "2025-10-09"),
        ("2025-10-09 20:00:00", "2025-10-09 20:00:00"),
        ("=", "="),
        (".nan", ".nan"),
        ("1" * 5000, "1" * 5000),
        # tags that do not fit
        ("!!int lamp", "lamp"),
        ("!!bool lamp", "lamp"),
        ("!!float inf", "inf"),
        ("!!timestamp lamp", "lamp"),
        ("!!float [1]", [1]),
        ("!!str {a: 1}", {"a": 1}),
        ("!!set {a, b}", {"a": None, "b": None}),
        # bytes
        ("!!binary bGFtcA==", b"lamp"),
        ("!binary |-\n  bGFt\n  cA==", b"lamp"),
        ("!!binary bGFtc", b"lam"),  # cut
        ("!!binary no base64!", "no base64!"),
        # Python's classes
        ("!!python/unicode lamp", "lamp"),
        ("!!python/tuple [1, 2]", [1, 2]),
        ("!!python/object/apply:multidict._multidict.istr [Accept]", "Accept"),
        ("!!python/object/new:_io.BytesIO {state: !!python/tuple [!!binary bGFtcA==, 0, {}]}", b"lamp"),
        ("!!python/object/apply:nothing.known []", []),
        ("!!python/object:vcr.request.Request {host: a, path: /b}", {"host": "a", "path": "/b"}),
        # Ruby's
        ("!ruby/object:VCR::ResponseStatus {code: 200}", {"code": 200}),
        ("!ruby/string:Safe {str: lamp}", "lamp"),
        ("!ruby/hash-with-ivars {elements: {a: 1}, ivars: {b: 2}}", {"a": 1}),
        ("!ruby/array:Lamps {internal: [1], ivars: {}}", [1]),
        ("!ruby/regexp /x/", "/x/"),
        # keys
        ("{1: a, null: b, true: c}", {"1": "a", "null": "b", "true": "c"}),
        ("? !!python/object/apply:istr [Accept]\n: a", {"Accept": "a"}),
        ("{[1]: 2, {a: 1}: 3}", {"[1]": 2, "{'a': 1}": 3}),
        ("{a: 1, a: 2}", {"a": 2}),
        # merging
        ("- &a {x: 1, y: 2}\n- {<<: *a, y: 3}", [{"x": 1, "y": 2}, {"x": 1, "y": 3}]),
        ("{<<: [{x: 1}, {x: 2, y: 2}], z: 3}", {"x": 1, "y": 2, "z": 3}),
        ("{<<: lamp}", {}),
    ],
)
def test_values(text: str, value: Any) -> None:
    (made,) = yaml_text.documents(f"{text}\n".encode())
    assert made == value
    assert type(made) is type(value)


def test_encodings() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert yaml_text.documents("lamp: é".encode(encoding)) == [{"lamp": "é"}]


def test_nothing_is_run(tmp_path: Path) -> None:
    file = tmp_path / "lit"
    for tag in ("!!python/object/apply:os.system", "!!python/object/new:os.system", "!!python/name:os.system"):
        yaml_text.documents(f'a: {tag} ["touch {file}"]'.encode())
    yaml_text.documents(f"a: !!python/object/apply:os.system {{args: ['touch {file}']}}".encode())
    yaml_text.documents(f"? !!python/object/apply:os.system ['touch {file}']\n: b".encode())
    assert not file.exists()


def doubled(line: str) -> bytes:
    return b"a0: &a0 [x, x]\n" + b"".join(line.format(now=now, last=now - 1).encode() for now in range(1, 60))


@pytest.mark.parametrize(
    "data",
    [
        doubled("a{now}: &a{now} [*a{last}, *a{last}]\n"),
        doubled("a{now}: &a{now} {{? [*a{last}] : *a{last}}}\n"),
        b"a0: &a0 {k: v}\n" + doubled("a{now}: &a{now} {{<<: [*a{last}, *a{last}], k{now}: 1}}\n")[15:],
        doubled("a{now}: &a{now} [*a{last}, *a{last}]\n").decode().encode("utf-16"),
        b"a: &a " + b"x" * 1_000_000 + b"\nb: [" + b"*a, " * 1000 + b"]",
        b"a0: &a0 [x]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (now, now, now - 1) for now in range(1, 1000)),
        b"&a [*a, *a]",
        b"\xef\xbb\xbf&a [*a, *a]",
        b"a: &a {b: *a}",
    ],
    ids=["lists", "keys", "merges", "utf-16", "long text", "chain", "loop", "loop after a mark", "loop of keys"],
)
def test_aliases_that_unfold_to_too_much(data: bytes) -> None:
    with pytest.raises(NotYaml, match="aliases unfold to too much"):
        yaml_text.documents(data)


def test_aliases_that_do_not() -> None:
    data = b"a: &a {b: 1}\nc: [" + b"*a, " * 1000 + b"]"
    assert yaml_text.documents(data) == [{"a": {"b": 1}, "c": [{"b": 1}] * 1000}]


DEEP = {
    "flow": "'a: ' + '[' * n",
    "closed": "'a: ' + '[' * n + ']' * n",
    "block": "'- ' * n + 'x'",
    "keys": "'? ' * n + 'x'",
    "maps": "'{a: ' * n",
    "tags": "'!a [' * n",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_depth_neither_ends_the_process_nor_hangs(text: str) -> None:
    """In a process of its own, because what it guards against is a crash."""
    code = f"""
from inspector.formats.reading import yaml_text
for n in ({MAX_DEPTH - 5}, {MAX_DEPTH + 5}, 1_500, 100_000):
    try:
        yaml_text.documents(({text}).encode())
        print("read")
    except yaml_text.NotYaml as error:
        print("too deep" if str(error) == "not read: nested more than {MAX_DEPTH} levels deep" else "not closed")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    within, *beyond = done.stdout.splitlines()
    assert within in ("read", "not closed")
    assert beyond == ["too deep"] * 3


@pytest.mark.parametrize(
    ("data", "why", "at_end"),
    [
        (b"a: b: c", r"not YAML: \w.* at line 1, column 5", True),
        (b"a: 'b\n\n", r"not YAML: \w.* at line 3, column 1", True),
        (b"a: \x07\n", r"not YAML: \w.*", False),
        (b"a: \xff\n", r"not YAML: \w.*", False),
        (b"a: b\n]\nc: d\n", r"not YAML: \w.* at line 2, column 1", False),
    ],
)
def test_what_is_no_yaml(data: bytes, why: str, at_end: bool) -> None:
    with pytest.raises(NotYaml) as error:
        yaml_text.documents(data)
    assert re.fullmatch(why, str(error.value))
    assert error.value.at_end == at_end


def test_items_of_a_list() -> None:
    text = "---\nx: 1\nlist:\n# all\n- a: 'b\n\n    - c'\n  d:\n  - e\n- f\n-\n  g\nversion: 1\n- h\n"
    assert list(yaml_pieces.items(text, "list")) == ["- a: 'b\n\n    - c'\n  d:\n  - e\n", "- f\n", "-\n  g\n", ""]
    assert list(yaml_pieces.items("  - a\n    - b\n  - c", "")) == ["  - a\n    - b\n", "  - c"]
    assert list(yaml_pieces.items("a: b\n- c", "")) == []
    assert list(yaml_pieces.items("- a\u2028- b\n- c\x07\n", "")) == ["- a\u2028- b\n", "- c\ufffd\n"]


def test_documents_on_their_own() -> None:
    assert list(yaml_pieces.split("---\na: 1\n--- # b\nb: |\n  ---\n  c\n---\n\n--- {d: e}")) == [
        "\na: 1\n",
        " # b\nb: |\n  ---\n  c\n",
        " {d: e}",
    ]


@pytest.mark.parametrize(
    ("piece", "value"),
    [
        ('a: "b', {"a": "b"}),
        ('a: "b\\', {"a": "b"}),
        ('a: "b\\u00', {"a": "b"}),
        ('a: "b\\\\', {"a": "b\\"}),
        ("a: 'b", {"a": "b"}),
        ("a: |\n  b\n  c", {"a": "b\nc"}),
        ("a: b\nc: [d, {e", {"a": "b"}),
        ("a: b\nc: [\n  d,\n  e", {"a": "b"}),
        ("a: b\n!!", {"a": "b"}),
        ("", None),
    ],
)
def test_what_the_end_of_the_file_cut(piece: str, value: Any) -> None:
    assert yaml_pieces.mended(piece) == value
