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

_SOURCES = ("citations", "search_results", "web_search")
_COUNTS = ("usage_metadata", "usageMetadata")
BESIDE_CHOICES = frozenset(("base_resp", "timings", "x_groq", *_SOURCES, *_COUNTS))
_OTHER_THOUGHTS = (
    "reasoning_details", "thinking", "thinking_blocks", "thinking_content", "thought", "thoughts", "reason_content",
)  # fmt: skip
BESIDE_CONTENT = frozenset(("annotations", "audio", "context", "executed_tools", "images", "usage", *_SOURCES))


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
    for found in (*sources(lenient.obj(said.get("context"))), *sources(said)):
        yield CitationDelta(found, choice, "content")
    if isinstance(said.get("usage"), dict):
        yield UsageDelta(said["usage"])


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
    for found in sources(body):
        yield CitationDelta(found, words="")
    for key in _COUNTS:
        if isinstance(body.get(key), dict):
            yield UsageDelta(body[key])
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


def sources(raw: dict[str, Any]) -> Iterator[Citation]:
    """What an answer rests on: addresses, with what was found there in a list of its own (Perplexity), or objects that
    have both (Azure, Zhipu)."""
    results = [item for key in ("search_results", "web_search") for item in lenient.seq(raw.get(key))]
    found = {one.uri: one for one in map(_source, results) if one is not None}
    for cited in lenient.seq(raw.get("citations")) or list(found):
        if isinstance(cited, str) and cited:
            yield found.get(cited) or Citation(None, None, cited, None)
        elif (one := _source(cited)) is not None:
            yield one


def _source(item: Json) -> Citation | None:
    raw = lenient.obj(item)
    uri = lenient.maybe(raw.get("url")) or lenient.maybe(raw.get("link"))
    title = lenient.maybe(raw.get("title")) or lenient.maybe(raw.get("filepath"))
    quote = lenient.maybe(raw.get("content")) or lenient.maybe(raw.get("snippet"))
    return Citation(None, None, uri, title, quote) if uri or title else None
