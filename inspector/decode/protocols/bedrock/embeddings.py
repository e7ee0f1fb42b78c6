"""Embeddings of Amazon Bedrock's InvokeModel: Titan's, Nova's and Cohere's.

https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.bedrock import address as bedrock_path
from inspector.decode.protocols.bedrock import blocks as bedrock_blocks
from inspector.decode.protocols.bedrock import text_models as bedrock_texts
from inspector.decode.protocols.cohere import embed as cohere_embed
from inspector.decode.protocols.openai.endpoints.embeddings import summary
from inspector.model import Event, Json, Message, Part, Prompt
from inspector.model.delta import Delta, UsageDelta

NAME = "bedrock.embeddings"
OPERATION = "embeddings"

NEUTRAL = frozenset(
    {
        "embedding", "embeddings", "embeddingsByType", "response_type", "texts", "truncationMode"
    }
)  # fmt: skip

_PARAMETERS = ("singleEmbeddingParams", "segmentedEmbeddingParams")


def recognise(evidence: Evidence) -> bool:
    """By the model's name, which says it, or by the answer."""
    model, asked = bedrock_path.asked(evidence.path)
    if asked == "invoke" and "embed" in (model or ""):
        return True
    counted = "inputTextTokenCount" in evidence.first or asked == "invoke"
    return counted and ("embedding" in evidence.first or "embeddings" in evidence.first)


def prompt(body: Mapping[str, Any]) -> Prompt:
    if "texts" in body or "inputs" in body or "images" in body:
        return cohere_embed.prompt(body)
    key = next((name for name in _PARAMETERS if isinstance(body.get(name), dict)), None)
    if key is None:
        return _plain(body)
    parts = tuple(_parts(body[key]))
    settings = lenient.settings(dict(body), key) | {key: lenient.settings(body[key], "text", "image", "video", "audio")}
    return Prompt(messages=(Message("user", parts),) if parts else (), settings=settings)


def _plain(body: Mapping[str, Any]) -> Prompt:
    """Titan's text, or its image, which may go together."""
    asked = bedrock_texts.prompt(body)
    picture = body.get("inputImage")
    if not isinstance(picture, str):
        return asked
    parts: tuple[Part, ...] = tuple(part for message in asked.messages for part in message.parts)
    settings = lenient.settings(dict(asked.settings), "inputImage")
    return Prompt(messages=(Message("user", (*parts, lenient.blob(picture, None, "image"))),), settings=settings)


def _parts(about: Mapping[str, Any]) -> Iterator[Part]:
    """Nova's ``{text: {value}}``, and media by their bytes or their place as in Converse."""
    text = about.get("text")
    yield from lenient.text_parts(lenient.obj(text).get("value", text))
    media = {key: about[key] for key in ("image", "video", "audio") if key in about}
    yield from bedrock_blocks.parts([{key: value} for key, value in media.items()])


def deltas(event: Event) -> Iterator[Delta]:
    body = lenient.obj(event.data)
    if isinstance(body.get("embedding"), list):
        yield summary([body["embedding"]])
    elif "embeddings" in body:
        yield summary(_vectors(body["embeddings"]))
    yield UsageDelta({key: body[key] for key in ("inputTextTokenCount",) if key in body})


def _vectors(value: Json) -> list[Json]:
    """Cohere's vectors, or Nova's, which are objects."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [lenient.obj(item).get("embedding") for item in value]
    return cohere_embed.vectors(value)


usage = bedrock_texts.usage
counts_in = bedrock_path.counts_in
