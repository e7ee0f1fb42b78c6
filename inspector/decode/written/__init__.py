"""What models and their servers write into plain text: reasoning between tags, tool calls in the dialect that a model
was trained on, and tool definitions.

The text itself stays untouched, apart from the tags around reasoning. All of this runs for every message of every
prompt: a search for a word that must be there comes before anything that costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import accumulate
from operator import is_
from typing import Any

from inspector.decode import lenient
from inspector.decode.written import call_values, harmony, pythonic, react, special, tagged
from inspector.model import Citation, Json, Message, Part, Prompt, Reasoning, Text, Token, ToolCall, ToolDefinition
from inspector.model.expressions import expression
from inspector.model.jsonio import parse_or_none

Tools = tuple[ToolDefinition, ...]
Reader = Callable[[str, Tools], Iterator[ToolCall]]

_THINK = expression(r"(?<!\s)\s*+<think>(.*?)(?:</think>|\Z)", re.DOTALL)
_THOUGHT = expression(r"(?<=\n)</think>|</think>(?=\s*\n|\s*\Z)")
_BRACKETS = expression(r"(?<!\s)\s*+\[THINK\](.*?)(?:\[/THINK\]|\Z)", re.DOTALL)
_CALL_KEYS = ("tool_calls", '"parameters"', '"arguments"')

# A word that must be there, and who reads the calls of its dialect. The first that finds any is right.
_TAGS: tuple[tuple[str, Reader], ...] = (
    ("<tool_call>", tagged.hermes),
    ("<|channel|>", harmony.calls),
    (special.PYTHON_TAG, special.llama),
    (pythonic.WRAPPERS[0][0], pythonic.wrapped),
    (pythonic.WRAPPERS[1][0], pythonic.wrapped),
    ("<|tool_call_begin|>", special.kimi),
    ("<|tool_call>", special.gemma),
    (special.CALL_BEGIN, special.deepseek),
    ("<function=", tagged.functions),
    ("<invoke", tagged.invokes),
    ("<｜DSML｜", tagged.invokes),
    *((mark, partial(special.marked_json, mark)) for mark in special.JSON_MARKS if "<" in mark),
)
_NAMED_THOUGHTS = ("thought", "reasoning")
"""Tags around thoughts beside ``<think>``: Gemini's OpenAI endpoint has the first."""

_TAG = expression(
    "<(?:/?think>|thought>|reasoning>|" + "|".join(re.escape(mark[1:]) for mark, _ in _TAGS if mark[0] == "<") + ")"
)
_SQUARE: tuple[tuple[str, Reader], ...] = (
    ("[TOOL_CALLS]", special.mistral),
    ("functools[", partial(special.marked_json, "functools[")),
)


def prompt_with_written(prompt: Prompt) -> Prompt:
    """A prompt with what its texts spell: tool definitions where it has no others, reasoning, and calls."""
    tools = prompt.tools or tuple(_written_tools(prompt))
    messages = tuple(_with_written_message(message, tools) for message in prompt.messages)
    is_same = len(tools) == len(prompt.tools) and all(map(is_, messages, prompt.messages))
    return prompt if is_same else replace(prompt, tools=tools, messages=messages)


def with_written(parts: tuple[Part, ...], tools: Tools) -> tuple[Part, ...]:
    """An assistant's parts with written reasoning split off and written calls attached to their text.

    Calls are looked for only where there is no structured one: some servers send the same call in both forms.
    """
    if not any(isinstance(part, Text) and _may_have_written(part.content) for part in parts):
        return parts
    split = tuple(piece for part in parts for piece in _split_reasoning(part))
    if any(isinstance(part, ToolCall) for part in split):
        return split
    return tuple(_with_calls(part, tools) for part in split)


def _may_have_written(text: str) -> bool:
    """Whether a sign that some dialect needs is there. Most texts have none: a letter is found faster than a word."""
    if "<" in text and _TAG.search(text):
        return True
    if "[" in text and ("[TOOL_CALLS]" in text or "[THINK]" in text or "functools[" in text or _ends_a_list(text)):
        return True
    return ("{" in text and ("name" in text)) or react.MARK in text or "```tool_code" in text


def _ends_a_list(text: str) -> bool:
    return text[-100:].rstrip()[-1:] == "]"


def _with_written_message(message: Message, tools: Tools) -> Message:
    if message.role != "assistant":
        return message
    parts = with_written(message.parts, tools)
    return message if parts is message.parts else replace(message, parts=parts)


# ---------------------------------------------------------------- reasoning


def _split_reasoning(part: Part) -> Iterator[Part]:
    if not isinstance(part, Text):
        yield part
        return
    if (spoken := harmony.parts(part.content)) is not None:
        yield from spoken
        return
    thoughts, rest = _thoughts(part.content)
    if not thoughts and rest == part.content:
        yield part
        return
    yield from (Reasoning(thought) for thought in thoughts if thought.strip())
    if rest.strip():
        yield _rest_of(part, rest)


def _rest_of(text: Text, rest: str) -> Text:
    """What is left of a text, with its citations and tokens. What cites the thoughts alone has no place any more."""
    shift = len(text.content) - len(rest)
    return Text(
        rest, (), tuple(_shifted(cited, shift) for cited in text.citations), _tokens_from(text, shift), text.title
    )


