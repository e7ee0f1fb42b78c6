from __future__ import annotations

import json

import pytest

from inspector.decode.decoder import decode
from inspector.decode.written import prompt_with_written, with_written, written_calls
from inspector.model import (
    Body,
    Exchange,
    Message,
    Part,
    Prompt,
    Reasoning,
    Request,
    Response,
    Text,
    ToolCall,
    ToolDefinition,
)

TOOLS = (ToolDefinition("function", "add", None, None),)
ADD = ToolCall(None, "add", '{"a":1}', {"a": 1})


def calls(text: str, tools: tuple[ToolDefinition, ...] = TOOLS) -> list[ToolCall]:
    return list(written_calls(text, tools))


@pytest.mark.parametrize(
    "text",
    [
        '{"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}',
        '{"tool_calls": [{"type": "function", "function": {"name": "add", "arguments": {"a": 1}}}]}',
        '```json\n{"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}\n```\n',
        '```\n{"tool_calls": [{"name": "add", "parameters": {"a": 1}}]}```',
        '<tool_call>\n{"name": "add", "arguments": {"a": 1}}\n</tool_call>',
        'I will add.\n<tool_call>{"name": "add", "arguments": {"a": 1}}',
        '<|python_tag|>{"name": "add", "parameters": {"a": 1}}',
        '<|python_tag|>{"type": "function", "name": "add", "parameters": {"a": 1}}<|eom_id|>',
        ' {"name": "add", "parameters": {"a": 1}}\n',
        '```json\n{"name": "add", "arguments": {"a": 1}}\n```',
    ],
)
def test_dialects(text: str) -> None:
    assert calls(text) == [ADD]


def test_several_calls() -> None:
    two = '<tool_call>{"name": "add", "arguments": {"a": 1}}</tool_call>\n' * 2
    assert calls(two) == [ADD, ADD]
    assert (
        calls('<|python_tag|>{"name": "add", "parameters": {"a": 1}}; {"name": "add", "arguments": {"a": 1}}')
        == [ADD] * 2
    )
    assert calls('<|python_tag|>{"name": "add", "parameters": {"a": "; {"}}')[0].arguments == {"a": "; {"}


def test_arguments_that_are_text_already() -> None:
    assert calls('{"tool_calls": [{"id": "c1", "name": "add", "arguments": "{\\"a\\": 1}"}]}') == [
        ToolCall("c1", "add", '{"a": 1}', {"a": 1})
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "add",
        '{"tool_calls": [{"name": "add", "arguments": {"a": 1}}]',
        '{"tool_calls": {"name": "add"}}',
        '{"tool_calls": [{"name": ""}, 7, null]}',
        '<tool_call>{"name": "add", "arguments": </tool_call>',
        '<tool_call>"name"</tool_call>',
        "<|python_tag|>{'name': \"name\"}",
        '<|python_tag|>["name"]',
        '{"name": "unknown", "parameters": {}}',
        '{"name": "add"}',
        '{"name": ["add"], "parameters": {}}',
        'Say {"name": "add", "parameters": {}}',
        '[{"name": "add", "parameters": {}}]',
    ],
)
def test_what_is_no_call(text: str) -> None:
    assert calls(text) == []


def test_a_bare_object_needs_a_known_tool() -> None:
    assert calls('{"name": "add", "parameters": {"a": 1}}', ()) == []
    assert calls('<|python_tag|>{"name": "add", "parameters": {"a": 1}}', ()) == [ADD]


def test_the_text_stays() -> None:
    text = '```json\n{"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}\n```\n'
    assert with_written((Text(text),), ()) == (Text(text, (ADD,)),)


