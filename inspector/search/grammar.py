"""The query language's grammar: what a person types, as a tree, and back.

::

    query  = all { "OR" all }            all = part part …
    part   = ["-"] ( "(" query ")" | field ":" value | word | "phrase" )

``in:`` narrows the words after it to a place; at the end of a query or a parenthesis, those before it. ``sort:`` says
in which order, wherever it stands. A quote within a phrase is doubled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

_TOKEN = re.compile(
    r"(?P<open>-?\()|(?P<close>\))|(?P<minus>-)?(?:(?P<field>[A-Za-z_]+):(?!:|//))?"
    r'(?:"(?P<phrase>(?:[^"]|"")*)"?|(?P<word>[^\s"]*))'
)

MOST_CLAUSES = 40
LONGEST = 500
"""Characters of one clause. SQLite has limits too, and would fail at them."""

_LONGEST_QUERY = 2_000
_DEEPEST = 12


class QueryError(ValueError):
    """A query that means nothing, in words for the search field."""


class Clause(NamedTuple):
    """One word of a query. `field` is None for a bare word or phrase, which may be narrowed to a `place`."""

    field: str | None
    value: str
    place: str | None = None


class Not(NamedTuple):
    """What the inner part does not find."""

    inner: Node


class All(NamedTuple):
    """What every part finds."""

    of: tuple[Node, ...]


class Any(NamedTuple):
    """What any part finds."""

    of: tuple[Node, ...]


Node: TypeAlias = Clause | Not | All | Any

NOTHING = All(())


class _Token(NamedTuple):
    kind: str
    """``(``, ``)``, ``or`` or ``clause``."""
    negated: bool = False
    field: str | None = None
    value: str = ""


def parse(query: str) -> tuple[All, list[str]]:
    """The tree of a query, and the orders that it asks for. Raises `QueryError`."""
    if len(query) > _LONGEST_QUERY:
        raise QueryError(f"a query has at most {_LONGEST_QUERY:,} characters")
    tokens = list(_tokens(query.encode("utf-8", "replace").decode()))
    orders = [token for token in tokens if token.field == "sort"]
    tokens = [token for token in tokens if token.field != "sort"]
    if any(token.negated for token in orders):
        raise QueryError("sort: cannot be negated; sort:tokens-asc puts the smallest first")
    if sum(token.kind == "clause" for token in tokens) > MOST_CLAUSES:
        raise QueryError(f"a query has at most {MOST_CLAUSES} words")
    reader = _Reader(tokens)
    tree = reader.any(0)
    return _as_all(tree), [token.value for token in orders]


def _tokens(query: str) -> Iterable[_Token]:
    at = depth = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        token = _TOKEN.match(query, at)
        if token is None or token.end() == at:  # a lone quote
            at += 1
            continue
        at = token.end()
        if token["open"]:
            depth += 1
            yield _Token("(", token["open"].startswith("-"))
        elif token["close"]:
            depth -= 1
            yield _Token(")")
        else:
            word = token["word"] or ""
            if depth > 0:
                at -= len(word)
                word = word[: _closing(word)]
                at += len(word)
            yield from _worded(token, word)


def _closing(word: str) -> int:
    """Where a word ends within parentheses: at the first that closes none of its own."""
    own = 0
    for at, letter in enumerate(word):
        own += {"(": 1, ")": -1}.get(letter, 0)
        if own < 0:
            return at
    return len(word)


def _worded(token: re.Match[str], word: str) -> Iterable[_Token]:
    field, negated = token["field"], token["minus"] is not None
    if token["phrase"] is None and field is None and word in ("OR", "AND", "NOT"):
        yield _Token(word.lower())
        return
    value = token["phrase"].replace('""', '"') if token["phrase"] is not None else word
    if len(value) > LONGEST:
        raise QueryError(f"a word of over {LONGEST} characters finds nothing")
    if value:  # a field without one is still being typed
        yield _Token("clause", negated, field.lower() if field else None, value)


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def any(self, depth: int, place: str | None = None) -> Node:
        if depth > _DEEPEST:
            raise QueryError(f"parentheses go at most {_DEEPEST} deep")
        ways = [self._all(depth, place)]
        while self._peek() == "or":
            self._at += 1
            ways.append(self._all(depth, place))
        if self._peek() == ")" and not depth:
            raise QueryError("a parenthesis is closed that was never opened")
        if len(ways) > 1 and any(way == NOTHING for way in ways):
            raise QueryError("OR stands between two things")
        return any_of(ways)

    def _all(self, depth: int, place: str | None) -> Node:
        parts: list[Node] = []
        last = place
        """The place that has no words yet."""
        used = True
        while (kind := self._peek()) not in (None, ")", "or"):
            token = self._tokens[self._at]
            self._at += 1
            if kind == "and":
                continue
            negated = token.negated
            if kind == "not":
                negated, token = True, self._after_not()
            if token.field == "in":
                if negated:
                    raise QueryError(f"in: cannot be negated; write in:{token.value} -word")
                if not used:
                    raise QueryError(f"in:{last} goes with the words to look for there")
                last, used = token.value.lower(), False
                continue
            if token.kind == "(":
                part, used = self._group(depth, last), True
            else:
                is_word = token.field is None
                part = Clause(token.field, token.value, last if is_word else None)
                used = used or is_word
            parts.append(none_of(part) if negated else part)
        if not used:
            parts = self._narrowed(parts, last)
        return all_of(parts)

    def _narrowed(self, parts: list[Node], place: str | None) -> list[Node]:
        """``word in:call``: the place stands after its words."""
        narrow = [_placed(part, place) for part in parts]
        if narrow == parts:
            raise QueryError(f"in:{place} goes with the words to look for there")
        return narrow

    def _after_not(self) -> _Token:
        if self._peek() not in ("clause", "("):
            raise QueryError("NOT stands before something")
        self._at += 1
        return self._tokens[self._at - 1]

    def _group(self, depth: int, place: str | None) -> Node:
        inner = self.any(depth + 1, place)
        if self._peek() != ")":
            raise QueryError("a parenthesis is not closed")
        self._at += 1
        return inner

    def _peek(self) -> str | None:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else None


def _placed(part: Node, place: str | None) -> Node:
    match part:
        case Clause(None, value, None):
            return Clause(None, value, place)
        case Not(inner):
            return Not(_placed(inner, place))
        case All(of):
            return All(tuple(_placed(one, place) for one in of))
        case Any(of):
            return Any(tuple(_placed(one, place) for one in of))
        case _:
            return part


# ---------------------------------------------------------------- the shape of a tree


def all_of(parts: Iterable[Node]) -> Node:
    """All of some parts; parentheses that change nothing are gone."""
    flat = [one for part in parts for one in (part.of if isinstance(part, All) else (part,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(ways: Iterable[Node]) -> Node:
    """Any of some ways, of which there is one at least."""
    flat = [one for way in ways for one in (way.of if isinstance(way, Any) else (way,))]
    return flat[0] if len(flat) == 1 else Any(tuple(flat))


def none_of(part: Node) -> Node:
    """What does not meet a part; of nothing, nothing: somebody is still typing it."""
    if isinstance(part, Not):
        return part.inner
    return part if part == NOTHING else Not(part)


def _as_all(tree: Node) -> All:
    return tree if isinstance(tree, All) else All((tree,))


# ---------------------------------------------------------------- back to text


def changed(node: Node, change: Callable[[Clause], Node]) -> Node:
    """The tree with something else in the place of each clause."""
    match node:
        case Clause():
            return change(node)
        case Not(inner):
            return Not(changed(inner, change))
        case All(of):
            return All(tuple(changed(part, change) for part in of))
        case Any(of):
            return Any(tuple(changed(part, change) for part in of))


def write(node: Node) -> str:
    """The query that a tree is: `parse` gives the tree back, with what `in:` narrows last."""
    match node:
        case Clause(field, value, place):
            return _narrowing(place) + (f"{field}:" if field else "") + _quoted(value, bool(field))
        case Not(Clause(field, value, place)):
            return _narrowing(place) + "-" + write(Clause(field, value))
        case Not(inner):
            return f"-({write(inner)})"
        case All(of):
            return " ".join(f"({write(part)})" if isinstance(part, Any) else write(part) for part in _ordered(of))
        case Any(of):
            return " OR ".join(write(way) for way in of)


def _narrowing(place: str | None) -> str:
    return f"in:{place} " if place else ""


def _ordered(parts: Iterable[Node]) -> list[Node]:
    """Parts with those last that begin with ``in:``, which goes on to whatever follows."""
    return sorted(parts, key=lambda part: _is_placed(part.inner if isinstance(part, Not) else part))


def _is_placed(part: Node) -> bool:
    return isinstance(part, Clause) and part.place is not None


def quoted(value: str) -> str:
    """A field's value as it is written."""
    return _quoted(value, after_field=True)


def _quoted(value: str, after_field: bool) -> str:
    plain = re.fullmatch(r"[^\s\"()]+", value) and value not in ("OR", "AND", "NOT")
    if plain and not re.match(":|//" if after_field else r"-|[A-Za-z_]+:(?!:|//)", value):
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'
