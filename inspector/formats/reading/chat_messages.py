"""Parts of messages of Chat Completions, which logs in words of their own are read as."""

from __future__ import annotations

from inspector.model import Json
from inspector.model.jsonio import dumps


def call(id: Json, name: Json, given: Json) -> Json:
    """A call of a function, whose arguments are text or parsed already."""
    arguments = given if isinstance(given, str) else dumps({} if given is None else given)
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def answer(content: Json, thoughts: str, calls: list[Json]) -> dict[str, Json]:
    """What a message of the assistant says; an empty text where it says nothing."""
    said = {"content": content, "reasoning_content": thoughts, "tool_calls": calls}
    return {key: value for key, value in said.items() if value} or {"content": ""}
