"""The query language's grammar: what a person types, as a tree, and back.

::

    query  = all { "OR" all }            all = part part …
    part   = ["-"] ( "(" query ")" | field ":" value | word | "phrase" )

``in:`` narrows the words after it to a place; at the end of a query or a parenthesis, those before it. ``sort:`` says
in which order, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

_TOKEN = re.compile(
    r"(?P<open>-?\((?=\S|\s|$))|(?P<close>\))|(?P<minus>-)?(?:(?P<field>[A-Za-z_]+):(?![:/]))?"
    r'(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]*))'
)

MOST_CLAUSES = 40
LONGEST = 500
"""Characters of one clause. SQLite has limits too, and would fail at them."""

_DEEPEST = 12


class QueryError(ValueError):
    """A query that means nothing, in words for the search field."""


class Clause(NamedTuple):
    """One word of a query. `field` is None for a bare word or phrase, which may be narrowed to a `place`."""

    field: str | None
    value: str
    place: str | None = None


class Not(NamedTuple):
    inner: Node


class All(NamedTuple):
    of: tuple[Node, ...]


class Any(NamedTuple):
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
    tokens = list(_tokens(query.encode("utf-8", "replace").decode()))
    orders = [token for token in tokens if token.field == "sort"]
    tokens = [token for token in tokens if token.field != "sort"]
    if any(token.negated for token in orders):
        raise QueryError("sort: cannot be negated; sort:tokens-asc puts the smallest first")
    if sum(token.kind == "clause" for token in tokens) > MOST_CLAUSES:
        raise QueryError(f"a query has at most {MOST_CLAUSES} words")
    reader = _Reader(tokens)
    tree = reader.any(0)
    return (tree if isinstance(tree, All) else All((tree,))), [token.value for token in orders]


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
            closing = max(word.count(")") - word.count("("), 0) if word.endswith(")") else 0
            if closed := min(closing, depth, len(word) - len(word.rstrip(")"))):
                at -= closed
                word = word[:-closed]
            yield from _worded(token, word)


def _worded(token: re.Match[str], word: str) -> Iterable[_Token]:
    field, negated = token["field"], token["minus"] is not None
    if token["phrase"] is None and field is None and word in ("OR", "AND", "NOT"):
        yield _Token(word.lower())
        return
    value = token["phrase"] if token["phrase"] is not None else word
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
        return ways[0] if len(ways) == 1 else Any(tuple(ways))

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
                last, used = token.value.lower(), False
                continue
            if token.kind == "(":
                part, used = self._group(depth, last), True
            else:
                is_word = token.field is None
                part = Clause(token.field, token.value, last if is_word else None)
                used = used or is_word
            parts.append(Not(part) if negated else part)
        if not used:
            parts = self._narrowed(parts, last)
        return parts[0] if len(parts) == 1 and not isinstance(parts[0], Clause | Not) else All(tuple(parts))

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


def write(node: Node) -> str:
    """The query that a tree is: `parse` gives the tree back."""
    match node:
        case Clause(field, value, place):
            lead = f"{field}:" if field else f"in:{place} " if place else ""
            return lead + _quoted(value, bool(field))
        case Not(Clause(None, value, place)):
            return (f"in:{place} " if place else "") + f"-{_quoted(value, False)}"
        case Not(Clause() as inner):
            return f"-{write(inner)}"
        case Not(inner):
            return f"-({write(inner)})"
        case All(of):
            return " ".join(_grouped(part) for part in sorted(of, key=_is_placed))
        case Any(of):
            return " OR ".join(write(part) for part in of)


def _grouped(part: Node) -> str:
    return f"({write(part)})" if isinstance(part, Any | All) else write(part)


def _is_placed(part: Node) -> bool:
    """What is not narrowed stands before the first ``in:``."""
    match part:
        case Clause(place=place):
            return place is not None
        case Not(inner):
            return _is_placed(inner)
        case All(of) | Any(of):
            return any(_is_placed(one) for one in of)


def quoted(value: str) -> str:
    """A field's value as it is written."""
    return _quoted(value, after_field=True)


def _quoted(value: str, after_field: bool) -> str:
    plain = re.fullmatch(r"[^\s\"()]+", value) and value not in ("OR", "AND", "NOT")
    if plain and (after_field or not (value.startswith("-") or re.match(r"[A-Za-z_]+:(?![:/])", value))):
        return value
    return f'"{value}"'
