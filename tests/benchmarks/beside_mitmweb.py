"""mitmweb with the exchanges of generated recordings: loading, listing and filtering."""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from tests.benchmarks.figure import Figure, seconds
from tests.benchmarks.served import get, memory

LOADED = "until all exchanges are loaded"
LISTED = "what the page needs for its list"
FILTERED = "exchanges of one model, at the server"
SEARCHED = "exchanges with a word, at the server"
MEMORY = "memory of the server"

_PASSWORD = "skerry"
_HEADERS = {"Authorization": f"Bearer {_PASSWORD}"}
_TIMES = 3


def figures(root: Path, folder: Path) -> list[Figure]:
    """What mitmweb needs for the recordings below a root; nothing where it is not installed."""
    mitmweb, mitmdump = shutil.which("mitmweb"), shutil.which("mitmdump")
    if mitmweb is None or mitmdump is None:
        print("not installed, and so left out: mitmweb", file=sys.stderr)
        return []
    har, flows = folder / "exchanges.har", folder / "exchanges.flows"
    count = _convert(root, har)
    subprocess.run([mitmdump, "-q", "-n", "-r", str(har), "-w", str(flows)], check=True, capture_output=True)
    port = _free_port()
    address = f"http://127.0.0.1:{port}/"
    began = time.perf_counter()
    command = [mitmweb, "-q", "-n", "--no-web-open-browser", "--web-port", str(port), "-r", str(flows)]
    with subprocess.Popen([*command, "--set", f"web_password={_PASSWORD}"]) as process:
        try:
            while _listed(address) < count:
                time.sleep(0.5)
            loaded = time.perf_counter() - began
            return [
                Figure(LOADED, loaded, "s", None, ""),
                Figure(LISTED, seconds(lambda: get(f"{address}flows", _HEADERS), _TIMES), "s", None, ""),
                Figure(FILTERED, _filtered(address, "~bq gpt-4o"), "s", None, ""),
                Figure(SEARCHED, _filtered(address, "~b barnacle"), "s", None, ""),
                Figure(MEMORY, memory(process.pid), "MB", None, ""),
            ]
        finally:
            process.terminate()


def _filtered(address: str, expression: str) -> float:
    """What its server needs to choose the exchanges that meet an expression."""
    return statistics.median(
        seconds(lambda: get(f"{address}flows/dump?filter={quote(expression)}", _HEADERS), 1) for _ in range(_TIMES)
    )


def _listed(address: str) -> int:
    try:
        return len(orjson.loads(get(f"{address}flows", _HEADERS)))
    except (urllib.error.URLError, ConnectionError):
        return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------- conversion


def _convert(root: Path, har: Path) -> int:
    """The recordings as one HAR; how many exchanges it has."""
    entries = [_entry(document) for file in sorted(root.rglob("*.json")) if (document := _loaded(file)) is not None]
    log = {"version": "1.2", "creator": {"name": "benchmark", "version": "1"}, "pages": [], "entries": entries}
    har.write_bytes(orjson.dumps({"log": log}))
    return len(entries)


def _loaded(file: Path) -> Any:
    try:
        return orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError:
        return None


def _entry(document: Any) -> dict[str, Any]:
    request, response = document["request"], document["response"]
    asked, answered = orjson.dumps(request["body"]).decode(), _body(response["body"])
    kind = "text/event-stream" if response["is_streaming"] else "application/json"
    return {
        "startedDateTime": "2026-01-01T00:00:00.000Z",
        "time": 1.0,
        "request": {
            "method": request["method"],
            "url": request["url"].replace("vertexai:///", "https://vertexai.example/"),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "content-type", "value": "application/json"}],
            "queryString": [],
            "postData": {"mimeType": "application/json", "text": asked},
            "headersSize": -1,
            "bodySize": len(asked),
        },
        "response": {
            "status": 400 if response.get("is_exception") else 200,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [{"name": "content-type", "value": kind}],
            "content": {"size": len(answered), "mimeType": kind, "text": answered},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": len(answered),
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
    }


def _body(body: Any) -> str:
    """A recorded body as it came over the wire."""
    if isinstance(body, list):
        return "".join(f"data: {orjson.dumps(chunk.get('__data__', chunk)).decode()}\n\n" for chunk in body)
    return orjson.dumps(body.get("__data__", body) if body else None).decode()
