"""Spans that `inspector.output.otlp` writes: what no convention has a name for stands under ``inspector.``."""

from __future__ import annotations

from typing import Any

from inspector import DISTRIBUTION
from inspector.formats.reading import bodies
from inspector.formats.spans.attribute_values import quietly_parsed
from inspector.formats.spans.span import Span
from inspector.model import Json, Problem

_TIME = "inspector.time"


def started_at(span: Span) -> str | None:
    """When a span began, unless something stands in for that."""
    return None if span.attributes.get(_TIME) in ("not recorded", "start not recorded") else span.started_at


def duration(span: Span) -> float | None:
    """How long it took, in seconds, unless nobody knows that."""
    return None if span.attributes.get(_TIME) in ("not recorded", "end not recorded") else span.duration


def sdk(span: Span) -> str:
    """What asked: what the recording said of it, else what made the span."""
    is_ours = span.scope.partition(" ")[0] == DISTRIBUTION
    return bodies.text(span.attributes.get("inspector.sdk")) if is_ours else span.scope


def settings(span: Span) -> dict[str, Any] | None:
    """The settings of a request as they were sent."""
    sent = quietly_parsed(span.attributes.get("inspector.request.settings"))
    streamed = {"stream": True} if span.attributes.get("gen_ai.request.stream") is True else {}
    return {**sent, **streamed} if isinstance(sent, dict) else None


def problems(span: Span) -> list[Problem]:
    """What could not be read of the recording."""
    told = span.attributes.get("inspector.problems")
    each = [one.partition(": ") for one in _texts(told)]
    return [Problem(where, why) if why else Problem("recording", where) for where, _, why in each]


def _texts(value: Json) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
