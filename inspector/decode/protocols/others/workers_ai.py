"""Cloudflare's Workers AI: messages or a prompt to ``/ai/run/@…``, and a ``response``.

https://developers.cloudflare.com/workers-ai/models/. The model is in the address. A whole answer stands below
``result``, as all of Cloudflare's do; the events of a stream are bare, padded with ``p``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.openai import chat as openai_chat
from inspector.decode.protocols.openai import chat_calls
from inspector.decode.protocols.openai import responses as openai_responses
from inspector.model import Event, Json, Message, Prompt, Unknown, Usage
from inspector.model.delta import Delta, EndDelta, PartDelta, SummaryDelta, TextDelta, ToolCallDelta, UsageDelta
from inspector.model.expressions import expression
from inspector.model.jsonio import dumps

NAME = "cloudflare.workers_ai"
OPERATION = "chat"

PATH = expression(r"/(?:ai/run|workers-ai)/@\w+/")
_KNOWN = frozenset({"response", "tool_calls", "usage"})
_OTHER = frozenset({"data", "text", "translated_text", "summary", "image", "audio", "vtt"})
"""What other tasks of Workers AI answer: embeddings, transcripts, translations, pictures."""


def recognise(evidence: Evidence) -> bool:
    held = inner(evidence.first)
    if isinstance(held.get("response"), list) and "messages" not in evidence.body:  # documents by their order
        return False
    if held is not evidence.first and _dialect(held) and "success" in evidence.first:
        return True
    if "response" in held and ("success" in evidence.first or "p" in held) and "done" not in held:
        return True
    asked = "messages" in evidence.body or isinstance(evidence.body.get("prompt"), str)
    other = "choices" in held or "binary" in held or ("response" not in held and not _OTHER.isdisjoint(held))
    return asked and not other and PATH.search(evidence.path) is not None


def inner(body: dict[str, Any]) -> dict[str, Any]:
    return lenient.obj(body.get("result")) or body


def _dialect(held: Mapping[str, Any]) -> str:
    """Newer models answer below ``result`` in OpenAI's words."""
    return "chat" if isinstance(held.get("choices"), list) else "responses" if held.get("object") == "response" else ""


def prompt(body: Mapping[str, Any]) -> Prompt:
    if "input" in body:
        return openai_responses.prompt(body)
    asked = openai_chat.prompt_of(body, openai_chat.message)
    text = lenient.text_parts(body.get("prompt"))
    settings = lenient.settings(dict(asked.settings), "prompt")
    messages = (*asked.messages, *((Message("user", text),) if text else ()))
    return Prompt(asked.model, asked.stream, (), messages, asked.tools, settings)


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer."""
    body = event.data
    if not isinstance(body, dict):
        yield from lenient.done(event)
        return
    held = inner(body)
    if dialect := _dialect(held):
        module = openai_chat if dialect == "chat" else openai_responses
        yield from module.deltas(event._replace(data=held))
        return
    yield from _said(held.get("response"))
    for item in lenient.listed(held.get("tool_calls")):
        yield from _call(item)
    if isinstance(held.get("usage"), dict):
        yield UsageDelta(held["usage"])
        yield from (EndDelta(),) if held.get("response") == "" else ()
    if isinstance(body.get("result"), dict):
        if others := {key: value for key, value in held.items() if key not in _KNOWN}:
            yield SummaryDelta(others)
        yield EndDelta()
    yield from failed(body)


def failed(body: Mapping[str, Any]) -> Iterator[Delta]:
    """The first of Cloudflare's errors."""
    yield from lenient.errors({"error": next(iter(lenient.seq(body.get("errors"))), None) or body.get("error")})


def _said(response: Json) -> Iterator[Delta]:
    """The text; an object, where the request asked for JSON."""
    if response is not None and response != "":
        yield TextDelta(response if isinstance(response, str) else dumps(response))


def _call(item: Json) -> Iterator[Delta]:
    """A whole call, whose arguments are an object, or a piece of one as in Chat Completions."""
    raw = lenient.obj(item)
    if "index" in raw:
        yield chat_calls.delta(raw, 0, None)
        return
    about = lenient.obj(raw.get("function")) or raw
    if not lenient.maybe(about.get("name")):
        yield PartDelta(Unknown(item))
        return
    arguments = lenient.arguments_text(about.get("arguments"))
    yield ToolCallDelta("", 0, None, lenient.maybe(raw.get("id")), about["name"], arguments)


def usage(counts: Mapping[str, Any]) -> Usage:
    return openai_responses.usage(counts) if "input_tokens" in counts else openai_chat.usage(counts)
