"""ReAct: ``Action: N``, then ``Action Input: …``, as agents ask for that do without a model's own calls.

https://arxiv.org/abs/2210.03629 and the prompts of LangChain, crewAI and LlamaIndex
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.decode import lenient
from inspector.decode.written import call_values
from inspector.model import ToolCall, ToolDefinition
from inspector.model.expressions import expression
from inspector.model.jsonio import parse_or_none

MARK = "Action:"
_INPUT = "Action Input:"
_INPUT_END = expression(r"\n[ \t*]*(?:Observation|Thought|Final Answer|Action)\b[^\n:]{0,20}:")
_NO_TOOL = frozenset({"none", "n/a", "final answer", "no action", "no tool"})


def calls(text: str, tools: tuple[ToolDefinition, ...]) -> Iterator[ToolCall]:
    """The first call: what follows it (an observation, another call) the model has made up."""
    at = text.find(MARK)
    given = text.find(_INPUT)
    if 0 <= at < given:
        yield from _input_call(text, given)
    elif at >= 0 and given < 0:
        yield from _json_calls(text[at + len(MARK) :])


def _input_call(text: str, given: int) -> Iterator[ToolCall]:
    """The name is the line before the input's, and nothing but that, unless the thought stands there too."""
    above, _, line = text[:given].rpartition("\n")
    above = above.rstrip()
    start = max(above.rfind("\n"), 0)
    head, found, name = above[start:].partition(MARK)
    name = name.strip(" \t*`\"'[]")
    talk = head.strip(" \t\n*")
    if line.strip(" \t*") or not found or (talk and "Thought" not in talk):
        return
    if not name or len(name) > 200 or name.lower() in _NO_TOOL:
        return
    rest = text[given + len(_INPUT) :]
    end = _INPUT_END.search(rest)
    arguments = call_values.unfenced((rest[: end.start()] if end else rest).strip().removeprefix("**"))
    yield ToolCall(None, name, arguments, parse_or_none(arguments))


def _json_calls(text: str) -> Iterator[ToolCall]:
    """A fenced object with the action and its input (LangChain), or a list of calls (Command R)."""
    if not text.lstrip().startswith("```"):
        return
    value, _ = call_values.value_at_start(call_values.fence(text))
    action = lenient.obj(value).get("action")
    if isinstance(action, str) and action.lower() not in _NO_TOOL:
        yield lenient.call(None, action, lenient.obj(value).get("action_input"))
    elif isinstance(value, list):
        yield from (
            call
            for call in call_values.calls(value)
            if (call.name or "").lower() not in ("directly-answer", "directly_answer")
        )
