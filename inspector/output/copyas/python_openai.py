"""A program that sends the request again with the SDK of OpenAI, to whoever speaks its protocols."""

from __future__ import annotations

import re

from inspector.model import Json
from inspector.output.copyas.form import Form, Subject
from inspector.output.copyas.python_httpx import program
from inspector.output.copyas.python_sdk import Asked, Method, asked, call, client, key, words
from inspector.output.copyas.sendable import Sent

_CHAT = words(
    "messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens "
    "max_tokens metadata modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key "
    "reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options "
    "temperature tool_choice tools top_logprobs top_p user verbosity web_search_options"
)
_RESPONSES = words(
    "background conversation include input instructions max_output_tokens max_tool_calls metadata model "
    "parallel_tool_calls previous_response_id prompt prompt_cache_key reasoning safety_identifier service_tier store "
    "stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user"
)
_COMPLETIONS = words(
    "model prompt best_of echo frequency_penalty logit_bias logprobs max_tokens n presence_penalty seed stop stream "
    "stream_options suffix temperature top_p user"
)
_IMAGES = words(
    "prompt background model moderation n output_compression output_format partial_images quality response_format "
    "size stream style user"
)
_TOKENS = words(
    "conversation input instructions model parallel_tool_calls previous_response_id reasoning text tool_choice tools "
    "truncation"
)
METHODS = (
    Method("/chat/completions", "chat.completions.create", ("messages", "model"), _CHAT),
    Method("/completions", "completions.create", ("prompt", "model"), _COMPLETIONS),
    Method("/responses", "responses.create", (), _RESPONSES),
    Method("/responses/input_tokens", "responses.input_tokens.count", (), _TOKENS),
    Method(
        "/embeddings", "embeddings.create", ("input", "model"), words("input model dimensions encoding_format user")
    ),
    Method("/moderations", "moderations.create", ("input",), words("input model")),
    Method("/images/generations", "images.generate", ("prompt",), _IMAGES),
    Method("/models", "models.list"),
)
"""The methods that take JSON, with the arguments that every version of the last year knows."""

_OWN = "https://api.openai.com/v1"
_DEPLOYED = re.compile(r"(.*)/openai/deployments/([^/]+)")


def write(subject: Subject) -> str | None:
    sent = subject.sent
    if sent is None or not (subject.call.protocol or "").startswith("openai."):
        return None
    found = asked(sent, METHODS)
    if found is None:
        return None
    deployed = _DEPLOYED.fullmatch(found.base) if "api-version" in found.query else None
    body = found.body
    if found.method.name == "embeddings.create":
        body = {**body, "encoding_format": body.get("encoding_format", "float")}  # else the SDK asks for base64
    if deployed and "model" not in body and "model" in found.method.required:
        body = {"model": deployed[2], **body}
    if not set(found.method.required) <= body.keys():
        return None
    if deployed:
        made = _azure(found, sent, deployed[1], deployed[2])
        query = {name: value for name, value in found.query.items() if name != "api-version"}
    else:
        made, query = _client(found, sent), found.query
    return program(f"{made}\n{call(found, sent, body, query)}", (_import(made),), sent.notes)


def _import(made: str) -> str:
    return f"from openai import {'AzureOpenAI' if 'AzureOpenAI(' in made else 'OpenAI'}"


def _client(found: Asked, sent: Sent) -> str:
    arguments: list[tuple[str, Json]] = [("base_url", found.base)] if found.base != _OWN else []
    credential = key(sent)
    arguments.append(("api_key", credential[1] if credential else "none"))
    for header, name in (("openai-organization", "organization"), ("openai-project", "project")):
        if value := sent.header(header):
            arguments.append((name, value))
    return client("OpenAI", arguments, sent)


def _azure(found: Asked, sent: Sent, endpoint: str, deployment: str) -> str:
    name, value = key(sent) or ("api-key", "none")
    return client(
        "AzureOpenAI",
        (
            ("azure_endpoint", endpoint),
            ("azure_deployment", deployment),
            ("api_version", found.query["api-version"]),
            ("azure_ad_token" if name == "authorization" else "api_key", value),
        ),
        sent,
    )


FORM = Form("openai", "Python, openai", "python", "The same call with the SDK of OpenAI.", write)
