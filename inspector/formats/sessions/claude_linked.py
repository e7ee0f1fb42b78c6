"""The lines that Claude Code prints as those that it keeps: with what each goes on from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from inspector.formats.reading import bodies
from inspector.model import Json
from inspector.model.jsonio import dumps

_QUIET = frozenset(
    {
        "auth_status", "control_cancel_request", "control_request", "control_response", "keep_alive",
        "prompt_suggestion", "rate_limit_event", "tool_progress", "tool_use_summary",
    }
)  # fmt: skip
"""Types of lines that say nothing to a model, or again what others say."""

_QUIET_SYSTEM = frozenset(
    {
        "files_persisted", "hook_progress", "hook_started", "session_state_changed", "status", "task_notification",
        "task_progress", "task_started", "task_updated", "thinking_tokens",
    }
)  # fmt: skip
_NOTES = frozenset({"api_retry", "compact_boundary", "hook_response", "init", "local_command_output"})
_COMMON = frozenset({"parent_tool_use_id", "session_id", "subtype", "timestamp", "type", "uuid"})


class _Thread(NamedTuple):
    """What a thread is at: the line that was its last, the response that is spoken, and how often it was asked."""

    last: str = ""
    response: str = ""
    usage: Mapping[str, Json] = MappingProxyType({})
    asked: int = 0


class LinkedLines:
    """Lines with ids of their own, which tell the number of what they were printed as."""

    def __init__(self) -> None:
        self.version = ""
        self._threads: dict[str, _Thread] = {}

    @property
    def last(self) -> str:
        """The last line of the thread of the session itself."""
        return self._threads.get("", _Thread()).last

    def numbers(self, lines: Iterable[dict[str, Any]]) -> list[int]:
        return [int(line["uuid"].rpartition(":")[2]) for line in lines]

    def line(self, number: int, value: dict[str, Any]) -> dict[str, Any] | None:
        """A line of a session; None for what says nothing to anybody. The end of a response adds to it what is known
        then."""
        caller = bodies.text(value.get("parent_tool_use_id"))
        thread = self._threads.get(caller, _Thread())
        said = _event(value, thread) if value.get("type") == "stream_event" else _said(value)
        if said is None:
            return None
        self.version = self.version or bodies.text(value.get("claude_code_version"))
        session = bodies.text(value.get("session_id"))
        line = {
            **said,
            "uuid": f"{session}:{number}",
            "parentUuid": thread.last or None,
            "sessionId": session,
            "requestId": f"{caller}:{thread.asked}",
            "timestamp": value.get("timestamp") or value.get("_audit_timestamp"),
            **({"isSidechain": True, "agentId": caller, "parentToolUseID": caller} if caller else {}),
        }
        self._threads[caller] = _after(thread, line)
        return line


def _after(thread: _Thread, line: dict[str, Any]) -> _Thread:
    if line["type"] != "assistant":
        return thread._replace(last=line["uuid"], asked=thread.asked + 1)
    message = line["message"]
    usage = {**thread.usage, **message["usage"]} if message.get("id") == thread.response else message["usage"]
    return thread._replace(last=line["uuid"], response=bodies.text(message.get("id")), usage=usage)


def _said(value: dict[str, Any]) -> dict[str, Any] | None:
    kind, subtype = bodies.text(value.get("type")), bodies.text(value.get("subtype"))
    if kind in _QUIET or (kind == "system" and subtype in _QUIET_SYSTEM):
        return None
    if kind == "assistant" and isinstance(value.get("message"), dict):
        return {"type": kind, "message": _message(value["message"])}
    if kind == "user" and isinstance(value.get("message"), dict):
        return {"type": kind, "message": value["message"], **({"isMeta": True} if value.get("isSynthetic") else {})}
    if kind == "system" and subtype in _NOTES:
        rest = {key: one for key, one in value.items() if key not in _COMMON and one not in (None, [], {}, "")}
        return {"type": kind, "subtype": subtype, "content": dumps(rest)}
    return {"type": f"{kind} {subtype}".strip() or "unknown"}


def _message(message: dict[str, Any]) -> dict[str, Any]:
    """A message of which not all is said: its output is not counted yet, though a number stands there."""
    usage = bodies.obj(message.get("usage"))
    if message.get("stop_reason") is None:
        usage = {key: count for key, count in usage.items() if key != "output_tokens"}
    return {**message, "usage": usage}


def _event(value: dict[str, Any], thread: _Thread) -> dict[str, Any] | None:
    """What only the end of a stream tells of a response; its words come as a line of their own."""
    event = bodies.obj(value.get("event"))
    if event.get("type") != "message_delta" or not thread.response:
        return None
    usage = {key: count for key, count in bodies.obj(event.get("usage")).items() if count is not None}
    ended: dict[str, Json] = {**bodies.obj(event.get("delta")), "id": thread.response}
    return {"type": "assistant", "message": {**ended, "usage": {**thread.usage, **usage}, "content": []}}
