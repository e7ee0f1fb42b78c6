"""Hurl files (https://hurl.dev/docs/hurl-file.html): requests, and what their answers are expected to be.

The traffic itself is not kept, so nothing here was sent. Templates such as ``{{host}}`` stay as they are written.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import quote_plus

from inspector.formats.http.hurl_entries import BODY, HEADERS, Entry, Item, entries, is_request
from inspector.formats.reading.source import Source
from inspector.model import Assertion, Body, Exchange, Expectation, Headers, Problem, Request
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, loads

NAME = "hurl"
FILES = "`*.hurl`"

_QUERY = ("Query", "QueryStringParams")
_FORM = ("Form", "FormParams", "Multipart", "MultipartFormData")
_SECTIONS = (HEADERS, BODY, *_QUERY, *_FORM, "Cookies", "BasicAuth", "Options")

_URL = expression(r"(?:\{\{[^{}]*+\}\}|[^\s#])*+")
_PAIR = expression(r"((?:\{\{[^{}]*+\}\}|[^:\\]|\\.)++):\s*(.*)", re.DOTALL)
_COMMENT = expression(r"(?<!\\)#.*", re.DOTALL)
_ESCAPED = expression(r"\\([#:\\])")
_AFTER_JSON = expression(r"(?<=[\]}])\s*+#")
_FENCED = expression(r"```(?:(\w*)(?:,[\w,]*)?[ \t\r]*\n)?(.*?)(?:```.*)?\Z", re.DOTALL)


def sniff(source: Source) -> bool:
    """A file of the name, or one without any ending such as standard input, that begins with a request."""
    suffix = PurePosixPath(source.path).suffix
    if suffix and suffix != ".hurl":
        return False
    lines = (line.strip() for line in source.start_of_text.decode("utf-8", "replace").split("\n"))
    if suffix:
        return any(is_request(line) for line in lines)
    return is_request(next((line for line in lines if line and not line.startswith("#")), ""))


def read(source: Source) -> Iterator[Exchange]:
    for index, entry in enumerate(entries(source.text)):
        yield _exchange(index, entry)


def _exchange(index: int, entry: Entry) -> Exchange:
    return Exchange(
        entry=index,
        request=_request(entry),
        response=None,
        sent=False,
        expectation=_expectation(entry),
        problems=tuple(entry.problems),
        raw={"text": entry.text, "line": entry.line},
    )


def _expectation(entry: Entry) -> Expectation | None:
    if entry.expects is None:
        return None
    return Expectation(entry.status, tuple(Assertion(item.text, item.comment) for item in entry.expects))


def _request(entry: Entry) -> Request:
    for item in entry.request:
        if item.section not in _SECTIONS:
            entry.problems.append(Problem(f"line {item.line}", f"in an unknown section [{item.section}]: {item.text}"))
    return Request(entry.method, _url(entry), _headers(entry), _body(entry))


def _url(entry: Entry) -> str:
    found = _URL.match(entry.url)
    url = found.group() if found else ""
    rest = entry.url[len(url) :].strip()
    if not url:
        entry.problems.append(Problem(f"line {entry.line}", "the request has no URL"))
    elif rest and not rest.startswith("#"):
        entry.problems.append(Problem(f"line {entry.line}", f"not understood after the URL: {rest}"))
    query = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in _pairs(entry, *_QUERY))
    return url + ("&" if "?" in url else "?") + query if query else url


def _quoted(text: str) -> str:
    return text if "{{" in text else quote_plus(text, errors="replace")


def _headers(entry: Entry) -> Headers:
    cookies = "; ".join(f"{key}={value}" for key, value in _pairs(entry, "Cookies"))
    return (
        *_pairs(entry, HEADERS),
        *(("Authorization", f"Basic {user}:{password}") for user, password in _pairs(entry, "BasicAuth")),
        *((("Cookie", cookies),) if cookies else ()),
    )


def _pairs(entry: Entry, *sections: str) -> list[tuple[str, str]]:
    return [pair for item in entry.request if item.section in sections if (pair := _pair(item, entry.problems))]


def _pair(item: Item, problems: list[Problem]) -> tuple[str, str] | None:
    found = _PAIR.match(item.text)
    if found is None:
        problems.append(Problem(f"line {item.line}", f"not a “name: value” line: {item.text[:80]}"))
        return None
    return _plain(found.group(1)), _plain(_COMMENT.sub("", found.group(2)))


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text.strip())


def _body(entry: Entry) -> Body | None:
    """The body as written, or the fields of a form."""
    written = next((item for item in entry.request if item.section == BODY), None)
    if written is not None:
        return _written(written, entry.problems)
    fields: dict[str, list[str]] = {}
    for key, value in _pairs(entry, *_FORM):
        fields.setdefault(key, []).append(value)
    return Body("value", {key: said if len(said) > 1 else said[0] for key, said in fields.items()}) if fields else None


def _written(item: Item, problems: list[Problem]) -> Body:
    text = item.text
    if text[0] in "{[":
        return _json(item, problems)
    if text.startswith("```"):
        return _fenced(text)
    if text.startswith("`"):
        return Body("text", text[1:].partition("`")[0])
    kind, comma, rest = text.partition(",")
    if comma and kind in ("base64", "hex"):
        return Body("text", _decoded(kind, rest.partition(";")[0]) or text)
    return Body("text", text)


def _without_comment(text: str) -> str:
    """JSON without the comment that may stand after it, in its last line."""
    last = text.rfind("\n") + 1
    return next((text[: found.start()] for found in _AFTER_JSON.finditer(text) if found.end() > last), text)


def _json(item: Item, problems: list[Problem]) -> Body:
    try:
        return Body("value", loads(_without_comment(item.text)))
    except NotJson as error:
        said = any(problem.where == f"line {item.line}" for problem in problems)
        if "{{" not in item.text and not said:  # a template outside of quotes is no mistake
            problems.append(Problem(f"line {item.line}", f"the body is {error}"))
        return Body("text", item.text)


def _fenced(text: str) -> Body:
    found = _FENCED.match(text)
    language, content = found.groups() if found else (None, text)
    if language in ("base64", "hex"):
        return Body("text", _decoded(language, content) or content)
    return Body("text", content)


def _decoded(kind: str, text: str) -> str | None:
    """The text behind base64 or hex digits, None where there is none."""
    digits = "".join(text.split())
    try:
        data = base64.b64decode(digits, validate=True) if kind == "base64" else bytes.fromhex(digits)
        return data.decode()
    except (binascii.Error, ValueError):
        return None
