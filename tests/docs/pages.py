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


def module(text: str, name: str) -> SimpleNamespace:
    """The module that a page gives as an example, run."""
    code = next(code for language, code in blocks(text) if language == "python" and f'NAME = "{name}"' in code)
    names: dict[str, Any] = {"__name__": name}
    exec(code, names)
    return SimpleNamespace(**names)
