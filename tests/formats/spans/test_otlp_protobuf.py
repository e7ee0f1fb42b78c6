"""OTLP as Protobuf: what the protocol's own library writes is read as its JSON is, and nothing else is taken for it."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import Parse
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from inspector import formats
from inspector.formats.reading.source import Source
from inspector.formats.spans import otlp_protobuf, protobuf_wire
from inspector.model import Exchange
from tests.making import SAMPLES, examples

COLLECTOR = SAMPLES / "other" / "otlp" / "collector.jsonl"
CONVENTIONS = SAMPLES / "other" / "otlp" / "conventions.json"


def message(document: dict[str, Any]) -> bytes:
    """An export as Protobuf, whose JSON has ids in base64."""
    spans = (
        span for resource in document["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]
    )
    for span in spans:
        for one in (span, *span.get("links", ())):
            for key, digits in (("traceId", 32), ("spanId", 16), ("parentSpanId", 16)):
                if key in one:
                    one[key] = b64encode(bytes.fromhex(one[key].rjust(digits, "0"))).decode()
    return Parse(json.dumps(document), ExportTraceServiceRequest()).SerializeToString()


def delimited(*messages: bytes) -> bytes:
    return b"".join(len(one).to_bytes(4, "big") + one for one in messages)


def read(data: bytes) -> formats.Recording:
    return formats.read(Source("spans", data))


def _said(exchange: Exchange) -> Exchange:
    return replace(exchange, raw=None, position=None)


def _lines() -> list[bytes]:
    return [line for line in COLLECTOR.read_bytes().splitlines() if line.strip()]


def test_what_the_collector_writes_is_read_as_its_json() -> None:
    recording = read(delimited(*(message(json.loads(line)) for line in _lines())))
    assert (recording.format, recording.broken) == ("otlp-protobuf", None)
    assert [*map(_said, recording.exchanges)] == [*map(_said, read(COLLECTOR.read_bytes()).exchanges)]


def test_the_body_of_an_export_is_read_as_its_json() -> None:
    recording = read(message(json.loads(CONVENTIONS.read_bytes())))
    assert (recording.format, recording.broken) == ("otlp-protobuf", None)
    assert [*map(_said, recording.exchanges)] == [*map(_said, read(CONVENTIONS.read_bytes()).exchanges)]


OF_PROFILES = ("string_value_strindex", "key_strindex")
"""Fields that only profiles have, whose texts stand in a table of their own."""


def _is_repeated(field: Any) -> bool:
    """Older versions of protobuf have a label for it, which newer ones warn of."""
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED


def test_the_tables_are_those_of_the_protocol() -> None:
    def check(fields: otlp_protobuf.Fields, known: Descriptor, seen: set[str]) -> None:
        if known.full_name in seen:
            return
        seen.add(known.full_name)
        for of in known.fields:
            if of.name in OF_PROFILES:
                continue
            field = fields[of.number]
            assert (field.name, field.is_list) == (of.json_name, _is_repeated(of)), known.full_name
            assert (field.message is None) is (of.message_type is None)
            if field.message is not None:
                check(field.message(), of.message_type, seen)

    seen: set[str] = set()
    check(otlp_protobuf._REQUEST, ExportTraceServiceRequest.DESCRIPTOR, seen)
    assert len(seen) > 10


def test_what_stops_in_the_middle_shows_what_stands_before() -> None:
    whole = delimited(*(message(json.loads(line)) for line in _lines()))
    known = [*map(_said, read(whole).exchanges)]
    cut = read(whole[:-30])
    assert cut.broken
    assert [one.request for one in cut.exchanges] == [one.request for one in known[: len(cut.exchanges)]]
    assert cut.exchanges


def test_an_export_that_is_none_is_said_in_its_place() -> None:
    first, *rest = (message(json.loads(line)) for line in _lines())
    recording = read(delimited(first, b"\x08\x01", *rest))
    assert len(recording.exchanges) == len(read(delimited(first, *rest)).exchanges) + 1
    assert "is of another type" in str([one.problems for one in recording.exchanges])


def test_a_file_of_many_exports_that_are_none_ends_early() -> None:
    """Each would be an exchange that could not be read, of five bytes."""
    recording = read(delimited(message(json.loads(_lines()[0])), *[b"\x07"] * 5_000))
    assert recording.truncated
    assert 0 < sum(bool(exchange.problems) for exchange in recording.exchanges) <= 100
    assert any(exchange.request.body for exchange in recording.exchanges)


def test_other_bytes_are_not_taken_for_spans() -> None:
    for other in (b"", b"\n", b"\n\n\n" + b"gen_ai.x" * 9, b"PAR1" + bytes(99), b"\x0a\x05\x12" + b"gen_ai." * 9):
        assert read(other).format is None, other


def test_what_is_nested_deep_or_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b""
    for _ in range(100):
        inner = b"\x0a" + _varint(len(deep)) + deep  # a list of one value …
        deep = b"\x2a" + _varint(len(inner)) + inner  # … that is a list
    with pytest.raises(protobuf_wire.NotProtobuf):
        protobuf_wire.Reader(deep).message(otlp_protobuf._ANY_VALUE, 0, len(deep))
    monkeypatch.setattr(protobuf_wire, "MAX_FIELDS", 10)
    many = b"\x1a\x00" * 11
    with pytest.raises(protobuf_wire.NotProtobuf):
        protobuf_wire.Reader(many).message(otlp_protobuf._SPAN_FIELDS, 0, len(many))


def _varint(number: int) -> bytes:
    low, high = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _varint(high) if high else bytes([low])


@examples(100)
@given(st.binary(max_size=60), st.sampled_from([otlp_protobuf._REQUEST, otlp_protobuf._SPAN_FIELDS]))
def test_any_bytes_are_read_or_refused(data: bytes, fields: otlp_protobuf.Fields) -> None:
    try:
        protobuf_wire.Reader(data).message(fields, 0, len(data))
    except protobuf_wire.NotProtobuf:
        return
