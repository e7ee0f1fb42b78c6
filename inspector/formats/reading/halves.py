"""The halves of an exchange, a request and a response, under whichever keys and in whichever encoding recorders keep
them: address, status, headers and body. What none of this knows and may be an answer is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any

from inspector.formats.reading import bodies, encoded
from inspector.formats.reading.llm_shapes import first, is_answer, is_request
from inspector.formats.reading.unread import unread
from inspector.model import Body, Headers, Json, Problem, Request, Response
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads, parse_or_none

METHOD = ("method", "Method", "httpMethod")
URL = ("url", "uri", "URL", "Url", "endpoint", "path", "target")
STATUS = ("status_code", "statusCode", "StatusCode", "status", "code", "Status")
HEADERS = ("headers", "header", "Headers", "Header", "rawHeaders", "raw_headers")
BODY = ("body", "body_raw", "bodyRaw", "content", "payload", "data", "json", "text", "events", "chunks", "ws_events",
        "sse_events", "stream_chunks", "body_content", "string", "raw", "Body", "postData", "sse", "body_text",
        "bodyText", "raw_body", "rawBody", "responseText", "responseBody", "requestBody")  # fmt: skip
PARSED = (
    "parsed_body",
    "parsedBody",
    "body_json",
    "bodyJson",
    "json_body",
    "jsonBody",
    "textJSON",
    "inputBodyJson",
    "outputBodyJson",
)
"""Keys of a body that is kept parsed; of the others the first that holds anything is read."""

_CODED = expression(
    r"(?:body|content|data|chunks?|payload|raw|text|string|response|request|bytes)?_?(?:g?zip_|gz_)?(?:"
    r"(?P<base64>b64|base64(?:_?(?:string|body))?|blob|g?zip|gz)|(?P<hex>hex))"
)
_SNAKE = expression(r"(?<=[a-z0-9])(?=[A-Z])")
_ENCODINGS = ("encoding", "bodyEncoding", "body_encoding", "body_type", "bodyType", "contentTransferEncoding")
_FLAGS = ("isBase64Encoded", "base64Encoded", "is_base64", "isBase64", "base64", "binary", "_isBinary", "is_binary",
          "responseIsBinary")  # fmt: skip
_BYTES = frozenset({"base64", "b64", "hex", "binary", "blob", "bytes"})
_PIECE = ("data", "chunk", "text", "content", "body", "raw", "value", "payload")
"""Keys of one piece of a body that arrived in several."""

NEUTRAL = frozenset({
    "method", "headers", "header", "url", "uri", "path", "host", "port", "scheme", "protocol", "query", "query_string",
    "params", "status", "status_code", "statusCode", "statusText", "status_text", "status_message", "reason", "proto",
    "proto_major", "proto_minor", "http_version", "httpVersion", "content_length", "content_type", "contentType",
    "mimeType", "size", "timestamp", "time", "duration", "encoding", "recorded_at", "id", "hash", "type", "kind",
    "chunk_timings", "chunkTimings", "isStreaming", "is_streaming", "stream", "streaming", "trailers", "cookies",
    *METHOD, *HEADERS, *URL, *STATUS, *_ENCODINGS, *_FLAGS,
})  # fmt: skip
"""Keys of a half that hold nothing that was said."""

_PARSED = frozenset(PARSED)
_BODIES = _PARSED.union(BODY)
_TELLING = frozenset((*_FLAGS, *_ENCODINGS))
_KNOWN = NEUTRAL | _BODIES
_PLAIN = _KNOWN - {"base64"}


def request(raw: Json, problems: list[Problem], where: str = "request body") -> Request:
    """A request from its HTTP message, or from nothing but its body."""
    if not isinstance(raw, dict) or is_request(raw) or not (has_body(raw) or any(key in raw for key in URL)):
        return Request("", "", (), _body(raw, (), problems, where))
    headers = bodies.headers(one_of(raw, HEADERS))
    url = one_of(raw, URL)
    return Request(
        str(one_of(raw, METHOD) or "").upper(),
        url if isinstance(url, str) else "",
        headers,
        kept(raw, headers, problems, where),
    )


def response(raw: Json, problems: list[Problem], where: str = "response body") -> Response | None:
    """A response from its HTTP message, or from nothing but its body; None where there was none."""
    if raw in (None, ""):
        return None
    if (
        not isinstance(raw, dict)
        or is_answer(raw)
        or not (has_body(raw) or any(key in raw for key in (*STATUS, *HEADERS)))
    ):
        return Response(None, (), _body(raw, (), problems, where))
    headers = bodies.headers(one_of(raw, HEADERS))
    return Response(bodies.status(one_of(raw, STATUS)), headers, kept(raw, headers, problems, where))


def one_of(value: dict[str, Any], keys: Iterable[str]) -> Any:
    """What stands under the first of some keys that has anything."""
    for key in keys:
        if key in value and value[key] not in (None, ""):
            return value[key]
    return None


def has_body(raw: dict[str, Any]) -> bool:
    """Whether a half has a key that bodies are kept under."""
    return not _BODIES.isdisjoint(raw) or any(_coding(key) for key in raw if isinstance(key, str))


def kept(
    raw: dict[str, Any], headers: Headers, problems: list[Problem], where: str, known: Collection[str] = ()
) -> Body | None:
    """The body of a half. `known` are keys that hold something else and that the format reads."""
    body = _kept(raw, headers, problems, where)
    if not raw.keys() <= _KNOWN and not all(key in _KNOWN or key in known for key in raw):
        others = {key: value for key, value in raw.items() if not (body and _coding(str(key)))}
        problems += unread(others, _KNOWN.union(known), where, is_answered=body is not None)
    return body


def _kept(raw: dict[str, Any], headers: Headers, problems: list[Problem], where: str) -> Body | None:
    for key in () if _PARSED.isdisjoint(raw) else PARSED:
        if raw.get(key) is not None:
            return Body("value", bodies.plain(raw[key]))
    for key, value in raw.items():
        coding = _coding(key) if value and key not in _PLAIN and not isinstance(value, bool) else None
        if coding:
            return _body(_decoded(value, _CODINGS[coding], problems, where), headers, problems, where)
    content = one_of(raw, BODY)
    if content is None and isinstance(raw.get("stream"), (str, list, dict)):  # elsewhere it only says that it is one
        content = raw["stream"]
    if _is_flagged(raw) and isinstance(content, (str, list)):
        content = _decoded(content, _said(raw), problems, where)
    return _body(content, headers, problems, where)


@lru_cache(512)
def _coding(key: str) -> str | None:
    """How what stands under a key is encoded, if the key says so: `body_b64`, `chunksBase64`, `raw_gzip`."""
    found = _CODED.fullmatch(_SNAKE.sub("_", key).lower()) if key not in _KNOWN or key == "base64" else None
    return found.lastgroup if found else None


def _is_flagged(raw: dict[str, Any]) -> bool:
    if _TELLING.isdisjoint(raw):
        return False
    return any(raw.get(key) is True for key in _FLAGS) or not _BYTES.isdisjoint(_encodings(raw))


def _encodings(raw: dict[str, Any]) -> set[str]:
    return {told.lower() for key in _ENCODINGS if isinstance(told := raw.get(key), str)}


def _said(raw: dict[str, Any]) -> Callable[[str], bytes]:
    """How a flagged body is decoded; one that is only said to be binary by what it looks like."""
    told = _encodings(raw)
    if "hex" in told:
        return encoded.from_hex
    return encoded.from_base64 if told & {"base64", "b64"} else encoded.from_either


_CODINGS: dict[str, Callable[[str], bytes]] = {"base64": encoded.from_base64, "hex": encoded.from_hex}


def _decoded(value: Json, decode: Callable[[str], bytes], problems: list[Problem], where: str) -> Json | bytes:
    """Text as the bytes that it encodes, a list of texts as all of their bytes; what is none of that as it is."""
    pieces = value if isinstance(value, list) else [value]
    if not all(isinstance(piece, str) for piece in pieces):
        return value
    try:
        return b"".join(map(decode, pieces))
    except ValueError as error:
        data = encoded.in_pieces(pieces)
        if data is None:
            problems.append(Problem(where, str(error)))
        return value if data is None else data


def _body(content: Json | bytes, headers: Headers, problems: list[Problem], where: str) -> Body | None:
    """A body; what is wrapped with its type or encoding as what it wraps, and a list of pieces as the one text, or the
    events, that they are."""
    if isinstance(content, dict):
        wrapped = _unwrapped(content, problems, where)
        return (
            Body("value", bodies.plain(content))
            if wrapped is content
            else bodies.body(wrapped, problems, headers, where)
        )
    if not isinstance(content, list) or not content:
        return bodies.body(content, problems, headers, where)
    if len(content) >= _FEW_BYTES and all(type(byte) is int and 0 <= byte < 256 for byte in content):
        return bodies.of_bytes(bytes(content), problems, headers, where)
    if all(isinstance(piece, str) for piece in content):
        data = encoded.in_pieces(content)
        between = "\n" if _are_lines(content) else ""
        return bodies.body(between.join(content) if data is None else data, problems, headers, where)
    return _events(content, headers, problems, where)


def _are_lines(pieces: list[str]) -> bool:
    """Whether texts are the lines of a stream, without their breaks."""
    return any(piece.startswith("data:") for piece in pieces) and not any("\n" in piece for piece in pieces)


def _events(content: list[Json], headers: Headers, problems: list[Problem], where: str) -> Body | None:
    """A list of a stream's events, or of pieces of a text, each of which may be wrapped with its name or its time."""
    texts = [_piece(one) for one in content]
    if all(texts):
        told = [text for text in texts if text]
        chunks = [parsed(text) for text in told if text.strip() != "[DONE]"]
        if chunks and all(isinstance(chunk, dict) for chunk in chunks):
            return Body("chunks", chunks)
        data = encoded.in_pieces(told)
        if data is not None or told[0].lstrip().startswith(("data:", "event:", ":", "{", "[")):
            return bodies.body("".join(told) if data is None else data, problems, headers, where)
    wrapped = all(isinstance(one, dict) and "event" in one and "data" in one for one in content)
    plain = [one["data"] for one in content] if wrapped else content
    return Body("chunks" if wrapped or is_answer(first(plain)) else "value", bodies.plain(plain))


