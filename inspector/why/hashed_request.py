"""What the recorder of llama-stack hashes of a request, around the body that is changed to meet a key."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from inspector.model import Json
from inspector.recorders import llama_stack_rules as rules


class Hashed(NamedTuple):
    """Where the body of a request stands in what is hashed."""

    key: str
    """Its key in a recorded request."""
    lead: bytes

    def tail(self, request: dict[str, Any], path: str, test: str | None) -> bytes:
        """What is hashed after the body, for an address and a test."""
        if self.key == "kwargs":
            return f", {_pairs(request, 'provider', 'tool_name')}}}".encode()
        if self.key == "payload":
            return f', "test_id": {json.dumps(test)}, "url": {json.dumps(request.get("url"))}}}'.encode()
        return rules.tail(_method(request), path, test, rules.CURRENT).encode()

    @property
    def has_test(self) -> bool:
        """Whether the test is hashed, too."""
        return self.key != "kwargs"


def hashed(request: dict[str, Any]) -> Hashed | None:
    """How a request is hashed: of a tool, around the SDKs, or by them; None for what has no body as an object."""
    if "tool_name" in request:
        return Hashed("kwargs", b'{"kwargs": ') if isinstance(request.get("kwargs"), dict) else None
    if "payload" in request:
        lead = f'{{"method": {json.dumps(_method(request).upper())}, "payload": '
        return Hashed("payload", lead.encode()) if isinstance(request["payload"], dict) else None
    is_asked = isinstance(request.get("body"), dict) and isinstance(request.get("url"), str)
    return Hashed("body", rules.LEAD.encode()) if is_asked else None


def body_of(request: dict[str, Any], how: Hashed) -> dict[str, Json]:
    """The body as it is hashed: what a tool is given is not normalised."""
    if how.key == "kwargs":
        return dict(request["kwargs"])
    is_bedrock = how.key == "body" and "bedrock" in str(request.get("url"))
    body: dict[str, Json] = json.loads(rules.normalized(request[how.key], rules.CURRENT, is_bedrock))
    return body


def _method(request: dict[str, Any]) -> str:
    return str(request.get("method") or "POST")


def _pairs(request: dict[str, Any], *names: str) -> str:
    return ", ".join(f"{json.dumps(name)}: {json.dumps(request.get(name), sort_keys=True)}" for name in names)
