"""For each rule a recording that trips it, and one that nearly does. No key in them opens anything."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from inspector.recorders import llama_stack_rules

PAT = "ghp_" + "aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW1xY2"
"""The shape of a GitHub token, drawn by lot."""

RANDOM = "Qx7Lm92V" + "bKp4RtZ1Ws8"

Json = dict[str, Any]


class Sample(NamedTuple):
    """A recording, and the places where the rule finds something in it."""

    document: Json | str
    places: tuple[str, ...] = ()
    name: str = "lamp.json"


def chat(body: Json, response: Any, url: str = "https://api.openai.com/v1/chat/completions", **more: Any) -> Json:
    request = {"method": "POST", "url": url, "headers": more.get("headers", {}), "body": {"model": "gpt-4o", **body}}
    kept = {"status_code": more.get("status", 200), "body": response, "is_streaming": isinstance(response, list)}
    return {"test_id": "tests/lamp.py::test_lamp", "request": request, "response": kept}


def user(content: Any) -> Json:
    return {"role": "user", "content": content}


def asked(content: str = "Is the lamp lit?", **body: Any) -> Json:
    return {"messages": [user(content)], **body}


def answer(content: str | None = "It is.", finish: str = "stop", **more: Any) -> Json:
    message = {"role": "assistant", "content": content, **more.pop("message", {})}
    choice = {"index": 0, "finish_reason": finish, "message": message}
    return {"id": "rec-1", "object": "chat.completion", "model": "gpt-4o", "choices": [choice], **more}


def usage(asked: int, said: int, total: int, cached: int = 0) -> Json:
    details = {"prompt_tokens_details": {"cached_tokens": cached}}
    return {"usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": total, **details}}


def calls(arguments: str, name: str = "ring_bell") -> Json:
    return {"tool_calls": [{"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}]}


def chunks(*deltas: tuple[str, str | None]) -> list[Json]:
    """A stream of texts, each with the finish reason that it carries."""
    return [
        {
            "id": "rec-1", "object": "chat.completion.chunk", "model": "gpt-4o",
            "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
        }
        for text, finish in deltas
    ]  # fmt: skip


def pieces(text: str, size: int = 5) -> list[Json]:
    return chunks(*((text[at : at + size], None) for at in range(0, len(text), size)), ("", "stop"))


def events(*told: Json) -> str:
    """Server-sent events in a cassette of VCR, as Anthropic and OpenAI send them."""
    return "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in told)


def cassette(url: str, body: Json, text: str, kind: str = "text/event-stream") -> str:
    request = {"method": "POST", "uri": url, "headers": {}, "body": json.dumps(body)}
    headers = {"Content-Type": [kind]}
    response = {"status": {"code": 200, "message": "OK"}, "headers": headers, "body": {"string": text}}
    return json.dumps({"version": 1, "interactions": [{"request": request, "response": response}]})


_MESSAGES = "https://api.anthropic.com/v1/messages"
_RESPONSES = "https://api.openai.com/v1/responses"


def message_events(*blocks: Json, end: str = "message_stop") -> str:
    start = {"type": "message", "role": "assistant", "model": "claude", "content": [], "usage": {"input_tokens": 3}}
    done = {"delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}
    return events(
        {"type": "message_start", "message": {"id": "msg_1", **start}},
        *blocks,
        {"type": "message_delta", **done},
        {"type": end},
    )


def begun(index: int) -> Json:
    return {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}


def grown(index: int, text: str) -> Json:
    return {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}


def ended(index: int) -> Json:
    return {"type": "content_block_stop", "index": index}


def told_by_claude(*blocks: Json) -> Sample:
    body = {"model": "claude", "stream": True, "max_tokens": 9, "messages": [user("Lit?")]}
    return Sample(cassette(_MESSAGES, body, message_events(*blocks)), name="lamp.yaml")


def a_tool_told_claude(text: str, is_error: bool) -> Sample:
    """A prompt whose last message holds what a tool answered."""
    called = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": text, "is_error": is_error}
    messages = [user("Lit?"), {"role": "assistant", "content": [called]}, user([result])]
    body = {"model": "claude", "stream": True, "max_tokens": 9, "messages": messages}
    told = message_events(begun(0), grown(0, "No."), ended(0))
    return Sample(cassette(_MESSAGES, body, told), ("m2-p0",) if is_error else (), "lamp.yaml")


def answered(*numbers: int) -> str:
    """A stream of responses whose events have these numbers."""
    whole = {
        "id": "resp_1", "object": "response", "model": "gpt-4o", "status": "completed",
        "output": [{"type": "message", "id": "m1", "role": "assistant", "status": "completed",
                    "content": [{"type": "output_text", "text": "Lit.", "annotations": []}]}],
    }  # fmt: skip
    told: list[Json] = [{"type": "response.created", "response": {**whole, "status": "in_progress", "output": []}}]
    told += [
        {"type": "response.output_text.delta", "item_id": "m1", "output_index": 0, "content_index": 0, "delta": text}
        for text in ("L", "it.")
    ]
    told.append({"type": "response.completed", "response": whole})
    return events(*({**one, "sequence_number": number} for one, number in zip(told, numbers, strict=True)))


_LOOK = {"type": "object", "properties": {"times": {"type": "integer"}}, "required": ["times"]}
_TOOLS = [{"type": "function", "function": {"name": "ring_bell", "parameters": _LOOK}}]
_CALLED = {"role": "assistant", "content": None, **calls('{"times": 2}')}
_RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "rung"}
_OVERLOADED = {"error": {"type": "overloaded_error", "message": "Overloaded"}}
_LIT = chat(asked(), answer())
_REFUSED = {"error": {"type": "invalid_request_error", "message": "max_tokens is too large"}}


def history(*messages: Json) -> Json:
    return {"messages": [user("Ring it."), *messages]}


def encoded(text: str) -> str:
    return "lamp.conf: " + base64.b64encode(text.encode()).decode()


SAMPLES: dict[str, tuple[Sample, Sample]] = {
    "C101": (
        Sample(chat(asked(f"The key is {PAT}, says the keeper."), pieces(f"I keep {PAT} safe")), ("m0-p0", "reply-p0")),
        Sample(chat(asked("The key is ghp_" + "x" * 36 + ", or sk-your-own-key-goes-in-here"), answer())),
    ),
    "C102": (
        Sample(
            chat(asked(metadata={"api_key": RANDOM}), answer(), headers={"Authorization": f"Bearer {RANDOM}"}),
            ("request header authorization", "settings"),
        ),
        Sample(
            chat(
                asked('password: YOUR_PASSWORD, "api_key": "test-key-123456", next_page_token: a1'), answer(),
                headers={"Authorization": "Bearer fake-key-for-tests-1", "Cookie": f"session={RANDOM}"},
            )
        ),
    ),
    "C103": (
        Sample(chat(asked(encoded(f"token is {PAT}")), answer()), ("m0-p0",)),
        Sample(chat(asked(encoded("the fog bell rings every ten seconds, day and night")), answer())),
    ),
    "E201": (Sample(chat(asked(), _REFUSED, status=400), ("reply",)), Sample(chat(asked(), answer("An error? No.")))),
    "E202": (
        Sample(chat(asked(), _OVERLOADED, status=529), ("reply",)),
        Sample(chat(asked(), _REFUSED, status=400)),
    ),
    "F301": (
        Sample(json.dumps(chat(asked(), answer()))[:-40], ("file",)),
        Sample(json.dumps(chat(asked(), answer())) + "\n\n"),
    ),
    "F302": (
        Sample(chat(asked(), [*chunks(("It", None)), {"fog": "thick"}, *chunks((" is.", "stop"))]), ("reply",)),
        Sample(chat(asked(), chunks(("It", None), (" is.", "stop")))),
    ),
    "K901": (
        Sample(_LIT, ("reply",), f"recordings/{'0' * 64}.json"),
        Sample(_LIT, (), f"recordings/{llama_stack_rules.key(_LIT)}.json"),
    ),
    "R401": (
        Sample(chat(asked(max_tokens=2), answer("It", "length")), ("reply",)),
        Sample(chat(asked(max_tokens=2), answer("It is"))),
    ),
    "R402": (
        Sample(chat(asked(), answer("It", "content_filter")), ("reply",)),
        Sample(chat(asked(), answer("The content_filter of the lamp is clean."))),
    ),
    "R403": (
        Sample(chat(asked(), answer(None, message={"refusal": "I will not."})), ("reply-p0",)),
        Sample(chat(asked(), answer("I will not.", message={"refusal": None}))),
    ),
    "R404": (
        Sample(chat(asked(), answer("")), ("reply",)),
        Sample(chat(asked(), answer(None, message=calls('{"times": 1}')))),
    ),
    "S501": (
        Sample(chat(asked(stream=True), chunks(("It", None), (" is", None))), ("reply",)),
        Sample(chat(asked(stream=True), chunks(("It", None), ("", "stop")))),
    ),
    "S502": (
        told_by_claude(begun(0), grown(0, "It"), ended(0), grown(0, " is."))._replace(places=("event 4",)),
        told_by_claude(begun(0), grown(0, "It"), begun(1), ended(0), grown(1, " is."), ended(1)),
    ),
    "T601": (
        Sample(chat(asked(tools=_TOOLS), answer(None, message=calls('{"times": "2"}'))), ("reply-p0",)),
        Sample(chat(asked(tools=_TOOLS), answer(None, message=calls('{"times": 2, "slowly": true}')))),
    ),
    "T602": (
        Sample(chat(history(_CALLED, user("And?")), answer()), ("m1-p0",)),
        Sample(chat(history(_CALLED, _RESULT), answer())),
    ),
    "T603": (
        Sample(chat(history({**_CALLED}, _RESULT, {**_RESULT, "tool_call_id": "call_9"}), answer()), ("m3-p0",)),
        Sample(chat(history(_CALLED, _RESULT, {**_RESULT, "tool_call_id": "call_REDACTED_1"}), answer())),
    ),
    "T604": (
        Sample(
            chat(asked(tools=_TOOLS), answer('<tool_call>{"name": "ring_bell", "arguments": {}}</tool_call>')),
            ("reply-p0",),
        ),
        Sample(chat(asked(), answer("Thought: fog.\nAction: ring_bell\nAction Input: {}"))),
    ),
    "T605": (
        a_tool_told_claude("It is dark.", True),
        a_tool_told_claude("It is dark.", False),
    ),
    "U701": (
        Sample(chat(asked(), answer(**usage(10, 5, 9))), ("reply",)),
        Sample(chat(asked(), answer(**usage(10, 5, 15, cached=12)))),
    ),
    "P801": (
        Sample(chat(asked("Read /home/ingrid/lamp.conf"), answer(r"C:\Users\Ingrid\lamp")), ("m0-p0", "reply-p0")),
        Sample(chat(asked("Read /home/user/lamp.conf and api/Users/ingrid"), answer("/home/runner/work"))),
    ),
    "P802": (
        Sample(chat(asked("Ask https://lamp.skerry.internal/state"), answer("http://10.1.2.3:8080")),
               ("m0-p0", "reply-p0")),
        Sample(chat(asked("Ask host.docker.internal"), answer("version 10.1.2.3, see internal.skerry.example"))),
    ),
}  # fmt: skip
"""By the code of the rule: what trips it, and what nearly does."""

ORDERS: dict[str, tuple[str, str]] = {
    "openai.responses": (
        cassette(_RESPONSES, {"model": "gpt-4o", "input": "Lit?", "stream": True}, answered(0, 1, 3, 4)),
        cassette(_RESPONSES, {"model": "gpt-4o", "input": "Lit?", "stream": True}, answered(0, 1, 2, 3)),
    ),
    "openai.chat_completions": (
        json.dumps(chat(asked(stream=True), chunks(("It", "stop"), (" is.", None)))),
        json.dumps(chat(asked(stream=True), chunks(("It is.", "stop"), ("", None)))),
    ),
}
"""Further streams that break their order, and such that nearly do."""