def _piece(one: Json) -> str | None:
    """The text of a piece; None for what is a value of its own."""
    if not isinstance(one, dict) or is_answer(one):
        return None
    found = next((one[key] for key in one if key in _PIECE or _coding(key)), None)
    return found if isinstance(found, str) and found else None


def _unwrapped(value: dict[str, Any], problems: list[Problem], where: str) -> Json | bytes:
    """What a body wraps that is kept with its type (``{type, content}``) or its encoding (``{base64}``, ``{encoding,
    data}``, Node's ``{type: Buffer, data}``); the value itself where it is no such wrapper."""
    keys = value.keys()
    if keys == {"type", "data"} and value["type"] == "Buffer" and isinstance(value["data"], list):
        return bytes(byte for byte in value["data"] if isinstance(byte, int) and 0 <= byte < 256)
    if keys <= {"type", "content"} and value.get("type") in ("json", "text", "binary", "none"):
        return typed(value.get("type"), value.get("content"), problems, where)
    if len(value) == 1 and (coding := _coding(next(iter(value)))):
        return _decoded(next(iter(value.values())), _CODINGS[coding], problems, where)
    if len(value) == 1 and (inner := _only(value)) is not None:
        return inner
    if keys <= _WRAPPING and not keys.isdisjoint(_WRAPS):
        inner = one_of(value, ("string", "data", "text", "content"))
        is_coded = isinstance(inner, str) and not _BYTES.isdisjoint(_encodings(value))
        if inner is None and isinstance(value.get("base64_string"), str):
            return _decoded(value["base64_string"], encoded.from_base64, problems, where)
        return _decoded(inner, _said(value), problems, where) if is_coded else inner
    return value or None


