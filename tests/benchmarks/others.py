"""Turns of a conversation as HTTP recorders write them: a cassette, a HAR, a log of lines; many exchanges a file."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import orjson

from tests.benchmarks.talks import Body, Turn

_OPENAI = "https://api.openai.com/v1/responses"
_ANTHROPIC = "https://api.anthropic.com/v1/messages"
_CLAUDE = "claude-sonnet-4-5"


def cassette(turns: Iterable[Turn]) -> bytes:
    """A YAML cassette of OpenAI's Responses protocol, the bodies as text, as VCR.py writes them."""
    lines = ["interactions:"]
    for turn in turns:
        asked, answered = _responses(turn)
        lines += [
            "- request:",
            f"    body: {_quoted(asked)}",
            "    headers:",
            "      accept:\n      - application/json\n      content-type:\n      - application/json",
            "    method: POST",
            f"    uri: {_OPENAI}",
            "  response:",
            "    body:",
            f"      string: {_quoted(answered)}",
            "    headers:",
            "      Content-Type:\n      - application/json\n      x-request-id:\n      - req_skerry",
            "    status:\n      code: 200\n      message: OK",
        ]
    return "\n".join([*lines, "version: 1", ""]).encode()


def har(turns: Iterable[Turn], start: str) -> bytes:
    """A HAR of a proxy with streams of Anthropic's Messages protocol."""
    headers = [{"name": "content-type", "value": "application/json"}]
    entries = []
    for turn in turns:
        asked, answered = orjson.dumps(_messages(turn, True)).decode(), _events(turn)
        content = {"size": len(answered), "mimeType": "text/event-stream", "text": answered}
        entries.append(
            {
                "startedDateTime": start,
                "time": 1250.5,
                "request": {
                    "method": "POST",
                    "url": _ANTHROPIC,
                    "httpVersion": "HTTP/2.0",
                    "cookies": [],
                    "headers": headers,
                    "queryString": [],
                    "postData": {"mimeType": "application/json", "text": asked},
                    "headersSize": -1,
                    "bodySize": len(asked),
                },
                "response": {
                    "status": 200,
                    "statusText": "OK",
                    "httpVersion": "HTTP/2.0",
                    "cookies": [],
                    "headers": [{"name": "content-type", "value": "text/event-stream"}],
                    "content": content,
                    "redirectURL": "",
                    "headersSize": -1,
                    "bodySize": len(answered),
                },
                "cache": {},
                "timings": {"send": 0, "wait": 900, "receive": 350},
            }
        )
    log = {"version": "1.2", "creator": {"name": "skerry-proxy", "version": "1"}, "pages": [], "entries": entries}
    return orjson.dumps({"log": log}, option=orjson.OPT_INDENT_2)


def log(rng: Random, turns: Iterable[Turn], began: float) -> bytes:
    """A coding agent's session: a line an exchange, whole answers of Anthropic's Messages protocol."""
    session = f"{rng.getrandbits(32):08x}-0000-4000-8000-{rng.getrandbits(48):012x}"
    lines = []
    for number, turn in enumerate(turns):
        body = _messages(turn, False) | {"metadata": {"user_id": f"user_skerry_account_light_session_{session}"}}
        at = began + 20 * number
        request = {"timestamp": at, "method": "POST", "url": f"{_ANTHROPIC}?beta=true", "headers": {}, "body": body}
        answer = {"timestamp": at + 4, "status_code": 200, "headers": {}, "body": _message(turn)}
        lines.append(orjson.dumps({"request": request, "response": answer, "logged_at": "2026-02-01T21:00:03.000Z"}))
    return b"\n".join([*lines, b""])


def _quoted(body: Body) -> str:
    return "'" + orjson.dumps(body).decode().replace("'", "''") + "'"


def _text(message: Body) -> str:
    content = message["content"] or ""
    return content if isinstance(content, str) else "\n".join(piece.get("text", "") for piece in content)


# ---------------------------------------------------------------- two more protocols


def _responses(turn: Turn) -> tuple[Body, Body]:
    items: list[Body] = []
    for message in turn.messages:
        items += _items(message)
    reply = [item | {"id": f"msg_{number}", "status": "completed"} for number, item in enumerate(_items(turn.reply))]
    asked: Body = {"model": "gpt-5-mini", "input": items, "stream": False}
    answered = {
        "id": "resp_skerry",
        "object": "response",
        "status": "completed" if turn.finish != "length" else "incomplete",
        "incomplete_details": {"reason": "max_output_tokens"} if turn.finish == "length" else None,
        "model": "gpt-5-mini-2025-08-07",
        "output": reply,
        "usage": {"input_tokens": 90, "output_tokens": 40, "total_tokens": 130},
    }
    return asked, answered


def _items(message: Body) -> list[Body]:
    if message["role"] == "tool":
        return [{"type": "function_call_output", "call_id": message["tool_call_id"], "output": _text(message)}]
    if calls := message.get("tool_calls"):
        return [{"type": "function_call", "call_id": call["id"], **call["function"]} for call in calls]
    kind = "output_text" if message["role"] == "assistant" else "input_text"
    return [{"type": "message", "role": message["role"], "content": [{"type": kind, "text": _text(message)}]}]


def _messages(turn: Turn, stream: bool) -> Body:
    said = [message for message in turn.messages if message["role"] != "system"]
    return {"model": _CLAUDE, "max_tokens": 2048, "stream": stream, "messages": [_as_blocks(one) for one in said]}


def _as_blocks(message: Body) -> Body:
    if message["role"] == "tool":
        block = {"type": "tool_result", "tool_use_id": message["tool_call_id"], "content": _text(message)}
        return {"role": "user", "content": [block]}
    return {"role": message["role"], "content": _blocks(message)}


def _blocks(message: Body) -> list[Body]:
    said = [{"type": "text", "text": text}] if (text := _text(message)) else []
    return said + [
        {"type": "tool_use", "id": call["id"], "name": call["function"]["name"], "input": _input(call)}
        for call in message.get("tool_calls", ())
    ]


def _input(call: Body) -> Body:
    try:
        return dict(orjson.loads(call["function"]["arguments"]))
    except orjson.JSONDecodeError:
        return {}


def _message(turn: Turn) -> Body:
    return {
        "id": "msg_skerry",
        "type": "message",
        "role": "assistant",
        "model": f"{_CLAUDE}-20250929",
        "content": _blocks(turn.reply),
        "stop_reason": {"tool_calls": "tool_use", "length": "max_tokens"}.get(turn.finish, "end_turn"),
        "usage": {"input_tokens": 90, "output_tokens": 40},
    }


def _events(turn: Turn) -> str:
    events: list[Body] = [{"type": "message_start", "message": _message(turn) | {"content": [], "stop_reason": None}}]
    for index, block in enumerate(_blocks(turn.reply)):
        events.append({"type": "content_block_start", "index": index, "content_block": block | _EMPTY[block["type"]]})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in _deltas(block)]
        events.append({"type": "content_block_stop", "index": index})
    stop = _message(turn)["stop_reason"]
    events += [{"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 40}}]
    events += [{"type": "message_stop"}]
    return "".join(f"event: {event['type']}\ndata: {orjson.dumps(event).decode()}\n\n" for event in events)


_EMPTY: dict[str, Body] = {"text": {"text": ""}, "tool_use": {"input": {}}}


def _deltas(block: Body) -> list[Body]:
    if block["type"] == "tool_use":
        return [{"type": "input_json_delta", "partial_json": orjson.dumps(block["input"]).decode()}]
    text = block["text"]
    return [{"type": "text_delta", "text": text[at : at + 12]} for at in range(0, len(text), 12)]
