"""A span, from OTLP's JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from inspector.formats.reading import bodies, times
from inspector.model import Json

_VALUES = ("stringValue", "boolValue", "intValue", "doubleValue", "bytesValue")
_NANO = 10**9
FAILED = (2, "STATUS_CODE_ERROR", "ERROR", "Error")
_LONGEST = 25
"""Digits of a number that is kept as text."""


class SpanEvent(NamedTuple):
    """Something that happened within a span."""

    name: str
    attributes: dict[str, Json]


class Span(NamedTuple):
    """A span with its attributes under their dotted names. `scope` is what made it, with its version."""

    trace: str
    id: str
    parent: str
    name: str
    attributes: dict[str, Json]
    events: tuple[SpanEvent, ...]
    began: Json
    ended: Json
    failed: bool
    status: str
    """What its status says."""
    scope: str
    raw: dict[str, Any]
    known: Collection[str] = ()
    """Keys of `raw` that are read, beside those of all spans."""

    @property
    def is_log(self) -> bool:
        return self.attributes.get("logfire.span_type") == "log"

    @property
    def started_at(self) -> str | None:
        return times.moment(self.began / _NANO) if isinstance(self.began, int) and self.began > 0 else None

    @property
    def duration(self) -> float | None:
        """Seconds. Logfire notes the end of a stream as a log, which takes no time, and says in it how long it took."""
        if self.is_log:
            return bodies.seconds(self.attributes.get("duration"))
        began, ended = self.began, self.ended
        if not isinstance(began, int) or not isinstance(ended, int) or not 0 < began <= ended:
            return None
        return round((ended - began) / _NANO, 6)


def of_document(document: Json) -> Iterator[Span]:
    """The spans of one export, in its order. What is of another type than it should be holds none."""
    for resource in objects(bodies.obj(document).get("resourceSpans")):
        for held in objects(resource.get("scopeSpans") or resource.get("instrumentationLibrarySpans")):
            made_by = scope_name(held)
            for raw in objects(held.get("spans")):
                yield _span(raw, made_by)


def scope_name(held: dict[str, Any]) -> str:
    """What made some spans, with its version."""
    scope = bodies.obj(held.get("scope"))
    return " ".join(filter(None, (bodies.text(scope.get("name")), bodies.text(scope.get("version")))))


def objects(value: Json) -> Iterator[dict[str, Any]]:
    return (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))


def _span(raw: dict[str, Any], scope: str) -> Span:
    status = bodies.obj(raw.get("status"))
    return Span(
        trace=bodies.text(raw.get("traceId")),
        id=bodies.text(raw.get("spanId")),
        parent=bodies.text(raw.get("parentSpanId")),
        name=bodies.text(raw.get("name")),
        attributes=attributes(raw.get("attributes")),
        events=tuple(
            SpanEvent(bodies.text(one.get("name")), attributes(one.get("attributes")))
            for one in objects(raw.get("events"))
        ),
        began=whole(raw.get("startTimeUnixNano")),
        ended=whole(raw.get("endTimeUnixNano")),
        failed=status.get("code") in FAILED,
        status=bodies.text(status.get("message")),
        scope=scope,
        raw=raw,
    )


def attributes(kept: Json) -> dict[str, Json]:
    """Attributes from OTLP's list of keys and values."""
    return {one["key"]: any_value(one.get("value")) for one in objects(kept) if isinstance(one.get("key"), str)}


def any_value(kept: Json) -> Json:
    """A value without the name of its type."""
    held = bodies.obj(kept)
    if "intValue" in held:
        return whole(held["intValue"])
    if "arrayValue" in held:
        return [any_value(item) for item in objects(bodies.obj(held["arrayValue"]).get("values"))]
    if "kvlistValue" in held:
        return attributes(bodies.obj(held["kvlistValue"]).get("values"))
    return next((held[key] for key in _VALUES if key in held), kept or None)


def whole(kept: Json) -> Json:
    """A number, which JSON keeps as text where it has 64 bits."""
    is_number = isinstance(kept, str) and kept.lstrip("-").isdecimal() and kept.isascii() and len(kept) <= _LONGEST
    return int(kept) if is_number else kept
