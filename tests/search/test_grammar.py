"""What a person types, as a tree, and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector import search
from inspector.analysis.search_text import TEXT_PLACES
from inspector.index import Index
from inspector.search.grammar import (
    LONGEST,
    MOST_CLAUSES,
    All,
    Any,
    Clause,
    Node,
    Not,
    QueryError,
    all_of,
    any_of,
    none_of,
    parse,
    write,
)

_VALUES = st.text(alphabet='ab:(")-*=é ORANDT_/\\中', min_size=1, max_size=8) | st.sampled_from(
    ["OR", "-a", "model:x", "in:call", "http://x", "a b", 'say "hi"', '"', "()", "f(x)", "a)", "sort:tokens"]
)
_PLACES = st.none() | st.sampled_from([*TEXT_PLACES])
_CLAUSES = st.builds(Clause, st.none(), _VALUES, _PLACES) | st.builds(
    Clause, st.sampled_from(["model", "tool", "is", "nonsense"]), _VALUES, st.none()
)
_TREES: st.SearchStrategy[Node] = st.recursive(
    _CLAUSES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(all_of),
        st.lists(inner, min_size=2, max_size=4).map(any_of),
        inner.map(none_of),
    ),
    max_leaves=10,
)

_TYPED = st.lists(
    st.sampled_from(
        [
            *[
                "(",
                ")",
                "-",
                "-(",
                '"',
                '""',
                " ",
                "\n",
                "OR",
                " OR ",
                "AND",
                "NOT ",
                "in:",
                "in:call ",
                "in:x",
                "sort:",
            ],
            *[
                "model:",
                "tokens:",
                ">",
                "..",
                "5k",
                "2d",
                "changed:",
                "a",
                "get_user",
                "中文",
                "é",
                "*",
                "=",
                ":",
                "\\",
            ],
            *[
                "\ud800",
                "\0",
                "is:odd ",
                "has:image ",
                "sort:tokens ",
                "9" * 15,
                "2026-11-01",
                "0001-01-01",
                "9999-12-31",
            ],
            *["status:", "4xx", "size:", "duration:", "🎉", "%", "_", "'", "2026-11", "T10:00", "1w"],
        ]
    ),
    max_size=25,
).map("".join)


_INDEX = Index(None)


@given(_TREES)
def test_what_is_written_is_read_back(tree: Node) -> None:
    read, orders = parse(write(tree))
    assert (_unordered(read), orders) == (_unordered(all_of([tree])), [])
    assert write(all_of([read])) == write(tree), "written once more it is the same"


@given(_TYPED)
@example('"')
@example("a\nb")
@example('tokens:"5\n"')
def test_whatever_is_typed_is_understood_or_said(query: str) -> None:
    try:
        known = search.read(query)
    except QueryError:
        return
    _INDEX.rows(known.where, limit=1)
    again = search.read(known.text)
    assert (_unordered(again.tree), again.order) == (_unordered(known.tree), known.order)
    assert again.text == known.text
    parts = [_unordered(part) for part in known.tree.of]
    for at, chip in enumerate(known.chips):
        rest = search.read(chip.without)
        kept = parts[:at] + parts[at + 1 :]
        assert sorted(map(repr, kept)) == sorted(repr(_unordered(part)) for part in rest.tree.of)
        assert rest.sort == (known.sort if at < len(parts) else "")


def _unordered(node: Node) -> object:
    """A tree without the order of its parts."""
    match node:
        case All(of) | Any(of) if isinstance(node, All) and len(of) == 1:
            return _unordered(of[0])
        case All(of):
            return "all", sorted(map(_unordered, of), key=repr)
        case Any(of):
            return "any", sorted(map(_unordered, of), key=repr)
        case Not(inner):
            return "not", _unordered(inner)
        case _:
            return node


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", ""), ("a b", "a b"), ("a  AND b", "a b"), ("a OR b", "a OR b"), ("a b OR c", "a b OR c"),
        ("a (b OR c)", "a (b OR c)"), ("(a (b c))", "a b c"), ("(a OR (b OR c))", "a OR b OR c"), ("()", ""),
        ("-()", ""),
        ("NOT a", "-a"), ("NOT (a b)", "-(a b)"), ("-(-a)", "a"), ("--a", '-"-a"'), ("(a)(b)", "a b"),
        ("get_user()", '"get_user()"'), ("(get_user() OR b)", '"get_user()" OR b'), ("(a b", QueryError),
        ("a)", '"a)"'), (")", QueryError), ("a OR", QueryError), ("OR a", QueryError), ("NOT", QueryError),
        ("a in:call", "in:call a"), ("in:call a b", "in:call a in:call b"),
        ("in:call (a OR b)", "in:call a OR in:call b"),
        ("(in:call a) b", "b in:call a"), ("in:call a (in:result b OR c)", "(in:result b OR in:call c) in:call a"),
        ("in:call", QueryError), ("in:call in:result a", QueryError), ("in:call model:x", QueryError),
        ("-in:call a", QueryError), ("in:nowhere a", QueryError), ("IN:Call a", "in:call a"),
        ("model:", ""), ("MODEL:x", "model:x"), ('model:"a b"', 'model:"a b"'), ('"a ""b"" c"', '"a ""b"" c"'),
        ('"unclosed phrase', '"unclosed phrase"'), ("http://x", "http://x"), ("a::b", "a::b"),
        ("-model:x", "-model:x"),
        ('"model:x"', '"model:x"'), ("sort:tokens a", "a sort:tokens"), ("(a sort:size)", "a sort:size"),
        ("sort:tokens sort:size", QueryError), ("-sort:tokens", QueryError), ("sort:x", QueryError),
        ("a or b", "a or b"), ('"OR"', '"OR"'), ("is:cut-off", 'is:"token limit"'), ("has:Tool-Call", "has:tool_call"),
    ],
)  # fmt: skip
def test_what_is_typed_and_how_it_is_best_written(typed: str, written: str | type[QueryError]) -> None:
    if isinstance(written, str):
        assert search.read(typed).text == written
    else:
        with pytest.raises(QueryError):
            search.read(typed)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("modle:x", "there is no field modle:; did you mean model:?"),
        ("is:isue", "is:isue is not known; did you mean issue?"),
        ("has:tool_cal", "has:tool_cal is not known; did you mean tool_call?"),
        ("in:reslt a", "in:reslt is not known; did you mean result?"),
        ("sort:token", "sort:token is not known; did you mean tokens?"),
        ("tokens:many", "tokens: many is no number here; write tokens:>10k"),
        ("tokens:>", "tokens: a number is missing; write tokens:>10k"),
        ("size:1..b", "size: b is no number here; write size:>1MB"),
        ("tokens:..", "tokens: .. is no range; write tokens:>10k"),
        ("changed:2026-13-01", "changed: 2026-13-01 is no date; write changed:2d"),
        ("changed:yesteryear", "changed: yesteryear is no number here; write changed:2d"),
        ("status:abc", "status: abc is no number here; write status:4xx"),
        ("(a", "a parenthesis is not closed"),
        ("a OR ", "OR stands between two things"),
        ("in:call model:x", "in:call goes with the words to look for there"),
    ],
)  # fmt: skip
def test_an_error_names_what_was_meant(query: str, said: str) -> None:
    with pytest.raises(QueryError) as caught:
        search.read(query)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    "query",
    [
        "a " * (MOST_CLAUSES + 1), "x" * (LONGEST + 1), "model:" + "*" * 60_000, "(" * 5_000, "(" * 13 + "a" + ")" * 13,
        ")" * 50_000, "(a)" * 20_000, "a OR " * 5_000 + "a", "-" * 5_000, '"' * 9_999, "in:" * 5_000, "NOT " * 2_500,
        "(" + "a(" * 4_000, "\ud800" * 60_000, "tokens:" + "9" * 400,
    ],
)  # fmt: skip
def test_what_sqlite_would_fail_at_is_said(query: str) -> None:
    try:
        search.where(query)
    except QueryError:
        return
    _INDEX.rows(search.where(query))
