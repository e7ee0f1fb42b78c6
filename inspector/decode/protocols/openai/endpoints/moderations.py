"""OpenAI Moderations, and Mistral's, which have no ``flagged``.

https://platform.openai.com/docs/api-reference/moderations
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import Event, Message, Part, Prompt
from inspector.model.delta import AboutDelta, Delta, SummaryDelta, UsageDelta

NAME = "openai.moderations"
OPERATION = "moderation"


def recognise(evidence: Evidence) -> bool:
    return evidence.path.endswith("/moderations") or "category_scores" in lenient.obj(
        next(iter(lenient.seq(evidence.first.get("results"))), None)
    )


def prompt(body: Mapping[str, Any]) -> Prompt:
    """A text, a list of texts, typed parts, or the messages of a conversation."""
    inputs = lenient.texts(body.get("input"))
    parts: tuple[Part, ...] = tuple(part for item in inputs if not _is_message(item) for part in _parts(item))
    messages = tuple(openai_chat.message(item) for item in inputs if _is_message(item))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        messages=(*((Message("user", parts),) if parts else ()), *messages),
        settings=lenient.settings(dict(body), "model", "input"),
    )


def _is_message(item: object) -> bool:
    return isinstance(item, dict) and "role" in item


def _parts(item: Any) -> tuple[Part, ...]:
    return openai_parts.content_parts([item]) if isinstance(item, dict) else lenient.text_parts(item)


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    yield AboutDelta(lenient.maybe(body.get("id")), lenient.maybe(body.get("model")))
    if isinstance(body.get("results"), list):
        yield _summary([lenient.obj(result) for result in body["results"]])
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)


def _summary(results: list[dict[str, Any]]) -> SummaryDelta:
    named = [[name for name, hit in lenient.obj(result.get("categories")).items() if hit is True] for result in results]
    flagged = sum(result.get("flagged", bool(names)) is True for result, names in zip(results, named, strict=True))
    categories = list(dict.fromkeys(name for names in named for name in names))
    return SummaryDelta({"results": len(results), "flagged": flagged, "categories": categories})


usage = openai_chat.usage
"""Mistral counts tokens; OpenAI does not."""
