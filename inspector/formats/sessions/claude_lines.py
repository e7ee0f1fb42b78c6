"""The lines of Claude Code's sessions: which there are, and what each says in the words of Anthropic's Messages."""

from __future__ import annotations

from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.source import Source
from inspector.model import Json
from inspector.model.expressions import expression
from inspector.model.jsonio import dumps
from inspector.model.message import PUT_IN_BY_CLAUDE_CODE, PUT_IN_SUMMARY

SAID = frozenset({"user", "assistant", "system", "attachment", "summary"})
"""Types of lines that are read."""

NEUTRAL = frozenset(
    {
        "agent-color", "agent-name", "agent-setting", "ai-title", "attribution-snapshot", "content-replacement",
        "custom-title", "file-history-delta", "file-history-snapshot", "last-prompt", "mode", "permission-mode",
        "pr-link", "progress", "queue-operation", "speculation-accept", "tag", "task-summary", "worktree-state",
    }
)  # fmt: skip
"""Types of lines that say nothing to a model: titles, copies of files, what waits, how far something is."""

KNOWN = frozenset(
    {
        "agentId", "apiErrorStatus", "attachment", "cause", "compactMetadata", "content", "cwd", "entrypoint", "error",
        "gitBranch", "isMeta", "isSidechain", "leafUuid", "message", "parentToolUseID",
        "parentUuid", "requestId", "sessionId", "slug", "subtype", "summary", "timestamp", "toolUseResult", "type",
        "userType", "uuid", "version",
    }
)  # fmt: skip
"""Keys of lines that are read, or say the same again, as `toolUseResult` does for programs."""

QUIET = frozenset({"bridge_status", "stop_hook_summary", "turn_duration"})
"""Kinds of system lines that are measures."""

_MARKS = (("isCompactSummary", PUT_IN_SUMMARY), ("isMeta", PUT_IN_BY_CLAUDE_CODE))
_KEPT_APART = expression(r"<persisted-output>\s[^<]{0,2000}?[/\\]tool-results[/\\]([\w.-]+)")
_TITLES = ("customTitle", "aiTitle", "summary")
_CALLERS = ("Task", "Agent")
"""Tools that call an agent."""


def is_one(line: dict[str, Any]) -> bool:
    """Whether a line is of a session."""
    kind = line.get("type")
    if kind in ("user", "assistant"):
        return "sessionId" in line and isinstance(line.get("message"), dict)
    if kind == "summary":
        return "leafUuid" in line
    if kind == "file-history-snapshot":
        return "snapshot" in line
    return isinstance(kind, str) and kind in NEUTRAL | SAID and isinstance(line.get("sessionId"), str)


def is_neutral(line: dict[str, Any]) -> bool:
    """Whether a line says nothing to a model, and is known for that."""
    kind = line.get("type")
    if kind == "system":
        return line.get("subtype") in QUIET
    return isinstance(kind, str) and kind in NEUTRAL


def title_of(line: dict[str, Any]) -> str:
    """What a line calls its session; empty where it does not."""
    return next((line[key] for key in _TITLES if bodies.text(line.get(key))), "")


def message_of(line: dict[str, Any]) -> dict[str, Any]:
    return bodies.obj(line.get("message"))


