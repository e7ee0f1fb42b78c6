"""Spans as the lines of a file of OTLP/JSON: on each an export that a collector takes as it is.

https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from inspector import DISTRIBUTION, __version__
from inspector.model import jsonio
from inspector.output.otlp.any_values import key_values
from inspector.output.otlp.genai_span import exchange_span
from inspector.output.otlp.span_times import span_times
from inspector.output.otlp.tool_spans import ToolSpans
from inspector.output.otlp.trace_ids import Traces
from inspector.output.shown_exchange import Shown

_MOST = 100
"""Spans of one line."""

_LONGEST = 1_000_000
"""Characters after which a line ends: what servers take at once is a few megabytes."""

_Of = tuple[str, dict[str, Any]]
"""The library that a span is of, and the span."""


def lines(shown: Iterable[Shown], *, blobs: bool = False) -> Iterator[str]:
    """Exchanges as lines of OTLP/JSON, each with its line break; the tests and sessions that they are of come last. No
    more of them is held than one line takes."""
    library, spans, size = "", list[str](), 0
    for of, span in _spans(shown, blobs):
        if spans and (of != library or len(spans) >= _MOST or size >= _LONGEST):
            yield _line(library, spans)
            spans, size = [], 0
        library = of
        spans.append(jsonio.dumps(span))
        size += len(spans[-1])
    if spans:
        yield _line(library, spans)


def _spans(shown: Iterable[Shown], blobs: bool) -> Iterator[_Of]:
    traces, tools = Traces(), ToolSpans()
    for (library, _), of_file in groupby(shown, lambda one: (one.library, one.place["recording"]["path"])):
        for one in of_file:
            ids, times = traces.ids(one), span_times(one.exchange, one.call, one.modified)
            traces.note(one, ids, times)
            tools.note(one.exchange, one.call, ids, times)
            yield library, exchange_span(one, ids, blobs=blobs)
        yield from ((library, span) for span in tools.found())
    yield from traces.wholes()


def _line(library: str, spans: list[str]) -> str:
    resource = jsonio.dumps({"attributes": key_values({"service.name": library, "inspector.version": __version__})})
    scope = jsonio.dumps({"name": DISTRIBUTION, "version": __version__})
    held = f'{{"scope":{scope},"spans":[{",".join(spans)}]}}'
    return f'{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{held}]}}]}}\n'
