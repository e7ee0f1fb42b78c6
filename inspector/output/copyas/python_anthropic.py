"""A program that sends the request again with the SDK of Anthropic."""

from __future__ import annotations

from inspector.model import Json
from inspector.output.copyas.form import Form, Subject
from inspector.output.copyas.python_httpx import program
from inspector.output.copyas.python_sdk import Method, asked, call, client, key, words

METHODS = (  # without temperature, top_k and top_p, which only some versions of the SDK know
    Method(
        "/v1/messages",
        "messages.create",
        ("max_tokens", "messages", "model"),
        words(
            "max_tokens messages model metadata service_tier stop_sequences stream system thinking tool_choice tools"
        ),
    ),
    Method(
        "/v1/messages/count_tokens",
        "messages.count_tokens",
        ("messages", "model"),
        words("messages model system thinking tool_choice tools"),
    ),
    Method("/v1/models", "models.list"),
)

_OWN = "https://api.anthropic.com"
_LONG = 16_000
"""Tokens of an answer from which on the SDK wants to be told how long to wait, or to stream."""


def write(subject: Subject) -> str | None:
    sent = subject.sent
    if sent is None or not (subject.call.protocol or "").startswith("anthropic."):
        return None
    found = asked(sent, METHODS)
    if found is None or not set(found.method.required) <= found.body.keys():
        return None
    arguments: list[tuple[str, Json]] = [("base_url", found.base)] if found.base != _OWN else []
    name, value = key(sent) or ("x-api-key", "none")
    arguments.append(("auth_token" if name == "authorization" else "api_key", value))
    most = found.body.get("max_tokens")
    if isinstance(most, int) and most >= _LONG and not found.body.get("stream"):
        arguments.append(("timeout", 600))
    made = client("Anthropic", arguments, sent)
    return program(
        f"{made}\n{call(found, sent, found.body, found.query)}", ("from anthropic import Anthropic",), sent.notes
    )


FORM = Form("anthropic", "Python, anthropic", "python", "The same call with the SDK of Anthropic.", write)