def blocks(content: Json) -> list[Json]:
    """The blocks of a content that may be a text."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}] if content else []
    return content if isinstance(content, list) else []


def calls_of_agents(line: dict[str, Any]) -> list[str]:
    """What the calls of agents in a line are known by: their ids, and what they ask, which is the first message of
    each agent."""
    blocks_of = (bodies.obj(block) for block in blocks(message_of(line).get("content")))
    calls = [block for block in blocks_of if block.get("name") in _CALLERS]
    names = (name for call in calls for name in (call.get("id"), bodies.obj(call.get("input")).get("prompt")))
    return [name for name in names if isinstance(name, str) and name]


def ids_of(line: dict[str, Any], kind: str) -> list[str]:
    """The ids of the calls that a line makes (``tool_use``), or whose results it brings (``tool_result``)."""
    of_kind = (block for block in map(bodies.obj, blocks(message_of(line).get("content"))) if block.get("type") == kind)
    ids = (block.get("tool_use_id" if kind == "tool_result" else "id") for block in of_kind)
    return [id for id in ids if isinstance(id, str) and id]


def text_of(line: dict[str, Any]) -> str:
    """The text of a message."""
    return "\n".join(bodies.text(bodies.obj(block).get("text")) for block in blocks(message_of(line).get("content")))


def messages(line: dict[str, Any], source: Source) -> list[dict[str, Any]]:
    """The messages that a line adds to a request; none where it says nothing to anybody. Raises `ValueError` where it
    holds none that can be read."""
    kind = line.get("type")
    if kind == "user":
        return [_user(line, source)]
    if kind == "system":
        return _system(line)
    if kind == "attachment":
        return _attachment(line.get("attachment"))
    return [_named("system", "summary", line["summary"])] if kind == "summary" and line.get("summary") else []


def _user(line: dict[str, Any], source: Source) -> dict[str, Any]:
    message = line.get("message")
    if not isinstance(message, dict):
        raise ValueError("the message is no object")
    content = _with_results(message.get("content"), source, bodies.text(line.get("sessionId")))
    title = next((title for mark, title in _MARKS if line.get(mark)), None)
    role = bodies.text(message.get("role")) or "user"
    return {"role": role, "content": [_titled(title, block) for block in blocks(content)] if title else content}


def _named(role: str, title: str, said: Json) -> dict[str, Any]:
    """A message of a text that has a name."""
    text = said if isinstance(said, str) else dumps(said)
    return {"role": role, "content": [_titled(title, {"type": "text", "text": text})]}


def _titled(title: str, block: Json) -> Json:
    if bodies.obj(block).get("type") != "text":
        return block
    return {"type": "document", "title": title, "source": {"type": "text", "data": block.get("text")}}


def _system(line: dict[str, Any]) -> list[dict[str, Any]]:
    """What Claude Code noted: the end of what a summary stands for, an error that it tried again after, a command."""
    kind = bodies.text(line.get("subtype"))
    more = [
        f"{key}: {value if isinstance(value, str) else dumps(value)}"
        for key, value in line.items()
        if key in ("error", "cause", "compactMetadata", "retryAttempt", "maxRetries") and value is not None
    ]
    said = "\n".join(filter(None, (bodies.text(line.get("content")), *more)))
    return [_named("system", kind or "system", said)] if said else []


def _attachment(said: Json) -> list[dict[str, Any]]:
    """What is sent beside what the user wrote: files, reminders, what hooks said; and what was written meanwhile."""
    inner = bodies.obj(said)
    kind = bodies.text(inner.get("type"))
    if kind == "queued_command" and inner.get("prompt"):
        return [{"role": "user", "content": inner["prompt"]}]
    rest = {key: value for key, value in inner.items() if key != "type"}
    return [_named("system", kind or "attachment", rest or said)]


def _with_results(content: Json, source: Source, session: str) -> Json:
    """Content with the results that are kept in files beside the session, as far as they can be read: their beginning
    stands in the content, and says where."""
    if not isinstance(content, list):
        return content
    return [_whole_result(block, source, session) for block in content]


def _whole_result(block: Json, source: Source, session: str) -> Json:
    said = block.get("content") if isinstance(block, dict) and block.get("type") == "tool_result" else None
    if not isinstance(said, str) or not said.startswith("<persisted-output>"):
        return block
    found = _KEPT_APART.match(said)
    for folder in (f"{session}/tool-results", "../tool-results") if found else ():
        try:
            whole = source.beside(f"{folder}/{found[1]}").decode("utf-8", "replace")  # type: ignore[index]
        except ValueError:  # the beginning says where it was, and is shown
            continue
        return {**block, "content": [{"type": "text", "text": f"{said}\n\n"}, {"type": "text", "text": whole}]}
    return block
