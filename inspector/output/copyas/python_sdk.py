"""What the programs for the two SDKs have in common: a method for an address, the arguments that it takes, and the rest
as `extra_body`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl

from inspector.model import Json
from inspector.output.copyas.json_escapes import dumped
from inspector.output.copyas.python_literals import is_sendable, literal
from inspector.output.copyas.sendable import Sent
from inspector.output.copyas.variables import is_mark

_ITS_OWN = frozenset(
    {"accept", "accept-language", "content-type", "user-agent", "authorization", "api-key", "x-api-key"}
    | {"openai-organization", "openai-project", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-site"}
    | {"anthropic-dangerous-direct-browser-access", "idempotency-key", "priority", "origin", "referer"}
)
"""Headers that an SDK sends itself, and those of browsers."""


class Method(NamedTuple):
    """A method of a client: the end of the address that it asks, and the arguments that it knows."""

    ends: str
    name: str
    required: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()


class Asked(NamedTuple):
    """A request as a method is asked for it: where the server's addresses begin, and what comes after `?`."""

    method: Method
    base: str
    query: dict[str, str]
    body: dict[str, Json]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def asked(sent: Sent, methods: Sequence[Method]) -> Asked | None:
    """The method that sends such a request; None where none does."""
    address, _, query = sent.url.partition("?")
    body = sent.value[0] if sent.value else {}
    if sent.text or sent.data is not None or not isinstance(body, dict):
        return None
    verb = "POST" if body else "GET"
    method = next((one for one in methods if address.endswith(one.ends) and bool(one.known) == bool(body)), None)
    if method is None or sent.method != verb or not is_sendable(dumped(body)):
        return None
    return Asked(method, address[: -len(method.ends)], dict(parse_qsl(query, keep_blank_values=True)), body)


def call(asked: Asked, sent: Sent, body: dict[str, Json], query: dict[str, str]) -> str:
    """The call of the method, and the printing of what it gives."""
    known = {key: value for key, value in body.items() if key in asked.method.known}
    rest = {key: value for key, value in body.items() if key not in asked.method.known}
    headers = {name: value for name, value in sent.headers if _is_extra(name, value)}
    extra = {"extra_headers": headers, "extra_query": query, "extra_body": rest}
    given = known | {name: value for name, value in extra.items() if value}
    lines = [f"    {name}={literal(value, sent.names, 4)},\n" for name, value in given.items()]
    inside = f"\n{''.join(lines)}" if lines else ""
    made = f"client.{asked.method.name}({inside})\n"
    if body.get("stream"):
        return f"stream = {made}for event in stream:\n    print(event)\n"
    return f"response = {made}print(response.to_json())\n"


def _is_extra(name: str, value: str) -> bool:
    lowered = name.lower()
    if lowered == "anthropic-version":
        return value != "2023-06-01"
    return lowered not in _ITS_OWN and not lowered.startswith(("x-stainless-", "sec-ch-", "x-goog-api"))


def client(kind: str, arguments: Iterable[tuple[str, Json]], sent: Sent) -> str:
    lines = [f"    {name}={literal(value, sent.names, 4)},\n" for name, value in arguments]
    return f"client = {kind}({chr(10) + ''.join(lines) if lines else ''})\n"


def key(sent: Sent) -> tuple[str, str] | None:
    """The credential of a request: the name of its header, and what stands in it after the scheme."""
    for name in ("authorization", "x-api-key", "api-key", "x-goog-api-key"):
        value = sent.header(name)
        if value:
            scheme, _, rest = value.partition(" ")
            return name, rest if rest and not is_mark(value) and scheme.lower() == "bearer" else value
    return None
