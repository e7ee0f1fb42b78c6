"""Tasks of Cloudflare's Workers AI that are no conversation: translations, summaries, transcripts, labels, pictures and
speech.

https://developers.cloudflare.com/workers-ai/models/
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.others import workers_ai
from inspector.model import Event, Message, Part, Prompt, Unknown
from inspector.model.delta import Delta, EndDelta, PartDelta, SummaryDelta, TextDelta, UsageDelta

NAME = "cloudflare.workers_ai_tasks"
OPERATION = "other"

NEUTRAL = frozenset({".result.vtt", ".result.words", "transcription_info"})

_ENVELOPE = {"result", "success", "errors", "messages"}
_ASKED = ("prompt", "text", "input_text", "query")
_MEDIA = ("image", "audio")
_TEXTS = ("translated_text", "summary", "text", "description")


def recognise(evidence: Evidence) -> bool:
    if "messages" in evidence.body:
        return False
    result = lenient.obj(evidence.first.get("result"))
    if evidence.first.keys() >= _ENVELOPE and not result.keys().isdisjoint((*_TEXTS, *_MEDIA)):
        return True
    answered = "result" in evidence.first or evidence.is_unanswered
    return answered and workers_ai.PATH.search(evidence.path) is not None


def prompt(body: Mapping[str, Any]) -> Prompt:
    texts: tuple[Part, ...] = tuple(part for key in _ASKED for part in lenient.text_parts(body.get(key)))
    files = tuple(_file(key, body[key]) for key in _MEDIA if body.get(key))
    contexts = tuple(
        part for item in lenient.seq(body.get("contexts")) for part in lenient.text_parts(lenient.obj(item).get("text"))
    )
    parts = (*texts, *contexts, *files)
    known = (*_ASKED, *_MEDIA, *(["contexts"] if contexts else []))
    return Prompt(messages=(Message("user", parts),) if parts else (), settings=lenient.settings(dict(body), *known))


def _file(kind: str, value: Any) -> Part:
    """Base64, or a list of bytes, one a number."""
    if isinstance(value, str):
        return lenient.blob(value, None, kind)
    if isinstance(value, list) and all(type(byte) is int and 0 <= byte < 256 for byte in value):
        return lenient.blob(base64.b64encode(bytes(value)).decode(), None, kind)
    return Unknown(value)


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    result = body.get("result")
    held = lenient.obj(result)
    text = next((held[key] for key in _TEXTS if isinstance(held.get(key), str) and held[key]), None)
    if text is not None:
        yield TextDelta(text)
    for kind in _MEDIA:
        if lenient.maybe(held.get(kind)):
            yield PartDelta(_file(kind, held[kind]))
    ranked = held.get("response", result)
    if isinstance(ranked, list):  # labels, things found in a picture, documents by their order
        yield PartDelta(Unknown(ranked))
        yield SummaryDelta({"results": len(ranked)})
    if isinstance(held.get("usage"), dict):
        yield UsageDelta(held["usage"])
    if result is not None:
        yield EndDelta()
    yield from workers_ai.failed(body)


usage = workers_ai.usage
