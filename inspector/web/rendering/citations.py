"""Citations of a text: numbered marks where the cited words end, and the sources that the numbers stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from inspector.model import Citation
from inspector.output.escape import visible
from inspector.web.rendering.highlighting import markdown_html

_CUT = 300
"""Characters of the cited words that a list of sources repeats."""

_OPEN, _SHUT = "\u2045\U0010f8e0", "\U0010f8e1\u2046"
"""What stands for a mark while Markdown is read: brackets of a kind that nobody writes. Markdown takes them for
punctuation, so that what ends before them still ends there."""

_PLACED = re.compile(f"{_OPEN}(\\d+){_SHUT}")
_TAG = re.compile(r"<[^<>]*>")
_LINK_END = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s[^()\n]*)?\)")


@dataclass(frozen=True, slots=True)
class Source:
    """What is cited, once. `words` are the stretches of the text that rest on it, `quotes` its own words."""

    number: int
    title: str
    address: str
    is_link: bool
    words: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    sources: tuple[Source, ...] = ()
    marks: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """Where in the text which sources are cited, in order."""


NOTHING_CITED = Cited()


def is_web(address: str) -> bool:
    """Whether an address is one that a page may link to."""
    return address.lower().startswith(("http://", "https://"))


def cited(text: str, citations: Sequence[Citation]) -> Cited:
    """The sources of a text in the order in which it cites them, and the places where it does."""
    if not citations:
        return NOTHING_CITED
    by_source: dict[tuple[str, str], list[Citation]] = {}
    for citation in sorted(citations, key=lambda one: _place(one, text)):
        by_source.setdefault(_key(citation), []).append(citation)
    marks: dict[int, dict[int, None]] = {}
    sources = []
    for number, (key, members) in enumerate(by_source.items(), 1):
        sources.append(_source(number, *key, text, members))
        for one in members:
            if one.end is not None and 0 < one.end <= len(text):
                marks.setdefault(_trimmed(text, one.end), {})[number] = None
    return Cited(tuple(sources), tuple((at, tuple(sorted(marks[at]))) for at in sorted(marks)))


def _place(citation: Citation, text: str) -> int:
    return len(text) + 1 if citation.end is None else citation.end


def _key(citation: Citation) -> tuple[str, str]:
    """Sources without an address or title are told apart by what they say."""
    uri, title = citation.uri or "", citation.title or ""
    return (uri, title) if uri or title else ("", (citation.quote or "")[:_CUT])


def _source(number: int, uri: str, title: str, text: str, members: list[Citation]) -> Source:
    words = (text[one.start : one.end] for one in members if one.start is not None and one.end is not None)
    said = dict.fromkeys(" ".join(word.split()) for word in words)
    return Source(
        number=number,
        title=title or _host(uri) or uri or "a source without a name",
        address=uri,
        is_link=is_web(uri),
        words=tuple(_short(word) for word in said if word and word != " ".join(text.split())),
        quotes=tuple(dict.fromkeys(one.quote for one in members if one.quote)),
    )


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).netloc if is_web(uri) else ""
    except ValueError:
        return ""


def _short(text: str) -> str:
    return text if len(text) <= _CUT else text[:_CUT] + "…"


def _trimmed(text: str, end: int) -> int:
    """Before the white space and the bars of a table that a stretch ends with."""
    stretch = text[:end].rstrip(" \t\r\n|")
    return len(stretch) or end


def plain_html(text: str, marks: Iterable[tuple[int, tuple[int, ...]]], anchor: str) -> Markup:
    """A text as it is, with its marks. The places of marks behind its end, where it is cut, are passed over."""
    pieces, begin = [], 0
    for at, numbers in marks:
        if at > len(text):
            break
        pieces += [escape(visible(text[begin:at])), _mark(numbers, anchor)]
        begin = at
    return Markup("").join([*pieces, escape(visible(text[begin:]))])


def rendered(text: str, marks: Sequence[tuple[int, tuple[int, ...]]], anchor: str) -> Markup:
    """A text as Markdown, with its marks.

    The marks stand in the text while it is read. Where they would change what it says, in an address or a fence of
    code, it goes without them: the sources tell which words they are cited for.
    """
    if not marks or _OPEN in text or _SHUT in text:
        return markdown_html(text)
    without = markdown_html(text)
    html = markdown_html(_with_placeholders(text, marks))
    if _PLACED.sub("", html) != without or any(_PLACED.search(tag) for tag in _TAG.findall(html)):
        return without
    return Markup(_PLACED.sub(lambda found: _mark(marks[int(found[1])][1], anchor), html))  # noqa: S704  # see above


def _with_placeholders(text: str, marks: Sequence[tuple[int, tuple[int, ...]]]) -> str:
    links = [found.span() for found in _LINK_END.finditer(text)]
    places = sorted((_outside(at, links), index) for index, (at, _) in enumerate(marks))
    return "".join(_pieces(text, places))


def _pieces(text: str, places: Iterable[tuple[int, int]]) -> Iterator[str]:
    begin = 0
    for at, index in places:
        yield text[begin:at]
        yield f"{_OPEN}{index}{_SHUT}"
        begin = at
    yield text[begin:]


def _outside(at: int, links: Iterable[tuple[int, int]]) -> int:
    return next((end for start, end in links if start < at < end), at)


def _mark(numbers: Iterable[int], anchor: str) -> Markup:
    links = Markup("").join(
        Markup("<a href='#{}-s{}' title='source {}'>{}</a>").format(anchor, number, number, number)
        for number in numbers
    )
    return Markup("<sup class='cite'>{}</sup>").format(links)
