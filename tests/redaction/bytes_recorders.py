"""Exchanges written down by recorders that keep bytes, frames and lines: captures, traces, logs, archives."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import yaml

from inspector.decode import decoder
from inspector.model import Exchange, Part, Text, ToolCall
from tests.redaction.recorders import Write, content, har, vcrpy


def netstring(value: Any) -> bytes:
    """A tagged netstring, as mitmproxy writes it."""
    match value:
        case None:
            data, tag = b"", b"~"
        case bool():
            data, tag = str(value).lower().encode(), b"!"
        case int():
            data, tag = str(value).encode(), b"#"
        case float():
            data, tag = repr(value).encode(), b"^"
        case str():
            data, tag = value.encode(), b";"
        case bytes():
            data, tag = value, b","
        case dict():
            data, tag = b"".join(netstring(key) + netstring(item) for key, item in value.items()), b"}"
        case _:
            data, tag = b"".join(map(netstring, value)), b"]"
    return b"%d:%s%s" % (len(data), data, tag)


def _sent(one: Exchange) -> tuple[list[tuple[str, str]], str, str]:
    return list(one.request.headers), content(one.request.body), content(one.response.body if one.response else None)


def mitmproxy(exchanges: Sequence[Exchange]) -> bytes:
    """Flows, every second answer packed as the server sent it."""

    def flow(number: int, one: Exchange) -> bytes:
        headers, asked, answered = _sent(one)
        parts = urlsplit(one.request.url)
        packed = [[b"content-encoding", b"gzip"]] if number % 2 else []
        data = answered.encode()
        request = {
            "path": one.request.url.removeprefix(f"{parts.scheme}://{parts.netloc}").encode(), "authority": b"",
            "scheme": b"https", "method": b"POST", "port": 443, "host": parts.netloc, "content": asked.encode(),
            "headers": [[name.encode(), value.encode()] for name, value in headers], "timestamp_start": 1763762400.5,
        }  # fmt: skip
        said = gzip.compress(data, mtime=0) if packed else data
        response = {
            "status_code": 200,
            "reason": b"",
            "content": said,
            "headers": packed,
            "timestamp_end": 1763762401.5,
        }
        more = {"type": "http", "id": str(number), "version": 21, "error": None, "metadata": {}, "websocket": None}
        return netstring({"response": response, "request": request, **more})

    return b"".join(flow(*one) for one in enumerate(exchanges))


def sessions(exchanges: Sequence[Exchange]) -> bytes:
    """The same as sessions over a WebSocket, in mitmproxy's flows."""

    def flow(number: int, one: Exchange) -> bytes:
        frames = [[1, sent, frame.encode(), 1763762401.0, False, False] for sent, frame in _frames(one)]
        headers = [[name.encode(), value.encode()] for name, value in one.request.headers]
        request = {"path": b"/v1/realtime?model=gpt-realtime", "scheme": b"https", "method": b"GET", "port": 443,
                   "host": "api.openai.com", "content": b"", "headers": headers, "authority": b""}  # fmt: skip
        response = {"status_code": 101, "reason": b"", "content": b"", "headers": []}
        more = {"type": "http", "id": str(number), "version": 21, "websocket": {"messages": frames}}
        return netstring({"response": response, "request": request, **more})

    return b"".join(flow(*one) for one in enumerate(exchanges))


def _frames(one: Exchange) -> list[tuple[bool, str]]:
    """What was asked as the instructions of a session; what was answered piece by piece, calls and texts."""
    _, asked, _ = _sent(one)
    call = decoder.decode(one)
    begin = {"type": "session.update", "session": {"type": "realtime", "instructions": asked}}
    done = {"id": "r", "object": "realtime.response", "status": "completed", "output": []}
    frames: list[tuple[bool, dict[str, Any]]] = [(True, begin)]
    for at, part in enumerate(part for reply in call.replies for part in reply.parts):
        frames += [(False, frame) for frame in _pieces(at, part)]
    said = {"type": "error", "error": {"type": "lamp", "message": call.error.message}} if call.error else None
    frames += [(False, said)] if said else []
    return [
        (sent, json.dumps(frame)) for sent, frame in [*frames, (False, {"type": "response.done", "response": done})]
    ]


