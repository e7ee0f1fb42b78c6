"""What ``opencode export`` prints: one JSON value of a session and its messages, each with its parts
(https://github.com/sst/opencode, packages/opencode/src/session/message-v2.ts).

A message of the assistant is a response and an exchange, and its request holds what is new since the response before.
The results of its calls stand in the calls; they are shown where they were sent, in the request that follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.reading.times import between, moment
from inspector.formats.reading.unread import unread_lines
from inspector.formats.sessions.line_objects import of_value
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, ProviderError, Request, Response
from inspector.model.jsonio import dumps

NAME = "opencode-export"
FILES = "sessions of OpenCode: what `opencode export` prints"

_QUIET = frozenset({"agent", "patch", "retry", "snapshot", "step-finish", "step-start"})
"""Types of parts that say nothing to a model: measures, and what files were."""

_PROVIDERS = {
    "amazon-bedrock": "aws.bedrock", "google": "gcp.gemini", "google-vertex": "gcp.vertex_ai", "mistral": "mistral_ai",
    "xai": "x_ai",
}  # fmt: skip


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or b'"messages"' not in source.head or b'"info"' not in source.head:
        return False
    return any(map(_is_session, first_records(source)[:1]))


def _is_session(record: dict[str, Any]) -> bool:
    about = bodies.obj(record.get("info"))
    return "messages" in record and bodies.text(about.get("id")).startswith("ses") and "time" in about


def read(source: Source) -> Iterator[Exchange]:
    whole = bodies.obj(source.json.value)
    made = [*_exchanges(bodies.obj(whole.get("info")), whole.get("messages"))]
    yield from of_value(source, whole, ("info", "messages"), made)


def _exchanges(about: dict[str, Any], messages: Json) -> Iterator[Exchange]:
    asked: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    start = 0
    for number, message in enumerate(map(bodies.obj, messages if isinstance(messages, list) else ())):
        if bodies.obj(message.get("info")).get("role") != "assistant":
            asked.append(message)
            continue
        yield _exchange(start, about, before, asked, message)
        before, asked, start = message, [], number + 1
    if asked or _results(before):
        yield _exchange(start, about, before, asked, {})


def _exchange(
    number: int, about: dict[str, Any], before: dict[str, Any], asked: list[dict[str, Any]], answer: dict[str, Any]
) -> Exchange:
    told, own = bodies.obj(answer.get("info")), [*asked, answer] if answer else asked
    messages = [*_results(before), *(one for message in asked for one in _asked(message))]
    time = bodies.obj(told.get("time"))
    began = (
        time.get("created") or bodies.obj(bodies.obj(asked[-1].get("info")).get("time")).get("created") if own else None
    )
    session = bodies.text(about.get("id"))
    version = bodies.text(about.get("version"))
    provider = bodies.text(told.get("providerID"))
    unknown = Counter(kind for message in own for kind in _unknown(message))
    return Exchange(
        entry=number,
        request=Request(
            "POST", "/v1/chat/completions", (), Body("value", {"model": told.get("modelID"), "messages": messages})
        ),
        response=_response(answer) if answer else None,
        session=session or None,
        title=bodies.text(about.get("title")),
        started_at=moment(began),
        duration=between(began, time.get("completed")) if answer else None,
        provider=_PROVIDERS.get(provider, provider) or None,
        sdk=f"opencode {version}".strip(),
        continues=_name(session, before) if before else "",
        known_as=(_name(session, answer),) if answer else (),
        problems=tuple(unread_lines(unknown)),
        raw=own,
    )


def _name(session: str, message: dict[str, Any]) -> str:
    return link_name(session, bodies.text(bodies.obj(message.get("info")).get("id")))


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    parts = message.get("parts")
    return [bodies.obj(part) for part in parts] if isinstance(parts, list) else []


def _unknown(message: dict[str, Any]) -> Iterator[str]:
    """The types of the parts that nobody knows."""
    role = bodies.obj(message.get("info")).get("role")
    if role not in ("assistant", "user"):
        yield f"message of {str(role)[:60]}"
    for part in _parts(message):
        kind = bodies.text(part.get("type"))
        if kind not in _QUIET | {"compaction", "file", "reasoning", "subtask", "text", "tool"}:
            yield f"part {kind[:60] or 'without a type'}"


def _asked(message: dict[str, Any]) -> Iterator[Json]:
    """What a message of the user says: texts, files, and what OpenCode put in."""
    content = [_content(part) for part in _parts(message) if part.get("type") not in _QUIET]
    if content:
        yield {"role": "user", "content": content}


def _content(part: dict[str, Any]) -> Json:
    kind, url = part.get("type"), bodies.text(part.get("url"))
    if kind == "text":
        return {"type": "text", "text": bodies.text(part.get("text"))}
    if kind == "file" and url.startswith("data:image/"):
        return {"type": "image_url", "image_url": {"url": url}}
    return {"type": "text", "text": f"{kind}: {dumps({k: v for k, v in part.items() if k not in _IDS})}"}


_IDS = frozenset({"id", "messageID", "sessionID", "type"})


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in _parts(message) if part.get("type") == "tool"]


def _results(message: dict[str, Any]) -> list[Json]:
    """What the calls of a response came to, as far as they ended."""
    ended = ((call, bodies.obj(call.get("state"))) for call in _calls(message))
    return [
        {"role": "tool", "tool_call_id": call.get("callID"), "content": state.get("output", state.get("error"))}
        for call, state in ended
        if state.get("status") in ("completed", "error")
    ]


def _response(message: dict[str, Any]) -> Response:
    told = bodies.obj(message.get("info"))
    failed = bodies.obj(told.get("error"))
    body = Body("value", _answer(message, told)) if _parts(message) or not failed else None
    return Response(body=body, error=_error(failed) if failed else None)


def _answer(message: dict[str, Any], told: dict[str, Any]) -> Json:
    def spoken(kind: str) -> str:
        return "".join(bodies.text(part.get("text")) for part in _parts(message) if part.get("type") == kind)

    calls = [_call(part) for part in _calls(message)]
    said = {"content": spoken("text"), "reasoning_content": spoken("reasoning"), "tool_calls": calls}
    choice = {"index": 0, "message": {"role": "assistant", **{key: one for key, one in said.items() if one}}}
    answer = {"object": "chat.completion", "model": told.get("modelID"), "choices": [choice]}
    counts = told.get("tokens")
    return {**answer, "usage": _usage(counts)} if isinstance(counts, dict) else answer


def _call(part: dict[str, Any]) -> Json:
    asked = bodies.obj(part.get("state")).get("input")
    function = {"name": part.get("tool"), "arguments": dumps(asked if asked is not None else {})}
    return {"id": part.get("callID"), "type": "function", "function": function}


def _usage(counts: dict[str, Any]) -> Json:
    """What was used. Tokens that the cache holds are counted beside the others."""
    cache = bodies.obj(counts.get("cache"))
    asked = [count for count in (counts.get("input"), cache.get("read"), cache.get("write")) if isinstance(count, int)]
    return {
        "prompt_tokens": sum(asked) if asked else None,
        "completion_tokens": counts.get("output"),
        "prompt_tokens_details": {"cached_tokens": cache.get("read")},
        "completion_tokens_details": {"reasoning_tokens": counts.get("reasoning")},
    }


def _error(told: dict[str, Any]) -> ProviderError:
    data = bodies.obj(told.get("data"))
    status = bodies.status(data.get("statusCode"))
    return ProviderError(bodies.text(told.get("name")) or None, bodies.text(data.get("message")) or None, status, told)
