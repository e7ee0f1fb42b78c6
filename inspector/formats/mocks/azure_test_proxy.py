"""Session records of the Azure SDK test proxy (https://github.com/Azure/azure-sdk-tools, tools/test-proxy).

JSON bodies are kept parsed, text of several lines (event streams) as a list of its lines, binary as base64.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.entries import each
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Body, Exchange, Headers, Json, Problem, Request, Response
from inspector.model.expressions import expression

NAME = "azure-test-proxy"
FILES = "recordings of the Azure SDK test proxy: `recordings/**/*.json`"

_KNOWN = frozenset({
    "RequestUri", "RequestMethod", "RequestHeaders", "RequestBody", "StatusCode", "ResponseHeaders", "ResponseBody",
})  # fmt: skip
_HEAD = expression(rb'"Entries"\s*:\s*\[')
_BASE64 = expression(r"[A-Za-z0-9+/]{16,}={0,2}")
_TEXTUAL = ("json", "text", "xml", "urlencoded")


def sniff(source: Source) -> bool:
    if not source.start_of_text.startswith(b"{") or _HEAD.search(source.head) is None:
        return False
    entries = bodies.obj(source.json.value).get("Entries")
    return isinstance(entries, list) and any("RequestUri" in bodies.obj(entry) for entry in entries)


def read(source: Source) -> Iterator[Exchange]:
    entries = source.json.value["Entries"]
    test_id = _test_id(source.path)

    def made(number: int, entry: dict[str, Any]) -> Exchange:
        problems: list[Problem] = []
        sent, received = bodies.headers(entry.get("RequestHeaders")), bodies.headers(entry.get("ResponseHeaders"))
        status = bodies.status(entry.get("StatusCode"))
        answer = _body(entry.get("ResponseBody"), received, problems, "response body")
        if answer is None:
            problems += unread(entry, _KNOWN, "entry", is_answered=False)
        return Exchange(
            entry=number,
            request=Request(
                bodies.text(entry.get("RequestMethod")).upper(),
                bodies.text(entry.get("RequestUri")),
                sent,
                _body(entry.get("RequestBody"), sent, problems, "request body"),
            ),
            response=Response(status, received, answer) if status or answer else None,
            test_id=test_id,
            started_at=bodies.date(received),
            hint=source.path,
            problems=tuple(problems),
            raw=entry,
        )

    return each(source, entries, made, _KNOWN)


def _body(kept: Json, headers: Headers, problems: list[Problem], where: str) -> Body | None:
    if isinstance(kept, list) and kept and all(isinstance(line, str) for line in kept):
        return bodies.body("".join(kept), problems, headers, where)
    if isinstance(kept, str) and len(kept) % 4 == 0 and _BASE64.fullmatch(kept):
        said = (bodies.header(headers, "content-type") or "text").lower()
        data = bodies.from_base64(kept)
        if bodies.is_binary(data) or not any(word in said for word in _TEXTUAL):
            return bodies.of_bytes(data, problems, headers, where)
    return bodies.body(kept, problems, headers, where)


def _test_id(path: str) -> str | None:
    """The pytest node id for ``tests/recordings/test_chat.pyTestChattest_hello.json``."""
    folder, slash, name = path.removesuffix(".gz").rpartition("/")
    test = name.removesuffix(".json")
    end = test.rfind(".py", 1, test.rfind("test_")) + 3
    if test == name or end < 3 or "test_" not in test:
        return None
    begin = test.find("test_", end)
    module = (folder + slash).removesuffix("recordings/") + test[:end]
    return "::".join(filter(None, (module, test[end:begin], test[begin:])))
