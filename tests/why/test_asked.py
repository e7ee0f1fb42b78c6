"""What somebody has in hands, understood."""

from __future__ import annotations

import json

import pytest

from inspector.model import Body
from inspector.why.asked import NotUnderstood, understood

HASH = "3f2a9c01b7d84e56" * 4
BODY = {"model": "lamp", "messages": [{"role": "user", "content": "Is it lit?"}]}
LOG = f"RuntimeError: Recording not found for request hash: {HASH}\nModel: lamp | Request: POST http://skerry/v1/x\n"


@pytest.mark.parametrize("text", [HASH, f"  {HASH}\n", HASH[:16], f"{HASH[:20]}…", LOG])
def test_a_hash_or_a_log(text: str) -> None:
    [miss] = understood(text).misses
    assert HASH.startswith(miss.hash)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"method": "POST", "url": "http://skerry/v1/x", "body": BODY}),
        json.dumps(
            {"request": {"method": "POST", "url": "http://skerry/v1/x", "body": json.dumps(BODY)}, "response": {}}
        ),
        f"curl http://skerry/v1/x -H 'Content-Type: application/json' -d '{json.dumps(BODY)}'",
        f"curl -sS --max-time 5 -X POST \\\n  --url http://skerry/v1/x --data-raw='{json.dumps(BODY)}'",
    ],
    ids=["request", "recording", "curl", "curl, longer"],
)
def test_a_request(text: str) -> None:
    exchange = understood(text).exchange
    assert exchange is not None
    assert (exchange.request.method, exchange.request.url) == ("POST", "http://skerry/v1/x")
    assert isinstance(exchange.request.body, Body)
    value = exchange.request.body.value
    assert (json.loads(value) if isinstance(value, str) else value) == BODY


def test_a_body_alone_is_a_request_whose_address_nobody_knows() -> None:
    exchange = understood(json.dumps(BODY)).exchange
    assert exchange is not None
    assert (exchange.request.url, exchange.request.body) == ("", Body("value", BODY))


@pytest.mark.parametrize("text", ["", "{}", "{", "[1]", "curl", "curl '", "curl -d x", "the fog", "abc", '{"a": 1}'])
def test_what_says_nothing_of_a_request(text: str) -> None:
    with pytest.raises(NotUnderstood):
        understood(text)
