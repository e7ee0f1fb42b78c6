"""Calls between tags that hold JSON or parameters: Hermes and Qwen, Qwen3-Coder, GLM, Llama's functions, Anthropic's
and MiniMax's XML, DeepSeek's DSML.

https://github.com/vllm-project/vllm/tree/main/vllm/tool_parsers has a parser for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.decode.written import call_values
from inspector.model import Json, ToolCall, ToolDefinition
from inspector.model.expressions import expression
from inspector.model.jsonio import parse_or_none

Tools = tuple[ToolDefinition, ...]

_NAME = expression(r"\s*+(?:=\s*+)?\"?([\w.:/-]{1,200})\"?\s*>?")
_ATTRIBUTE = expression(r"\bname\s*=\s*[\"']([^\"'<>]{1,200})[\"']")
_AS_TEXT = expression(r"\bstring\s*=\s*[\"']true[\"']")
_OLD_PARAMETER = expression(r"<([A-Za-z_][\w.-]{0,200})>")


def hermes(text: str, tools: Tools) -> Iterator[ToolCall]:
    """``<tool_call>{"name", "arguments"}</tool_call>``: the closing tag may be missing, the last call may be cut."""
    for piece in call_values.after(text, "<tool_call>"):
        inner, closed, _ = piece.partition("</tool_call>")
        body = inner.strip()
        if body[:1] in ("{", "["):
            whole = parse_or_none(body)
            found = list(call_values.calls(whole if isinstance(whole, list) else [whole]))
            if not found and not closed:
                found = list(call_values.calls_at_start(body)) or [
                    call for call in (call_values.cut_call(body),) if call
                ]
            yield from found
        elif "<function=" in body:
            yield from functions(body, tools)
        elif "<arg_key>" in body and (call := _glm(body, tools)):
            yield call


def _glm(body: str, tools: Tools) -> ToolCall | None:
    """GLM: ``N <arg_key>k</arg_key> <arg_value>v</arg_value>``."""
    name = body.partition("<arg_key>")[0].strip()
    pairs: list[tuple[str, Json]] = []
    for piece in call_values.after(body, "<arg_key>"):
        key, _, rest = piece.partition("</arg_key>")
        value = rest.partition("<arg_value>")[2].partition("</arg_value>")[0]
        pairs.append((key.strip(), call_values.typed(name, tools, key.strip(), value)))
    return call_values.named(name, pairs)


def functions(text: str, tools: Tools) -> Iterator[ToolCall]:
    """``<function=N>`` with JSON (Llama, also without the bracket) or with ``<parameter=k>v</parameter>`` (Qwen)."""
    for piece in call_values.after(text, "<function="):
        found = _NAME.match(piece)
        if found is None:
            continue
        name, inner = found[1], piece[found.end() :].partition("</function>")[0]
        if "<parameter=" in inner:
            call = call_values.named(name, _equals(name, inner, tools))
        elif inner.lstrip()[:1] == "{":
            call = call_values.spelled(name, re.split(r"<\|eo[mt]", inner, maxsplit=1)[0])
        else:
            call = call_values.named(name, ()) if "</function>" in piece and not inner.strip() else None
        if call:
            yield call


def _equals(name: str, inner: str, tools: Tools) -> Iterator[tuple[str, Json]]:
    """Qwen3-Coder's parameters; a newline on either side belongs to the tags."""
    for piece in call_values.after(inner, "<parameter="):
        key, closed, rest = piece.partition(">")
        if closed:
            value = rest.partition("</parameter>")[0].removeprefix("\n").removesuffix("\n")
            yield key.strip(), call_values.typed(name, tools, key.strip(), value)


def invokes(text: str, tools: Tools) -> Iterator[ToolCall]:
    """``<invoke name="N"><parameter name="k">v</parameter></invoke>``; Anthropic's oldest form has ``<tool_name>``."""
    text = text.replace("｜DSML｜", "").replace("antml:", "")
    for piece in call_values.after(text, "<invoke"):
        inner = piece.partition("</invoke>")[0]
        head, closed, body = inner.partition(">")
        found = _ATTRIBUTE.search(head)
        if found:
            call = call_values.named(found[1], _attributes(found[1], body, tools))
        else:
            name = body.partition("<tool_name>")[2].partition("</tool_name>")[0].strip()
            call = call_values.named(name, _tags(name, body, tools)) if closed else None
        if call:
            yield call


def _attributes(name: str, body: str, tools: Tools) -> Iterator[tuple[str, Json]]:
    """DSML says which values are text; of the others the tool's schema does."""
    for piece in call_values.after(body, "<parameter"):
        head, closed, rest = piece.partition(">")
        found = _ATTRIBUTE.search(head)
        if not (found and closed):
            continue
        value = rest.partition("</parameter>")[0]
        parsed = parse_or_none(value.strip()) if "string=" in head and not _AS_TEXT.search(head) else None
        yield found[1], call_values.typed(name, tools, found[1], value) if parsed is None else parsed


def _tags(name: str, body: str, tools: Tools) -> Iterator[tuple[str, Json]]:
    inner = body.partition("<parameters>")[2].partition("</parameters>")[0]
    at = 0
    for _ in range(call_values.MOST):
        found = _OLD_PARAMETER.search(inner, at)
        end = inner.find(f"</{found[1]}>", found.end()) if found else -1
        if found is None or end < 0:
            return
        yield found[1], call_values.typed(name, tools, found[1], inner[found.end() : end])
        at = end + len(found[1]) + 3
