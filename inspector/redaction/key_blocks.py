"""Private keys in their armour: PEM (RFC 7468) and OpenPGP (RFC 9580, section 6.2).

A text that only names the armour's first line holds no key: what counts is that lines of a key follow it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from inspector.model.expressions import expression

BEGINS = "-----BEGIN "

_HEAD = expression(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_TAIL = expression(r"-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_BREAK = r"(?:\s|\\+[nrt])"
"""A break between lines; also as the escape that it is inside JSON."""

_ABOUT = rf"(?:[A-Z][A-Za-z-]{{1,40}}: [^\n\\]{{0,200}}{_BREAK}+)"
"""A header line of the armour: ``Proc-Type: 4,ENCRYPTED``, ``Version: …``."""

_LINE = "[A-Za-z0-9+/=_-]"
_MATERIAL = expression(
    rf"{_BREAK}++{_ABOUT}{{0,8}}+{_BREAK}*+(?={_LINE}{{8}})(?={_LINE}{{16}}|{_LINE}++(?:\r?\n|\\+[nr]|\Z))"
)
_REST = expression(rf"{_LINE}{{8,}}+(?:{_BREAK}++{_LINE}{{16,}}+)*+(?:{_BREAK}++{_LINE}++\Z)?")


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where private keys stand with their armour; one without its end goes as far as its lines do."""
    tails = list(_TAIL.finditer(text))
    starts = [tail.start() for tail in tails]
    heads = list(_HEAD.finditer(text))
    for number, head in enumerate(heads):
        inside = _MATERIAL.match(text, head.end())
        if inside is None:
            continue
        after = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        at = bisect_left(starts, head.end())
        if at < len(tails) and starts[at] <= after:
            yield head.start(), tails[at].end()
        else:
            yield head.start(), _REST.match(text, inside.end(), after).end()  # type: ignore[union-attr]
