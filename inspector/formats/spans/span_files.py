"""Files of spans, whoever wrote them: one document, or one of them a line; and the exchanges that their spans are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

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


def exchanges(source: Source, of_document: OfDocument) -> Iterator[Exchange]:
    """The exchanges of a file. All of it is read at once, because what a span repeats of those within it is only seen
    beside them. Entries are numbered by the spans of the file, so that they keep their numbers while it grows."""
    found: list[Span | Exchange] = []
    cut: CutShort | None = None
    value = source.json.value
    if value is not None:
        found += of_document(value)
    else:
        cut = _lines(source, found, of_document)
    yield from _exchanges(found, source.json.problems)
    if cut is not None:
        raise cut


def _lines(source: Source, found: list[Span | Exchange], of_document: OfDocument) -> CutShort | None:
    """The spans of every line, and the lines that hold none that can be read; and where the last one stops, whose spans
    count but for the one that it stops in."""
    for number, data in enumerate(filter(bytes.strip, source.data.splitlines(keepends=True))):
        line = Line(number, 0, data, data.endswith(b"\n"))
        try:
            found += of_document(loads(data))
        except NotJson as error:
            if cut := stopped(line, error):
                found += [*of_document(salvage(data))][:-1]
                return cut
            found.append(unreadable(number, error, data.decode("utf-8", "replace"), line))
    return None


def _exchanges(found: list[Span | Exchange], repaired: tuple[Problem, ...]) -> Iterator[Exchange]:
    spans = [one for one in found if isinstance(one, Span)]
    shown, others = told_apart(spans)
    is_shown = iter(shown)
    numbered = [(number, one) for number, one in enumerate(found) if not isinstance(one, Span) or next(is_shown)]
    of_spans = [(one, _exchange(number, one)) for number, one in numbered if isinstance(one, Span)]
    lines = [replace(one, entry=number, position=None) for number, one in numbered if isinstance(one, Exchange)]
    made = sorted([*linked(spans, of_spans), *lines], key=lambda exchange: exchange.entry)
    noted = (*repaired, *others)
    if made and noted:
        made[0] = replace(made[0], problems=(*noted, *made[0].problems))
    yield from made


def _exchange(number: int, span: Span) -> Exchange:
    try:
        return span_exchange.exchange(number, span)
    except Exception as error:  # what is wrong with one costs the others nothing
        raw: Json = span.raw
        return unreadable(number, error, raw)
