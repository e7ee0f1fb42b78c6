"""What a project sets for VCR.py: the `vcr_config` fixture of pytest-recording and pytest-vcr in a ``conftest.py``.

The file is parsed and never run: what its dictionary has as literals is known, what it computes is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from inspector.files.scan import opened_plain

FILE = "conftest.py"
FIXTURE = "vcr_config"

_LARGEST = 300_000
"""Bytes of a file that is parsed."""

_HIGHEST = 12
"""Folders above a cassette that are looked into."""


class VcrSettings(NamedTuple):
    """None, or empty, for what is not set, or not as a literal."""

    match_on: tuple[str, ...] = ()
    allow_playback_repeats: bool | None = None
    record_mode: str = ""
    file: Path | None = None
    """Where it stands."""


NOTHING = VcrSettings()


def settings_for(cassette: Path) -> VcrSettings:
    """The settings that hold for a cassette on the disk: those of the nearest file above it, up to the repository."""
    for folder in [*cassette.absolute().parents][:_HIGHEST]:
        if (told := _told(folder / FILE)) is not None:
            return told
        if (folder / ".git").exists():
            break
    return NOTHING


def _told(file: Path) -> VcrSettings | None:
    """What a file says; None where it has no such fixture, or cannot be read."""
    try:
        with opened_plain(file) as opened:
            text = opened.read(_LARGEST + 1)
        if len(text) > _LARGEST or FIXTURE.encode() not in text:
            return None
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    fixture = next(
        (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == FIXTURE), None
    )
    return None if fixture is None else _settings(dict(_literals(fixture)), file)


def _literals(fixture: ast.FunctionDef) -> Iterator[tuple[str, Any]]:
    """The keys of the dictionary that it returns or yields, with the values that are literals."""
    for node in ast.walk(fixture):
        value = node.value if isinstance(node, ast.Return | ast.Yield) else None
        if isinstance(value, ast.Dict):
            for key, inner in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and (found := _literal(inner)):
                    yield key.value, found[0]
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
            for keyword in value.keywords:
                if keyword.arg and (found := _literal(keyword.value)):
                    yield keyword.arg, found[0]


def _literal(node: ast.expr) -> tuple[Any] | None:
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _settings(told: dict[str, Any], file: Path) -> VcrSettings:
    names = [*_names(told.get("match_on")), *_names(told.get("additional_matchers"))]
    repeats = told.get("allow_playback_repeats")
    mode = told.get("record_mode")
    return VcrSettings(
        tuple(names) if _names(told.get("match_on")) else (),
        repeats if isinstance(repeats, bool) else None,
        mode if isinstance(mode, str) else "",
        file,
    )


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list | tuple) else []
