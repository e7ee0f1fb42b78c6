"""Which test a place in a log belongs to, as pytest and unittest say it."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from inspector.testruns.replay_misses.log_lines import Log

ID = r"[\w./\\+@-]{1,300}\.py::[\w:]{1,300}(?:\[[^\n]{0,1000}?\](?=$|\s|['\"),]))?"
"""A test's id as pytest has it."""

_ID = f"(?P<id>{ID})"
_SUMMARY = re.compile(rf"(?:\[ *\d{{1,3}}%\] )?(?:FAILED|ERROR) {_ID}(?: - (?P<why>[^\n]*))?")
_BEGINS = re.compile(rf"{_ID}(?P<verdict> (?:PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN)\b)?")
_MENTION = re.compile(rf"(?:^|[\s'\"=(]){_ID}")
_SECTION = re.compile(r"_{1,200} (?:ERROR at (?:setup|teardown) of )?(?P<id>[^\s_][^\n]{0,400}?)(?: _{0,200})?$")
_RULE = re.compile(r"={3,200}(?: [^\n]{0,200})?$")
_UNITTEST = re.compile(r"(?:FAIL|ERROR): (?P<id>test\w{0,200}) \([\w.]{1,300}\)")
_LOCATION = re.compile(r"(?P<file>[\w./\\+@-]{0,300}test[\w./\\+@-]{0,100}\.py):\d{1,7}:(?: |$)")
_FRAME = re.compile(r'File "(?P<file>[^"\n]{1,300}\.py)", line \d{1,7}, in (?P<id>test\w{0,200})')
_FIRST = frozenset("_=FE[")

_FRAMED, _MENTIONED = 100, 40
"""Lines after which a frame of a traceback, and the mention of a test, says nothing any more."""


class Named(NamedTuple):
    """A test that a log names."""

    id: str
    """Its id, or as much of it as the log tells."""
    how: str
    """How the log tells it."""
    sure: bool = True


class Failed(NamedTuple):
    """A test that a log calls failed, and why."""

    id: str
    why: str
    line: int


class _Span(NamedTuple):
    first: int
    last: int
    id: str
    file: str = ""


_HOW = {
    "summary": "the line that says that it failed",
    "section": "the report of its failure",
    "running": "what was written while it ran",
    "frame": "the traceback",
    "mention": "the last that is named before",
}
"""What a test is told by, the surest first."""

_OPEN = 1 << 60


class Names:
    """What a log says of tests."""

    def __init__(self, log: Log) -> None:
        self.failed: list[Failed] = []
        self._log = log
        self._spans: dict[str, list[_Span]] = {how: [] for how in _HOW}
        for line, text in enumerate(log.lines):
            if (text and text[0] in _FIRST) or ".py" in text:
                self._look(line, text)

    def at(self, line: int) -> Named | None:
        """The test that a line belongs to."""
        for how, spans in self._spans.items():
            at = bisect_right(spans, line, key=lambda span: span.first) - 1
            if at >= 0 and spans[at].last >= line:
                return Named(self._whole(spans[at]), _HOW[how], how != "mention")
        if len({one.id for one in self.failed}) == 1:
            return Named(self.failed[0].id, "the only failing test in this log", False)
        return None

    def _look(self, line: int, text: str) -> None:
        if text.startswith(("FAILED ", "ERROR ", "[")) and (found := _SUMMARY.match(self._log.whole(line))):
            self._close("running", line)
            self.failed.append(Failed(found["id"], found["why"] or "", line))
            self._spans["summary"].append(_Span(line, self._log.last_of(line), found["id"]))
        elif (found := _SECTION.match(text)) or (found := _UNITTEST.match(text)):
            self._close("section", line)
            self._close("running", line)
            self._spans["section"].append(_Span(line, _OPEN, found["id"]))
        elif _RULE.match(text):
            self._close("section", line)
            self._close("running", line)
        elif ".py" in text:
            self._look_for_ids(line, text)

    def _look_for_ids(self, line: int, text: str) -> None:
        if found := _BEGINS.match(text):
            self._close("running", line)
            self._spans["running"].append(_Span(line, line if found["verdict"] else _OPEN, found["id"]))
            if found["verdict"] in (" FAILED", " ERROR"):
                self.failed.append(Failed(found["id"], "", line))
        elif ".py::" in text and (found := _MENTION.search(text)):
            self._spans["mention"].append(_Span(line, line + _MENTIONED, found["id"]))
        elif found := _FRAME.match(text):
            self._spans["frame"].append(_Span(line, line + _FRAMED, found["id"], found["file"]))
        elif (found := _LOCATION.match(text)) and (spans := self._spans["section"]) and spans[-1].last == _OPEN:
            spans[-1] = spans[-1]._replace(file=spans[-1].file or found["file"])

    def _close(self, how: str, line: int) -> None:
        if (spans := self._spans[how]) and spans[-1].last == _OPEN:
            spans[-1] = spans[-1]._replace(last=line - 1)

    def _whole(self, span: _Span) -> str:
        """The id of a test of which only the name is told, by the summary or by the file that the report names."""
        if "::" in span.id.partition("[")[0]:
            return span.id.replace("\\", "/")
        name, bracket, parameters = span.id.partition("[")
        name = name.replace(".", "::") + bracket + parameters
        for one in self.failed:
            if one.id.partition("::")[2] == name:
                return one.id
        return f"{span.file}::{name}" if span.file else name
