"""What the many servers of Chat Completions add to it: reasoning, sources, own tools, sound, images, counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.decode import lenient
from inspector.decode.protocols.openai import parts as openai_parts
from inspector.model import Citation, Json, ProviderError, ToolResult
from inspector.model.delta import (
    BlobDelta,
    CitationDelta,
    Delta,
    ErrorDelta,
    Item,
    ItemDelta,
    PartDelta,
    TextDelta,
    ToolCallDelta,
    UsageDelta,
)

BESIDE_CHOICES = frozenset(("base_resp", "citations", "search_results", "timings", "x_groq"))
_OTHER_THOUGHTS = ("reasoning_details", "thinking", "thinking_blocks")
BESIDE_CONTENT = frozenset(("annotations", "audio", "context", "executed_tools", "images"))


def reasoning(raw: dict[str, Any]) -> str:
    """Reasoning by the name that the server has for it. Details repeat it, and stand alone at a few."""
    text = raw.get("reasoning_content") or raw.get("reasoning") or raw.get("reasoning_text")
    if isinstance(text, str) and text:
        return text
    if text or not raw.keys().isdisjoint(_OTHER_THOUGHTS):
        told = (text, *map(raw.get, _OTHER_THOUGHTS))
        return next(filter(None, map(openai_parts.thought, told)), "")
    return ""


def beside_content(said: dict[str, Any], choice: int) -> Iterator[Delta]:
    """What a message holds beside its text: sound and what is said in it, images, and what the text rests on."""
    audio = lenient.obj(said.get("audio"))
    if transcript := lenient.maybe(audio.get("transcript")):
        yield TextDelta(transcript, choice, "transcript")
    if data := lenient.maybe(audio.get("data")):
        kind = next((kind for mark, kind in openai_parts.SOUNDS.items() if data.startswith(mark)), "audio/pcm")
        yield BlobDelta(data, choice, "audio", kind)
    yield from (PartDelta(part, choice) for part in openai_parts.images(said.get("images")))
    for citation in openai_parts.citations(said.get("annotations")):
        yield CitationDelta(citation, choice, "content")
    for item in lenient.seq(lenient.obj(said.get("context")).get("citations")):
        raw = lenient.obj(item)
        title = lenient.maybe(raw.get("title")) or lenient.maybe(raw.get("filepath"))
        found = Citation(None, None, lenient.maybe(raw.get("url")), title, lenient.maybe(raw.get("content")))
        yield CitationDelta(found, choice, "content")


def executed(tools: Json, choice: int) -> Iterator[Delta]:
    """Tools that Groq ran itself: the call first, and with its output once more."""
    for item in lenient.seq(tools):
        raw = lenient.obj(item)
        slot = f"executed{lenient.count(raw.get('index')) or 0}"
        name = lenient.maybe(raw.get("name")) or lenient.maybe(raw.get("type"))
        yield ToolCallDelta("", choice, slot, None, name, lenient.arguments_text(raw.get("arguments")))
        if raw.get("output"):
            yield ItemDelta((ToolResult(None, name, raw["output"]),), Item(None, f"{slot} output"), choice)


def beside_choices(body: dict[str, Any]) -> Iterator[Delta]:
    """Sources of the whole answer (Perplexity, xAI), and counts in places of their own (Groq, llama.cpp)."""
    results = [lenient.obj(item) for item in lenient.seq(body.get("search_results"))]
    titles = {lenient.maybe(item.get("url")): lenient.maybe(item.get("title")) for item in results}
    for uri in lenient.seq(body.get("citations")) or list(titles):
        if lenient.maybe(uri):
            yield CitationDelta(Citation(None, None, uri, titles.get(uri)), words="")
    minimax = lenient.obj(body.get("base_resp"))
    if minimax.get("status_code"):
        code, message = str(minimax["status_code"]), lenient.maybe(minimax.get("status_msg"))
        yield ErrorDelta(ProviderError(code, message, None, minimax))
    groq = lenient.obj(body.get("x_groq"))
    if isinstance(groq.get("usage"), dict):
        yield UsageDelta(groq["usage"])
    yield from lenient.errors(groq)
    if isinstance(body.get("timings"), dict):
        yield UsageDelta({"timings": body["timings"]})
