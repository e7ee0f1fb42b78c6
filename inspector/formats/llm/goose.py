"""What Goose logs of its requests (https://github.com/block/goose, providers/utils): a file a request.

The first line is the request, the others are what came: messages in Goose's own form, the provider's answer, or an
error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.unread import left_over, unread
from inspector.model import Body, Exchange, Json, Problem, ProviderError, Request, Response
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, dumps, loads

NAME = "goose"
FILES = "request logs of Goose: `logs/llm_request.*.jsonl`"

_HEAD = expression(rb'\{\s*"model_config"\s*:')
_ASKED = frozenset({"model_config", "input", "payload"})
_ANSWER = frozenset({"data", "usage", "error"})
_CALLS = ("toolRequest", "frontendToolRequest")
_USAGE = {"input_tokens": "prompt_tokens", "output_tokens": "completion_tokens", "total_tokens": "total_tokens"}


def sniff(source: Source) -> bool:
    return _HEAD.match(source.start_of_text) is not None and b'"input"' in source.head


def read(source: Source) -> Iterator[Exchange]:
    problems: list[Problem] = []
    values, cut = _values(source, problems)
    first, answers = (values[0], values[1:]) if values and "model_config" in values[0] else ({}, values)
    problems += unread(first, _ASKED, "line 1", is_answered="input" in first)
    asked = first.get("input", first.get("payload"))
    yield Exchange(
        entry=0,
        request=Request("POST", "", (), bodies.body(asked, problems, where="request body")),
        response=_response(answers, problems),
        hint=source.path,
        problems=tuple(problems),
        raw=values,
    )
    if cut:
        raise CutShort(cut)


def _values(source: Source, problems: list[Problem]) -> tuple[list[dict[str, Any]], str | None]:
    """The lines that are objects, and whether the last one is half a line. Others are counted."""
    values: list[dict[str, Any]] = []
    others = 0
    for number, line in enumerate(source.data.splitlines()):
        if not line.strip():
            continue
        try:
            value = loads(line)
        except NotJson as error:
            if error.truncated and source.data.endswith(line):
                return values, f"line {number + 1} stops in the middle"
            value = None
        if isinstance(value, dict):
            values.append(value)
        else:
            others += 1
    problems += left_over(others, "line", "file")
    return values, None


def _response(answers: list[dict[str, Any]], problems: list[Problem]) -> Response | None:
    chunks: list[Json] = []
    error, called = None, 0
    for number, answer in enumerate(answers):
        problems += unread(answer, _ANSWER, f"line {number + 2}", is_answered="data" in answer or "error" in answer)
        if answer.get("error"):
            said = answer["error"]
            error = ProviderError(None, said if isinstance(said, str) else dumps(said), None, said)
        if answer.get("data") is not None:
            chunks.append(_chunk(answer["data"], answer.get("usage"), called))
            called += len(_calls(bodies.obj(answer["data"]).get("content")))
    if not chunks:
        return Response(error=error) if error else None
    return Response(
        None, (), Body("chunks" if len(chunks) > 1 else "value", chunks if len(chunks) > 1 else chunks[0]), error
    )


def _chunk(data: Json, usage: Json, called: int) -> Json:
    """A message of Goose's as a chunk of Chat Completions, whose words it has; the provider's answer as it is. `called`
    is how many calls came before."""
    said: dict[str, Any] = {"role": "assistant", "content": [{"type": "text", "text": data}]}
    message = said if isinstance(data, str) else bodies.obj(data)
    if not isinstance(message.get("content"), list) or "role" not in message or "type" in message:
        return data
    counted = {_USAGE[key]: value for key, value in bodies.obj(usage).items() if key in _USAGE and value is not None}
    choice = {"index": 0, "delta": {"role": "assistant", **_delta(message["content"], called)}, "finish_reason": None}
    chunk = {"object": "chat.completion.chunk", "id": message.get("id"), "created": message.get("created")}
    return {**chunk, "choices": [choice], **({"usage": counted} if counted else {})}


def _delta(content: list[Json], called: int) -> dict[str, Any]:
    parts = [bodies.obj(part) for part in content]
    text = "".join(bodies.text(part.get("text")) for part in parts if part.get("type") == "text")
    thought = "".join(bodies.text(part.get("thinking")) for part in parts if part.get("type") == "thinking")
    calls = [_call(number, part) for number, part in enumerate(_calls(content), called)]
    others = [part for part in parts if part.get("type") not in ("text", "thinking", *_CALLS)]
    return {
        **({"content": text} if text else {}),
        **({"reasoning_content": thought} if thought else {}),
        **({"tool_calls": calls} if calls else {}),
        **({"content_blocks": others} if others else {}),
    }


def _calls(content: Json) -> list[dict[str, Any]]:
    parts = map(bodies.obj, content if isinstance(content, list) else ())
    return [part for part in parts if part.get("type") in _CALLS]


def _call(index: int, part: dict[str, Any]) -> dict[str, Any]:
    called = bodies.obj(bodies.obj(part.get("toolCall")).get("value"))
    arguments = called.get("arguments")
    said = arguments if isinstance(arguments, str) else dumps(arguments if arguments is not None else {})
    function = {"name": called.get("name"), "arguments": said}
    return {"index": index, "id": part.get("id"), "type": "function", "function": function}
