"""Tool calls as each family of models writes them into text."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.written import with_written, written_calls
from inspector.model import Part, Reasoning, Text, ToolCall, ToolDefinition

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}
TOOLS = (ToolDefinition("function", "add", None, SCHEMA), ToolDefinition("function", "now", None, None))

A, B = {"a": 1, "b": "2"}, '{"a":1,"b":"2"}'
XML = '<invoke name="add">\n<parameter name="a">1</parameter>\n<parameter name="b">2</parameter>\n</invoke>'
DSML = XML.replace("<", "<｜DSML｜").replace("<｜DSML｜/", "</｜DSML｜")
DEEPSEEK = (
    "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n"
    + B
    + "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
)
KIMI = "<|tool_call_begin|>functions.add:0<|tool_call_argument_begin|>" + B + "<|tool_call_end|>"
HARMONY = "<|channel|>commentary to=functions.add <|constrain|>json<|message|>" + B + "<|call|>"

DIALECTS = {
    "hermes": '<tool_call>\n{"name": "add", "arguments": {"a": 1, "b": "2"}}\n</tool_call>',
    "hermes list": '<tool_call>[{"name": "add", "arguments": {"a": 1, "b": "2"}}]</tool_call>',
    "hermes and then talk": '<tool_call>{"name": "add", "arguments": {"a": 1, "b": "2"}}\nThat adds.',
    "qwen3 coder": (
        "<tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n<parameter=b>\n2\n</parameter>\n"
        "</function>\n</tool_call>"
    ),
    "glm": (
        "Well.<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n<arg_key>b</arg_key>\n"
        "<arg_value>2</arg_value>\n</tool_call>"
    ),
    "llama function": "<function=add>" + B + "</function><|eom_id|>",
    "llama function without a bracket": "<function=add" + B + "</function>",
    "llama json": '<|python_tag|>{"type": "function", "name": "add", "parameters": {"a": 1, "b": "2"}}<|eom_id|>',
    "llama builtin": '<|python_tag|>add.call(a=1, b="2")<|eom_id|>',
    "pythonic": "[add(a=1, b='2')]",
    "pythonic by position": "[add(1, '2')]\n",
    "llama 4": "<|python_start|>[add(a=1, b='2')]<|python_end|>",
    "lfm": "<|tool_call_start|>[add(a=1, b='2')]<|tool_call_end|>Adding.",
    "gemma 3": "Let me.\n```tool_code\nprint(add(a=1, b='2'))\n```",
    "gemma 4": '<|tool_call>call:add{a:1,b:<|"|>2<|"|>}<tool_call|>',
    "mistral 3": '[TOOL_CALLS] [{"name": "add", "arguments": {"a": 1, "b": "2"}}]',
    "mistral 11": "[TOOL_CALLS]add" + B,
    "mistral 13": "Sure.[TOOL_CALLS]add[ARGS]" + B,
    "deepseek 3": DEEPSEEK,
    "deepseek 3.1": "<｜tool▁call▁begin｜>add<｜tool▁sep｜>" + B + "<｜tool▁call▁end｜>",
    "deepseek 3.2": f"<｜DSML｜function_calls>{DSML}</｜DSML｜function_calls>",
    "anthropic": f"I'll add.\n<function_calls>\n{XML}\n</function_calls>",
    "anthropic's first": (
        "<function_calls><invoke><tool_name>add</tool_name><parameters><a>1</a><b>2</b></parameters></invoke>"
    ),
    "minimax": f"<minimax:tool_call>{XML}</minimax:tool_call>",
    "harmony": HARMONY,
    "react": "Thought: add\nAction: add\nAction Input: " + B,
    "react on one line": "Thought: add Action: add\nAction Input: " + B,
    "react in bold": "**Action:** add\n**Action Input:** " + B + "\nObservation: 3",
    "langchain": 'Action:\n```\n{"action": "add", "action_input": {"a": 1, "b": "2"}}\n```',
    "command r": 'Action: ```json\n[{"tool_name": "add", "parameters": {"a": 1, "b": "2"}}]\n```',
    "command r7b": '<|START_ACTION|>[{"tool_name": "add", "parameters": {"a": 1, "b": "2"}}]<|END_ACTION|>',
    "phi": 'functools[{"name": "add", "arguments": {"a": 1, "b": "2"}}]',
    "granite": '<|tool_call|>[{"name": "add", "arguments": {"a": 1, "b": "2"}}]',
    "jamba": '<tool_calls>[{"name": "add", "arguments": {"a": 1, "b": "2"}}]</tool_calls>',
    "nemotron": '<TOOLCALL>[{"name": "add", "arguments": {"a": 1, "b": "2"}}]</TOOLCALL>',
    "internlm": '<|action_start|><|plugin|>{"name": "add", "parameters": {"a": 1, "b": "2"}}<|action_end|>',
    "arch": (
        '```json\n{\\"tool_calls\\": [{\\"name\\": \\"add\\", \\"arguments\\": {\\"a\\": 1, \\"b\\": \\"2\\"}}]}\n```'
    ),
}


@pytest.mark.parametrize("text", DIALECTS.values(), ids=DIALECTS)
def test_every_dialect_spells_the_same_call(text: str) -> None:
    (part,) = with_written((Text(text),), TOOLS)
    assert isinstance(part, Text)
    assert part.content == text
    assert [(call.name, call.arguments) for call in part.embedded] == [("add", A)]


@pytest.mark.parametrize("text", DIALECTS.values(), ids=DIALECTS)
def test_none_of_it_is_counted_beside_a_structured_call(text: str) -> None:
    call = ToolCall("c", "add", B, A)
    assert with_written((Text(text), call), TOOLS) == (Text(text), call)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (KIMI, ["functions.add:0"]),
        (KIMI + KIMI.replace(":0", ":1"), ["functions.add:0", "functions.add:1"]),
        ("[TOOL_CALLS]add[CALL_ID]x1[ARGS]" + B, ["x1"]),
        ('[TOOL_CALLS] [{"name": "add", "arguments": {"a": 1, "b": "2"}, "id": "123456789"}]', ["123456789"]),
    ],
)
def test_ids(text: str, ids: list[str]) -> None:
    assert written_calls(text, ()) == [ToolCall(id, "add", B, A) for id in ids]


@pytest.mark.parametrize(
    "name", [name for name in DIALECTS if name[:5] not in ("react", "langc", "arch", "comma", "pytho")]
)
def test_several_calls(name: str) -> None:
    assert len(written_calls(DIALECTS[name] + "\n" + DIALECTS[name], TOOLS)) == 2 or name == "hermes and then talk"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ('<tool_call>{"name": "add", "arguments": {"a": 1, "b": "x', '{"a": 1, "b": "x'),
        ('<|python_tag|>{"name": "add", "parameters": {"a"', '{"a"'),
        ('[TOOL_CALLS]add[ARGS]{"a"', '{"a"'),
        ('<｜tool▁call▁begin｜>add<｜tool▁sep｜>{"a"', '{"a"'),
        ('Action: add\nAction Input: {"a"', '{"a"'),
        ("Action: add\nAction Input: the roof\nObservation: 3\nAction: now\nAction Input: {}", "the roof"),
    ],
)
def test_arguments_that_are_not_json_stay_as_they_are(text: str, arguments: str) -> None:
    assert written_calls(text, TOOLS) == [ToolCall(None, "add", arguments, None)]


def test_the_schema_says_what_a_value_is() -> None:
    text = "<function=add><parameter=a>1</parameter><parameter=b>1</parameter><parameter=c>1</parameter></function>"
    assert written_calls(text, TOOLS)[0].arguments == {"a": 1, "b": "1", "c": "1"}
    assert written_calls(text, ())[0].arguments == {"a": "1", "b": "1", "c": "1"}
    typed = '<｜DSML｜invoke name="f"><｜DSML｜parameter name="k" string="false">[1]</｜DSML｜parameter>'
    assert written_calls(typed, ())[0].arguments == {"k": [1]}


def test_code_for_an_interpreter() -> None:
    text = "<|python_tag|>import math\nprint(math.pi)"
    assert written_calls(text, ()) == [
        ToolCall(
            None, "code_interpreter", '{"code":"import math\\nprint(math.pi)"}', {"code": "import math\nprint(math.pi)"}
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Call it as <tool_call>.",
        "<tool_call></tool_call>",
        "The <invoke> tag",
        "a <function=",
        "[TOOL_CALLS]",
        "[TOOL_CALLS] are listed here",
        "<|python_tag|>hello",
        "[see(the docs)]",
        "[add(a=1), 3]",
        "[unknown(a=1)]",
        "[add(**x)]",
        "[add(a=open('f'))]",
        "[add(a=1, b=2, c=3, d=4]",
        "See [add(a=1)](https://a.test/) for [more]",
        "[1, 2]",
        "```tool_code\nprint(2 - 5)\n```",
        "```tool_code\nprint('hi')\n```",
        "Final Answer: 3",
        "Thought: done\nFinal Answer: Action: none",
        "Action: None\nAction Input: {}",
        "Action: add",
        "The next Action: add\nAction Input: {}",
        "Action: open the door\nand then\nAction Input: is read",
        "In ReAct, `Action:` comes before `Action Input:` in a text",
        'Action:\n```\n{"action": "Final Answer", "action_input": "3"}\n```',
        "<|channel|>final<|message|>to=functions.add",
        '{"required_functions": ["add"], "clarification": "name?"}',
        '{"response": "tool_calls: none"}',
        '[{"name": "add", "arguments": {}}]',
        '<|tool_call>{"name": 3}',
    ],
)
def test_what_is_no_call(text: str) -> None:
    assert written_calls(text, TOOLS) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[THINK]why[/THINK]so", (Reasoning("why"), Text("so"))),
        ("[THINK]cut", (Reasoning("cut"),)),
        ("Use [THINK] tags", (Text("Use [THINK] tags"),)),
        (
            "<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>so<|return|>",
            (Reasoning("why"), Text("so")),
        ),
        ("<|start|>assistant<|channel|>analysis<|message|>cut", (Reasoning("cut"),)),
        ("<|channel|>commentary<|message|>I will look.<|end|>", (Text("I will look."),)),
        ("Hm <|channel|>final<|message|>so", (Text("Hm "), Text("so"))),
        ("the <|channel|> token", (Text("the <|channel|> token"),)),
        (
            f"<|channel|>analysis<|message|>why<|end|><|start|>assistant{HARMONY}",
            (Reasoning("why"), Text(HARMONY, (ToolCall(None, "add", B, A),))),
        ),
        (
            "<|channel|>analysis<|message|>why<|end|><|start|>assistant to=functions.add<|channel|>commentary json"
            f"<|message|>{B}<|call|>",
            (
                Reasoning("why"),
                Text(
                    f"assistant to=functions.add<|channel|>commentary json<|message|>{B}<|call|>",
                    (ToolCall(None, "add", B, A),),
                ),
            ),
        ),
    ],
)
def test_reasoning(text: str, parts: tuple[Part, ...]) -> None:
    assert with_written((Text(text),), ()) == parts


HOSTILE = (
    "<tool_call>", "[", "[f(", "<function=", "<invoke", '<invoke name="a"><parameter name="', "<|channel|>",
    "<|channel|>a<|message|>", "[TOOL_CALLS]a{", "Action:", "Action:\nAction Input:\n", "<think>",
    "\n</think>", "[THINK]", "<|tool_call_begin|>functions.",
    "<|tool_call>call:a{", '{"name": "tool_calls", ', "<|python_tag|>{;", "```tool_code(",
    "<parameters><a>",
    "<｜tool▁call▁begin｜>a<｜tool▁sep｜>", "*", "\\", '{\\"', "<", "functools[",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_million_characters_of_anything(piece: str) -> None:
    """Anything but linear time would not come to an end here."""
    many = piece * (1_000_000 // len(piece))
    for text in (many, f"Action: {many}\nAction Input: ]"):
        with_written((Text(text),), TOOLS)


def test_long_python_is_not_parsed() -> None:
    assert written_calls(f"[add(b='{'x' * 1000}')]", TOOLS) != []
    assert written_calls(f"[add(b='{'x' * 100_000}')]", TOOLS) == []


def test_deep_python_is_not_parsed() -> None:
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(6144)
        for inner in (
            "1+" * 9000 + "1",
            "(" * 9000,
            "-" * 9000 + "1",
            "not " * 4000 + "1",
            "a." * 9000 + "a",
            "1**" * 6000 + "1",
        ):
            assert written_calls(f"[add(a={inner})]", TOOLS) == []
    finally:
        sys.setrecursionlimit(limit)


PIECES = st.lists(st.sampled_from(["<", ">", "[", "]", "{", "}", '"', "\n", "a", ":", *HOSTILE, *DIALECTS.values()]))


@given(PIECES)
def test_nothing_raises(pieces: list[str]) -> None:
    with_written((Text("".join(pieces)),), TOOLS)
