"""What programs send in the user's name."""

from __future__ import annotations

from inspector.model import Part, Text, ToolResult
from inspector.model.message import PUT_IN

_BEGINNINGS = (
    "<system-reminder>", "<environment_context>", "<user_instructions>", "<session_context>", "<hook_context>",
    "<state_snapshot>", "This is the Gemini CLI.", "<local-command-caveat>", "<local-command-stderr>",
    "<local-command-stdout>",
)  # fmt: skip


def is_put_in(part: Part) -> bool:
    """Whether it is the result of a tool, or what a coding agent put in."""
    if isinstance(part, Text):
        return part.content.startswith(_BEGINNINGS) or part.title in PUT_IN
    return isinstance(part, ToolResult)
