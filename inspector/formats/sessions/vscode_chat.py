"""Chats of VS Code, with GitHub Copilot or another participant: what *Chat: Export Chat…* saves, and its sessions below
``chatSessions`` (https://github.com/microsoft/vscode, src/vs/workbench/contrib/chat/common/model/chatModel.ts).

What the user asked once may have taken several rounds of calls; where the file has them, each is an exchange, and its
request holds what is new. When a round ended is not written down: only a request of one round has a duration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, chat_messages
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.reading.times import moment, of_milliseconds
from inspector.formats.reading.unread import unread, unread_lines
from inspector.formats.sessions.line_objects import of_value
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, ProviderError, Request, Response
from inspector.model.jsonio import dumps

NAME = "vscode-chat"
FILES = "chats of VS Code: `chat.json` of *Chat: Export Chat…*, `chatSessions/*.json`"

_KNOWN = frozenset({"requests", "inputState", "pendingRequests", "responderUsername", "customTitle", "sessionId"})
_REQUEST = frozenset({
    "requestId", "message", "variableData", "response", "responseId", "result", "followups", "isCanceled", "agent",
    "slashCommand", "contentReferences", "codeCitations", "timestamp", "modelId", "editedFileEvents", "modeInfo",
    "responseMarkdownInfo", "timeSpentWaiting", "modelState", "vote", "confirmation", "attempt",
})  # fmt: skip
_QUIET = frozenset({
    "undoStop", "codeblockUri", "prepareToolInvocation", "mcpServersStarting", "progressTaskSerialized", "command",
    "progressMessage", "progressTask", "elicitation", "confirmation", "extensions", "pullRequest", "codeCitation",
})  # fmt: skip
"""Kinds of parts that only the screen shows."""

_SHOWN = frozenset({"textEditGroup", "notebookEditGroup", "warning", "treeData", "multiDiffData", "errorDetails"})


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or b'"requests"' not in source.head:
        return False
    records = first_records(source)
    about = records[0] if records else {}
    named = "responderUsername" in about or "initialLocation" in about
    return named and any(map(_is_request, _listed(about.get("requests"))[:1]))


def _is_request(value: Json) -> bool:
    return {"message", "response"} <= bodies.obj(value).keys()


def _listed(value: Json) -> list[Any]:
    return value if isinstance(value, list) else []


def read(source: Source) -> Iterator[Exchange]:
    whole = bodies.obj(source.json.value)
    session = bodies.text(whole.get("sessionId")) or source.name.rpartition("/")[2].rpartition(".")[0]
    made: list[Exchange] = []
    for asked in map(bodies.obj, _listed(whole.get("requests"))):
        for turn in _turns(asked):
            made.append(_exchange(len(made), whole, session, asked, turn))
    yield from of_value(source, whole, _KNOWN, made)


class _Turn:
    """One response of the model, with what is new in its request."""

    def __init__(self, messages: list[Json], answer: dict[str, Json], kinds: Counter[str], *, first: bool, last: bool):
        self.messages = messages
        self.answer = answer
        self.kinds = kinds
        self.is_first = first
        self.is_last = last
        self.began: Json = None
        self.raw: Json = None
        """The round, where it is not the first of its request."""


def _turns(asked: dict[str, Any]) -> list[_Turn]:
    message = _message(asked)
    about = bodies.obj(bodies.obj(asked.get("result")).get("metadata"))
    rounds = [bodies.obj(one) for one in _listed(about.get("toolCallRounds"))]
    if not any(one.get("toolCalls") for one in rounds):
        kinds: Counter[str] = Counter()
        return [_Turn([message], _of_parts(_listed(asked.get("response")), kinds), kinds, first=True, last=True)]
    turns: list[_Turn] = []
    new: list[Json] = [message]
    for number, one in enumerate(rounds):
        calls = [bodies.obj(call) for call in _listed(one.get("toolCalls"))]
        turn = _Turn(new, _of_round(one, calls), Counter(), first=not number, last=number == len(rounds) - 1)
        turn.began, turn.raw = one.get("timestamp"), one
        turns.append(turn)
        new = [_result(call, bodies.obj(about.get("toolCallResults"))) for call in calls]
    return turns


def _message(asked: dict[str, Any]) -> Json:
    """What the user wrote, and the names of what was attached."""
    told = asked.get("message")
    text = told if isinstance(told, str) else bodies.text(bodies.obj(told).get("text"))
    variables = _listed(bodies.obj(asked.get("variableData")).get("variables"))
    attached = [bodies.text(bodies.obj(one).get("name")) for one in variables]
    more = [{"type": "text", "text": f"attached: {name}"} for name in attached if name]
    return {"role": "user", "content": [{"type": "text", "text": text}, *more]}


def _of_round(one: dict[str, Any], calls: list[dict[str, Any]]) -> dict[str, Json]:
    thought = one.get("thinking")
    return chat_messages.answer(
        bodies.text(one.get("response")),
        thought if isinstance(thought, str) else _text(bodies.obj(thought).get("text")),
        [chat_messages.call(call.get("id"), call.get("name"), call.get("arguments")) for call in calls],
    )


def _result(call: dict[str, Any], results: dict[str, Any]) -> Json:
    told = bodies.obj(results.get(str(call.get("id"))))
    items = [bodies.obj(one).get("value", one) for one in _listed(told.get("content"))]
    said = "\n".join(item if isinstance(item, str) else dumps(item) for item in items)
    return {"role": "tool", "tool_call_id": call.get("id"), "content": said}


def _of_parts(parts: list[Any], kinds: Counter[str]) -> dict[str, Json]:
    """What the parts of an answer say: texts and what is named in them, thoughts, calls, edits."""
    text, thoughts, calls = "", "", []
    for part in map(bodies.obj, parts):
        kind = None if part.get("kind") is None else str(part["kind"])
        if kind in _QUIET:
            continue
        if kind == "thinking":
            thoughts += _text(part.get("value"))
        elif kind == "toolInvocationSerialized":
            calls.append(chat_messages.call(part.get("toolCallId"), part.get("toolId"), _told(part)))
        elif kind in (None, "markdownContent", "markdownVuln"):
            text += _text(part.get("content") or part.get("value"))
        elif kind == "inlineReference":
            text += bodies.text(part.get("name")) or _named(part.get("inlineReference"))
        else:
            kinds.update([] if kind in _SHOWN else [f"part {kind[:60]}"])
            text += f"\n{kind}: {dumps({key: one for key, one in part.items() if key != 'kind'})}\n"
    return chat_messages.answer(text, thoughts, calls)


def _told(part: dict[str, Any]) -> dict[str, Json]:
    """What the screen tells of a call whose arguments are not kept."""
    return {key: part[key] for key in ("invocationMessage", "pastTenseMessage", "toolSpecificData") if part.get(key)}


def _text(value: Json) -> str:
    """A text, or Markdown in an object, or a list of texts."""
    if isinstance(value, list):
        return "".join(map(_text, value[:1000]))
    return bodies.text(value if isinstance(value, str) else bodies.obj(value).get("value"))


def _named(value: Json) -> str:
    place = bodies.obj(bodies.obj(value).get("uri") or value)
    return bodies.text(bodies.obj(value).get("name")) or bodies.text(place.get("path")).rpartition("/")[2]


def _exchange(number: int, whole: dict[str, Any], session: str, asked: dict[str, Any], turn: _Turn) -> Exchange:
    result = bodies.obj(asked.get("result"))
    failed = bodies.obj(result.get("errorDetails")) if turn.is_last else {}
    model = bodies.text(asked.get("modelId")).removeprefix("copilot/") or bodies.text(result.get("details")) or None
    elapsed = bodies.obj(result.get("timings")).get("totalElapsed") if turn.is_first and turn.is_last else None
    is_answered = bool(_listed(asked.get("response"))) or not turn.is_first or not turn.is_last
    answer = {"object": "chat.completion", "model": model, "choices": [{"index": 0, "message": _spoken(turn)}]}
    began = asked.get("timestamp") if turn.is_first else turn.began
    problems = unread(asked, _REQUEST, "request", is_answered=is_answered) if turn.is_first else []
    body = Body("value", answer) if is_answered else None
    error = _error(failed) if failed else None
    return Exchange(
        entry=number,
        request=Request("POST", "/v1/chat/completions", (), Body("value", {"model": model, "messages": turn.messages})),
        response=Response(body=body, error=error) if body or error else None,
        session=session,
        title=bodies.text(whole.get("customTitle")),
        started_at=moment(began) if began is not None else None,
        duration=of_milliseconds(elapsed),
        hint=model or "",
        sdk=bodies.text(whole.get("responderUsername")),
        continues=link_name(NAME, session, str(number - 1)) if number else "",
        known_as=(link_name(NAME, session, str(number)),),
        problems=(*problems, *unread_lines(turn.kinds)),
        raw=asked if turn.is_first else turn.raw,
    )


def _spoken(turn: _Turn) -> dict[str, Json]:
    return {"role": "assistant", **turn.answer}


def _error(told: dict[str, Any]) -> ProviderError:
    return ProviderError(bodies.text(told.get("code")) or None, bodies.text(told.get("message")) or None, None, told)