def _shifted(citation: Citation, shift: int) -> Citation:
    if citation.start is None or citation.end is None:
        return citation
    if citation.end <= shift:
        return citation._replace(start=None, end=None)
    return citation._replace(start=max(citation.start - shift, 0), end=citation.end - shift)


def _tokens_from(text: Text, shift: int) -> tuple[Token, ...]:
    """The tokens from a place of the text on; none where no token begins there."""
    for at, begin in enumerate(accumulate((len(token.text) for token in text.tokens), initial=0)):
        if begin >= shift:
            return text.tokens[at:] if begin == shift else ()
    return ()


def _thoughts(text: str) -> tuple[list[str], str]:
    """The thoughts that a text begins with, and the rest. Tags in the midst of a text are only talked about."""
    if "[THINK]" in text:
        return _leading(_BRACKETS, text)
    if "<think>" in text:
        return _leading(_THINK, text)
    if named := next(filter(None, (_named_thought(tag, text) for tag in _NAMED_THOUGHTS)), None):
        return [named[0]], named[1]
    found = _THOUGHT.search(text) if "think>" in text else None  # the opening tag stood in the template
    return ([text[: found.start()]], text[found.end() :]) if found else ([], text)


def _named_thought(tag: str, text: str) -> tuple[str, str] | None:
    """What stands in a tag that a text begins with, and what comes after it; None for what has no such tag, or no end
    of it."""
    begins, ends = f"<{tag}>", f"</{tag}>"
    if not text[:200].lstrip().startswith(begins):
        return None
    thought, end, rest = text.lstrip()[len(begins) :].partition(ends)
    return (thought, rest) if end else None


def _leading(tags: re.Pattern[str], text: str) -> tuple[list[str], str]:
    thoughts: list[str] = []
    at = 0
    while (found := tags.match(text, at)) is not None:
        thoughts.append(found.group(1))
        at = found.end()
    return thoughts, text[at:]


# ---------------------------------------------------------------- calls


def _with_calls(part: Part, tools: Tools) -> Part:
    if not isinstance(part, Text):
        return part
    calls = tuple(written_calls(part.content, tools))
    return replace(part, embedded=calls) if calls else part


def written_calls(text: str, tools: Tools) -> list[ToolCall]:
    """The calls that a text spells: between the tokens of the model's own dialect, or as all of the text."""
    return next(filter(None, (list(reader(text, tools)) for reader in _readers(text))), [])


def _readers(text: str) -> Iterator[Reader]:
    """Who may find a call in a text, the surest first."""
    if "<" in text and _TAG.search(text):
        yield from (reader for mark, reader in _TAGS if mark in text)
    if "[" in text:
        yield from (reader for mark, reader in _SQUARE if mark in text)
    if "{" in text and "name" in text:
        yield _whole
    if "```tool_code" in text:
        yield pythonic.tool_code
    if react.MARK in text:
        yield react.calls
    if "(" in text and _ends_a_list(text):
        yield pythonic.bare


def _whole(text: str, tools: Tools) -> Iterator[ToolCall]:
    """JSON that is all of a text: a list under ``tool_calls``, or one call of a known tool. Quotes may be escaped."""
    if not any(key in text for key in _CALL_KEYS) or not (body := call_values.unfenced(text)).startswith("{"):
        return
    if body.startswith('{\\"'):
        body = body.replace('\\"', '"')
    value = lenient.obj(parse_or_none(body))
    if "tool_calls" in value:
        yield from call_values.calls(lenient.seq(value["tool_calls"]))
    elif ("parameters" in value or "arguments" in value) and call_values.is_tool(value.get("name"), tools):
        yield from call_values.calls([value])


# ---------------------------------------------------------------- tool definitions


def _written_tools(prompt: Prompt) -> Iterator[ToolDefinition]:
    for part in prompt.system:
        yield from _tools_in(part)
    for message in prompt.messages:
        if message.role == "system":
            for part in message.parts:
                yield from _tools_in(part)


def _tools_in(part: Part) -> Iterator[ToolDefinition]:
    if not isinstance(part, Text) or "</tools>" not in part.content:
        return
    for before in part.content.split("</tools>")[:-1]:
        # The tags are often explained first: the last opening one is the one that is meant.
        _, tag, inner = before.rpartition("<tools>")
        for value in _tool_values(inner.strip()) if tag else ():
            if (tool := _tool(lenient.obj(value))) is not None:
                yield tool


def _tool_values(inner: str) -> Iterator[Json]:
    """One array, one object, or one object a line."""
    if not inner:
        return
    whole = parse_or_none(inner)
    if whole is not None:
        yield from whole if isinstance(whole, list) else [whole]
    else:
        yield from (parse_or_none(line) for line in inner.split("\n") if line.strip())


def _tool(raw: dict[str, Any]) -> ToolDefinition | None:
    about = lenient.obj(raw.get("function")) or raw
    name = lenient.maybe(about.get("name"))
    kind = lenient.maybe(raw.get("type")) if about is not raw else None
    description = lenient.maybe(about.get("description"))
    return ToolDefinition(kind or "function", name, description, about.get("parameters")) if name else None