def _only(value: dict[str, Any]) -> Json:
    """What is all that a body holds, where that is what was said, or its pieces."""
    ((key, inner),) = value.items()
    if key in ("events", "chunks") and isinstance(inner, list):
        return "".join(_piece(one) or "" for one in inner) if all(map(_piece, inner)) else inner
    told = parsed(inner) if key in _PIECE and isinstance(inner, str) else None
    return inner if is_request(told) or is_answer(told) else None


_FEW_BYTES = 8
"""Numbers of a list that is a body, one a byte."""

_WRAPS = ("string", "base64_string", "encoding")
_WRAPPING = frozenset({*_WRAPS, "data", "text", "content", "file", "size", "mimeType"})


def typed(kind: Json, content: Json, problems: list[Problem], where: str) -> Json | bytes:
    """A body beside the name of its type: JSON as such or as its text, text, or binary as hex or base64."""
    if kind == "binary" and isinstance(content, (str, int)):
        return _decoded(str(content), encoded.from_either, problems, where)
    if kind == "json" and isinstance(content, str):
        known = parse_or_none(content)
        return content if known is None else known
    return None if kind == "none" else bodies.plain(content)


def parsed(value: Json) -> Json:
    """A half that is kept as JSON text."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return loads(value)
        except NotJson:
            return value
    return value
