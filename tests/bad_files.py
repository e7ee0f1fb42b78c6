"""Files that stand beside good ones and must cost them nothing: each a kind on which some reader, table or page once
stumbled."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.making import chat, put

NOISE = bytes(range(256)) * 40


def chat_with(**changes: Any) -> bytes:
    """A chat whose answer says more than an answer should."""
    document = json.loads(chat("What does the fog bell say?", "Nothing.", "tests/bad.py::test_bad"))
    document["response"]["body"]["__data__"].update(changes)
    return json.dumps(document).encode()


def _zip(files: dict[str, bytes], kind: int = zipfile.ZIP_STORED) -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return bytearray(out.getvalue())


def _tar(mode: str) -> bytearray:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for number in range(4):
            data = chat("x") + os.urandom(30_000)
            about = tarfile.TarInfo(f"{number}.json")
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return bytearray(out.getvalue())


def _damaged(data: bytearray, at: int | None = None, size: int = 16) -> bytes:
    middle = len(data) // 2 if at is None else at
    data[middle : middle + size] = b"\xff" * size
    return bytes(data)


def _nameless() -> bytes:
    data = _zip({"A": chat("x")})
    central = data.rindex(b"PK\x01\x02")
    data[central + 28], data[central + 30] = 0, 1  # the name becomes a further field
    return bytes(data)


def _embedded(data: bytes) -> bytes:
    return b'<html><script type="x" id="recordings">' + b64encode(data) + b"</script></html>"


def _bad_gzip() -> bytearray:
    return bytearray(gzip.compress(b'{"inspector-export":1}\n' + chat("x")))


def _cassette(body: str) -> bytes:
    return (
        "http_interactions:\n- request:\n    method: post\n    uri: https://api.openai.com/v1/chat/completions\n"
        '    body: {encoding: UTF-8, string: "{}"}\n    headers: {}\n  response:\n'
        f"    status: {{code: 200, message: OK}}\n    headers: {{}}\n    body: {{encoding: UTF-8, string: {body}}}\n"
        "  recorded_at: Sat, 29 Nov 2025 10:00:00 GMT\nrecorded_with: VCR 6.0.0\n"
    ).encode()


def _deep(times: int) -> bytes:
    answer = {
        "id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-4o",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
    }  # fmt: skip
    whole = json.dumps(answer)
    deep = '[{"type":' * times + "1" + "}]" * times
    return f'{whole[:-1]},"x":{deep}}}\n{whole}\n'.encode()


BAD: dict[str, Callable[[], bytes]] = {
    "tokens.json": lambda: chat_with(usage={"prompt_tokens": 1, "completion_tokens": 2**62, "total_tokens": 2**63}),
    "negative-tokens.json": lambda: chat_with(usage={"prompt_tokens": -(2**70), "total_tokens": -1}),
    "floats.json": lambda: chat_with(usage={"prompt_tokens": 1e300, "total_tokens": 1.5}),
    "digits.json": lambda: chat_with(created=1).replace(b'"created": 1', b'"created": ' + b"9" * 5000),
    "status.har": lambda: json.dumps(
        {"log": {"entries": [{
            "time": 1e308, "startedDateTime": "9999-99-99",
            "request": {"method": "POST", "url": "https://api.openai.com/v1/chat/completions", "headers": []},
            "response": {"status": 2**80, "headers": [], "content": {"text": "{}", "mimeType": "application/json"}},
        }]}}
    ).encode(),
    "surrogates.json": lambda: chat_with(id="\ud800", model="\udfff\x00"),
    "gzip.json": lambda: _damaged(_bad_gzip(), -6, 1),
    "short-gzip.json": lambda: b"\x1f\x8b\x08\x00" + b"\x00" * 20,
    "gzip.yaml.gz": lambda: _damaged(_bad_gzip(), 12, 4),
    "bomb.json.gz": lambda: gzip.compress(bytes(64 * 2**20)),
    "xz.tar.xz": lambda: _damaged(_tar("w:xz")),
    "bz2.tar.bz2": lambda: _damaged(_tar("w:bz2")),
    "gz.tar.gz": lambda: _damaged(_tar("w:gz")),
    "header.tar": lambda: _damaged(_tar("w"), 100, 50),
    "no.tar.xz": lambda: lzma.compress(b"no tar")[:-9],
    "lzma.zip": lambda: _damaged(_zip({"a.json": chat("x" * 500)}, zipfile.ZIP_LZMA), 60, 15),
    "deflated.zip": lambda: _damaged(_zip({"a.json": chat("x" * 500)}, zipfile.ZIP_DEFLATED), 60, 15),
    "nameless.zip": _nameless,
    "cut.zip": lambda: bytes(_zip({"a.json": chat("x")})[:-30]),
    "page.zip": lambda: bytes(_zip({"report.html": _embedded(_damaged(_bad_gzip(), 12, 4))})),
    "report.html": lambda: _embedded(_damaged(_bad_gzip(), 12, 4)),
    "recordings.jsonl.gz": lambda: _damaged(_bad_gzip(), 12, 4),
    "binary.yml": lambda: _cassette('!binary "H4sIAAAA/////w=="'),
    "no-binary.yml": lambda: _cassette("!binary |\n      =%="),
    "deep.json": lambda: _deep(1500),
    "deeper.json": lambda: _deep(9000),
    "open.json": lambda: b"[" * 100_000,
    "open.yaml": lambda: b"- " * 5_000 + b"{" * 5_000,
    "noise.json": lambda: NOISE,
    "noise.zip": lambda: NOISE,
    "noise.jsonl": lambda: b'{"request": ' + NOISE + b"\n" + NOISE,
    "empty.json": lambda: b"",
}  # fmt: skip


def put_bad(folder: Path, name: str) -> Path:
    return put(folder / name, BAD[name]())
