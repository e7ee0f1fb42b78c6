"""The items of OpenAI Responses: what a request holds as input and a response as output.

https://platform.openai.com/docs/api-reference/responses/object and its many server tools. A call that the server runs
holds its result in the same item; a call that the client runs is answered by an ``…_output`` item of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from inspector.decode import lenient
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import CallKind, Json, Message, Part, Reasoning, Role, ToolResult, Unknown

_AWAITED = ("function_call", "custom_tool_call")
"""Calls that only the client can answer."""

_CLIENTS = ("function_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call", "tool_search_call")
"""Calls that the client may have to run; every other kind is run by the server."""

_ARGUMENTS = ("arguments", "input", "action", "actions", "operation", "queries", "code", "server_label")
_RESULTS = ("output", "outputs", "results", "tools", "logs")
_ONE_FIELD = ("queries", "code", "server_label")
"""Arguments that are but one field of the call: they keep its name."""


def parts(raw: Json) -> tuple[Part, ...]:
    """What one item says or does. Reasoning that is only there encrypted says nothing."""
    item = lenient.obj(raw)
    kind = lenient.string(item.get("type"))
    if kind == "message" or (not kind and "content" in item):
        return openai_parts.content_parts(item.get("content"))
    if kind == "reasoning":
        return tuple(_reasoning(item))
    if kind == "image_generation_call":
        return tuple(_image(item))
    if kind.endswith(("_call", "_list_tools")) or kind == "program":
        return tuple(_call(item, kind))
    if kind.endswith("_output"):
        return (_output(item, kind),)
    if kind == "mcp_approval_request":
        return (lenient.call(item.get("id"), item.get("name"), item.get("arguments")),)
    if kind == "mcp_approval_response":
        said = {key: item[key] for key in ("approve", "reason") if item.get(key) is not None}
        return (ToolResult(lenient.maybe(item.get("approval_request_id")), None, said),)
    return (Unknown(raw),)


def _reasoning(item: dict[str, Any]) -> Iterator[Part]:
    """The thoughts themselves, which few servers tell, and what is told in their place; the same text only once."""
    texts = dict.fromkeys(
        openai_parts.thought(piece) for key in ("summary", "content") for piece in lenient.listed(item.get(key))
    )
    return (Reasoning(text) for text in texts if text)


def _image(item: dict[str, Any]) -> Iterator[Part]:
    asked = {key: item[key] for key in ("action", "revised_prompt", "size", "quality") if item.get(key)}
    yield lenient.call(item.get("id"), "image_generation", asked, "server")
    if data := lenient.maybe(item.get("result")):
        yield lenient.blob(data, f"image/{lenient.maybe(item.get('output_format')) or 'png'}")


def _call(item: dict[str, Any], kind: str) -> Iterator[Part]:
    id = lenient.maybe(item.get("call_id")) or lenient.maybe(item.get("id"))
    name = lenient.maybe(item.get("name")) or (None if kind in _AWAITED else kind.removesuffix("_call"))
    key = next((key for key in _ARGUMENTS if item.get(key) is not None), None)
    arguments = item.get(key) if key else None
    if isinstance(arguments, dict) and "sources" in arguments:
        arguments = {name: value for name, value in arguments.items() if name != "sources"}
    yield lenient.call(id, name, {key: arguments} if key in _ONE_FIELD else arguments, _run_by(item, kind))
    error = item.get("error")
    found = error or next((item[key] for key in _RESULTS if item.get(key) is not None), _sources(item))
    if found is not None:
        yield ToolResult(id, name, lenient.result(found), True if error else None)


def _run_by(item: dict[str, Any], kind: str) -> CallKind:
    """Who runs a call: a search for tools says so itself (``execution``)."""
    if kind == "custom_tool_call":
        return "custom"
    return "function" if kind in _CLIENTS and item.get("execution") != "server" else "server"


def _sources(item: dict[str, Any]) -> Json:
    return lenient.obj(item.get("action")).get("sources")


def _output(item: dict[str, Any], kind: str) -> ToolResult:
    id = lenient.maybe(item.get("call_id"))  # its own id is not that of the call
    name = lenient.maybe(item.get("name")) or (None if id else kind.removesuffix("_output"))
    found = next((item[key] for key in (*_RESULTS, "result") if item.get(key) is not None), None)
    return ToolResult(id, name, lenient.result(found))


def awaits(items: Iterable[Json]) -> bool:
    """Whether a call among the items waits for the client."""
    return any(lenient.obj(item).get("type") in _AWAITED for item in items)


# ---------------------------------------------------------------- items as messages


def messages(value: Json) -> Iterator[Message]:
    """The input of a request: a text, or items. What an assistant did item by item is one message, as its reply was."""
    items = value if isinstance(value, list) else () if value is None else (value,)
    said: list[Message] = []
    for message in filter(None, map(_message, items)):
        if said and said[-1].role == message.role == "assistant":
            earlier = said.pop()
            role_raw = earlier.role_raw or message.role_raw
            message = Message("assistant", (*earlier.parts, *message.parts), role_raw, earlier.name or message.name)
        said.append(message)
    return iter(said)


def _message(raw: Json) -> Message | None:
    """The message of one item, None where it says nothing that can be read, such as encrypted reasoning."""
    if not isinstance(raw, dict):
        return Message("user", found) if (found := lenient.text_parts(raw)) else None
    found = parts(raw)
    if lenient.maybe(raw.get("role")):
        return lenient.message(raw["role"], found, raw.get("name"))
    return Message(_speaker(lenient.string(raw.get("type"))), found) if found else None


def _speaker(kind: str) -> Role:
    if kind.endswith("_output"):
        return "tool"
    return "user" if kind in ("", "mcp_approval_response") or kind.startswith("input_") else "assistant"
