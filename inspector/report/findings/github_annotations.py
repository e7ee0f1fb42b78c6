"""Findings as annotations of GitHub Actions: lines that its runner reads from the log
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands)."""

from __future__ import annotations

from inspector.files.urls import link
from inspector.output.escape import visible_line
from inspector.report.findings.gathered import Checked, Found

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def annotated(checked: Checked, base: str) -> str:
    """A line for each finding. Nothing recorded can begin a command of its own: line ends and what separates the parts
    of a command are escaped."""
    return "".join(f"{_annotation(one, base)}\n" for one in checked.found)


def _annotation(one: Found, base: str) -> str:
    title = f"{one.rule.code} {one.rule.name}"
    page = f" {link(base, one.page)}" if base and one.page else ""
    said = f"{one.path}#{one.entry}: {one.why} ({one.place}){page}"
    at = f"file={_property(one.file)},line=1,title={_property(title)}"
    return f"::{_COMMANDS[one.rule.severity]} {at}::{_message(said)}"


def _message(text: str) -> str:
    return visible_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
