"""Files of OTLP as Protobuf (https://github.com/open-telemetry/opentelemetry-proto): the body of an export, or what the
collector's file exporter writes with ``format: proto``, each export after its length in four bytes.

https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/fileexporter
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inspector.formats.reading.entries import unreadable
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.spans.protobuf_wire import Field, NotProtobuf, Reader, base64, double, signed, text
from inspector.formats.spans.span import Span, of_document
from inspector.formats.spans.span_files import of_spans
from inspector.model import Exchange
from inspector.model.expressions import expression

NAME = "otlp-protobuf"
FILES = "the same as Protobuf: `*.pb`, `*.binpb`, what the collector's file exporter writes with `format: proto`"

_EXPORT = rb"\x0a[\x80-\xff]{0,4}[\x00-\x7f][\x0a\x12]"
_BEGIN = expression(rb"(?s:(?P<length>[\x00-\x09].{3})?" + _EXPORT + rb")")
_SPAN = expression(rb"(?s:\x0a\x10.{16}\x12\x08)")
"""A trace's id of 16 bytes, and a span's of 8."""

_OF_MODELS = expression(
    rb"gen_ai\.|llm\.|ai\.(?:operationId|prompt|model)|openinference\.|traceloop\.|request_data\x12"
)
_LENGTH = 4
_MOST_BAD = 100
"""Exports of a file that cannot be read before the rest of it is given up: each takes but five bytes."""


def sniff(source: Source) -> bool:
    if _BEGIN.match(source.head) is None or _SPAN.search(source.head) is None:
        return False
    return _OF_MODELS.search(source.head) is not None or _OF_MODELS.search(source.data) is not None


def read(source: Source) -> Iterator[Exchange]:
    found: list[Span | Exchange] = []
    reader, cut, bad = Reader(source.data), 0, 0
    for number, export in enumerate(_exports(source.data)):
        try:
            spans = [*of_document(reader.message(_REQUEST, export.begin, export.end))]
        except NotProtobuf as error:
            found.append(unreadable(len(found), error, f"export {number + 1}"))
            bad += 1
            if bad < _MOST_BAD:
                continue
            yield from of_spans(found)
            raise CutShort(f"not read behind export {number + 1:,}: {bad} of them are no exports") from None
        cut = number + 1 if reader.is_cut or export.end - export.begin < export.length else 0
        found += spans[:-1] if cut else spans
    yield from of_spans(found)
    if cut:
        raise CutShort(f"export {cut:,} stops in the middle")


class _Export(NamedTuple):
    """Where an export lies, and how long it says that it is."""

    begin: int
    end: int
    length: int = 0


def _exports(data: bytes) -> Iterator[_Export]:
    begin = _BEGIN.match(data)
    if begin is None or begin["length"] is None:
        yield _Export(0, len(data))
        return
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + _LENGTH], "big")
        yield _Export(at + _LENGTH, min(at + _LENGTH + length, len(data)), length)
        at += _LENGTH + length


# ---------------------------------------------------------------- opentelemetry/proto/*/v1/*.proto

Fields = Mapping[int, Field]


def _held(name: str, message: Fields, *, is_list: bool = False) -> Field:
    return Field(name, message=lambda: message, is_list=is_list)


_ANY_VALUE: Fields = {
    1: Field("stringValue", text),
    2: Field("boolValue", bool),
    3: Field("intValue", signed),
    4: Field("doubleValue", double),
    5: Field("arrayValue", message=lambda: _ARRAY),
    6: Field("kvlistValue", message=lambda: _KEY_VALUES),
    7: Field("bytesValue", base64),
}
_KEY_VALUE: Fields = {1: Field("key", text), 2: _held("value", _ANY_VALUE)}
_ARRAY: Fields = {1: _held("values", _ANY_VALUE, is_list=True)}
_KEY_VALUES: Fields = {1: _held("values", _KEY_VALUE, is_list=True)}
_ATTRIBUTES = _held("attributes", _KEY_VALUE, is_list=True)
_EVENT: Fields = {
    1: Field("timeUnixNano", int),
    2: Field("name", text),
    3: _ATTRIBUTES,
    4: Field("droppedAttributesCount", int),
}
_LINK: Fields = {
    1: Field("traceId", bytes.hex),
    2: Field("spanId", bytes.hex),
    3: Field("traceState", text),
    4: _ATTRIBUTES,
    5: Field("droppedAttributesCount", int),
    6: Field("flags", int),
}
_SPAN_FIELDS: Fields = {
    1: Field("traceId", bytes.hex),
    2: Field("spanId", bytes.hex),
    3: Field("traceState", text),
    4: Field("parentSpanId", bytes.hex),
    5: Field("name", text),
    6: Field("kind", int),
    7: Field("startTimeUnixNano", int),
    8: Field("endTimeUnixNano", int),
    9: _ATTRIBUTES,
    10: Field("droppedAttributesCount", int),
    11: _held("events", _EVENT, is_list=True),
    12: Field("droppedEventsCount", int),
    13: _held("links", _LINK, is_list=True),
    14: Field("droppedLinksCount", int),
    15: _held("status", {2: Field("message", text), 3: Field("code", int)}),
    16: Field("flags", int),
}
_SCOPE: Fields = {
    1: Field("name", text),
    2: Field("version", text),
    3: _ATTRIBUTES,
    4: Field("droppedAttributesCount", int),
}
_SCOPE_SPANS: Fields = {
    1: _held("scope", _SCOPE),
    2: _held("spans", _SPAN_FIELDS, is_list=True),
    3: Field("schemaUrl", text),
}
_ENTITY: Fields = {
    1: Field("schemaUrl", text),
    2: Field("type", text),
    3: Field("idKeys", text, is_list=True),
    4: Field("descriptionKeys", text, is_list=True),
}
_RESOURCE: Fields = {
    1: _ATTRIBUTES,
    2: Field("droppedAttributesCount", int),
    3: _held("entityRefs", _ENTITY, is_list=True),
}
_RESOURCE_SPANS: Fields = {
    1: _held("resource", _RESOURCE),
    2: _held("scopeSpans", _SCOPE_SPANS, is_list=True),
    3: Field("schemaUrl", text),
}
_REQUEST: Fields = {1: _held("resourceSpans", _RESOURCE_SPANS, is_list=True)}
