"""OpenAI Images: generations, edits and variations, streamed or not. xAI, Together and others follow it.

https://platform.openai.com/docs/api-reference/images
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, Delta, EndDelta, PartDelta, SummaryDelta, TextDelta, UsageDelta
from inspector.framing import media
from inspector.model import Event, Json, Message, Part, Prompt, Uri
from inspector.wire import openai_responses
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "openai.images"
OPERATION = "images"

_PATHS = ("/images/generations", "/images/edits", "/images/variations")
_EVENTS = ("image_generation.", "image_edit.")
_IMAGES = ("image", "image[]", "images", "mask")


def recognise(clue: Clue) -> bool:
    if clue.path.endswith(_PATHS) or read.string(clue.first.get("type")).startswith(_EVENTS):
        return True
    image = read.obj(next(iter(read.seq(clue.first.get("data"))), None))
    return "b64_json" in image or ("url" in image and "created" in clue.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    """The words and, for edits, the images: files of a form, addresses, or objects with one."""
    parts = (*read.text_parts(body.get("prompt")), *(part for key in _IMAGES for part in _given(body.get(key))))
    return Prompt(
        model=read.maybe(body.get("model")),
        stream=read.flag(body.get("stream")),
        messages=(Message("user", parts),) if parts else (),
        settings=read.settings(dict(body), "model", "stream", "prompt", *_IMAGES),
    )


def _given(value: Json) -> Iterator[Part]:
    for item in value if isinstance(value, list) else () if value is None else (value,):
        address = item if isinstance(item, str) else read.obj(item).get("image_url", read.obj(item).get("url"))
        known = read.maybe(address)
        yield read.uri(known, kind="image") if known else read.file_part(item, "image")


def deltas(event: Event) -> Iterator[Delta]:
    body = read.obj(event.data)
    kind = read.string(body.get("type"))
    if kind.startswith(_EVENTS):
        yield from _streamed(body, kind.endswith(".completed"))
    elif isinstance(body.get("data"), list):
        yield AboutDelta(None, read.maybe(body.get("model")))
        yield SummaryDelta({"images": len(body["data"])})
        for item in body["data"]:
            yield from _image(read.obj(item), body)
    if isinstance(body.get("usage"), dict):
        yield UsageDelta(body["usage"])
    yield from read.errors(body)


def _streamed(body: dict[str, Any], whole: bool) -> Iterator[Delta]:
    """Each partial image takes the place of the one before it."""
    if read.maybe(body.get("b64_json")):
        yield PartDelta(_blob(body["b64_json"], body), slot="image")
    if whole:
        yield AboutDelta(None, read.maybe(body.get("model")))
        yield SummaryDelta({"images": 1})
        yield EndDelta()


def _image(item: dict[str, Any], body: dict[str, Any]) -> Iterator[Delta]:
    if read.maybe(item.get("revised_prompt")):
        yield TextDelta(item["revised_prompt"])
    if read.maybe(item.get("b64_json")):
        yield PartDelta(_blob(item["b64_json"], body))
    elif read.maybe(item.get("url")):
        address = item["url"]
        yield PartDelta(read.uri(address) if address.startswith("data:") else Uri(address, None, "image"))


def _blob(data: str, body: dict[str, Any]) -> Part:
    """The type is what the first bytes say; without that the format that the answer names."""
    start = read.decoded(data[:64], 64)
    named = read.maybe(body.get("output_format"))
    return read.blob(data, media.mime_type(start or b"") or (f"image/{named}" if named else None), "image")


usage = openai_responses.usage
