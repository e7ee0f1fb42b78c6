"""What was sent, as somebody can send it again: the address that was really called, headers that a program may set, and
the body as JSON, text or bytes."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from inspector.model import Body, Exchange, Headers, Json, ModelCall, Request, jsonio
from inspector.output.copyas.variables import BASE_URL, Names, is_mark, key_of, names_of, variable

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_OURS = frozenset(
    {"accept-encoding", "connection", "content-length", "cookie", "cookie2", "expect", "host", "http2-settings"}
    | {"keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "trailers"}
    | {"transfer-encoding", "upgrade", "content-encoding"}
)
"""Headers of one connection, of one person, and of the body as it was packed."""

# What goes with a signature, which is good for minutes.
_SIGNED = re.compile(r"x-amz-(?:date|security-token|content-sha256)|amz-sdk-.*|x-amzn-trace-id", re.IGNORECASE)
_DOUBLED = re.compile(r"/v1/v1(?=/)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_GEMINI = "/v1beta/openai/v1/"

_KEY_HEADER = {
    "anthropic": ("x-api-key", ""),
    "azure.ai.openai": ("api-key", ""),
    "gcp.gemini": ("x-goog-api-key", ""),
    "elevenlabs": ("xi-api-key", ""),
}
"""The header that a provider wants its key in; of most it is ``authorization: Bearer``."""

_KEYLESS = frozenset({None, "ollama", "vllm", "llamacpp", "lm_studio", "llama_stack", "tgi", "sglang"})
_CREDENTIALS = frozenset({"authorization", "x-api-key", "api-key", "x-goog-api-key", "xi-api-key"})


class Sent(NamedTuple):
    """A request; its texts hold the marks that `names` has variables for.

    At most one of `value`, `text` and `data` is there: the body as JSON (in a list of its own, as null is JSON too), as
    text, or as bytes. `notes` say what the recording does not keep.
    """

    method: str
    url: str
    headers: Headers
    names: Names
    value: tuple[Json, ...] = ()
    text: str | None = None
    data: bytes | None = None
    notes: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known.lower() == name), None)


def sent(exchange: Exchange, call: ModelCall, format: str | None) -> Sent | None:
    """The request to send again; None where its address or its body is not one that HTTP can be asked with."""
    request = exchange.request
    notes: list[str] = []
    body = request.body
    url = _address(request.url, format, notes)
    method = request.method.upper() or ("GET" if body is None else "POST")
    if url is None or not _TOKEN.fullmatch(method) or (body is not None and body.kind == "frames"):
        return None
    headers = _headers(request.headers, call, notes)
    value, text, data = _content(body)
    if value and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("content-type", "application/json"))
    names = names_of(Request(method, url, headers, body), call.provider)
    return Sent(method, url, headers, names, value, text, data, tuple(notes))


def _address(url: str, format: str | None, notes: list[str]) -> str | None:
    """The address that can be called: llama-stack's recorder puts a path behind an address that ends with it."""
    url = _UNSEEN.sub("", url).replace(" ", "%20")
    if url.startswith("/") and not url.startswith("//"):
        notes.append(f"The recording keeps no host: set {BASE_URL}.")
        return variable(BASE_URL) + url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    if format == "llama-stack":
        path = _DOUBLED.sub("/v1", parts.path, count=1).replace(_GEMINI, "/v1beta/openai/", 1)
        url = url.replace(parts.path, path, 1) if path != parts.path else url
    return url


def _headers(recorded: Headers, call: ModelCall, notes: list[str]) -> Headers:
    kept = [_authorized(name, value.strip()) for name, value in recorded if _may_be_sent(name, value)]
    if call.provider not in _KEYLESS and not _CREDENTIALS & {name.lower() for name, _ in kept}:
        name, scheme = _KEY_HEADER.get(call.provider or "", ("authorization", "Bearer "))
        notes.append(f"The recording keeps no credentials: the header {name} is the one that this provider asks for.")
        kept.append((name, scheme + variable(key_of(call.provider))))
    return tuple(kept)


def _may_be_sent(name: str, value: str) -> bool:
    if name.lower() in _NOT_OURS or _SIGNED.fullmatch(name) or not _TOKEN.fullmatch(name):
        return False
    return not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value.strip())


def _authorized(name: str, value: str) -> tuple[str, str]:
    """A signature, or what a recorder put in the place of a token, has no scheme: keys are sent as bearer tokens."""
    is_bare = name.lower() == "authorization" and is_mark(value)
    return name, f"Bearer {value}" if is_bare else value


def _content(body: Body | None) -> tuple[tuple[Json, ...], str | None, bytes | None]:
    if body is None:
        return (), None, None
    if isinstance(body.value, bytes):
        return (), None, body.value
    if not isinstance(body.value, str):
        return (body.value,), None, None
    value = jsonio.parse_or_none(body.value) if body.value.lstrip()[:1] in ("{", "[") else None
    return ((value,), None, None) if isinstance(value, (dict, list)) else ((), body.value, None)
