"""Files of spans, whoever wrote them: one document, or one of them a line; and the exchanges that their spans are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from inspector.formats.reading.entries import stopped, unreadable
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.spans import span_exchange
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_kinds import told_apart
from inspector.formats.spans.span_links import linked
from inspector.model import Exchange, Json, Problem
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads, salvage

OF_MODELS = expression(
    rb'"(?:gen_ai\.|llm\.|ai\.(?:operationId|prompt|model)|openinference\.|traceloop\.|request_data")'
)
"""What attributes of spans are called that a model was asked in."""

OfDocument = Callable[[Json], Iterable[Span]]


class _Found(NamedTuple):
    """A span of a file, or a line that holds none that can be read; and its place, where it stands in a line."""

    one: Span | Exchange
    position: int | None = None


def exchanges(source: Source, of_document: OfDocument) -> Iterator[Exchange]:
    """The exchanges of a file. All of it is read at once, because what a span repeats of those within it is only seen
    beside them. Entries are numbered by the spans of the file, so that they keep their numbers while it grows. Nothing
    of a document that is broken.

    The position of a span is that of its line, and one more for itself and for each span before it there: so that one
    can be read without the others.
    """
    if source.lines.is_one:
        yield _alone(source, of_document)
        return
    found: list[_Found] = []
    cut: CutShort | None = None
    value = source.json.value
    if value is not None:
        found += map(_Found, of_document(value))
    elif not source.json.broken:
        cut = _lines(source, found, of_document)
    yield from (one for one in _exchanges(found, source.json.problems) if one.entry >= source.lines.start.number)
    if cut is not None:
        raise cut


def of_spans(found: Iterable[Span | Exchange]) -> Iterator[Exchange]:
    """The exchanges of spans that are all of a file; what could not be read of it stands among them."""
    return _exchanges([*map(_Found, found)], ())


def _alone(source: Source, of_document: OfDocument) -> Exchange:
    """The exchange of the span, or of the line, that a position leads to."""
    line, position = source.lines.around(), source.lines.start.position
    try:
        span = [*of_document(loads(line.data))][position - line.position - 1]
    except NotJson as error:
        return _unreadable(error, line, line.number)
    return replace(_exchange(line.number, span), position=position)


def _lines(source: Source, found: list[_Found], of_document: OfDocument) -> CutShort | None:
    """The spans of every line from the first on, and the lines that hold none that can be read; and where the last one
    stops, whose spans count but for the one that it stops in."""
    for line in source.lines.whole():
        try:
            spans = enumerate([*of_document(loads(line.data))], line.position + 1)
            end = line.position + len(line.data)
            found += (_Found(span, at if at < end else None) for at, span in spans)
        except NotJson as error:
            if cut := stopped(line, error):
                found += map(_Found, [*of_document(salvage(line.data))][:-1])
                return cut
            found.append(_Found(_unreadable(error, line, len(found)), line.position + 1))
    return None


def _unreadable(error: NotJson, line: Line, entry: int) -> Exchange:
    """A line that is no JSON, by its place in the file: its number is not known where it is read alone."""
    made = unreadable(entry, error, line.data.decode("utf-8", "replace"))
    problems = tuple(problem._replace(where=f"byte {line.position:,}") for problem in made.problems)
    return replace(made, position=line.position + 1, problems=problems)


def _exchanges(found: list[_Found], repaired: tuple[Problem, ...]) -> Iterator[Exchange]:
    spans = [one.one for one in found if isinstance(one.one, Span)]
    shown, others = told_apart(spans)
    is_shown = iter(shown)
    numbered = [(number, one) for number, one in enumerate(found) if not isinstance(one.one, Span) or next(is_shown)]
    titles = {
        span.trace: span.name
        for span, is_exchange in zip(spans, shown, strict=True)
        if not is_exchange and not span.parent
    }
    of_spans = [
        (one.one, _titled(replace(_exchange(number, one.one), position=one.position), titles))
        for number, one in numbered
        if isinstance(one.one, Span)
    ]
    lines = [replace(one.one, entry=number) for number, one in numbered if isinstance(one.one, Exchange)]
    made = sorted([*linked(spans, of_spans), *lines], key=lambda exchange: exchange.entry)
    noted = (*repaired, *others)
    if made and noted:  # alone, the span would not know them
        made[0] = replace(made[0], problems=(*noted, *made[0].problems), position=None)
    yield from made


def _titled(exchange: Exchange, titles: dict[str, str]) -> Exchange:
    """The exchange with the name of the span that its trace begins with, where the trace is its session."""
    title = titles.get(exchange.session or "")
    return replace(exchange, title=title) if title else exchange


def _exchange(number: int, span: Span) -> Exchange:
    try:
        return span_exchange.exchange(number, span)
    except Exception as error:  # what is wrong with one costs the others nothing
        raw: Json = span.raw
        return unreadable(number, error, raw)
