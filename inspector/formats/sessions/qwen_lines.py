"""The lines of Qwen Code's sessions: which there are, and what each says in the words of Gemini's generateContent
(https://github.com/QwenLM/qwen-code, packages/core/src/services/chatRecordingService.ts)."""

from __future__ import annotations

from typing import Any

from inspector.formats.reading import bodies
from inspector.model import Json
from inspector.model.jsonio import dumps

KNOWN = frozenset(
    {
        "agentColor", "agentId", "agentName", "agentRound", "agentRunId", "backgroundTurn", "contextWindowSize", "cwd",
        "daemonPromptId", "deliveredTurn", "externalInputKind", "forkedFrom", "gitBranch", "goalContext",
        "isSidechain", "message", "model", "parentUuid", "promptId", "provenance", "sessionId", "subtype",
        "systemPayload", "timestamp", "toolCallResult", "type", "usageMetadata", "uuid", "version",
    }
)  # fmt: skip
"""Keys of lines that are read, or say the same again, as `toolCallResult` does for the screen."""

_SAID = frozenset({"assistant", "tool_result", "user"})

_QUIET = frozenset(
    {
        "agent_launch_prompt", "agent_session_ready", "at_command", "attribution_snapshot", "branch_checkpoint",
        "custom_title", "file_history_snapshot", "goal_state", "goal_turn_end", "parent_session",
        "session_approval_mode", "session_artifact_event", "session_artifact_snapshot", "session_execution_engine",
        "session_model", "session_source", "session_sources_snapshot", "turn_result", "ui_telemetry",
        "user_text_elements",
    }
)  # fmt: skip
"""Kinds of system lines that say nothing to a model, or what others say."""

_NOTED = frozenset({"agent_retry", "cron", "notification", "omni_recall", "rewind", "session_notes", "slash_command"})
"""Kinds of system lines that are said nowhere else."""

_HISTORIES = {"agent_bootstrap": "history", "chat_compression": "compressedHistory"}
"""Kinds of system lines that hold a conversation, and where."""

_CALLERS = ("agent", "task")
"""Tools that call an agent."""


def is_one(line: dict[str, Any]) -> bool:
    """Whether a line is of a session: like one of Claude Code, with messages of Gemini's."""
    if not isinstance(line.get("uuid"), str) or not isinstance(line.get("sessionId"), str):
        return False
    if line.get("type") == "system":
        return "systemPayload" in line and isinstance(line.get("subtype"), str)
    return is_known(line) and isinstance(line["message"].get("parts"), list)


def is_known(line: dict[str, Any]) -> bool:
    kind, subtype = line.get("type"), line.get("subtype")
    if kind == "system":
        return isinstance(subtype, str) and (subtype in _QUIET | _NOTED or subtype in _HISTORIES)
    return isinstance(kind, str) and kind in _SAID and isinstance(line.get("message"), dict)


def is_neutral(line: dict[str, Any]) -> bool:
    """Whether a line says nothing to a model, and is known for that. Errors of the API stand in measures only."""
    if line.get("type") != "system" or not isinstance(line.get("subtype"), str):
        return False
    event = bodies.obj(bodies.obj(line.get("systemPayload")).get("uiEvent"))
    return line["subtype"] in _QUIET and not bodies.text(event.get("event.name")).endswith("api_error")


def contents(line: dict[str, Any]) -> list[Json]:
    """The messages that a line adds to a request."""
    if line.get("type") != "system":
        return [line["message"]]
    kind, payload = bodies.text(line.get("subtype")), bodies.obj(line.get("systemPayload"))
    place = _HISTORIES.get(kind, "")
    held = payload.get(place)
    rest = {key: value for key, value in payload.items() if key != place and value is not None}
    note = [{"role": "system", "parts": [{"text": f"{kind}: {dumps(rest)}"}]}] if rest else []
    return [*note, *(held if isinstance(held, list) else [])]


def reply(answered: list[dict[str, Any]]) -> dict[str, Any]:
    """A response of the model, which one line holds or several hold the parts of."""
    usage = next((line["usageMetadata"] for line in answered if isinstance(line.get("usageMetadata"), dict)), None)
    model = next((line["model"] for line in answered if line.get("model")), None)
    parts = [part for line in answered for part in _parts(line)]
    answer = {"candidates": [{"content": {"role": "model", "parts": parts}}], "modelVersion": model}
    return {**answer, "usageMetadata": usage} if usage is not None else answer


def prompts_of_agents(line: dict[str, Any]) -> list[str]:
    """What a line has agents do: the whole of it is the first message of each."""
    calls = [bodies.obj(bodies.obj(part).get("functionCall")) for part in _parts(line)]
    asked = (bodies.obj(call.get("args")).get("prompt") for call in calls if call.get("name") in _CALLERS)
    return [prompt for prompt in asked if isinstance(prompt, str) and prompt]


def text_of(line: dict[str, Any]) -> str:
    """The text of a message."""
    return "\n".join(bodies.text(bodies.obj(part).get("text")) for part in _parts(line))


def _parts(line: dict[str, Any]) -> list[Json]:
    parts = bodies.obj(line.get("message")).get("parts")
    return parts if isinstance(parts, list) else []
