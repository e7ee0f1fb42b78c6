"""Why a test failed, beside the exchange that it ended with: the assertion, and what of it the reply holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from flask import Flask
from markupsafe import Markup

from inspector.index import Row
from inspector.testruns.last_run import LastRun
from inspector.testruns.node_id import parse
from inspector.web.exchange.search_marks import marked
from inspector.web.test_runs.results_view import last_exchange, outcome_of

_STRING = re.compile(r"""(?<!\w)(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")""")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t"}

_SHORTEST = 2
"""Characters of a string that is looked for in a reply,"""
_SHORTEST_PIECE = 6
"""and of what pytest leaves of a longer one on either side of an ellipsis."""

_MARK = "<mark class='asserted'>"


class Quoted(NamedTuple):
    """Finds strings, whatever case a text writes them in."""

    strings: tuple[str, ...]

    def spans(self, text: str, place: str | None = None, most: int = 100) -> list[tuple[int, int]]:
        longest_first = sorted(self.strings, key=len, reverse=True)
        found = re.finditer("|".join(map(re.escape, longest_first)), text, re.IGNORECASE) if longest_first else ()
        return [match.span() for _, match in zip(range(most), found, strict=False)]


@dataclass(frozen=True, slots=True)
class Failure:
    """`line` is the first one of what went wrong, `rest` those after it, `quoted` the strings that both quote."""

    name: str
    tested: LastRun
    line: str
    rest: str
    quoted: tuple[str, ...]


def init(app: Flask) -> None:
    app.jinja_env.globals |= {"asserted": asserted, "failure_of": failure_of}


def failure_of(row: Row) -> Failure | None:
    """Why a test failed that this exchange was the last of; None for every other exchange."""
    tested = outcome_of(row.group_kind, row.group_id, [row.path])
    if tested is None or not tested.is_failing or not tested.message or last_exchange(tested) != row.uid:
        return None
    line, _, rest = tested.message.partition("\n")
    return Failure(parse(tested.id).function, tested, line, rest, quoted(tested.message))


def asserted(html: Markup, strings: tuple[str, ...]) -> Markup:
    """A reply with the strings marked that an assertion quotes."""
    return marked(html, Quoted(strings), "", _MARK) if strings else html


def quoted(message: str) -> tuple[str, ...]:
    """The strings that a message of Python's or pytest's quotes."""
    found: dict[str, None] = {}
    for groups in _STRING.findall(message):
        text = _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), "".join(groups))
        pieces = text.split("...")
        shortest = _SHORTEST if len(pieces) == 1 else _SHORTEST_PIECE
        found |= {piece: None for piece in pieces if len(piece.strip()) >= shortest}
    return tuple(found)
