"""Exchanges with one secret in each: every kind of secret in every place that can hold it, streams cut anywhere.

Secrets are drawn by lot and stand for nothing; those of a known shape are put together from pieces, so that no scanner
takes this file for a leak.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from inspector.model import Body, Exchange, Request, Response


class Planted(NamedTuple):
    id: str
    exchange: Exchange
    secret: str


def drawn(lot: random.Random, letters: str, length: int) -> str:
    return "".join(lot.choice(letters) for _ in range(length))


_WORD = string.ascii_letters + string.digits
HEX = "0123456789abcdef"

SHAPED: dict[str, tuple[str, str, int]] = {
    "openai": ("s" + "k-", _WORD, 40),
    "openai project": ("s" + "k-proj-", _WORD + "_-", 80),
    "anthropic": ("s" + "k-ant-api03-", _WORD + "_-", 90),
    "github": ("gh" + "p_", _WORD, 36),
    "github, fine-grained": ("github" + "_pat_", _WORD + "_", 60),
    "gitlab": ("glp" + "at-", _WORD, 20),
    "google": ("AI" + "za", _WORD, 35),
    "google secret": ("GOC" + "SPX-", _WORD, 28),
    "aws": ("AK" + "IA", string.ascii_uppercase + "234567", 16),
    "slack": ("xo" + "xb-", string.digits, 30),
    "stripe": ("sk" + "_live_", _WORD, 24),
    "npm": ("np" + "m_", _WORD, 36),
    "pypi": ("py" + "pi-" + "AgEIcHlwaS5vcmc", _WORD, 60),
    "hugging face": ("h" + "f_", _WORD, 34),
    "age": ("AGE-" + "SECRET-KEY-1", string.ascii_uppercase + string.digits, 58),
}
"""Beginning, letters and number of what follows, of kinds that their shape gives away wherever they stand."""

NAMES = ("password", "db_password", "api_key", "apiKey", "access_token", "refresh_token", "client_secret", "secret",
         "token", "api_token", "pwd", "passphrase", "private_key", "X-Auth-Token", "x-api-key")  # fmt: skip
"""Names that a secret without a shape goes by."""

_URL = "https://api.openai.com/v1/chat/completions"
_ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "How is the lamp?"}]}


def exchange(url: str = _URL, headers: Any = (), asked: Any = None, answered: Any = None, **more: Any) -> Exchange:
    """An exchange of values or texts; a list is a stream."""
    request = Request("POST", url, tuple(headers), _body(_ASKED if asked is None else asked))
    return Exchange(entry=0, request=request, response=Response(200, (), _body(answered or _reply("Bright."))), **more)


def _body(value: Any) -> Body:
    return (
        Body("text", value) if isinstance(value, str) else Body("chunks" if isinstance(value, list) else "value", value)
    )


def _reply(content: str, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}, **more}
    return {"id": "r", "object": "chat.completion", "model": "gpt-4o", "choices": [choice]}


def _called(name: str, arguments: str) -> dict[str, Any]:
    call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return {**_reply(""), "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}]}


def _result(content: str) -> dict[str, Any]:
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    messages = [*_ASKED["messages"], {"role": "assistant", "tool_calls": [call]}]
    return {**_ASKED, "messages": [*messages, {"role": "tool", "tool_call_id": "c1", "content": content}]}


def _cut(text: str, lot: random.Random) -> list[str]:
    """A text in pieces of 1 to 9 characters, or in two."""
    if lot.random() < 0.2:
        at = lot.randrange(len(text) + 1)
        return [text[:at], text[at:]]
    pieces, at = [], 0
    while at < len(text):
        size = lot.randint(1, 9)
        pieces.append(text[at : at + size])
        at += size
    return pieces


def _chunk(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": None, **more}
    return {"id": "r", "object": "chat.completion.chunk", "model": "gpt-4o", "choices": [choice]}


def _sse(chunks: list[dict[str, Any]], lot: random.Random) -> Any:
    """Chunks as a recorder keeps them parsed, or as the text that was sent."""
    chunks = [*chunks, _chunk({}, finish_reason="stop")]
    if lot.random() < 0.3:
        return chunks
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"


def _streamed(text: str, lot: random.Random) -> Exchange:
    return exchange(answered=_sse([_chunk({"content": piece}) for piece in _cut(text, lot)], lot))


def _streamed_arguments(text: str, lot: random.Random) -> Exchange:
    first = {"index": 0, "id": "c1", "type": "function", "function": {"name": "open_gate", "arguments": ""}}
    pieces = [{"index": 0, "function": {"arguments": piece}} for piece in _cut(text, lot)]
    return exchange(answered=_sse([_chunk({"tool_calls": [one]}) for one in (first, *pieces)], lot))


def _anthropic_arguments(text: str, lot: random.Random) -> Exchange:
    block = {"type": "tool_use", "id": "t1", "name": "open_gate", "input": {}}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": piece}}
            for piece in _cut(text, lot)
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_stop"},
    ]
    sse = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
    return exchange("https://api.anthropic.com/v1/messages", asked={**_ASKED, "max_tokens": 9}, answered=sse)


def _spelled(text: str, lot: random.Random) -> Exchange:
    tokens = [{"token": piece, "logprob": -0.1, "top_logprobs": []} for piece in _cut(text, lot) if piece]
    return exchange(answered=_reply(text, logprobs={"content": tokens}))


def _failed(text: str, lot: random.Random) -> Exchange:
    return exchange(answered={"error": {"message": text, "type": "invalid_request_error"}})


def _form(name: str, value: str) -> str:
    return f'--lamp\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--lamp--\r\n'


ANYWHERE: dict[str, Callable[[str, random.Random], Exchange]] = {
    "header": lambda s, _: exchange(headers=[("x-note", f"see {s}")]),
    "query": lambda s, _: exchange(f"{_URL}?note={s}"),
    "fragment": lambda s, _: exchange(f"{_URL}#note={s}"),
    "path": lambda s, _: exchange(f"https://api.openai.com/v1/{s}/chat/completions"),
    "question": lambda s, _: exchange(asked={**_ASKED, "messages": [{"role": "user", "content": f"mine is {s}, hm"}]}),
    "after a line break": lambda s, _: exchange(answered=_reply(f"here:\n{s}\nthere")),
    "after a tab": lambda s, _: exchange(answered=_called("look", json.dumps({"at": f"here:\t{s}"}))),
    "after an underscore": lambda s, _: exchange(answered=_reply(f"LAMP_{s}")),
    "key": lambda s, _: exchange(answered=_called("look", json.dumps({s: 1}))),
    "tool arguments": lambda s, _: exchange(answered=_called("look", json.dumps({"at": [s]}))),
    "tool name": lambda s, _: exchange(answered=_called(s, "{}")),
    "tool result": lambda s, _: exchange(asked=_result(f"the file says:\n{s}")),
    "nested JSON": lambda s, _: exchange(asked=_result(json.dumps({"deep": json.dumps({"deeper": f"a\n{s}"})}))),
    "multipart": lambda s, _: exchange(asked=_form("note", s)),
    "error": lambda s, lot: _failed(f"Incorrect API key provided: {s}.", lot),
    "stream": lambda s, lot: _streamed(f"it is {s}, keep it", lot),
    "streamed arguments": lambda s, lot: _streamed_arguments(json.dumps({"at": f"x\n{s}"}), lot),
    "streamed arguments of Anthropic": lambda s, lot: _anthropic_arguments(json.dumps({"at": s, "n": 2}), lot),
    "probabilities": lambda s, lot: _spelled(f"it is {s} now", lot),
    "test": lambda s, _: exchange(test_id=f"tests/a.py::test_it[{s}]"),
    "session": lambda s, _: exchange(session=s),
    "problem": lambda s, _: exchange(asked=f"{s} is no JSON"),
}
"""Places where a secret is seen by its shape."""

NAMED: dict[str, Callable[[str, str, random.Random], Exchange]] = {
    "header": lambda n, s, _: exchange(headers=[(n, s)]),
    "query": lambda n, s, _: exchange(f"{_URL}?a=1&{n}={s}"),
    "fragment": lambda n, s, _: exchange(f"{_URL}#{n}={s}&state=1"),
    "user": lambda n, s, _: exchange(f"https://{n}:{s}@api.openai.com/v1/chat/completions"),
    "user in a text": lambda n, s, _: exchange(answered=_reply(f"use https://{s}@lamp.example/x")),
    "key": lambda n, s, _: exchange(asked={**_ASKED, "metadata": {n: s}}),
    "pair in arguments": lambda n, s, _: exchange(
        answered=_called("fetch", json.dumps({"headers": [{"name": n, "value": s}]}))
    ),
    "value and name in arguments": lambda n, s, _: exchange(
        answered=_called("fetch", json.dumps({"headers": [{"value": s, "name": n}]}))
    ),
    "headers in arguments": lambda n, s, _: exchange(answered=_called("fetch", json.dumps({"headers": {n: s}}))),
    "arguments": lambda n, s, _: exchange(answered=_called("open", json.dumps({"gate": "north", n: s}))),
    "streamed arguments": lambda n, s, lot: _streamed_arguments(json.dumps({"gate": "north", n: s, "tries": 2}), lot),
    "streamed arguments of Anthropic": lambda n, s, lot: _anthropic_arguments(json.dumps({n: s, "tries": 2}), lot),
    "streamed pairs": lambda n, s, lot: _streamed_arguments(json.dumps({"headers": [{"name": n, "value": s}]}), lot),
    "JSON in a stream": lambda n, s, lot: _streamed(f"Here you are: {json.dumps({n: s})}.", lot),
    "tool result": lambda n, s, _: exchange(asked=_result(json.dumps({"ok": True, n: s}))),
    "nested JSON": lambda n, s, _: exchange(asked=_result(json.dumps({"text": json.dumps({"more": {n: s}})}))),
    "half a JSON": lambda n, s, _: exchange(answered=_called("open", json.dumps({"gate": 1, n: s})[:-1])),
    "multipart": lambda n, s, _: exchange(asked=_form(n, s)),
    "form": lambda n, s, _: exchange(asked=f"lamp=1&{n}={quote(s)}"),
    "line": lambda n, s, _: exchange(answered=_reply(f"POST /x\n{n}: {s}\n\nmore")),
    "code": lambda n, s, _: exchange(answered=_reply(f'lamp = 1\n{n} = "{s}"\n')),
    "error": lambda n, s, lot: _failed(f'cannot read {{"{n}": "{s}"}}', lot),
}
"""Places where a secret is known by its name."""


def shaped(lot: random.Random, kind: str) -> str:
    begins, letters, length = SHAPED[kind]
    return begins + drawn(lot, letters, length)


def all_planted(seed: int, times: int = 1) -> Iterator[Planted]:
    """Every kind in every place, `times` over."""
    lot = random.Random(seed)
    for _ in range(times):
        for kind in SHAPED:
            for place, plant in ANYWHERE.items():
                secret = shaped(lot, kind)
                yield Planted(f"{kind} in {place}", plant(secret, lot), secret)
        for name in NAMES:
            for place, named in NAMED.items():
                secret = f"{drawn(lot, string.ascii_lowercase, 5)}{drawn(lot, string.digits, 3)}-{drawn(lot, HEX, 8)}"
                yield Planted(f"{name} in {place}", named(name, secret, lot), secret)
