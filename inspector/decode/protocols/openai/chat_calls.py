"""Tool calls of Chat Completions: ``{id, function: {name, arguments}}``, custom tools, and the older function call."""

from __future__ import annotations

from typing import Any

from inspector.decode import lenient
from inspector.model import CallKind, Json, Part, ToolCall, Unknown
from inspector.model.delta import ToolCallDelta


def part(raw: Json) -> Part:
    item = lenient.obj(raw)
    if isinstance(item.get("custom"), dict):
        return lenient.call(item.get("id"), item["custom"].get("name"), item["custom"].get("input"), "custom")
    about = lenient.obj(item.get("function")) or item
    if not lenient.maybe(about.get("name")):
        return Unknown(raw)
    return lenient.call(item.get("id"), about["name"], _arguments(about))


def legacy_part(raw: dict[str, Any]) -> ToolCall:
    return lenient.call(None, raw.get("name"), raw.get("arguments"))


def is_also_a_call(legacy: Json, calls: Json) -> bool:
    """Whether the older form only says what one of the calls says: gateways send a call, or each piece of it, in
    both."""
    said = _said(lenient.obj(legacy))
    return any(_said(lenient.obj(lenient.obj(one).get("function"))) == said for one in lenient.listed(calls))


def _said(function: dict[str, Any]) -> tuple[str, str]:
    return lenient.string(function.get("name")), lenient.arguments_text(function.get("arguments"))


def legacy_delta(raw: dict[str, Any], choice: int) -> ToolCallDelta:
    arguments = lenient.arguments_text(raw.get("arguments"))
    return ToolCallDelta(arguments, choice, "function_call", None, lenient.maybe(raw.get("name")))


def delta(item: dict[str, Any], choice: int, place: int | None) -> ToolCallDelta:
    """A call or a piece of one; of those of a whole message each is a call, which its `place` tells."""
    about = lenient.obj(item.get("function")) or lenient.obj(item.get("custom")) or item
    arguments = lenient.arguments_text(_arguments(about))
    slot = lenient.count(item.get("index")) if place is None else place
    kind: CallKind = "custom" if "custom" in item else "function"
    name = lenient.maybe(about.get("name"))
    return ToolCallDelta(arguments, choice, slot, lenient.maybe(item.get("id")), name, "", kind)


def _arguments(about: dict[str, Any]) -> Json:
    """The arguments, by the name that the server has for them."""
    return next((about[key] for key in ("arguments", "input", "parameters") if about.get(key) is not None), None)
