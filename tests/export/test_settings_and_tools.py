"""What two exchanges of an export are compared by beside their texts."""

from __future__ import annotations

from typing import Any

from inspector.export.settings_and_tools import SettingsAndTools
from inspector.model import ModelCall, Prompt, ToolDefinition


def _call(*tools: str, **settings: Any) -> ModelCall:
    definitions = tuple(ToolDefinition("function", name, f"Rings {name}.", {"type": "object"}) for name in tools)
    return ModelCall(
        protocol=None, provider=None, operation="chat", prompt=Prompt(tools=definitions, settings=settings)
    )


def _of(told: dict[str, Any], at: int) -> tuple[dict[str, Any], list[str]]:
    settings, *tools = told["ways"][told["of"][at]]
    return told["settings"][settings], [told["tools"][number][0] for number in tools]


def test_what_many_ask_for_is_there_once() -> None:
    asked = SettingsAndTools()
    for number in range(9):
        asked.note(f"{number}", _call("fog_bell", "lamp", temperature=number % 2))
    told = asked.told(map(str, range(10)))
    assert [len(told[name]) for name in ("settings", "tools", "ways")] == [2, 2, 2]
    assert _of(told, 3) == ({"temperature": 1}, ["fog_bell", "lamp"])
    assert told["of"][9] == -1


def test_long_texts_are_told_apart_and_not_carried() -> None:
    asked = SettingsAndTools()
    for end in ("fog", "mist"):
        asked.note(end, _call(input=["a" * 50_000 + end]))
    told = asked.told(["fog", "mist"])
    first, second = (_of(told, at)[0]["input"][0] for at in (0, 1))
    assert first != second
    assert len(first) < 300


def test_two_tools_of_a_name_are_two() -> None:
    asked = SettingsAndTools()
    asked.note("a", _call("lamp", "lamp"))
    assert _of(asked.told(["a"]), 0)[1] == ["lamp", "lamp 1"]
