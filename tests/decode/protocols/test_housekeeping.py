"""Lists of models, counts of tokens and what providers keep: what their samples do not show."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Body, Exchange, Message, ModelCall, Request, Response, Text

GEMINI = "https://generativelanguage.googleapis.com/v1beta"
VERTEX = "https://eu-aiplatform.googleapis.com/v1"
BEDROCK = "https://bedrock.eu-north-1.amazonaws.com"
REFUSED = {"error": {"code": 404, "message": "There is no such lamp.", "status": "NOT_FOUND"}}
WORK = {"@type": "t/GenerateContentBatch", "state": "BATCH_STATE_RUNNING", "batchStats": {"requestCount": "2"}}


def call(url: str, answered: Any, asked: Any = None, status: int = 200) -> ModelCall:
    response = None if answered is None else Response(status, (), Body("value", answered))
    request = Request("POST", url, (), None if asked is None else Body("value", asked))
    found = decode(Exchange(entry=0, request=request, response=response))
    assert found.problems == ()
    return found


@pytest.mark.parametrize(
    ("url", "answered", "protocol", "models"),
    [
        (f"{GEMINI}/models/lamp-2", {"name": "models/lamp-2"}, "gemini.models", ["lamp-2"]),
        (f"{GEMINI}/models", {"models": []}, "gemini.models", []),
        ("", {"models": [{"name": "models/lamp-2"}]}, "gemini.models", ["lamp-2"]),
        (
            f"{VERTEX}beta1/publishers/google/models",
            {"publisherModels": [{"name": "publishers/google/models/lamp-2"}]},
            "gemini.models",
            ["lamp-2"],
        ),
        (f"{GEMINI}/openai/models", {"data": [{"id": "models/l", "object": "model"}]}, "openai.models", ["models/l"]),
        ("http://localhost/api/tags", {"models": [{"name": "lamp:2b"}]}, "ollama.models", ["lamp:2b"]),
        (f"{BEDROCK}/foundation-models/k.lamp", {"modelDetails": {"modelId": "k.lamp"}}, "bedrock.models", ["k.lamp"]),
        (
            f"{BEDROCK}/inference-profiles",
            {"inferenceProfileSummaries": [{"inferenceProfileId": "eu.k.lamp"}]},
            "bedrock.models",
            ["eu.k.lamp"],
        ),
    ],
)
def test_models(url: str, answered: Any, protocol: str, models: list[str]) -> None:
    found = call(url, answered)
    assert (found.protocol, found.operation) == (protocol, "models")
    assert found.summary == {"models": models}


@pytest.mark.parametrize(
    ("url", "answered", "protocol", "message"),
    [
        (f"{GEMINI}/models/lamp-2", REFUSED, "gemini.models", "There is no such lamp."),
        (f"{GEMINI}/openai/models", REFUSED, "openai.models", "There is no such lamp."),
        (f"{BEDROCK}/foundation-models", {"message": "Not for you."}, "bedrock.models", "Not for you."),
        ("https://api.openai.com/v1/responses/input_tokens", REFUSED, "openai.count_tokens", "There is no such lamp."),
    ],
)
def test_refusals(url: str, answered: Any, protocol: str, message: str) -> None:
    found = call(url, answered, status=404)
    assert found.error
    assert (found.protocol, found.error.message, found.summary) == (protocol, message, None)


def test_a_count_without_its_address() -> None:
    found = call("", {"object": "response.input_tokens", "input_tokens": 3})
    assert (found.protocol, found.operation, found.summary) == ("openai.count_tokens", "other", {"input_tokens": 3})


# ---------------------------------------------------------------- batches of Google's


def test_a_batch_is_an_operation() -> None:
    asked = {"batch": {"display_name": "night", "input_config": {"file_name": "files/1"}}}
    found = call(f"{GEMINI}/models/m:batchGenerateContent", {"name": "batches/1", "metadata": WORK}, asked)
    assert (found.protocol, found.response_id, found.prompt.model) == ("stored_objects", "batches/1", "m")
    assert found.prompt.settings == asked
    assert found.summary == {"state": "BATCH_STATE_RUNNING", "batchStats": {"requestCount": "2"}}


def test_what_users_add_is_no_state() -> None:
    found = call("https://api.openai.com/v1/batches/b", {"id": "b", "object": "batch", "metadata": {"state": "calm"}})
    assert found.summary == {"object": "batch"}


@pytest.mark.parametrize(
    "url",
    [
        f"{GEMINI}/models/m/operations/1",
        f"{VERTEX}/projects/p/locations/eu/batchPredictionJobs/1",
        f"{VERTEX}/projects/p/locations/eu/cachedContents",
    ],
)
def test_what_google_keeps(url: str) -> None:
    assert call(url, {"name": "n"}).protocol == "stored_objects"


# ---------------------------------------------------------------- chat by its request alone

ASKED = {"messages": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Is it lit?"}]}


def test_messages_to_an_unknown_address() -> None:
    found = call("{{server}}/function_calling", None, ASKED)
    assert (found.protocol, found.operation, found.replies) == ("openai.chat_completions", "chat", ())
    assert found.prompt.messages[1] == Message("user", (Text("Is it lit?"),), "user")


@pytest.mark.parametrize(
    ("url", "asked", "answered", "protocol"),
    [
        ("http://lamp/calls", ASKED, {"status": "sent"}, None),
        ("http://lamp/calls", {"messages": []}, None, None),
        ("http://lamp/calls", {"messages": [{"content": "Is it lit?"}]}, None, None),
        ("http://lamp/calls", {"messages": [{"role": "user"}, {"role": "user", "content": "?"}]}, None, None),
        ("http://lamp/v1/messages", ASKED, None, "anthropic.messages"),
        ("http://lamp/api/chat", ASKED, None, "ollama.chat"),
        ("http://lamp/model/m/converse", ASKED, None, "bedrock.converse"),
    ],
)
def test_what_is_not_taken(url: str, asked: Any, answered: Any, protocol: str | None) -> None:
    assert call(url, answered, asked).protocol == protocol


@pytest.mark.parametrize(
    "line",
    [
        {"custom_id": "a", "result": {"type": "succeeded", "message": {"content": [{"type": "text", "text": "Lit"}]}}},
        {"custom_id": "a", "response": {"body": {"choices": [{"message": {"role": "assistant", "content": "Lit"}}]}}},
        {"custom_id": "a", "response": {"body": {"output": [{"type": "message", "content": [
            {"type": "output_text", "text": "Lit"}]}]}}},
    ],
)  # fmt: skip
def test_the_results_of_a_batch_are_read(line: Any) -> None:
    kept = {"object": "batch", "id": "b", "outputs": [line, line]}
    for body, times in ((Body("chunks", [line, line]), 2), (Body("value", kept), 2), (Body("value", line), 1)):
        request = Request("GET", "https://api.example.com/v1/batches/b/results", (), None)
        found = decode(Exchange(entry=0, request=request, response=Response(200, (), body)))
        assert [reply.parts for reply in found.replies] == [(Text("Lit"),)] * times
        assert found.problems == ()
