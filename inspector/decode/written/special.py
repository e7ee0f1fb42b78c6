"""Calls between a model's special tokens: Llama, Mistral, DeepSeek, Kimi, Gemma, and others whose token is followed by
JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from inspector.decode import lenient
from inspector.decode.written import call_values, pythonic
from inspector.model import Json, ToolCall, ToolDefinition
from inspector.model.expressions import expression
from inspector.model.jsonio import parse_or_none

Tools = tuple[ToolDefinition, ...]

PYTHON_TAG = "<|python_tag|>"
_LLAMA_END = expression(r"<\|(?:eom|eot)_id\|>")

_SEP = "<｜tool▁sep｜>"
CALL_BEGIN = "<｜tool▁call▁begin｜>"
_CALL_END = "<｜tool▁call▁end｜>"

_KIMI_NAME = expression(r"\s*(?:functions\.)?([\w.-]{1,200}?)(?::\d+)?\s*\Z")
_BARE_KEY = expression(r"([{,]\s*)([A-Za-z_]\w{0,200})\s*:")

JSON_MARKS = (
    "functools[", "<|tool_call|>", "<tool_calls>", "<TOOLCALL>", "<|START_ACTION|>", "<|action_start|><|plugin|>",
)  # fmt: skip
"""Phi-4, Granite, Jamba, Nemotron, Command R and InternLM: what follows is a call or a list of calls."""


def llama(text: str, tools: Tools) -> Iterator[ToolCall]:
    """JSON, several of it joined by semicolons (which may stand inside of one too); a builtin tool's call; Python."""
    for piece in call_values.after(_LLAMA_END.sub("", text), PYTHON_TAG):
        body = piece.strip()
        if body[:1] not in ("{", "["):
            yield from pythonic.code(body, "code_interpreter")
            continue
        whole = parse_or_none(body)
        if whole is not None:
            yield from call_values.calls([whole])
        else:
            parts = re.split(r";(?=\s*\{)", body, maxsplit=call_values.MOST)
            found = list(call_values.calls(parse_or_none(part.strip()) for part in parts))
            yield from found or [call for call in (call_values.cut_call(body),) if call]


def mistral(text: str, tools: Tools) -> Iterator[ToolCall]:
    """A list of calls, or since the 11th tokenizer ``N{…}``, ``N[ARGS]{…}``, ``N[CALL_ID]id[ARGS]{…}``."""
    for piece in call_values.after(text, "[TOOL_CALLS]"):
        body = piece.lstrip()
        if body[:1] in ("[", "{"):
            yield from call_values.calls_at_start(body)
            continue
        head, found, arguments = body.partition("[ARGS]")
        if not found:
            name, brace, rest = body.partition("{")
            head, arguments = name, brace + rest
        name, _, id = head.partition("[CALL_ID]")
        if arguments and (call := call_values.spelled(name, arguments, id.strip() or None)):
            yield call


def deepseek(text: str, tools: Tools) -> Iterator[ToolCall]:
    """``function<sep>N`` and fenced JSON (V3, R1), or ``N<sep>{…}`` (V3.1)."""
    for piece in call_values.after(text, CALL_BEGIN):
        name, found, rest = piece.partition(_CALL_END)[0].partition(_SEP)
        body = rest.strip()
        if not found:
            continue
        if not body.startswith("{"):
            name, _, body = body.partition("\n")
        if call := call_values.spelled(name, call_values.fence(body)):
            yield call


def kimi(text: str, tools: Tools) -> Iterator[ToolCall]:
    """``functions.N:0<|tool_call_argument_begin|>{…}<|tool_call_end|>``; the first part is the id too."""
    for piece in call_values.after(text, "<|tool_call_begin|>"):
        id, found, arguments = piece.partition("<|tool_call_argument_begin|>")
        name = _KIMI_NAME.match(id[:500])
        body = arguments.partition("<|tool_call_end|>")[0].partition("<|tool_calls_section_end|>")[0]
        if found and name and (call := call_values.spelled(name[1], body, id.strip())):
            yield call


def gemma(text: str, tools: Tools) -> Iterator[ToolCall]:
    """Gemma 4: ``<|tool_call>call:N{k:<|"|>v<|"|>}<tool_call|>``."""
    for piece in call_values.after(text, "<|tool_call>"):
        body = piece.partition("<tool_call|>")[0].strip()
        name, brace, rest = body.removeprefix("call:").partition("{")
        if not (brace and body.startswith("call:")):
            continue
        arguments = _gemma_value(brace + rest)
        if call := call_values.spelled(name, brace + rest if arguments is None else arguments):
            yield call


def _gemma_value(text: str) -> str | None:
    """The same as JSON: its own quotes, and keys without any."""
    pieces = text.split('<|"|>')
    plain = (_BARE_KEY.sub(r'\1"\2":', piece) for piece in pieces[::2])
    quoted = (json.dumps(piece, ensure_ascii=False) for piece in pieces[1::2])
    out = [next(quoted if number % 2 else plain) for number in range(len(pieces))]
    value: Json = parse_or_none("".join(out))
    return lenient.arguments_text(value) if isinstance(value, dict) else None


def marked_json(mark: str, text: str, tools: Tools) -> Iterator[ToolCall]:
    """Calls as JSON after a token of their own."""
    opening = "[" if mark.endswith("[") else ""
    for piece in call_values.after(text, mark):
        yield from call_values.calls_at_start(opening + piece)
