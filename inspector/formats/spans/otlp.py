"""Files of OTLP/JSON (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/), as the collector's file
exporter writes them: one export a line, or one document. Of each trace the spans that say what a model was asked, or
what a tool did; of logs the events that do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from inspector.formats.reading.source import Source
from inspector.formats.spans import log_records, span
from inspector.formats.spans.span import Span
from inspector.formats.spans.span_files import OF_MODELS, exchanges
from inspector.model import Exchange, Json
from inspector.model.expressions import expression

NAME = "otlp"
FILES = (
    "spans, and events in logs, as OTLP/JSON, of any convention for generative AI: `*.json`, `*.jsonl` of the "
    "collector's file exporter"
)

_BEGIN = expression(rb'\s*\{\s*"resource(?:Spans|Logs)"\s*:\s*\[')


def sniff(source: Source) -> bool:
    if _BEGIN.match(source.start_of_text) is None:
        return False
    return OF_MODELS.search(source.head) is not None or OF_MODELS.search(source.data) is not None


def read(source: Source) -> Iterator[Exchange]:
    return exchanges(source, _of_document)


def _of_document(document: Json) -> Iterator[Span]:
    return chain(span.of_document(document), log_records.of_document(document))
