"""Recordings of more than words: images, sound, citations, probabilities; and of other traffic."""

from __future__ import annotations

import base64
import json
from typing import Any

from tests.web.pages import recording

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(24)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='bottleOpened=1'></svg>"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def image(kind: str, data: bytes) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{encoded(data)}"}}


def answer(text: str, **more: Any) -> str:
    """A recording whose reply has `more` beside its text; `logprobs` stand beside the message."""
    document = json.loads(recording(text))
    choice = document["response"]["body"]["__data__"]["choices"][0]
    if "logprobs" in more:
        choice["logprobs"] = {"content": more.pop("logprobs")}
    choice["message"] |= more
    return json.dumps(document)


def cited(url: str, title: str, start: int, end: int) -> dict[str, Any]:
    return {
        "type": "url_citation",
        "url_citation": {"url": url, "title": title, "start_index": start, "end_index": end},
    }


def interaction(method: str, url: str, sent: Any = None, answered: Any = "", status: int = 200) -> dict[str, Any]:
    return {
        "request": {"method": method, "uri": url, "headers": {}, "body": sent},
        "response": {"status": {"code": status, "message": "OK"}, "headers": {}, "body": answered},
    }


def cassette(*interactions: dict[str, Any]) -> str:
    return json.dumps({"version": 1, "interactions": interactions}, indent=1)


def binary(data: bytes) -> dict[str, str]:
    return {"base64_string": encoded(data)}


def token(text: str, logprob: float, *others: tuple[str, float]) -> dict[str, Any]:
    return {"token": text, "logprob": logprob, "top_logprobs": [{"token": t, "logprob": p} for t, p in others]}
