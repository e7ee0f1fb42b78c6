"""The parts and tools of Gemini, which a request, an answer and a live session have in common.

https://ai.google.dev/api/caching#Part

The REST API writes camelCase, Google's SDK dumps snake_case, and Vertex takes either: every field is read in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from inspector.decode import documents, lenient
from inspector.decode.json_path import value_from
from inspector.model import Json, Message, Part, ToolDefinition, ToolResult, Unknown
from inspector.model.delta import JsonPath
from inspector.model.expressions import expression

_DECLARED = ("function_declarations", "functionDeclarations")
_NOT_CONTENT = frozenset({"thought", "thought_signature", "thoughtSignature", "text"})
_STEP = expression(r"""\.([^.\[\]]+)|\[(\d{1,9})\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]""")
_DEEPEST = 100
"""Steps of a path; arguments that are deeper are no arguments."""


def messages(contents: Json) -> Iterator[Message]:
    """A conversation: a list of contents, or a single one."""
    for item in listed(contents):
        yield lenient.message(lenient.obj(item).get("role"), parts(item))


def parts(content: Json) -> tuple[Part, ...]:
    """The parts of a content: a text, ``{parts}``, a list of parts, or a single part."""
    if isinstance(content, dict) and "parts" in content:
        content = content["parts"]
    return tuple(found for item in listed(content) for found in part(item))


listed = lenient.listed


def tools(raw: Json) -> Iterator[ToolDefinition]:
    """The functions of one tool, and what else it switches on, such as ``google_search``."""
    tool = lenient.obj(raw)
    for item in listed(lenient.either(tool, *_DECLARED)):
        about = lenient.obj(item)
        parameters = about.get("parameters") or lenient.either(about, "parameters_json_schema", "parametersJsonSchema")
        name, description = lenient.maybe(about.get("name")), lenient.maybe(about.get("description"))
        yield ToolDefinition("function", name, description, parameters)
    for key, value in tool.items():
        if key not in _DECLARED and value is not None:
            yield ToolDefinition(key, None, None, value or None)


def part(raw: Json) -> tuple[Part, ...]:
    """The text of a part, and what else it holds: mostly either."""
    if isinstance(raw, str):
        return lenient.text_parts(raw)
    if not isinstance(raw, dict):
        return (Unknown(raw),)
    text = raw.get("text")
    if not isinstance(text, str):
        return other_parts(raw)
    said = lenient.reasoning_parts(text) if raw.get("thought") else lenient.text_parts(text)
    return said if len(raw) == 1 else (*said, *other_parts(raw))


def other_parts(raw: dict[str, Any]) -> tuple[Part, ...]:
    """What a part holds beside text: its type is the key that holds it. The signature of a thought is nothing."""
    for (snake, camel), reader in _PARTS.items():
        value = lenient.either(raw, snake, camel)
        if isinstance(value, dict):
            return reader(value) or (Unknown(raw),)
    if isinstance(raw.get("text"), str):
        return ()
    return (Unknown(raw),) if any(value and key not in _NOT_CONTENT for key, value in raw.items()) else ()


def _call(raw: dict[str, Any]) -> tuple[Part, ...] | None:
    """A call. One whose arguments were streamed may be sent back as those pieces."""
    pieces = arguments(raw)
    if pieces is None or not (raw.get("name") or pieces):
        return None
    arguments_sent = value_from(pieces) if pieces else raw.get("args")
    return (lenient.call(raw.get("id"), raw.get("name"), arguments_sent),)


def arguments(call: dict[str, Any]) -> list[tuple[JsonPath, Json]] | None:
    """The pieces of streamed arguments, ``{jsonPath, stringValue | numberValue | …}``; None where one is no such."""
    found = []
    for item in lenient.seq(lenient.either(call, "partial_args", "partialArgs")):
        piece = lenient.obj(item)
        path = json_path(lenient.string(lenient.either(piece, "json_path", "jsonPath")))
        if not path:
            return None
        found.append((path, _value(piece)))
    return found


def _value(piece: dict[str, Any]) -> Json:
    if "null_value" in piece or "nullValue" in piece:
        return None
    for snake, camel in (("string_value", "stringValue"), ("number_value", "numberValue"), ("bool_value", "boolValue")):
        if (value := lenient.either(piece, snake, camel)) is not None:
            return value
    return ""


def json_path(text: str) -> JsonPath:
    """``$.a.b[0]['c d']`` as its steps; empty where the text is no such path."""
    steps: list[str | int] = []
    at = 1
    while text.startswith("$") and at < len(text) and len(steps) < _DEEPEST:
        step = _STEP.match(text, at)
        if step is None:
            return ()
        name, index, single, double = step.groups()
        quoted = single if single is not None else double
        steps.append(int(index) if index else name if name else re.sub(r"\\(.)", r"\1", quoted))
        at = step.end()
    return tuple(steps) if at == len(text) else ()


def _result(raw: dict[str, Any]) -> tuple[Part, ...]:
    """What a function answered, and the images and files that came with it."""
    response = raw.get("response")
    failed = True if lenient.obj(response).get("error") else None  # https://ai.google.dev/api/caching#FunctionResponse
    result = ToolResult(lenient.maybe(raw.get("id")), lenient.maybe(raw.get("name")), response, failed)
    return (result, *parts(raw.get("parts")))


def _inline(raw: dict[str, Any]) -> tuple[Part, ...] | None:
    data, mime_type = raw.get("data"), lenient.maybe(lenient.either(raw, "mime_type", "mimeType"))
    return documents.titled((lenient.blob(data, mime_type),), _name(raw)) if isinstance(data, str) else None


def _file(raw: dict[str, Any]) -> tuple[Part, ...] | None:
    address = lenient.maybe(lenient.either(raw, "file_uri", "fileUri"))
    if not address:
        return None
    mime_type = lenient.maybe(lenient.either(raw, "mime_type", "mimeType"))
    return documents.titled((lenient.uri(address, mime_type),), _name(raw))


def _name(raw: dict[str, Any]) -> Json:
    return lenient.either(raw, "display_name", "displayName")


def _code(raw: dict[str, Any]) -> tuple[Part, ...]:
    """Code that the model ran in Google's sandbox, a tool that requests call ``code_execution``."""
    return (lenient.call(raw.get("id"), "code_execution", raw, "server"),)


