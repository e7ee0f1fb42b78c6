"""Attributes in OTLP's JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from inspector.model import Json

Attributes = Mapping[str, Json]

_LARGEST = 2**63


def key_values(attributes: Attributes) -> list[dict[str, Any]]:
    """Attributes as OTLP lists them; what is None is left out."""
    return [{"key": key, "value": any_value(value)} for key, value in attributes.items() if value is not None]


def any_value(value: Json) -> dict[str, Any]:
    """A value under the name of its type. A number of 64 bits is a text in JSON; a larger one is a text at all."""
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue" if -_LARGEST <= value < _LARGEST else "stringValue": str(value)}
        case float() if math.isfinite(value):
            return {"doubleValue": value}
        case list() | tuple():
            return {"arrayValue": {"values": [any_value(item) for item in value]}}
    return {"stringValue": str(value)}
