"""OpenAI Images: generations, edits and variations, streamed or not. xAI, Together and others follow it.

https://platform.openai.com/docs/api-reference/images
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.framing import media_types
from inspector.decode.protocols.openai import responses as openai_responses
from inspector.model import Event, Json, Message, Part, Prompt, Uri
from inspector.model.delta import AboutDelta, Delta, EndDelta, PartDelta, SummaryDelta, TextDelta, UsageDelta

NAME = "openai.images"
OPERATION = "images"

NEUTRAL = frozenset(
    {
        "background", "output_format", "quality", "size", "stream",
    }
)  # fmt: skip
NEUTRAL_COUNTS = frozenset({"image_tokens", "text_tokens"})
"""What the counts consist of."""

_PATHS = ("/images/generations", "/images/edits", "/images/variations")
_EVENTS = ("image_generation.", "image_edit.")
_IMAGES = ("image", "image[]", "images", "mask")


def recognise(evidence: Evidence) -> bool:
    if evidence.path.endswith(_PATHS) or lenient.string(evidence.first.get("type")).startswith(_EVENTS):
        return True
    image = lenient.obj(next(iter(lenient.seq(evidence.first.get("data"))), None))
    return "b64_json" in image or ("url" in image and "created" in evidence.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The words and, for edits, the images: files of a form, addresses, or objects with one."""
    parts = (*lenient.text_parts(body.get("prompt")), *(part for key in _IMAGES for part in _given(body.get(key))))
    return Prompt(
        model=lenient.maybe(body.get("model")),
        stream=lenient.flag(body.get("stream")),
        messages=(Message("user", parts),) if parts else (),
        settings=lenient.settings(dict(body), "model", "stream", "prompt", *_IMAGES),
    )


def _given(value: Json) -> Iterator[Part]:
    for item in value if isinstance(value, list) else () if value is None else (value,):
        address = item if isinstance(item, str) else lenient.obj(item).get("image_url", lenient.obj(item).get("url"))
        known = lenient.maybe(address)
        yield lenient.uri(known, kind="image") if known else lenient.file_part(item, "image")


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    kind = lenient.string(body.get("type"))
    if kind.startswith(_EVENTS):
        yield from _streamed(body, kind.endswith(".completed"))
    elif isinstance(body.get("data"), list):
        yield AboutDelta(None, lenient.maybe(body.get("model")))
        yield SummaryDelta({"images": len(body["data"])})
        for item in body["data"]:
            yield from _image(lenient.obj(item), body)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from lenient.errors(body)


def _streamed(body: dict[str, Any], whole: bool) -> Iterator[Delta]:
    """Each partial image takes the place of the one before it."""
    if lenient.maybe(body.get("b64_json")):
        yield PartDelta(_blob(body["b64_json"], body), slot="image")
    if whole:
        yield AboutDelta(None, lenient.maybe(body.get("model")))
        yield SummaryDelta({"images": 1})
        yield EndDelta()


def _image(item: dict[str, Any], body: dict[str, Any]) -> Iterator[Delta]:
    if lenient.maybe(item.get("revised_prompt")):
        yield TextDelta(item["revised_prompt"])
    if lenient.maybe(item.get("b64_json")):
        yield PartDelta(_blob(item["b64_json"], body))
    elif lenient.maybe(item.get("url")):
        address = item["url"]
        yield PartDelta(lenient.uri(address) if address.startswith("data:") else Uri(address, None, "image"))


def _blob(data: str, body: dict[str, Any]) -> Part:
    """The type is what the first bytes say; without that the format that the answer names."""
    start = lenient.decoded(data[:64], 64)
    named = lenient.maybe(body.get("output_format"))
    return lenient.blob(data, media_types.mime_type(start or b"") or (f"image/{named}" if named else None), "image")


usage = openai_responses.usage
