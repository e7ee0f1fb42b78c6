"""Log records of OTLP/JSON: OpenTelemetry's conventions for generative AI tell in them, as events, what was said.

https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-events.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.spans.attribute_values import Attributes, quietly_parsed
from inspector.formats.spans.span import Span, SpanEvent, any_value, attributes, objects, scope_name, whole
from inspector.model import Json

_OF_MODELS = "gen_ai."
_DETAILS = "gen_ai.client.inference.operation.details"

_Record = tuple[str, dict[str, Any]]
"""What made a record, and the record."""


def of_document(document: Json) -> Iterator[Span]:
    """The calls that the records of one export tell of, each as the span within which they were written."""
    calls: dict[tuple[str, str, int], list[_Record]] = {}
    for number, (scope, raw) in enumerate(_records(document)):
        alone = number + 1 if not raw.get("spanId") and _name(raw) == _DETAILS else 0
        key = (bodies.text(raw.get("traceId")), bodies.text(raw.get("spanId")), alone)
        calls.setdefault(key, []).append((scope, raw))
    return (_span(trace, id, records) for (trace, id, _), records in calls.items())


def _records(document: Json) -> Iterator[_Record]:
    for resource in objects(bodies.obj(document).get("resourceLogs")):
        for held in objects(resource.get("scopeLogs")):
            scope = scope_name(held)
            yield from ((scope, raw) for raw in objects(held.get("logRecords")))


def _span(trace: str, id: str, records: list[_Record]) -> Span:
    """The span of some records. When it ended, and whether it failed, only it knows itself."""
    told: Attributes = {}
    for _, raw in records:
        told |= attributes(raw.get("attributes"))
    times = [when for _, raw in records if isinstance(when := whole(raw.get("timeUnixNano")), int) and when > 0]
    events = tuple(_event(raw) for _, raw in records if _name(raw).startswith(_OF_MODELS))
    return Span(
        trace=trace,
        id=id,
        parent="",
        name="",
        attributes=told if events else {},
        events=events,
        began=min(times, default=None),
        ended=None,
        failed=False,
        status="",
        scope=records[0][0],
        raw={"logRecords": [raw for _, raw in records]},
    )


def _name(raw: dict[str, Any]) -> str:
    return bodies.text(raw.get("eventName")) or bodies.text(attributes(raw.get("attributes")).get("event.name"))


def _event(raw: dict[str, Any]) -> SpanEvent:
    """A record as an event: what was said stands in its body, of the newest in its attributes."""
    name, body = _name(raw), quietly_parsed(any_value(raw.get("body")))
    if name == _DETAILS:
        return SpanEvent(name, {**attributes(raw.get("attributes")), **bodies.obj(body)})
    return SpanEvent(name, body if isinstance(body, dict) else {} if body is None else {"content": body})
