"""MCP: tools that a model's host calls, as JSON-RPC over HTTP or server-sent events.

https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.model import Event, Json, Message, Prompt, ProviderError, ToolResult, Unknown, Usage
from inspector.model.delta import Delta, EndDelta, ErrorDelta, PartDelta, SummaryDelta, TextDelta

NAME = "mcp.json_rpc"
OPERATION = "execute_tool"

NEUTRAL = frozenset(
    {
        ".params._meta", ".result._meta", "method", "params.data", "params.level", "params.logger",
        "protocolVersion",
    }
)  # fmt: skip

_METHODS = (
    "tools/",
    "resources/",
    "prompts/",
    "notifications/",
    "completion/",
    "logging/",
    "sampling/",
    "elicitation/",
)
_WORDS = frozenset({"initialize", "ping", "roots/list"})
_RESULTS = frozenset({"serverInfo", "protocolVersion", "tools", "resources", "resourceTemplates", "prompts"})
_LISTS = ("tools", "resources", "resourceTemplates", "prompts")


def recognise(evidence: Evidence) -> bool:
    if evidence.body.get("jsonrpc") == "2.0":
        return _is_method(evidence.body.get("method"))
    if evidence.first.get("jsonrpc") != "2.0":
        return (
            evidence.path.endswith("/mcp") and not evidence.body and not evidence.first
        )  # a session that is opened or ends
    result = lenient.obj(evidence.first.get("result"))
    is_call = isinstance(result.get("content"), list) and ("isError" in result or evidence.path.endswith("/mcp"))
    return is_call or bool(_RESULTS & result.keys()) or _is_method(evidence.first.get("method"))


def _is_method(method: Json) -> bool:
    return isinstance(method, str) and (method in _WORDS or method.startswith(_METHODS))


def prompt(body: Mapping[str, Any]) -> Prompt:
    """A call for ``tools/call``; of anything else the method and its parameters."""
    params = lenient.obj(body.get("params"))
    if body.get("method") != "tools/call":
        return Prompt(settings=lenient.settings(dict(body), "jsonrpc"))
    call = lenient.call(_id(body.get("id")), params.get("name"), params.get("arguments"))
    others = lenient.settings(params, "name", "arguments")
    return Prompt(messages=(Message("assistant", (call,)),), settings={"params": others} if others else {})


def deltas(event: Event) -> Iterator[Delta]:
    """A result or an error is the end; what comes before are notifications and requests of the server."""
    body = lenient.obj(event.data)
    if body.get("error") is not None:
        yield ErrorDelta(error(body))
        yield EndDelta()
    if "result" not in body:
        return
    result = lenient.obj(body["result"])
    if "content" in result or "structuredContent" in result:
        yield PartDelta(_tool_result(_id(body.get("id")), result))
    if instructions := lenient.maybe(result.get("instructions")):
        yield TextDelta(instructions)
    if isinstance(result.get("tools"), list) and result["tools"]:
        yield PartDelta(Unknown({"tools": result["tools"]}))
    if summary := dict(_summary(result)):
        yield SummaryDelta(summary)
    yield EndDelta()


def _id(value: Json) -> str | None:
    """JSON-RPC counts its requests."""
    return str(value) if isinstance(value, (int, str)) and value != "" else None


def _tool_result(id: str | None, result: dict[str, Any]) -> ToolResult:
    content = lenient.result(result.get("content"))
    return ToolResult(
        id, None, content or result.get("structuredContent", content), lenient.flag(result.get("isError"))
    )


def _summary(result: dict[str, Any]) -> Iterator[tuple[str, Json]]:
    for key in _LISTS:
        if isinstance(result.get(key), list):
            yield key, [lenient.obj(item).get("name", item) for item in result[key]]
    if "serverInfo" in result:
        yield "server", lenient.obj(result["serverInfo"]).get("name")
    if "protocolVersion" in result:
        yield "protocol_version", result["protocolVersion"]


def error(body: dict[str, Any]) -> ProviderError:
    """JSON-RPC's error: a number and a message."""
    about = lenient.obj(body["error"])
    code = about.get("code")
    return ProviderError(None if code is None else str(code), lenient.maybe(about.get("message")), None, body)


def usage(counts: Mapping[str, Any]) -> Usage:
    return Usage()
