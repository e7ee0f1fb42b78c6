"""A secret is in no page, no ``show`` and no index, however a recorder spells it and in however many pieces it came."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from inspector.analysis.issues import marks
from inspector.model import Body, Exchange, Request, Response, Text, ToolCall, jsonio
from inspector.redaction import decoded, mask

SECRET = "hunter2-x9-quartz"
KEY = "sk-" + "lamp0il" * 5


def chat(body: Body, **more: Any) -> Exchange:
    url = "https://api.openai.com/v1/chat/completions"
    asked = Body("value", {"model": "gpt-4o", "messages": [{"role": "user", "content": "?"}], "stream": True})
    return Exchange(entry=0, request=Request("POST", url, (), asked), response=Response(200, (), body), **more)


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "model": "gpt-4o", "choices": [choice]}


def everything(exchange: Exchange) -> str:
    """All that a page, ``show`` or the raw tab can say of an exchange, told without the punctuation between pieces."""
    shown, call = decoded.masked(exchange)
    pieces = "".join(delta[0] for step in call.steps for delta in step.deltas if delta and isinstance(delta[0], str))
    return repr(shown) + repr(call) + pieces


@pytest.mark.parametrize("step", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("form", ["chunks", "sse"])
@pytest.mark.parametrize(
    "said",
    [f"the key is {KEY}, keep it", f"Authorization: Bearer {SECRET} and on", f'{{"api_key": "{SECRET}"}}', KEY],
)
def test_a_secret_that_a_stream_spells(step: int, form: str, said: str) -> None:
    pieces = [chunk({"content": said[at : at + step]}) for at in range(0, len(said), step)]
    chunks = [chunk({"role": "assistant", "content": ""}), *pieces, chunk({}, "stop")]
    sse = "".join(f"data: {json.dumps(one)}\n\n" for one in chunks) + "data: [DONE]\n\n"
    exchange = chat(Body("chunks", chunks) if form == "chunks" else Body("text", sse), raw={"response": sse})
    secret = KEY if KEY in said else SECRET
    assert secret not in everything(exchange)
    (part,) = decoded.masked(exchange).call.replies[0].parts
    assert isinstance(part, Text)
    assert part.content == said.replace(secret, mask.MASK)
    assert decoded.secrets(exchange).count(secret) >= 1
    numbered = decoded.masked(exchange, mask.numbered()).call.replies[0].parts[0]
    (number,) = mask.NUMBERED.findall(numbered.content)  # type: ignore[union-attr]
    assert decoded.secrets(exchange)[int(number)] == secret


def test_a_secret_in_streamed_arguments() -> None:
    said = json.dumps({"to": "mainland", "password": SECRET, "again": KEY})
    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "signal", "arguments": ""}}
    pieces = [{"index": 0, "function": {"arguments": said[at : at + 4]}} for at in range(0, len(said), 4)]
    chunks = [chunk({"tool_calls": [one]}) for one in (call, *pieces)]
    exchange = chat(Body("chunks", [*chunks, chunk({}, "tool_calls")]))
    assert SECRET not in everything(exchange)
    assert KEY not in everything(exchange)
    (part,) = decoded.masked(exchange).call.replies[0].parts
    assert isinstance(part, ToolCall)
    assert part.arguments == {"to": "mainland", "password": mask.MASK, "again": mask.MASK}


@pytest.mark.parametrize("streamed", [False, True])
def test_a_secret_that_token_probabilities_spell(streamed: bool) -> None:
    said = f"it is {KEY} now"
    tokens = [{"token": said[at : at + 3], "logprob": -0.1, "top_logprobs": []} for at in range(0, len(said), 3)]
    choice = {"index": 0, "finish_reason": "stop", "logprobs": {"content": tokens}}
    if streamed:
        parts = [{**choice, "delta": {"content": said[:10]}, "finish_reason": None}, {"delta": {"content": said[10:]}}]
        body = Body("chunks", [{"object": "chat.completion.chunk", "choices": [part]} for part in parts])
    else:
        choice["message"] = {"role": "assistant", "content": said}
        body = Body("value", {"object": "chat.completion", "choices": [choice]})
    shown, call = decoded.masked(chat(body))
    assert tokens[4]["token"] not in repr(shown)
    (part,) = call.replies[0].parts
    assert isinstance(part, Text)
    assert (part.content, part.tokens) == (f"it is {mask.MASK} now", ())


@pytest.mark.parametrize(
    "encode",
    [
        lambda asked: base64.b64encode(asked).decode(),
        lambda asked: base64.urlsafe_b64encode(gzip.compress(asked)).decode(),
        lambda asked: asked.hex(),
        lambda asked: [*asked],
        lambda asked: asked.decode().encode("utf-16").decode("latin-1"),
    ],
    ids=["base64", "packed", "hex", "numbers", "something else"],
)
def test_a_request_that_the_entry_has_in_another_form(encode: Callable[[bytes], Any]) -> None:
    asked = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": f"it is {KEY}"}]})
    kept = encode(asked.encode())
    raw = {"method": "POST", "postData": {"text": kept}}
    exchange = Exchange(entry=0, request=Request("POST", "", (), Body("text", asked)), response=None, raw=raw)
    shown = decoded.masked(exchange).exchange.raw
    assert jsonio.dumps(kept)[1:-1] not in jsonio.dumps(shown)
    plain = Exchange(entry=0, request=exchange.request, response=None, raw={"postData": {"text": asked}})
    assert jsonio.dumps(decoded.masked(plain).exchange.raw) == (
        jsonio.dumps({"postData": {"text": asked.replace(KEY, mask.MASK)}})
    )


def test_a_stream_without_secrets_stays_as_it_is() -> None:
    chunks = [chunk({"content": "a token is "}), chunk({"content": "a unit of text"}, "stop")]
    exchange = chat(Body("chunks", chunks), raw={"kept": chunks})
    assert decoded.masked(exchange).exchange == exchange


@pytest.mark.parametrize(
    "raw",
    [
        {"headers": [{"name": "Authorization", "value": SECRET}]},
        {"headers": [["X-Api-Key", SECRET]]},
        {"rawHeaders": ["Accept", "*/*", "Cookie", SECRET]},
        {"headers": {"x-auth": {"equalTo": SECRET}}},
        {"headers": {"X-Goog-Api-Key": [SECRET]}},
        {"header": [{"name": "x-api-key", "value": SECRET}], "query_param": [{"name": "key", "value": SECRET}]},
        {"cookies": [{"name": "theme", "value": SECRET}]},
        {"queryString": [{"name": "sig", "value": SECRET}]},
        {"postData": {"params": [{"name": "client_secret", "value": SECRET}]}},
        {"body": f"grant_type=refresh_token&refresh_token={SECRET}&client_id=a"},
        {"body": f"grant_type=authorization_code&code={SECRET}"},
        {"body": f"grant_type=urn%3Aietf&assertion={SECRET}"},
        {"body": json.dumps({"access_token": SECRET, "clientSecret": SECRET, "sessionToken": SECRET})},
        {"body": json.dumps({"text": json.dumps({"deep": json.dumps({"refresh_token": SECRET})})})},
        {"body": json.dumps({"content": f"POST /x\nX-Auth-Token: {SECRET}\n\nmore"})},
        {"body": "data: " + json.dumps({"content": f"POST /x\nX-Auth-Token: {SECRET}\n\nmore"}) + "\n\n"},
        {"body": f"<Credentials><SecretAccessKey>{SECRET}</SecretAccessKey></Credentials>"},
        {"url": f"https://bucket.example/x?X-Amz-Signature={SECRET}&X-Amz-Security-Token={SECRET}"},
        {"curl": f"AWS4-HMAC-SHA256 Credential={SECRET}/2026/us/x/aws4_request, Signature={SECRET}"},
        {"url": f"https://alice:{SECRET}@proxy.example/v1"},
        {"headers": {"openai-organization": SECRET}},
        {"text": f'export LAMP_API_KEY="{SECRET}"'},
        {"text": json.dumps({"run": f"LAMP_TOKEN={SECRET} ./light"})},
        {"text": f"it is {KEY}."},
        {"text": "AKIAIOSFODNN7LANTERN"},
        {"text": f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----"},
    ],
    ids=lambda raw: jsonio.dumps(raw)[:60],
)
def test_every_recorders_spelling(raw: Any) -> None:
    exchange = Exchange(entry=0, request=Request("POST", "", (), Body("value", raw)), response=None, raw=raw)
    shown = everything(exchange)
    assert not any(secret in shown for secret in (SECRET, KEY, "AKIAIOSFODNN7LANTERN"))
    assert mask.MASK in shown


@pytest.mark.parametrize(
    "raw",
    [
        {"pair": ["token", "a unit of text"]},
        {"headers": {"content-type": "application/json", "idempotency-key": "7"}},
        {"usage": {"prompt_tokens": 5, "token": {"text": "a"}}},
        {"logprobs": [{"token": "sk", "logprob": -1.5}]},
        {"name": "key", "value": "of C major"},
        {"text": "API_KEY = os.environ['LAMP_KEY_2']; LAMP_TOKEN=<your token 1>; MAX_TOKEN=8; A_KEY=$KEY2"},
        {"text": "the sk-learn package, task-force, asia and -----begin-----"},
        {"tools": [{"parameters": {"properties": {"password": {"type": "string"}}}}]},
    ],
    ids=jsonio.dumps,
)
def test_what_is_no_secret_stays(raw: Any) -> None:
    assert mask.value(raw) == raw


def test_frames_and_problems_are_masked() -> None:
    frames = [("sent", {"type": "session.update", "api_key": SECRET}), ("received", {"type": "error", "token": "x"})]
    exchange = Exchange(
        entry=0,
        request=Request("", ""),
        response=Response(body=Body("frames", frames)),
        problems=(mask.Problem("line 1", f"not understood: Authorization: Bearer {SECRET}"),),
    )
    assert SECRET not in everything(exchange)


_GATE = {"type": "object", "properties": {"password": {"type": "integer"}, "gate": {"type": "string"}}}


@pytest.mark.parametrize("schema", [_GATE, {**_GATE, "additionalProperties": False, "required": ["gate", KEY]}])
@pytest.mark.parametrize("said", [{"gate": "north", "password": 12345}, {"gate": "north", "password": 7, KEY: 1}])
@pytest.mark.parametrize("size", [0, 3])
def test_what_is_masked_breaks_no_schema(schema: dict[str, Any], said: dict[str, Any], size: int) -> None:
    text = json.dumps(said)
    pieces = [text[at : at + size] for at in range(0, len(text), size)] if size else [text]
    first = {"index": 0, "id": "c1", "type": "function", "function": {"name": "open_gate", "arguments": ""}}
    calls = [first, *({"index": 0, "function": {"arguments": piece}} for piece in pieces)]
    exchange = chat(Body("chunks", [*(chunk({"tool_calls": [one]}) for one in calls), chunk({}, "tool_calls")]))
    tool = {"type": "function", "function": {"name": "open_gate", "parameters": schema}}
    asked = Body("value", {**exchange.request.body.value, "tools": [tool]})  # type: ignore[union-attr]
    exchange = replace(exchange, request=replace(exchange.request, body=asked))
    shown, call = decoded.masked(exchange)
    (part,) = call.replies[0].parts
    assert mask.MASK in repr(part)
    told = [mark.why for mark in marks(shown, call) if mark.kind == "bad arguments"]
    assert told == []
