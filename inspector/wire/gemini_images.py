"""Imagen's pictures: a model of Google's that is asked to predict.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import Delta, PartDelta, SummaryDelta
from inspector.model import Event, Message, Part, Prompt, Uri
from inspector.wire import gemini_generate
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "gemini.images"
OPERATION = "images"


def recognise(clue: Clue) -> bool:
    predicted = read.obj(next(iter(read.seq(clue.first.get("predictions"))), None))
    asked = clue.path.endswith(":predict") and "imagen" in clue.path
    return asked or "bytesBase64Encoded" in predicted or "raiFilteredReason" in predicted


def prompt(body: Mapping[str, Any]) -> Prompt:
    items = map(read.obj, read.seq(body.get("instances")))
    messages = tuple(Message("user", parts) for item in items if (parts := tuple(_asked(item))))
    return Prompt(messages=messages, settings=read.settings(dict(body), "instances"))


def _asked(item: dict[str, Any]) -> Iterator[Part]:
    yield from read.text_parts(item.get("prompt"))
    references = [read.obj(raw).get("referenceImage") for raw in read.seq(item.get("referenceImages"))]
    for image in map(read.obj, (item.get("image"), *references)):
        yield from _image(image)


def _image(raw: dict[str, Any]) -> Iterator[Part]:
    mime_type = read.maybe(raw.get("mimeType"))
    if data := read.maybe(raw.get("bytesBase64Encoded")):
        yield read.blob(data, mime_type, "image")
    elif address := read.maybe(raw.get("gcsUri")):
        yield Uri(address, mime_type, "image")


def deltas(event: Event) -> Iterator[Delta]:
    """The pictures; of one that was filtered, why."""
    body = read.obj(event.data)
    pictures = list(map(read.obj, read.seq(body.get("predictions"))))
    for item in pictures:
        yield from map(PartDelta, (*_image(item), *read.text_parts(item.get("raiFilteredReason"))))
    if pictures:
        yield SummaryDelta({"images": sum(any(_image(item)) for item in pictures)})
    yield from read.errors(body)


usage = gemini_generate.usage
