"""Particular cases of OpenAI Responses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.decode.protocols.openai import responses_items
from inspector.model import (
    Blob,
    Body,
    Citation,
    FileRef,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    Token,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Uri,
)
from tests.decode.protocols.samples.sample import PNG, exchange
from tests.decode.protocols.test_protocol_laws import ANYTHING, places, raised, replaced

CHAT = "openai.chat_completions"
URL = "http://x/v1/responses"


def answer(*events: Any, url: str = URL) -> ModelCall:
    body = Body("value", events[0]) if len(events) == 1 else Body("chunks", list(events))
    return decode(exchange(url, {}, body))


def asked(**request: Any) -> ModelCall:
    return decode(exchange(URL, request, None))


def parts(call: ModelCall) -> tuple[Part, ...]:
    (reply,) = call.replies
    return reply.parts


def event(kind: str, at: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", "output_index": at, **more}


def ended(*output: Any, status: str = "completed", **more: Any) -> dict[str, Any]:
    return {
        "type": f"response.{status}",
        "response": {"object": "response", "status": status, "output": list(output), **more},
    }


def said(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}


COMMAND = {"type": "exec", "command": ["ls"]}

ITEMS: list[tuple[dict[str, Any], tuple[Part, ...]]] = [
    (said("Wet"), (Text("Wet"),)),
    ({"type": "message", "content": [{"type": "refusal", "refusal": "No"}]}, (Refusal("No"),)),
    ({"type": "reasoning", "summary": [], "encrypted_content": "x"}, ()),
    ({"type": "reasoning", "summary": [{"text": "a"}, {"text": "b"}]}, (Reasoning("a"), Reasoning("b"))),
    (
        {"type": "reasoning", "summary": [{"text": "a"}], "content": [{"text": "a"}, {"text": "b"}]},
        (Reasoning("a"), Reasoning("b")),
    ),
    (
        {"type": "function_call", "id": "fc", "call_id": "c", "name": "f", "arguments": "{}"},
        (ToolCall("c", "f", "{}", {}),),
    ),
    ({"type": "custom_tool_call", "call_id": "c", "name": "f", "input": "free"}, (ToolCall("c", "f", "free"),)),
    (
        {"type": "mcp_call", "id": "c", "name": "f", "arguments": "{}", "output": "wet", "error": None},
        (ToolCall("c", "f", "{}", {}), ToolResult("c", "f", "wet")),
    ),
    (
        {"type": "mcp_call", "id": "c", "name": "f", "arguments": "{}", "error": "gone"},
        (ToolCall("c", "f", "{}", {}), ToolResult("c", "f", "gone", True)),
    ),
    (
        {"type": "mcp_list_tools", "id": "l", "server_label": "s", "tools": [{"name": "f"}]},
        (
            ToolCall("l", "mcp_list_tools", '{"server_label":"s"}', {"server_label": "s"}),
            ToolResult("l", "mcp_list_tools", [{"name": "f"}]),
        ),
    ),
    ({"type": "web_search_call", "id": "w"}, (ToolCall("w", "web_search", ""),)),
    (
        {"type": "web_search_call", "id": "w", "call_id": "", "name": "search", "arguments": '{"q":1}'},
        (ToolCall("w", "search", '{"q":1}', {"q": 1}),),
    ),
    (
        {"type": "file_search_call", "id": "s", "queries": ["q"], "results": [{"filename": "a"}]},
        (
            ToolCall("s", "file_search", '{"queries":["q"]}', {"queries": ["q"]}),
            ToolResult("s", "file_search", [{"filename": "a"}]),
        ),
    ),
    (
        {"type": "code_interpreter_call", "id": "i", "code": "1", "outputs": [{"type": "logs", "logs": "1"}]},
        (
            ToolCall("i", "code_interpreter", '{"code":"1"}', {"code": "1"}),
            ToolResult("i", "code_interpreter", [{"type": "logs", "logs": "1"}]),
        ),
    ),
    (
        {"type": "local_shell_call", "call_id": "c", "action": COMMAND},
        (ToolCall("c", "local_shell", json.dumps(COMMAND, separators=(",", ":")), COMMAND),),
    ),
    (
        {"type": "apply_patch_call", "call_id": "c", "operation": {"type": "delete_file"}},
        (ToolCall("c", "apply_patch", '{"type":"delete_file"}', {"type": "delete_file"}),),
    ),
    (
        {"type": "image_generation_call", "id": "g", "size": "1x1", "output_format": "webp", "result": PNG},
        (ToolCall("g", "image_generation", '{"size":"1x1"}', {"size": "1x1"}), Blob("image/webp", "image", PNG, 8)),
    ),
    ({"type": "shell_call_output", "call_id": "c", "output": ["a"]}, (ToolResult("c", None, ["a"]),)),
    ({"type": "compaction", "encrypted_content": "x"}, (Unknown({"type": "compaction", "encrypted_content": "x"}),)),
    ({"type": "novelty"}, (Unknown({"type": "novelty"}),)),
]  # fmt: skip


@pytest.mark.parametrize(("item", "expected"), ITEMS, ids=lambda value: value.get("type") if "type" in value else "")
def test_items(item: dict[str, Any], expected: tuple[Part, ...]) -> None:
    """An item reads the same in a request, a whole answer, at its end in a stream, and in the answer at its end."""
    assert tuple(part for message in asked(input=[item]).prompt.messages for part in message.parts) == expected
    whole = answer({"object": "response", "output": [item], "status": "completed"})
    last = answer(event("created"), ended(item))
    finished = answer(event("output_item.added", item=item), event("output_item.done", item=item), ended())
    assert parts(whole) == parts(last) == parts(finished) == expected


@pytest.mark.parametrize(("execution", "expected"), [("server", "server"), ("client", "function"), (None, "function")])
def test_a_search_for_tools_says_who_runs_it(execution: Any, expected: str) -> None:
    item = {"type": "tool_search_call", "id": "t", "execution": execution, "arguments": {"paths": ["look"]}}
    (call,) = responses_items.parts(item)
    assert isinstance(call, ToolCall)
    assert call.kind == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"type": "input_text", "text": "a"}, Text("a")),
        ({"type": "input_image", "image_url": "http://x/a"}, Uri("http://x/a", None, "image")),
        ({"type": "input_image", "file_id": "f"}, FileRef("f", None, "image")),
        ({"type": "input_file", "file_url": "http://x/a"}, Uri("http://x/a")),
        ({"type": "input_file", "file_id": "f"}, FileRef("f")),
        ({"type": "input_file", "file_data": f"data:image/png;base64,{PNG}"}, Blob("image/png", "image", PNG, 8)),
        ({"type": "reasoning_text", "text": "Hm"}, Reasoning("Hm")),
        ({"type": "novelty"}, Unknown({"type": "novelty"})),
    ],
)
def test_content(content: Any, expected: Part) -> None:
    (message,) = asked(input=[{"role": "user", "content": [content]}]).prompt.messages
    assert message == Message("user", (expected,), "user")


def test_what_the_assistant_did_item_by_item_is_one_message() -> None:
    call = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c", "output": "wet"}
    thought = {"type": "reasoning", "summary": [{"text": "Hm"}]}
    hidden = {"type": "reasoning", "encrypted_content": "x"}
    prompt = asked(input=["Hi", thought, said("I look"), call, output, hidden, said("Wet")]).prompt
    assert prompt.messages == (
        Message("user", (Text("Hi"),)),
        Message("assistant", (Reasoning("Hm"), Text("I look"), ToolCall("c", "f", "{}", {})), "assistant"),
        Message("tool", (ToolResult("c", None, "wet"),)),
        Message("assistant", (Text("Wet"),), "assistant"),
    )


@pytest.mark.parametrize("text", ["Hi", ["Hi"], [{"type": "input_text", "text": "Hi"}]])
def test_a_bare_text_is_the_users(text: Any) -> None:
    messages = asked(input=text).prompt.messages
    assert [message.role for message in messages] == ["user"]


def test_tools() -> None:
    inner = {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}
    tools = [{"type": "namespace", "name": "n", "tools": [inner]}, {"type": "mcp", "server_label": "s"}]
    added = {"type": "additional_tools", "role": "developer", "tools": [{"type": "web_search"}]}
    assert asked(tools=tools, input=[added]).prompt.tools == (
        ToolDefinition("namespace", "n", None, None),
        ToolDefinition("function", "f", "d", {"type": "object"}),
        ToolDefinition("mcp", "s", None, None),
        ToolDefinition("web_search", None, None, None),
    )


# ---------------------------------------------------------------- streams


def test_items_are_told_by_their_place_and_not_by_their_id() -> None:
    call = answer(
        event("output_item.added", 0, item={"type": "message", "id": "a", "content": []}),
        event("output_text.delta", 0, item_id="b", content_index=0, delta="We"),
        event("output_item.added", 1, item={"type": "message", "id": "c", "content": []}),
        event("output_text.delta", 1, item_id="b", content_index=0, delta="Dry"),
        event("output_text.delta", 0, item_id="d", content_index=0, delta="t"),
    )
    assert parts(call) == (Text("Wet"), Text("Dry"))
    assert not call.complete


def test_arguments_may_come_whole_with_the_beginning() -> None:
    item = {"type": "function_call", "call_id": "c", "name": "f", "arguments": '{"x":1}'}
    call = answer(event("output_item.added", item=item), event("function_call_arguments.done", arguments='{"x":1}'))
    assert parts(call) == (ToolCall("c", "f", '{"x":1}', {"x": 1}),)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event("output_text.done", text="Wet")], Text("Wet")),
        ([event("output_text.delta", delta="Wat"), event("output_text.done", text="Wet")], Text("Wet")),
        ([event("refusal.delta", delta="N"), event("refusal.delta", delta="o")], Refusal("No")),
        ([event("refusal.done", refusal="No")], Refusal("No")),
        ([event("reasoning_text.delta", delta="H"), event("reasoning_text.delta", delta="m")], Reasoning("Hm")),
        ([event("reasoning_summary_text.done", text="Hm")], Reasoning("Hm")),
        ([event("custom_tool_call_input.delta", delta="a")], ToolCall(None, None, "a")),
        ([event("mcp_call_arguments.done", arguments="{}")], ToolCall(None, None, "{}", {})),
        ([event("image_generation_call.partial_image", partial_image_b64=PNG)], Blob("image/png", "image", PNG, 8)),
    ],
)
def test_pieces(events: list[Any], expected: Part) -> None:
    assert parts(answer(event("in_progress"), *events)) == (expected,)


def test_citations_and_probabilities_come_with_the_pieces() -> None:
    source = {"type": "url_citation", "start_index": 0, "end_index": 3, "url": "http://w/"}
    call = answer(
        event("output_text.delta", delta="Wet", logprobs=[{"token": "Wet", "logprob": -1}]),
        event("output_text.annotation.added", annotation=source),
    )
    assert parts(call) == (Text("Wet", (), (Citation(0, 3, "http://w/", None),), (Token("Wet", -1.0),)),)


def test_what_is_missing_from_the_answer_at_the_end_stays() -> None:
    listed = {"type": "mcp_list_tools", "id": "l", "tools": []}
    grown = [event("output_item.done", 0, item=listed), event("output_item.done", 1, item=said("Wet"))]
    kinds = [type(part) for part in parts(answer(*grown, ended(said("Wet!"))))]
    assert kinds == [ToolCall, ToolResult, Text]
    assert parts(answer(*grown, ended(said("Wet!"))))[-1] == Text("Wet!")


def test_the_answer_at_the_end_may_have_more_than_grew() -> None:
    grown = event("output_item.done", 0, item=said("Wet"))
    call = answer(grown, ended({"type": "mcp_list_tools", "id": "l"}, said("Wet")))
    assert parts(call) == (ToolCall("l", "mcp_list_tools", ""), Text("Wet"))


def test_a_stream_with_nothing_but_its_end() -> None:
    call = answer(event("queued"), ended(said("Wet")))
    assert (parts(call), call.complete) == ((Text("Wet"),), True)


# ---------------------------------------------------------------- how it ends

CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}


@pytest.mark.parametrize(
    ("response", "finish"),
    [
        ({"status": "completed", "output": [said("Wet")]}, ("stop", "completed")),
        ({"status": "complete", "output": [said("Wet")]}, ("stop", "complete")),
        ({"status": "completed", "output": [CALL]}, ("tool_call", "completed")),
        ({"status": "completed", "output": [{"type": "web_search_call"}]}, ("stop", "completed")),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [CALL]},
            ("length", "max_output_tokens"),
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}, "output": []},
            ("content_filter", "content_filter"),
        ),
        ({"status": "failed", "error": {"code": "server_error", "message": "no"}}, ("error", "failed")),
        ({"status": "cancelled", "output": []}, ("unknown", "cancelled")),
        ({"status": "in_progress", "output": [said("W")]}, (None, None)),
    ],
)
def test_finish(response: Any, finish: tuple[str | None, str | None]) -> None:
    whole = answer({"object": "response", **response})
    stream = answer(event("created"), {"type": "response.completed", "response": response})
    for call in (whole, stream):
        (reply,) = call.replies
        assert (reply.finish_reason, reply.finish_reason_raw) == finish
        assert (call.error is not None) == (response["status"] == "failed")
    assert stream.complete == (finish != (None, None))


def test_a_call_is_waited_for_where_the_end_holds_no_items() -> None:
    (reply,) = answer(event("output_item.done", item=CALL), ended()).replies
    assert (reply.finish_reason, reply.parts) == ("tool_call", (ToolCall("c", "f", "{}", {}),))


@pytest.mark.parametrize(
    "error",
    [
        {"type": "error", "sequence_number": 2, "error": {"type": "server_error", "message": "no"}},
        {"type": "error", "sequence_number": 2, "code": "server_error", "message": "no", "param": None},
    ],
)
def test_an_error_in_a_stream_leaves_what_came_before(error: Any) -> None:
    call = answer(event("output_text.delta", delta="We"), error, ended(status="failed"))
    assert call.error is not None
    assert (call.error.type, call.error.message) == ("server_error", "no")
    assert parts(call) == (Text("We"),)


def test_a_request_in_the_background_is_only_accepted() -> None:
    call = answer({"id": "r", "object": "response", "status": "queued", "output": []})
    assert (call.response_id, call.replies, call.error, call.complete) == ("r", (), None, True)
    assert call.summary == {"status": "queued"}


# ---------------------------------------------------------------- recognition


@pytest.mark.parametrize(
    ("url", "body", "protocol"),
    [
        ("", {"object": "response", "output": []}, "openai.responses"),
        ("", {"type": "response.created", "response": {}}, "openai.responses"),
        ("", {"type": "response.output_text.delta", "delta": "a"}, "openai.responses"),
        ("/backend-api/codex/responses", {"detail": "no"}, "openai.responses"),
        ("/openai/v1/responses/r1", {}, "openai.responses"),
        ("/v1/responses/r1/cancel", {}, "openai.responses"),
        ("", {"type": "error", "error": {"message": "no"}}, None),
    ],
)
def test_recognition(url: str, body: Any, protocol: str | None) -> None:
    assert answer(body, url=url).protocol == protocol


@pytest.mark.parametrize(
    ("url", "body", "summary"),
    [
        ("/v1/responses/r1/input_items", {"object": "list", "data": [{}, {}]}, {"items": 2}),
        ("/v1/responses/input_tokens", {"object": "response.input_tokens", "input_tokens": 3}, {"input_tokens": 3}),
        ("/v1/responses/r1", {"id": "r1", "object": "response", "deleted": True}, {"deleted": True}),
    ],
)
def test_what_else_is_asked_about_responses(url: str, body: Any, summary: Any) -> None:
    assert answer(body, url=url).summary == summary


def test_any_type_at_any_place_of_an_item_is_read() -> None:
    for item, _ in ITEMS:
        for path in places(item):
            for thing in ANYTHING:
                changed = replaced(item, path, thing)
                request = {"input": [changed], "tools": [changed], "instructions": [changed]}
                stream = [
                    event("output_item.added", item=changed),
                    event("output_item.done", item=changed),
                    ended(changed),
                ]
                assert raised(decode(exchange(URL, request, Body("chunks", stream)))) == []


@pytest.mark.parametrize(
    ("url", "request_body", "body", "protocol"),
    [
        ("[hidden]", {"input": "a", "instructions": "b"}, {"detail": "no"}, "openai.responses"),
        ("", {"input": "a", "tools": []}, None, "openai.responses"),
        ("", {"input": ["a"]}, None, None),
        ("/v1/else", {"input": "a", "instructions": "b"}, {"detail": "no"}, None),
        ("", {"input": "a", "instructions": "b"}, {"said": "yes"}, None),
        ("[hidden]", {"model": "m", "messages": [{"role": "user", "content": "a"}]}, {"error": {}}, CHAT),
        ("[hidden]", {"model": "claude-3", "messages": []}, {"error": "no"}, "anthropic.messages"),
    ],
)
def test_a_request_alone_tells_where_no_address_does(
    url: str, request_body: Any, body: Any, protocol: str | None
) -> None:
    answered = None if body is None else Body("value", body)
    assert decode(exchange(url, request_body, answered)).protocol == protocol
