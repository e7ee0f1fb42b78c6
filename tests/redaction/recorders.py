"""Exchanges written down as recorders of many kinds do it: the same secrets in every format that can hold them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from inspector.model import Body, Exchange


def content(body: Body | None) -> str:
    """A body as it was sent."""
    if body is None:
        return ""
    if isinstance(body.value, str):
        return body.value
    if body.kind == "chunks":
        return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in body.value)
    return json.dumps(body.value)


class _Plain(NamedTuple):
    """What every recorder keeps."""

    url: str
    headers: dict[str, str]
    asked: str
    answered: str


def _plain(one: Exchange) -> _Plain:
    answered = content(one.response.body) if one.response else ""
    return _Plain(one.request.url, dict(one.request.headers), content(one.request.body), answered)


def _lists(headers: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in headers.items()}


def _yaml(value: Any) -> bytes:
    return yaml.dump(value, allow_unicode=True, sort_keys=False).encode()


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def har(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        named = [{"name": name, "value": value} for name, value in headers.items()]
        request = {"method": "POST", "url": url, "headers": named, "queryString": [], "cookies": []}
        request["postData"] = {"mimeType": "application/json", "text": asked}
        said = {"mimeType": "application/json", "text": answered, "size": len(answered)}
        response = {"status": 200, "statusText": "", "headers": [], "cookies": [], "content": said}
        return {"startedDateTime": "2026-01-02T03:04:05Z", "time": 1, "request": request, "response": response}

    log = {"version": "1.2", "creator": {"name": "lamp", "version": "1"}, "entries": list(map(entry, exchanges))}
    return _json({"log": log})


def vcrpy(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        return {
            "request": {"method": "POST", "uri": url, "headers": _lists(headers), "body": asked},
            "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": answered}},
        }

    return _yaml({"interactions": list(map(entry, exchanges)), "version": 1})


def pydantic_vcr(exchanges: Sequence[Exchange]) -> bytes:
    """vcrpy with bodies that are kept parsed."""

    def parsed(text: str) -> dict[str, Any]:
        try:
            return {"parsed_body": json.loads(text)}
        except ValueError:
            return {"body": {"string": text}}

    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        request = {"method": "POST", "uri": url, "headers": _lists(headers), **parsed(asked)}
        return {"request": request, "response": {"status": {"code": 200}, "headers": {}, **parsed(answered)}}

    return _yaml({"interactions": list(map(entry, exchanges)), "version": 1})


def ruby_vcr(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        packed = base64.b64encode(asked.encode()).decode()
        sent = {"method": "post", "uri": url, "body": {"base64_string": packed}, "headers": _lists(headers)}
        said = {"status": {"code": 200}, "headers": {}, "body": {"encoding": "UTF-8", "string": answered}}
        return {"request": sent, "response": said, "recorded_at": "Sun, 12 Oct 2025 05:00:02 GMT"}

    return _yaml({"http_interactions": list(map(entry, exchanges)), "recorded_with": "VCR 6.2.0"})


def go_vcr(exchanges: Sequence[Exchange]) -> bytes:
    def entry(number: int, one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        request = {"method": "POST", "url": url, "headers": _lists(headers), "body": asked}
        return {"id": number, "request": request, "response": {"body": answered, "headers": {}, "code": 200}}

    return _yaml({"version": 2, "interactions": [entry(*one) for one in enumerate(exchanges)]})


def nock(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}#{parts.fragment}".removesuffix("#").removesuffix("?")
        return {
            "scope": f"{parts.scheme}://{parts.netloc}", "method": "POST", "path": path, "body": asked, "status": 200,
            "response": answered, "rawHeaders": ["Date", "x"], "reqheaders": headers, "responseIsBinary": False,
        }  # fmt: skip

    return _json(list(map(entry, exchanges)))


def exvcr(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        request = {"method": "post", "url": url, "headers": headers, "body": asked, "options": {}, "request_body": ""}
        return {"request": request, "response": {"type": "ok", "body": answered, "headers": {}, "status_code": 200}}

    return _json(list(map(entry, exchanges)))


def lines(exchanges: Sequence[Exchange]) -> bytes:
    """A proxy's log, a line an exchange."""

    def line(one: Exchange) -> str:
        url, headers, asked, answered = _plain(one)
        request = {"method": "POST", "url": url, "headers": [[*pair] for pair in headers.items()], "body": asked}
        return json.dumps({"request": request, "response": {"status": 200, "body": answered}})

    return "\n".join(map(line, exchanges)).encode()


def req_cassette(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        address, _, query = url.partition("?")
        request = {"method": "POST", "uri": address, "query_string": query, "headers": _lists(headers)}
        response = {"status": 200, "headers": {}, "body_type": "text", "body": answered}
        return {"request": {**request, "body_type": "text", "body": asked}, "response": response}

    return _json({"version": "1.0", "interactions": list(map(entry, exchanges))})


def cassetter(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        sent, said = ({"type": "text", "content": text} for text in (asked, answered))
        request = {"method": "POST", "uri": url, "headers": _lists(headers), "body": sent}
        return {"request": request, "response": {"status": 200, "headers": {}, "body": said}}

    return _yaml({"version": 1, "interactions": list(map(entry, exchanges))})


def opencode(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        request = {"method": "POST", "url": url, "headers": headers, "body": asked}
        return {"transport": "http", "request": request, "response": {"status": 200, "headers": {}, "body": answered}}

    return _json({"version": 1, "metadata": {"name": "lamp"}, "interactions": list(map(entry, exchanges))})


def azure(exchanges: Sequence[Exchange]) -> bytes:
    def entry(one: Exchange) -> dict[str, Any]:
        url, headers, asked, answered = _plain(one)
        return {
            "RequestUri": url, "RequestMethod": "POST", "RequestHeaders": headers, "RequestBody": asked,
            "StatusCode": 200, "ResponseHeaders": {}, "ResponseBody": answered,
        }  # fmt: skip

    return _json({"Entries": list(map(entry, exchanges)), "Variables": {}})


Write = Callable[[Sequence[Exchange]], bytes]

WRITTEN: dict[str, Write] = {
    "a.har": har, "vcr/b.yaml": vcrpy, "vcr/c.yaml": pydantic_vcr, "spec/fixtures/vcr_cassettes/d.yml": ruby_vcr,
    "testdata/e.yaml": go_vcr, "nock/f.json": nock, "fixture/vcr_cassettes/g.json": exvcr, "h.jsonl": lines,
    "cassettes/i.json": req_cassette, "tests/cassettes/j.yaml": cassetter, "recordings/k.json": opencode,
    "tests/recordings/l.json": azure,
}  # fmt: skip
"""Names of files, and how what is in them is written."""
