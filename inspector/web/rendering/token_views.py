"""A text token by token: each one shaded by how likely the model held it, with what it might have said instead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from inspector.model import Token
from inspector.output.escape import visible
from inspector.web.rendering.paging import stretch

FIRST = 400
"""Tokens of a text that a conversation shows."""

WINDOW = 2_000
"""Tokens on one page of a text that has a page of its own."""

OTHERS = 10
"""Alternatives of a token that are shown."""

STEPS = (
    (0.99, "≥ 99 %"),
    (0.9, "≥ 90 %"),
    (0.7, "≥ 70 %"),
    (0.5, "≥ 50 %"),
    (0.25, "≥ 25 %"),
    (0.1, "≥ 10 %"),
    (0.0, "< 10 %"),
)
"""The steps of the shading: the least probability of each, and its words."""


@dataclass(frozen=True, slots=True)
class TokensView:
    """A window of a text's tokens, from `begin` to before `end`."""

    html: Markup
    begin: int
    end: int
    total: int


def tokens_view(
    tokens: Sequence[Token], size: int = FIRST, begin: int | None = None, end: int | None = None
) -> TokensView:
    first, last = stretch(len(tokens), size, None, begin, end)
    return TokensView(Markup("").join(map(_token, tokens[first:last])), first, last, len(tokens))


def legend() -> list[tuple[int, str]]:
    """The steps of the shading by number, with their words."""
    return [(number, words) for number, (_, words) in enumerate(STEPS)]


def percent(logprob: float) -> str:
    """``93 %``, ``0.4 %``, ``< 0.1 %``."""
    share = _probability(logprob) * 100
    if share >= 99.95:
        return "100 %"
    if share >= 9.95:
        return f"{share:.0f} %" if share < 95 else f"{share:.1f} %"
    return f"{share:.1f} %" if share >= 0.1 else "< 0.1 %"


def _probability(logprob: float) -> float:
    return math.exp(min(logprob, 0.0)) if logprob == logprob else 0.0


def _step(logprob: float) -> int:
    probability = _probability(logprob)
    return next((number for number, (least, _) in enumerate(STEPS) if probability >= least), len(STEPS) - 1)


_TOKEN = Markup(
    "<span class='tok p{}' tabindex='0'><span class='tok-text'>{}</span>"
    "<span class='tip' role='tooltip'>{}</span></span>"
)
_OTHER = Markup("<span class='other {}'><span class='share'>{}</span> <code>{}</code></span>")


def _token(token: Token) -> Markup:
    said = visible(token.text).replace("\n", "↵\n")  # a line break is seen, and breaks the line
    likely = [pair for pair in token.others[:OTHERS] if pair[0] != token.text]
    ranked = sorted([(token.text, token.logprob), *likely], key=lambda pair: -_probability(pair[1]))
    rows = (_OTHER.format("chosen" if text == token.text else "", percent(p), _named(text)) for text, p in ranked)
    return _TOKEN.format(_step(token.logprob), said, Markup("").join(rows))


def _named(text: str) -> str:
    """A token on its own, with the white space that it consists of."""
    return visible(text).replace("\n", "↵").replace("\t", "⇥").replace(" ", "␣") or "(nothing)"
