"""The text of a Hurl file as entries: the lines of each request and of the answer that it expects.

The grammar is https://hurl.dev/docs/grammar.html, read by lines: a request line begins an entry wherever it stands
outside a body, so that what is wrong with one entry costs the next one nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from inspector.model import Problem
from inspector.model.expressions import expression

HEADERS = "headers"
"""The section of the lines before any ``[Section]``."""

BODY = "body"
"""The section of a body, which is one item however many lines it has."""

_METHODS = r"GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|LINK|UNLINK|PURGE|LOCK|UNLOCK|PROPFIND|VIEW|QUERY"
_REQUEST = expression(rf"(?!HTTP\b)(?:({_METHODS})(?:\s+(?!:)(.*))?|([A-Z]+)\s+(\S*(?:://|\{{\{{).*))\Z")
_STATUS = expression(r"HTTP(?:/\S+)?(?:\s+(.*))?\Z")
_CODE = expression(r"([0-9]{1,4}|\*)\s*(?:#.*)?\Z")
_SECTION = expression(r"\[([A-Z]\w*)\]\s*(?:#.*)?\Z")
_BODY = expression(
    r'[\[<`]|\{(?!\{[^}]*\}\}[^:]*:)|(?:base64|hex|file),|(?:true|false|null|-?[0-9][\d.eE+-]*|"[^"]*")\s*(?:#.*)?\Z'
)
_JSON_MARK = expression(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]')
_FENCE = "```"


class Item(NamedTuple):
    """A line of a section, or a body, with the comment that stands directly above it."""

    section: str
    text: str
    line: int
    comment: str | None = None


@dataclass(slots=True)
class Entry:
    """One request and what is expected of its answer. `expects` is None where no ``HTTP`` line follows."""

    line: int
    method: str
    url: str
    request: list[Item] = field(default_factory=list)
    expects: list[Item] | None = None
    status: int | None = None
    problems: list[Problem] = field(default_factory=list)
    text: str = ""


def entries(text: str) -> Iterator[Entry]:
    """The entries of a file, in order. Never raises."""
    scanner = _Scanner(text.split("\n"))
    while scanner.at < len(scanner.lines):
        if (entry := scanner.step()) is not None:
            yield entry
    if (entry := scanner.close()) is not None:
        yield entry


def is_request(line: str) -> bool:
    """Whether a line begins an entry."""
    return _REQUEST.match(line.strip()) is not None


class _Scanner:
    """Where the reading is: the line, the entry, its half and the section within."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0
        self.entry: Entry | None = None
        self.section = HEADERS
        self.comments: list[str] = []
        self.problems: list[Problem] = []
        self.odd = -2
        self.end = 0

    def step(self) -> Entry | None:
        """Take what stands at the line; the entry before it where a new one begins."""
        line = self.lines[self.at].strip()
        if not line:
            self.comments.clear()
            self.at += 1
        elif line.startswith("#"):
            self.comments.append(line[1:].strip())
            self.at += 1
        else:
            return self._take(line)
        return None

    def _take(self, line: str) -> Entry | None:
        done = None
        if (request := _REQUEST.match(line)) is not None:
            done = self.close()
            self._begin(request)
        elif self.entry is None:
            self._odd("stands before the first request", line)
        elif (status := _STATUS.match(line)) is not None:
            self._answer(self.entry, status)
        elif (section := _SECTION.match(line)) is not None:
            self.section = section.group(1)
        else:
            self._item(self.entry, line)
        self.comments.clear()
        self.at += 1
        self.end = self.at
        return done

    def close(self) -> Entry | None:
        """The entry that ends here, with its source: up to its last line and the comments that touch it."""
        entry = self.entry
        if entry is not None:
            end = self.end
            while end < self.at and self.lines[end].lstrip().startswith("#"):
                end += 1
            entry.text = "\n".join(self.lines[entry.line - 1 : end]).rstrip("\r")
        return entry

    def _begin(self, request: re.Match[str]) -> None:
        method, url = request.group(1) or request.group(3), request.group(2) or request.group(4) or ""
        self.entry = Entry(self.at + 1, method, url, problems=self.problems)
        self.problems = []
        self.section = HEADERS

    def _answer(self, entry: Entry, status: re.Match[str]) -> None:
        code = _CODE.match(status.group(1) or "")
        if entry.expects is not None:
            self._odd("is a second HTTP line", status.group())
            return
        if code is None:
            self._odd("names no status", status.group())
        entry.status = int(code.group(1)) if code and code.group(1) != "*" else None
        entry.expects = []
        self.section = HEADERS

    def _item(self, entry: Entry, line: str) -> None:
        items = entry.request if entry.expects is None else entry.expects
        start = self.at
        has_body = bool(items) and items[-1].section == BODY  # nothing is taken after one
        if _BODY.match(line):
            section, text = BODY, self._body(line)
        elif has_body:
            self._odd("stands after the body", line)
            return
        else:
            section, text = self.section, self._value(line)
        if section == BODY and has_body:
            self._odd("is a second body", line)
            return
        items.append(Item(section, text, start + 1, "\n".join(self.comments) or None))

    def _odd(self, why: str, line: str) -> None:
        """Note a line that has no place; of a run of such lines the first."""
        if self.odd != self.at - 1:
            problems = self.problems if self.entry is None else self.entry.problems
            problems.append(Problem(f"line {self.at + 1}", f"{why}: {line[:80]}"))
        self.odd = self.at

    # A body, or a value over several lines: what follows leaves `at` on its last line.

    def _body(self, line: str) -> str:
        if line.startswith(_FENCE):
            return self._fenced()
        if line[0] in "{[":
            return self._balanced()
        if line[0] == "<":
            return self._through(lambda _: False, None)
        if line.startswith(("base64,", "hex,", "file,")):
            return self._through(lambda text: ";" in text, "the body has no closing semicolon")
        return line

    def _value(self, line: str) -> str:
        return self._fenced() if line.count(_FENCE) == 1 else line

    def _fenced(self) -> str:
        fences = 0

        def closes(text: str) -> bool:
            nonlocal fences
            fences += text.count(_FENCE)
            return fences >= 2

        start = self.at
        rest = range(start, len(self.lines))
        if (end := next((at for at in rest if closes(self.lines[at])), None)) is not None:
            self.at = end
            return "\n".join(self.lines[start : end + 1]).strip()
        return self._through(lambda _: False, "the text is not closed by ```")

    def _balanced(self) -> str:
        """JSON to the bracket that closes it. A JSON text never spans lines, so that a line can be counted alone."""
        depth = 0

        def closes(text: str) -> bool:
            nonlocal depth
            for mark in _JSON_MARK.findall(text):
                depth += (mark in "{[") - (mark in "}]")
            return depth <= 0

        return self._through(closes, "the JSON body is not closed")

    def _through(self, is_last: Callable[[str], bool], unclosed: str | None) -> str:
        """The lines up to the last one, or up to where the answer or the next request begins."""
        start = self.at
        while not is_last(self.lines[self.at]):
            if self.at + 1 >= len(self.lines) or self._is_boundary(self.lines[self.at + 1].strip()):
                if unclosed and self.entry is not None:
                    self.entry.problems.append(Problem(f"line {start + 1}", unclosed))
                break
            self.at += 1
        return "\n".join(self.lines[start : self.at + 1]).strip()

    @staticmethod
    def _is_boundary(line: str) -> bool:
        return any(pattern.match(line) for pattern in (_REQUEST, _STATUS, _SECTION))
