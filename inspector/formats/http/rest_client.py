"""Requests as the HTTP clients of editors keep them: VS Code's REST Client (https://github.com/Huachao/vscode-restclient)
and that of the JetBrains IDEs (https://github.com/JetBrains/http-request-in-editor-spec).

Lines of ``###`` part the requests. Nothing here was sent, and ``{{variables}}`` stay as they are written; scripts,
handlers and references to responses are seen in the raw view only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, Headers, Problem, Request
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

NAME = "rest-client"
FILES = "VS Code's REST Client and JetBrains' HTTP client: `*.http`, `*.rest`"

_METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT|GRAPHQL|WEBSOCKET|GRPC|RSOCKET"
_ADDRESS = r"(?:\{\{[^{}\n]*\}\}|[^\s{}])(?:\{\{[^{}\n]*\}\}|[^\n])*?"
_REQUEST = expression(rf"(?:({_METHODS})[ \t]+)({_ADDRESS})(?:[ \t]+HTTP/[\d.]+)?[ \t]*")
_ADDRESS_ONLY = expression(r"https?://\S+[ \t]*")
_SEPARATOR = expression(r"###")
_VARIABLE = expression(r"@[\w.-]+[ \t]*=")
_COMMENT = expression(r"#|//")
_HEADER = expression(r"([!#$%&'*+.^_`|~\w-]+)[ \t]*:[ \t]*(.*)")
_ANSWER = expression(r"^HTTP(?:/[\d.]+)?[ \t]+(?:\d{3}|\*)[ \t]*$", re.MULTILINE)
_SCRIPT = expression(r"[<>][ \t]*\{%")
_HANDLER = expression(r">>?!?[ \t]+\S|<>[ \t]*\S")


class _Line(NamedTuple):
    number: int
    text: str


def sniff(source: Source) -> bool:
    """A file of the name, or one without any ending such as standard input, that has a request and is no Hurl file."""
    suffix = PurePosixPath(source.name).suffix.lower()
    if suffix not in ("", ".http", ".rest"):
        return False
    text = source.start_of_text.decode("utf-8", "replace")
    lines = [line.rstrip("\r") for line in text.split("\n")]
    if not any(_REQUEST.fullmatch(line) for line in lines):
        return bool(suffix) and any(_ADDRESS_ONLY.fullmatch(line) for line in lines)
    if suffix:
        return True
    own = any(_SEPARATOR.match(line) or _VARIABLE.match(line) for line in lines)
    known = (*map(_COMMENT.match, lines[:1]), _VARIABLE.match(lines[0]), _REQUEST.fullmatch(lines[0]))
    return own and any(known) and _ANSWER.search(text) is None


def read(source: Source) -> Iterator[Exchange]:
    number = 0
    for block in _blocks(source.text):
        made = _exchange(number, block)
        if made is not None:
            yield made
            number += 1


def _blocks(text: str) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if _SEPARATOR.match(line):
            yield block
            block = []
        block.append(_Line(number, line))
    yield block


def _exchange(number: int, block: list[_Line]) -> Exchange | None:
    lines = _without_scripts(block)
    at = next((at for at, line in enumerate(lines) if _asks(line.text)), None)
    if at is None:
        return None
    problems: list[Problem] = []
    method, url = _asked(lines[at].text)
    end = next((end for end in range(at + 1, len(lines)) if not lines[end].text.strip()), len(lines))
    top = [line for line in lines[at + 1 : end] if not _COMMENT.match(line.text.lstrip())]
    while top and top[0].text[:1] in (" ", "\t"):
        url += top.pop(0).text.strip()
    headers = _headers(top, problems)
    return Exchange(
        entry=number,
        request=Request(method, url, headers, _body(lines[end:], headers, problems)),
        response=None,
        sent=False,
        problems=tuple(problems),
        raw={"text": "\n".join(line.text for line in block).strip("\n"), "line": block[0].number},
    )


def _asks(line: str) -> bool:
    return _REQUEST.fullmatch(line) is not None or _ADDRESS_ONLY.fullmatch(line) is not None


def _asked(line: str) -> tuple[str, str]:
    found = _REQUEST.fullmatch(line)
    return (found[1], found[2]) if found else ("GET", line.strip())


def _without_scripts(block: list[_Line]) -> list[_Line]:
    """The lines that are neither a script, which may take several, nor name a handler's or a response's file."""
    kept: list[_Line] = []
    inside = False
    for line in block:
        begins = not inside and _SCRIPT.match(line.text) is not None
        if begins or inside:
            inside = "%}" not in line.text
        elif not _HANDLER.match(line.text):
            kept.append(line)
    return kept


def _headers(lines: list[_Line], problems: list[Problem]) -> Headers:
    headers: list[tuple[str, str]] = []
    for line in lines:
        found = _HEADER.fullmatch(line.text.strip())
        if found:
            headers.append((found[1], found[2].strip()))
        else:
            problems.append(Problem(f"line {line.number}", f"not a “name: value” line: {line.text.strip()[:80]}"))
    return tuple(headers)


def _body(lines: list[_Line], headers: Headers, problems: list[Problem]) -> Body | None:
    """The body as written. One that is in a file of its own is what names that file."""
    while lines and not lines[0].text.strip():
        lines = lines[1:]
    text = "\n".join(line.text for line in lines).rstrip()
    if not text:
        return None
    if any(name.lower() == "content-type" and "x-www-form-urlencoded" in value for name, value in headers):
        return Body("text", "".join(line.text.strip() for line in lines))
    if text[0] not in "{[" or text.startswith("{{"):
        return Body("text", text)
    try:
        return Body("value", loads(text))
    except NotJson as error:
        if "{{" not in text:  # a variable outside of quotes is no mistake
            problems.append(Problem(f"line {lines[0].number}", f"the body is {error}"))
        return Body("text", text)