def _pieces(at: int, part: Part) -> Iterator[dict[str, Any]]:
    place = {"response_id": "r", "item_id": f"i{at}", "output_index": at}
    if isinstance(part, ToolCall):
        item = {"id": f"i{at}", "type": "function_call", "name": part.name, "call_id": f"c{at}", "arguments": ""}
        yield {"type": "response.output_item.added", "output_index": at, "item": item}
        kind, text = "response.function_call_arguments.delta", part.arguments_text
    else:
        kind, text = "response.output_text.delta", part.content if isinstance(part, Text) else ""
    for begin in range(0, len(text), 11):
        yield {"type": kind, **place, "content_index": 0, "delta": text[begin : begin + 11]}


def har_sockets(exchanges: Sequence[Exchange]) -> bytes:
    """A browser's capture of sessions over a WebSocket."""

    def entry(one: Exchange) -> dict[str, Any]:
        headers = [{"name": name, "value": value} for name, value in one.request.headers]
        request = {"method": "GET", "url": "wss://api.openai.com/v1/realtime", "headers": headers, "queryString": []}
        messages = [
            {"type": "send" if sent else "receive", "time": 1763762401.0, "opcode": 1, "data": frame}
            if len(frame) % 2
            else {"type": "send" if sent else "receive", "time": 1763762401.0, "opcode": 2, "data": _base64(frame)}
            for sent, frame in _frames(one)
        ]
        response = {"status": 101, "statusText": "", "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}}
        return {"startedDateTime": "2026-01-02T03:04:05Z", "time": 1, "request": request, "response": response,
                "_webSocketMessages": messages}  # fmt: skip

    log = {"version": "1.2", "creator": {"name": "lamp", "version": "1"}, "entries": list(map(entry, exchanges))}
    return json.dumps({"log": log}).encode()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def har_base64(exchanges: Sequence[Exchange]) -> bytes:
    """A capture with bodies in base64, and what was sent as parameters of a form, too."""
    document = json.loads(har(exchanges))
    for entry in document["log"]["entries"]:
        said = entry["response"]["content"]
        said |= {"text": _base64(said["text"]), "encoding": "base64"}
        sent = entry["request"]["postData"]
        sent |= {"text": _base64(sent["text"]), "encoding": "base64"}
    return json.dumps(document).encode()


def httprr(exchanges: Sequence[Exchange]) -> bytes:
    """Requests and responses as they went over the wire."""

    def pair(one: Exchange) -> bytes:
        headers, asked, answered = _sent(one)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        request = f"POST {one.request.url} HTTP/1.1\r\n{head}Content-Length: {len(asked.encode())}\r\n\r\n{asked}"
        response = f"HTTP/1.1 200 OK\r\nContent-Length: {len(answered.encode())}\r\n\r\n{answered}"
        return f"{len(request.encode())} {len(response.encode())}\n{request}{response}".encode()

    return b"httprr trace v1\n" + b"".join(map(pair, exchanges))


def rest_client(exchanges: Sequence[Exchange]) -> bytes:
    """Requests alone, for an editor to send."""

    def request(one: Exchange) -> str:
        headers, asked, _ = _sent(one)
        return "\n".join([f"POST {one.request.url}", *(f"{name}: {value}" for name, value in headers), "", asked])

    return "\n\n###\n\n".join(map(request, exchanges)).encode()


def claude_trace(exchanges: Sequence[Exchange]) -> bytes:
    return "\n".join(json.dumps(one) for one in _traced(exchanges)).encode()


def claude_page(exchanges: Sequence[Exchange]) -> bytes:
    """claude-trace's page of its log."""
    data = json.dumps({"rawPairs": _traced(exchanges), "timestamp": "2026-02-01"})
    page = (
        f"<script>\n  window.claudeData = JSON.parse(decodeURIComponent(escape(atob('{_base64(data)}'))));\n</script>"
    )
    return f"<!DOCTYPE html>\n<html><body>{page}</body></html>".encode()


def _traced(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    def pair(one: Exchange) -> dict[str, Any]:
        headers, asked, answered = _sent(one)
        request = {"timestamp": 1770000000.25, "method": "POST", "url": one.request.url, "headers": dict(headers)}
        response = {"timestamp": 1770000001.5, "status_code": 200, "headers": {}, "body_raw": answered}
        return {"request": {**request, "body": _parsed(asked)}, "response": response, "logged_at": "2026-02-01"}

    return list(map(pair, exchanges))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def wiremock(exchanges: Sequence[Exchange]) -> bytes:
    def mapping(one: Exchange) -> dict[str, Any]:
        headers, asked, answered = _sent(one)
        path = re.sub(r"^https?://[^/]*", "", one.request.url)
        asks = {"url": path, "method": "POST", "headers": {name: {"equalTo": value} for name, value in headers}}
        return {
            "request": {**asks, "bodyPatterns": [{"equalTo": asked}]},
            "response": {"status": 200, "base64Body": _base64(answered)},
        }

    return json.dumps({"mappings": list(map(mapping, exchanges))}).encode()


def litellm(exchanges: Sequence[Exchange]) -> bytes:
    """A gateway's log, which has messages and answers put together, and no requests."""

    def line(number: int, one: Exchange) -> str:
        headers, asked, _ = _sent(one)
        value = _parsed(asked)
        settings = value if isinstance(value, dict) else {"messages": asked}
        return json.dumps({
            "id": str(number), "call_type": "acompletion", "status": "success", "model": "gpt-4o", "stream": False,
            "custom_llm_provider": "openai", "startTime": 1772438400.0, "endTime": 1772438402.5,
            "api_base": one.request.url, "metadata": {"headers": dict(headers)}, "model_parameters": settings,
            "messages": settings["messages"], "response": _put_together(one),
        })  # fmt: skip

    return "\n".join(line(*one) for one in enumerate(exchanges)).encode()


def _put_together(one: Exchange) -> dict[str, Any]:
    call = decoder.decode(one)
    parts = [part for reply in call.replies for part in reply.parts]
    said = "".join(part.content for part in parts if isinstance(part, Text))
    calls = [
        {"id": "c", "type": "function", "function": {"name": part.name, "arguments": part.arguments_text}}
        for part in parts
        if isinstance(part, ToolCall)
    ]
    message = {"role": "assistant", "content": said or (call.error and call.error.message), "tool_calls": calls or None}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return {"id": "r", "object": "chat.completion", "model": "gpt-4o", "choices": [choice]}


def httpmock(exchanges: Sequence[Exchange]) -> bytes:
    def document(one: Exchange) -> dict[str, Any]:
        headers, asked, answered = _sent(one)
        named = [{"name": name, "value": value} for name, value in headers]
        return {
            "when": {"method": "POST", "path": re.sub(r"^https?://[^/]*", "", one.request.url), "header": named,
                     "body": asked},
            "then": {"status": 200, "header": [], "body": answered},
        }  # fmt: skip

    return yaml.dump_all(map(document, exchanges), allow_unicode=True, sort_keys=False).encode()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def taped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return out.getvalue()


BYTES_WRITTEN: dict[str, Write] = {
    "a.mitm": mitmproxy, "b.flow": sessions, "c.har": har_sockets, "d.har": har_base64,
    "testdata/TestLamp.httprr": httprr, "e.http": rest_client, "log-2026-02-01.jsonl": claude_trace,
    "log-2026-02-01.html": claude_page, "mappings/f.json": wiremock, "g.jsonl": litellm,
    "httpmock/i.yaml": httpmock, "j.zip": lambda exchanges: zipped({"in/a.har": har(exchanges)}),
    "k.tar.gz": lambda exchanges: taped({"in/b.yaml": vcrpy(exchanges)}),
    "l.zip": lambda exchanges: zipped({"in/deep.zip": zipped({"c.har": har_base64(exchanges)})}),
    "m.yaml.gz": lambda exchanges: gzip.compress(vcrpy(exchanges)),
}  # fmt: skip