def _code_result(raw: dict[str, Any]) -> tuple[Part, ...]:
    failed = lenient.string(raw.get("outcome")).removeprefix("OUTCOME_") in ("FAILED", "DEADLINE_EXCEEDED") or None
    return (ToolResult(lenient.maybe(raw.get("id")), "code_execution", raw, failed),)


def _server_call(raw: dict[str, Any]) -> tuple[Part, ...]:
    """A call that Google answers itself; its name is its type, such as ``FILE_SEARCH``."""
    return (lenient.call(raw.get("id"), _tool_type(raw), raw.get("args"), "server"),)


def _server_result(raw: dict[str, Any]) -> tuple[Part, ...]:
    return (ToolResult(lenient.maybe(raw.get("id")), _tool_type(raw), raw.get("response")),)


def _tool_type(raw: dict[str, Any]) -> str | None:
    return lenient.string(lenient.either(raw, "tool_type", "toolType")).lower() or None


_PARTS: dict[tuple[str, str], Callable[[dict[str, Any]], tuple[Part, ...] | None]] = {
    ("function_call", "functionCall"): _call,
    ("function_response", "functionResponse"): _result,
    ("inline_data", "inlineData"): _inline,
    ("file_data", "fileData"): _file,
    ("executable_code", "executableCode"): _code,
    ("code_execution_result", "codeExecutionResult"): _code_result,
    ("tool_call", "toolCall"): _server_call,
    ("tool_response", "toolResponse"): _server_result,
}
