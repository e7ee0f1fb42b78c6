"""Imagen's pictures: a model of Google's that is asked to predict.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.gemini import generate as gemini_generate
from inspector.model import Event, Message, Part, Prompt, Uri
from inspector.model.delta import Delta, PartDelta, SummaryDelta

NAME = "gemini.images"
OPERATION = "images"


def recognise(evidence: Evidence) -> bool:
    predicted = lenient.obj(next(iter(lenient.seq(evidence.first.get("predictions"))), None))
    asked = evidence.path.endswith(":predict") and "imagen" in evidence.path
    return asked or "bytesBase64Encoded" in predicted or "raiFilteredReason" in predicted


def prompt(body: Mapping[str, Any]) -> Prompt:
    items = map(lenient.obj, lenient.seq(body.get("instances")))
    messages = tuple(Message("user", parts) for item in items if (parts := tuple(_asked(item))))
    return Prompt(messages=messages, settings=lenient.settings(dict(body), "instances"))


def _asked(item: dict[str, Any]) -> Iterator[Part]:
    yield from lenient.text_parts(item.get("prompt"))
    references = [lenient.obj(raw).get("referenceImage") for raw in lenient.seq(item.get("referenceImages"))]
    for image in map(lenient.obj, (item.get("image"), *references)):
        yield from _image(image)


def _image(raw: dict[str, Any]) -> Iterator[Part]:
    mime_type = lenient.maybe(raw.get("mimeType"))
    if data := lenient.maybe(raw.get("bytesBase64Encoded")):
        yield lenient.blob(data, mime_type, "image")
    elif address := lenient.maybe(raw.get("gcsUri")):
        yield Uri(address, mime_type, "image")


def deltas(event: Event) -> Iterator[Delta]:
    """The pictures; of one that was filtered, why."""
    body = lenient.obj(event.data)
    pictures = list(map(lenient.obj, lenient.seq(body.get("predictions"))))
    for item in pictures:
        yield from map(PartDelta, (*_image(item), *lenient.text_parts(item.get("raiFilteredReason"))))
    if pictures:
        yield SummaryDelta({"images": sum(any(_image(item)) for item in pictures)})
    yield from lenient.errors(body)


usage = gemini_generate.usage