def test_a_structured_call_rules_written_ones_out() -> None:
    parts: tuple[Part, ...] = (Text('<tool_call>{"name": "add"}</tool_call>'), ADD)
    assert with_written(parts, TOOLS) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("<think>why</think>so", (Reasoning("why"), Text("so"))),
        ("\n<think>\nwhy\n</think>\n\nso", (Reasoning("\nwhy\n"), Text("\n\nso"))),
        ("<think>a</think>\n<think>b</think>c", (Reasoning("a"), Reasoning("b"), Text("c"))),
        ("<think>\n\n</think>\n\nso", (Text("\n\nso"),)),
        ("<think>cut off", (Reasoning("cut off"),)),
        ("<thought>why</thought>so", (Reasoning("why"), Text("so"))),
        ("\n<reasoning>why</reasoning>\nso", (Reasoning("why"), Text("\nso"))),
        ("<reasoning> is a tag", (Text("<reasoning> is a tag"),)),
        ("a <thought>b</thought>", (Text("a <thought>b</thought>"),)),
        ("<think>why</think>\n", (Reasoning("why"),)),
        ("why\n</think>\n\nso", (Reasoning("why\n"), Text("\n\nso"))),
        ("why\n</think> so", (Reasoning("why\n"), Text(" so"))),
        ("the </think> tag", (Text("the </think> tag"),)),
        ("use <think>x</think> tags", (Text("use <think>x</think> tags"),)),
        ("I think>so", (Text("I think>so"),)),
    ],
)
def test_reasoning(text: str, parts: tuple[Part, ...]) -> None:
    assert with_written((Text(text),), ()) == parts


def test_a_call_after_reasoning() -> None:
    call = '<tool_call>{"name": "add", "arguments": {"a": 1}}</tool_call>'
    assert with_written((Text(f"<think>why</think>{call}"),), ()) == (Reasoning("why"), Text(call, (ADD,)))


@pytest.mark.parametrize(
    "inner",
    [
        '{"name": "add", "description": "d", "parameters": {"type": "object"}}',
        '[{"name": "add", "description": "d", "parameters": {"type": "object"}}]',
        '{"type": "function", "function": {"name": "add", "description": "d", "parameters": {"type": "object"}}}',
        '{"name": "add",\n "description": "d", "parameters": {"type": "object"}}',
        'not json\n{"name": "add", "description": "d", "parameters": {"type": "object"}}\n{"broken\n{"no": "name"}',
    ],
)
def test_tools_in_a_system_prompt(inner: str) -> None:
    text = f"Signatures are within <tools></tools> tags, the <tools> tag first:\n<tools>\n{inner}\n</tools>\nGo."
    add = ToolDefinition("function", "add", "d", {"type": "object"})
    inside = Prompt(messages=(Message("system", (Text(text),)),))
    assert prompt_with_written(inside).tools == (add,)
    assert prompt_with_written(inside).messages == inside.messages
    assert prompt_with_written(Prompt(system=(Text(text),))).tools == (add,)
    assert prompt_with_written(Prompt(system=(Text(text),), tools=TOOLS)).tools == TOOLS
    assert prompt_with_written(Prompt(messages=(Message("user", (Text(text),)),))).tools == ()


def test_one_tool_a_line() -> None:
    text = '<tools>{"name": "a"}\n{"name": "b"}</tools> and <tools>[{"name": "c"}, 3]</tools> <tools>{"name": "open"}'
    assert [tool.name for tool in prompt_with_written(Prompt(system=(Text(text),))).tools] == ["a", "b", "c"]


def test_only_what_an_assistant_wrote() -> None:
    text = '<think>x</think>{"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}'
    user, assistant = Message("user", (Text(text),)), Message("assistant", (Text(text),))
    after = prompt_with_written(Prompt(messages=(user, assistant))).messages
    assert after[0] is user
    assert after[1].parts == (Reasoning("x"), Text(text.removeprefix("<think>x</think>"), (ADD,)))


def test_prompt_and_reply_are_read_alike() -> None:
    """So that a reply and the same message in the next request are one message."""
    said = {"role": "assistant", "content": '<think>x</think>{"name": "add", "parameters": {"a": 1}}'}
    system = {"role": "system", "content": '<tools>{"name": "add"}</tools>'}
    call = decode(
        Exchange(
            entry=0,
            request=Request(
                "POST", "http://a.test/v1/chat/completions", (), Body("value", {"messages": [system, said]})
            ),
            response=Response(body=Body("text", json.dumps({"choices": [{"index": 0, "message": said}]}))),
        )
    )
    assert [tool.name for tool in call.prompt.tools] == ["add"]
    assert call.replies[0].parts == call.prompt.messages[1].parts
    assert call.replies[0].parts == (Reasoning("x"), Text('{"name": "add", "parameters": {"a": 1}}', (ADD,)))
