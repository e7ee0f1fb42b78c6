"""What documents are called is shown wherever they are: on the page, in print, in JSON, in searches; and is masked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Blob, FileRef, Message, ModelCall, Part, Prompt, Text, Uri
from inspector.redaction import masked_call
from inspector.redaction.found_in_json import Masker
from inspector.web.app import Still, create_app
from tests.decode.protocols.samples.sample import PNG, exchange
from tests.making import library, put
from tests.redaction.recorders import har

TITLE = "Almanac of fog"
ANTHROPIC = "https://api.anthropic.com/v1/messages"
CHAT = "https://api.openai.com/v1/chat/completions"
CONVERSE = "https://bedrock-runtime.eu-north-1.amazonaws.com/model/amazon.nova-lite-v1:0/converse"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"
PLAIN = {"type": "text", "media_type": "text/plain", "data": "Fog at noon."}
PDF = {"type": "base64", "media_type": "application/pdf", "data": PNG}
A_PDF = Blob("application/pdf", "file", PNG, 8, TITLE)


def said(*content: Any) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [*content]}]}


def gemini(part: dict[str, Any]) -> dict[str, Any]:
    return {"contents": [{"role": "user", "parts": [part]}]}


CASES: list[tuple[str, dict[str, Any], tuple[Part, ...]]] = [
    (ANTHROPIC, said({"type": "document", "title": TITLE, "source": PDF}), (A_PDF,)),
    (
        ANTHROPIC,
        said({"type": "document", "title": TITLE, "context": "From the shelf.", "source": PLAIN}),
        (Text("From the shelf."), Text("Fog at noon.", title=TITLE)),
    ),
    (
        ANTHROPIC,
        said({"type": "document", "title": TITLE, "source": {"type": "file", "file_id": "f1"}}),
        (FileRef("f1", title=TITLE),),
    ),
    (
        ANTHROPIC,
        said({"type": "search_result", "title": TITLE, "source": "https://w/",
              "content": [{"type": "text", "text": "a"}]}),
        (Text("a", title=f"{TITLE} · https://w/"),),
    ),
    (CONVERSE, said({"document": {"format": "pdf", "name": TITLE, "source": {"bytes": PNG}}}), (A_PDF,)),
    (
        CONVERSE,
        said({"searchResult": {"title": TITLE, "source": "shelf", "content": [{"text": "a"}]}}),
        (Text("a", title=f"{TITLE} · shelf"),),
    ),
    (
        CHAT,
        said({"type": "file", "file": {"filename": TITLE, "file_data": f"data:application/pdf;base64,{PNG}"}}),
        (A_PDF,),
    ),
    (
        GEMINI,
        gemini({"inlineData": {"displayName": TITLE, "mimeType": "application/pdf", "data": PNG}}),
        (A_PDF,),
    ),
    (
        GEMINI,
        gemini({"file_data": {"display_name": TITLE, "mime_type": "application/pdf", "file_uri": "gs://b/a"}}),
        (Uri("gs://b/a", "application/pdf", "file", TITLE),),
    ),
]  # fmt: skip


def asked(url: str, body: dict[str, Any]) -> ModelCall:
    return decode(exchange(url, body, None))


@pytest.mark.parametrize(("url", "body", "expected"), CASES)
def test_a_document_has_its_title(url: str, body: dict[str, Any], expected: tuple[Part, ...]) -> None:
    call = asked(url, body)
    assert (call.prompt.messages[0].parts, call.problems) == (expected, ())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("titles")
    put(path / "a.har", har([exchange(url, body, None) for url, body, _ in CASES]))
    return path


def test_a_title_is_on_every_page_and_found(folder: Path) -> None:
    shelf = library(folder)
    shelf.refresh()
    client = create_app(Still(shelf)).test_client()
    rows = shelf.index.rows()
    assert len(rows) == len(CASES)
    for row in rows:
        for tab in ("", "/show.json", "/as/markdown"):
            assert TITLE in client.get(f"/e/{row.uid}{tab}").text, (row.uid, tab)
    assert f"{len(CASES)} exchanges" in client.get("/?q=Almanac").text


def test_a_title_is_masked() -> None:
    key = "sk-" + "lamp0il" * 5
    parts = (Text("a", title=key), Blob(None, "file", PNG, 8, key), Uri("gs://b", title=key), FileRef("f", title=key))
    call = ModelCall(protocol=None, provider=None, operation="chat", prompt=Prompt(messages=(Message("user", parts),)))
    masked = masked_call.masked(call, Masker(lambda _: "‹masked›"))
    assert key not in repr(masked)
    assert json.dumps([part.title for part in masked.prompt.messages[0].parts]).count("masked") == 4  # type: ignore[union-attr]
