"""What texts rest on, compared. Other sources, or other words of them, are another answer; where in the text they are
cited, and by which of the addresses that servers make up, is noise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from urllib.parse import urlsplit

from inspector.analysis import normalize
from inspector.compare.difference import Difference, Side
from inspector.compare.values import ABSENT
from inspector.model import Citation, Message, Text

_REDIRECT = "grounding-api-redirect"
"""Addresses of Google's that lead on to a source, others with every answer: its title says which."""

_QUOTED = 200
"""Characters of a source's words that tell it from others."""

Sources = dict[tuple[str, ...], str]
"""What tells sources apart, each with its words for people, in the order of the text."""


def of_texts(before: Text, after: Text, place: str, side: Side) -> Iterator[Difference]:
    """How the sources of a text differ."""
    changes = changed_sources(before, after)
    for change in changes:
        was, now = (ABSENT if source is None else source for source in change)
        yield Difference(side, "citation", f"{place}-cited", "", was, now)
    if not changes and before.citations != after.citations:
        counts = len(before.citations), len(after.citations)
        yield Difference("noise", "citation", f"{place}-cited", "places", *counts)


def changed_sources(before: Text, after: Text) -> list[tuple[str | None, str | None]]:
    """The sources that went and those that came, beside each other; None where one has no other beside it."""
    old, new = sources(before.citations), sources(after.citations)
    gone = [words for key, words in old.items() if key not in new]
    come = [words for key, words in new.items() if key not in old]
    return list(zip_longest(gone, come))


def sources_of(message: Message) -> Sources:
    """The sources of all texts of a message."""
    return sources(one for part in message.parts if isinstance(part, Text) for one in part.citations)


def sources(citations: Iterable[Citation]) -> Sources:
    found: Sources = {}
    for one in citations:
        quote = " ".join((one.quote or "").split())[:_QUOTED]
        found.setdefault((one.title or "", _where(one.uri or ""), quote), _words(one, quote))
    return found


def _where(uri: str) -> str:
    """An address without its query, and without ids that programs make up."""
    if _REDIRECT in uri:
        return ""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return uri
    plain = f"{parts.netloc}{parts.path}".rstrip("/")
    return normalize.arguments(plain, plain, normalize.Seen({}, []))


def _words(one: Citation, quote: str) -> str:
    uri = "" if one.uri and _REDIRECT in one.uri else one.uri or ""
    name = f"{one.title} ({uri})" if one.title and uri and uri != one.title else one.title or uri
    return f"{name}: {quote}" if name and quote else name or quote or "a source without a name"
