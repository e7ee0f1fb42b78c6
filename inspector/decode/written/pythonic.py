"""Calls spelled as Python: ``[f(a='x', b=1), g()]`` of Llama 3.2, Llama 4 and LFM, builtin tools, Gemma's own.

Python's own parser reads them, which runs nothing; what is long or deep is not given to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from inspector.decode import lenient
from inspector.decode.written import call_values
from inspector.model import Json, ToolCall, ToolDefinition
from inspector.model.expressions import expression

Tools = tuple[ToolDefinition, ...]

_LONGEST = 20_000
_DEEPEST = 40
_BEGINS = expression(r"\[\s*[A-Za-z_][\w.]{0,200}\(")
_BRACKET = expression(r"[(\[{]|[)\]}]")
WRAPPERS = (("<|python_start|>", "<|python_end|>"), ("<|tool_call_start|>", "<|tool_call_end|>"))
"""Llama 4, LFM2."""


def wrapped(text: str, tools: Tools) -> Iterator[ToolCall]:
    for begin, end in WRAPPERS:
        for piece in call_values.after(text, begin):
            yield from _calls(piece.partition(end)[0].strip(), tools)


def bare(text: str, tools: Tools) -> Iterator[ToolCall]:
    """A list of calls that is all of a text: of known tools or, where none are known, with named arguments."""
    body = text.strip()
    if not (body.endswith("]") and _BEGINS.match(body)):
        return
    found = list(_calls(body, tools))
    if tools and not all(call_values.is_tool(call.name, tools) for call in found):
        return
    if tools or any(call.arguments for call in found):
        yield from found


def tool_code(text: str, tools: Tools) -> Iterator[ToolCall]:
    """Gemma 3 fences Python, and prints what it calls."""
    for piece in call_values.after(text, "```tool_code"):
        tree = _parsed(piece.partition("```")[0].strip(), "exec")
        body = tree.body if isinstance(tree, ast.Module) else []
        for node in (statement.value for statement in body if isinstance(statement, (ast.Expr, ast.Assign))):
            inner = node.args[0] if isinstance(node, ast.Call) and _name(node) == "print" and node.args else node
            call = _call(inner, tools) if isinstance(inner, ast.Call) else None
            if call and (call_values.is_tool(call.name, tools) or (not tools and call.arguments)):
                yield call


def code(text: str, interpreter: str) -> Iterator[ToolCall]:
    """A builtin tool's call, ``brave_search.call(query="…")``; other Python is for an interpreter."""
    tree = _parsed(text, "exec")
    if not isinstance(tree, ast.Module) or not tree.body or ("(" not in text and "\n" not in text):
        return
    first = tree.body[0]
    call = first.value if isinstance(first, ast.Expr) and len(tree.body) == 1 else None
    found = _call(call, ()) if isinstance(call, ast.Call) and _name(call).endswith(".call") else None
    name = _name(call).removesuffix(".call") if isinstance(call, ast.Call) else ""
    yield lenient.call(None, name, found.arguments) if found else lenient.call(None, interpreter, {"code": text})


def _calls(text: str, tools: Tools) -> Iterator[ToolCall]:
    """The calls of a list, or a single one; none where anything else stands among them."""
    tree = _parsed(text, "eval")
    body = tree.body if isinstance(tree, ast.Expression) else None
    nodes = body.elts if isinstance(body, ast.List) else [body]
    found = [_call(node, tools) if isinstance(node, ast.Call) else None for node in nodes]
    if None not in found:
        yield from (call for call in found if call)


def _parsed(text: str, mode: str) -> ast.AST | None:
    if not text or len(text) > _LONGEST or _depth(text) > _DEEPEST:
        return None
    try:
        return ast.parse(text, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _depth(text: str) -> int:
    """Brackets that are open at once at most, or more where they stand in strings; signs nest too."""
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        depth += 1 if found[0] in "([{" else -1
        deepest = max(deepest, depth)
    return max(deepest, max((len(signs) for signs in re.findall(r"[-+~]+|(?:\bnot\s+)+", text)), default=0))


def _call(node: ast.Call, tools: Tools) -> ToolCall | None:
    """The arguments of positions get their names from the tool's own schema; without one it is no call."""
    name = _name(node)
    tool = next((tool for tool in tools if tool.name == name), None)
    names = list(lenient.obj(lenient.obj(tool.parameters if tool else None).get("properties")))
    if not name or len(node.args) > len(names) or any(keyword.arg is None for keyword in node.keywords):
        return None
    pairs = [*zip(names, node.args, strict=False), *((keyword.arg, keyword.value) for keyword in node.keywords)]
    try:
        return lenient.call(None, name, {key: _literal(value) for key, value in pairs if key})
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _literal(node: ast.expr) -> Json:
    """A value that JSON has; models write its words too."""
    if isinstance(node, ast.Name) and node.id in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[node.id]
    return _plain(ast.literal_eval(node))


def _plain(value: object) -> Json:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _name(node: ast.Call) -> str:
    """``f`` or ``a.b.c``, empty for anything else that can be called."""
    names: list[str] = []
    place: ast.expr = node.func
    while isinstance(place, ast.Attribute):
        names.append(place.attr)
        place = place.value
    return ".".join((place.id, *reversed(names))) if isinstance(place, ast.Name) else ""
