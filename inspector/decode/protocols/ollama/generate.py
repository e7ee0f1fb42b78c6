"""Ollama's own text completion.

https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-completion
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.ollama import chat as ollama_chat
from inspector.model import Event, Message, Prompt
from inspector.model.delta import Delta, ReasoningDelta, TextDelta

NAME = "ollama.generate"
OPERATION = "text_completion"

NEUTRAL = frozenset(
    {
        "created_at", "done_reason", "remote_host", "remote_model"
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset(
    {
        "eval_duration", "load_duration", "prompt_eval_duration", "total_duration"
    }
)  # fmt: skip


def recognise(evidence: Evidence) -> bool:
    return evidence.path.endswith("/api/generate") or (
        "done" in evidence.first and isinstance(evidence.first.get("response"), str)
    )


def prompt(body: Mapping[str, Any]) -> Prompt:
    parts = (*lenient.text_parts(body.get("prompt")), *ollama_chat.images(body.get("images")))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        system=lenient.text_parts(body.get("system")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "stream", "system", "prompt", "images"),
    )


def deltas(event: Event) -> Iterator[Delta]:
    """What one line adds, or a whole answer, which is a line with ``done``."""
    body = event.data
    if not isinstance(body, dict):
        return
    if thinking := lenient.maybe(body.get("thinking")):
        yield ReasoningDelta(thinking)
    if text := lenient.maybe(body.get("response")):
        yield TextDelta(text)
    yield from ollama_chat.ending(body)


usage = ollama_chat.usage
