"""What is no LLM traffic, and what only looks so."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.model import Body, Exchange, Request, Response


def word(method: str, url: str, asked: Any, answered: Any) -> tuple[str | None, str | None]:
    def body(value: Any) -> Body | None:
        if isinstance(value, bytes):
            return Body("bytes", value)
        return None if value is None else Body("text" if isinstance(value, str) else "value", value)

    request = Request(method, url, (), body(asked))
    call = decode(Exchange(entry=0, request=request, response=Response(200, (), body(answered))))
    return call.protocol, call.infrastructure


@pytest.mark.parametrize(
    ("method", "url", "asked", "answered", "found"),
    [
        ("POST", "https://oauth2.googleapis.com/token", "grant_type=refresh", {"access_token": "x"}, "auth"),
        ("POST", "/token", None, {"access_token": "x", "expires_in": 3599, "token_type": "Bearer"}, "auth"),
        ("GET", "http://169.254.169.254/latest/meta-data/iam", None, "role", "auth"),
        ("POST", "https://sts.eu-west-1.amazonaws.com/", "Action=AssumeRole", "<Response/>", "auth"),
        ("POST", "https://eu.i.posthog.com/batch/", {"api_key": "k", "batch": []}, {"status": 1}, "telemetry"),
        ("POST", "https://telemetry.example.org:4319/v1/traces", "\x00", "", "telemetry"),
        ("POST", "http://localhost:4318/v1/traces", {"resourceSpans": []}, {}, "telemetry"),
        ("POST", "https://api.openai.com/v1/traces/ingest", {"data": []}, None, "telemetry"),
        ("GET", "https://packages.example.org/index/inspector/json", None, {"info": {}}, "packages"),
        ("GET", "https://packages.example.org/lamps/lamp-1.0-py3-none-any.whl", None, "", "packages"),
        ("GET", "https://huggingface.co/api/models/acme/tiny", None, {"id": "acme/tiny"}, "packages"),
        ("POST", "https://i-1.svc.pinecone.io/query", {"vector": [1], "topK": 2}, {"matches": []}, "vector store"),
        ("POST", "http://localhost:6333/collections/a/points/search", {"vector": [1]}, {"result": []}, "vector store"),
        ("POST", "https://api.tavily.com/search", {"query": "roofs"}, {"results": []}, "search"),
        ("POST", "https://find.example.org/search", {"q": "roofs"}, {"organic": []}, "search"),
        ("GET", "http://localhost:9/.well-known/agent-card.json", None, {"name": "a"}, "agents"),
        ("POST", "http://localhost:9/", {"jsonrpc": "2.0", "method": "eth_call"}, {"jsonrpc": "2.0"}, "agents"),
        ("GET", "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials", None, {"a": 1}, "auth"),
        ("GET", "[hidden]", None, {"version": "0.1", "batch_ingest_config": {}}, "telemetry"),
        ("POST", "[hidden]", None, {"message": "Runs batch ingested"}, "telemetry"),
        ("GET", "[hidden]", None, b"\x89PNG", "web"),
        ("GET", "https://example.org/roof.png", None, "\x89PNG", "web"),
        ("HEAD", "https://api.anthropic.com/api/hello", None, None, "web"),
        ("GET", "https://example.org/", None, "<!DOCTYPE html>", "web"),
        (
            "GET",
            "https://api.openai.com/v1/organization/usage/completions?limit=1",
            None,
            {"data": [{"results": [{"input_tokens": 4}]}]},
            "account",
        ),
        ("GET", "https://api.anthropic.com/v1/organizations/workspaces", None, {"data": []}, "account"),
        ("POST", "https://example.org/form", {"name": "x"}, "ok", "web"),
    ],
)
def test_what_it_is(method: str, url: str, asked: Any, answered: Any, found: str) -> None:
    assert word(method, url, asked, answered) == (None, found)


@pytest.mark.parametrize(
    ("method", "url", "asked", "answered"),
    [
        ("POST", "https://example.org/generate", {"prompt": "hi"}, {"said": "ho"}),
        ("POST", "http://localhost:8000/run", {"x": 1}, {"y": 1}),
        ("POST", "https://api.anthropic.com/v1/something_new", {"x": 1}, {"y": 1}),
        ("POST", "", None, {"said": "ho"}),
        ("POST", "/whatever", None, {"said": "ho"}),
        ("POST", "[hidden]", None, b"\x00"),
    ],
)
def test_what_may_be_a_models(method: str, url: str, asked: Any, answered: Any) -> None:
    assert word(method, url, asked, answered) == (None, None)


def test_what_a_protocol_knows_is_none() -> None:
    message = {"choices": [{"message": {"content": "hi"}}]}
    assert word("POST", "https://api.tavily.com/telemetry/", {"messages": []}, message) == (
        "openai.chat_completions",
        None,
    )
    assert word("POST", "https://api.openai.com/v1/files", None, {"object": "file", "id": "f"}) == (
        "stored_objects",
        None,
    )
    url = "https://app.example.org/api/v1/tracing/batches"
    assert word("POST", url, {"trace_id": "1"}, {"id": "1"}) == (None, "telemetry")
