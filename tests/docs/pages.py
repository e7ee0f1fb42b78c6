"""What the pages of the manual consist of, for the tests of what they say."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def blocks(text: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page: language and content."""
    return _BLOCK.findall(text)


def prose(text: str) -> str:
    """A page without its fenced blocks."""
    return _BLOCK.sub("", text)


def links(text: str) -> list[str]:
    """Where the links of a page lead, as they are written."""
    return _LINK.findall(prose(text))


def code(text: str, beginning: str) -> str:
    """The fenced block of Python in which something stands."""
    return next(code for language, code in blocks(text) if language == "python" and beginning in code)


def run(code: str, **names: Any) -> SimpleNamespace:
    """What a piece of code defines, given some names."""
    known: dict[str, Any] = {"__name__": "example", **names}
    exec(code, known)
    return SimpleNamespace(**known)
