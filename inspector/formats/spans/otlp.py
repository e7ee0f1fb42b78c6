"""Files of OTLP/JSON (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/), as the collector's file
exporter writes them: one export a line, or one document. Of each trace the spans that say what a model was asked, or
what a tool did.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.formats.reading.source import Source
from inspector.formats.spans.span import of_document
from inspector.formats.spans.span_files import OF_MODELS, exchanges
from inspector.model import Exchange
from inspector.model.expressions import expression

NAME = "otlp"
FILES = "spans as OTLP/JSON, of any convention for generative AI: `*.json`, `*.jsonl` of the collector's file exporter"

_BEGIN = expression(rb'\s*\{\s*"resourceSpans"\s*:\s*\[')


def sniff(source: Source) -> bool:
    if _BEGIN.match(source.start_of_text) is None:
        return False
    return OF_MODELS.search(source.head) is not None or OF_MODELS.search(source.data) is not None


def read(source: Source) -> Iterator[Exchange]:
    return exchanges(source, of_document)
