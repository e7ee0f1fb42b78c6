"""The shapes that servers of Chat Completions have for reasoning, sound, pictures and documents."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from inspector.decode.protocols.openai import chat, chat_dialects
from inspector.decode.protocols.openai.parts import content_parts, images
from inspector.decode.written import with_written
from inspector.model import Blob, Citation, FileRef, ModelCall, Part, Reasoning, Text, Token, ToolCall, Unknown, Uri
from tests.decode.protocols.openai.test_chat import answer, chunk, parts, whole

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(16)).decode()
MP3 = base64.b64encode(b"ID3" + bytes(15)).decode()
PDF = "https://coast.example/log.pdf"


def blob(mime_type: str | None, modality: str, data: str, size: int) -> Blob:
    return Blob(mime_type, modality, data, size)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"type": "input_audio", "input_audio": MP3}, blob("audio/mpeg", "audio", MP3, 18)),
        ({"type": "input_audio", "input_audio": {"data": MP3, "format": "mp3"}}, blob("audio/mp3", "audio", MP3, 18)),
        (
            {"type": "input_audio", "input_audio": "https://coast.example/bell.mp3"},
            Uri("https://coast.example/bell.mp3", None, "audio"),
        ),
        ({"type": "audio", "audio": {"data": MP3, "mime_type": "audio/mpeg"}}, blob("audio/mpeg", "audio", MP3, 18)),
        ({"type": "document_url", "document_url": PDF}, Uri(PDF, None, "file")),
        ({"type": "document_url", "document_url": {"url": PDF}}, Uri(PDF, None, "file")),
        ({"type": "file_url", "file_url": {"url": PDF}}, Uri(PDF, None, "file")),
        ({"type": "image", "image": PNG}, blob(None, "image", PNG, 24)),
        ({"type": "image", "image": "https://coast.example/a.png"}, Uri("https://coast.example/a.png", None, "image")),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
            blob("image/png", "image", PNG, 24),
        ),
        (
            {"type": "image", "source": {"type": "url", "url": "https://coast.example/a.png"}},
            Uri("https://coast.example/a.png", None, "image"),
        ),
        ({"type": "input_image", "file_id": "file-1"}, FileRef("file-1", None, "image")),
        ({"type": "image"}, Unknown({"type": "image"})),
        ({"type": "reasoning", "summary": [{"type": "summary_text", "text": "Fog."}]}, Reasoning("Fog.")),
        ({"type": "reasoning", "text": "Fog."}, Reasoning("Fog.")),
        ({"type": "thinking", "thinking": [{"type": "text", "text": "Fog."}]}, Reasoning("Fog.")),
    ],
)
def test_a_part_of_a_message(raw: Any, expected: Part) -> None:
    assert content_parts([raw]) == content_parts(raw) == (expected,)


@pytest.mark.parametrize(
    "shape",
    [
        "Fog.",
        {"text": "Fog."},
        {"content": "Fog."},
        {"summary": [{"type": "summary_text", "text": "Fog."}]},
        [{"type": "text", "text": "Fo"}, {"type": "text", "text": "g."}],
        ["Fo", "g."],
        [{"type": "thinking", "thinking": [{"type": "text", "text": "Fog."}]}],
    ],
)
@pytest.mark.parametrize(
    "key", ["reasoning_content", "reasoning", "reasoning_text", "reasoning_details", "thinking_blocks"]
)
def test_reasoning_in_any_shape(key: str, shape: Any) -> None:
    if isinstance(shape, str) and key in ("reasoning_details", "thinking_blocks"):
        shape = [{"text": shape}]
    said = {"content": "Wet.", key: shape}
    assert parts(answer(whole(said))) == parts(answer(chunk({key: shape}), chunk({"content": "Wet."}))) == (
        Reasoning("Fog."), Text("Wet."),
    )  # fmt: skip
    assert chat.message({"role": "assistant", **said}).parts == (Reasoning("Fog."), Text("Wet."))


def test_a_signature_is_no_reasoning() -> None:
    assert chat_dialects.reasoning({"reasoning_content": {"signature": "EqQB"}}) == ""


def test_pictures_beside_a_message() -> None:
    assert images([PNG, "https://coast.example/a.png"]) == (
        blob(None, "image", PNG, 24), Uri("https://coast.example/a.png", None, "image"),
    )  # fmt: skip
    assert images([{"type": "image_url", "image_url": {"url": "https://coast.example/a.png"}}]) == (
        Uri("https://coast.example/a.png", None, "image"),
    )


def test_what_cites_a_text_stays_beside_its_thoughts() -> None:
    content = "<think>Two.</think>North light"
    near = Citation(19, 24, "https://coast.example/n", None)
    whole_text = Citation(None, None, "https://coast.example/all", None)
    tokens = tuple(Token(text, -1.0) for text in ("<think>", "Two.", "</think>", "North", " light"))
    found = with_written((Text(content, (), (near, whole_text), tokens),), ())
    assert found == (
        Reasoning("Two."),
        Text("North light", (), (near._replace(start=0, end=5), whole_text), tokens[3:]),
    )


def test_counts_in_the_last_choice() -> None:
    event = chunk({}, "stop")
    event["choices"][0]["usage"] = {"prompt_tokens": 23, "completion_tokens": 11, "cached_tokens": 8}
    usage = answer(chunk({"content": "Wet"}), event).usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens) == (23, 11, 8)


def _kinds(call: ModelCall) -> list[str]:
    return [part.kind for reply in call.replies for part in reply.parts if isinstance(part, ToolCall)]


def test_custom_tools_take_any_text() -> None:
    custom = {"index": 0, "id": "c", "type": "custom", "custom": {"name": "sums", "input": "4 + 4"}}
    plain = {"index": 1, "id": "d", "type": "function", "function": {"name": "ring", "arguments": "{}"}}
    rest = {"index": 0, "custom": {"input": " + 4"}}
    assert _kinds(answer(whole({"tool_calls": [custom, plain]}))) == ["custom", "function"]
    assert _kinds(answer(chunk({"tool_calls": [custom, plain]}), chunk({"tool_calls": [rest]}))) == [
        "custom",
        "function",
    ]


@pytest.mark.parametrize(
    ("kind", "run_by"),
    [
        ("function_call", "function"),
        ("custom_tool_call", "custom"),
        ("web_search_call", "server"),
        ("mcp_call", "server"),
        ("shell_call", "function"),
        ("image_generation_call", "server"),
    ],
)
def test_who_runs_a_call_of_responses(kind: str, run_by: str) -> None:
    item = {"type": kind, "id": "i", "call_id": "c", "name": "ring", "arguments": "{}", "status": "completed"}
    response = {"object": "response", "status": "completed", "output": [item]}
    begun = {"type": "response.output_item.added", "output_index": 0, "item": item}
    assert _kinds(answer(response, url="http://x/v1/responses")) == [run_by]
    assert _kinds(answer(begun, {"type": "response.in_progress"}, url="http://x/v1/responses")) == [run_by]
