"""What the checked project's own ``pyproject.toml`` says: ``[tool.inspector]``.

It is found as other tools find theirs: in the directory of the first path or above it, up to the repository that
encloses it. It may come with somebody else's recordings, so that it says what is checked, and nothing else: nothing of
it is run, and no file that it names is written.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from inspector.files.scan import opened_plain
from inspector.model.expressions import expression

FILE = "pyproject.toml"
_MOST = 4 * 1024 * 1024
_TEXTS = ("baseline", "max-age")
_LISTS = ("select", "ignore", "paths", "match-on")
_KEYS = (*_LISTS, *_TEXTS, "allow-playback-repeats")

_AGE = expression(r"(\d{1,6}) ?([hdwy])")
_SECONDS = {"h": 3_600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}


class BadSettings(ValueError):
    """The table says what nobody understands; where, and why."""


class Settings(NamedTuple):
    folder: Path | None = None
    """Where the file lies that says it: relative paths in it begin there."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: Path | None = None
    paths: tuple[Path, ...] = ()
    max_age: int = 0
    """Seconds from which on a recording is stale; 0 for no age."""
    match_on: tuple[str, ...] = ()
    """What requests are compared by, where the recorder's defaults are not it."""
    allow_playback_repeats: bool | None = None


def age(text: str) -> int:
    """Seconds that an age such as ``90d`` has. Raises `BadSettings`."""
    if found := _AGE.fullmatch(text.strip()):
        return int(found[1]) * _SECONDS[found[2]]
    raise BadSettings(f"{text[:40]} is no age: write 36h, 90d, 12w or 1y")


def settings_for(place: Path) -> Settings:
    """The settings of the project that a path belongs to; none where no file says any. Raises `BadSettings`."""
    place = place.absolute()
    for folder in (place, *place.parents) if place.is_dir() else place.parents:
        if (told := _told(folder / FILE)) is not None:
            return _settings(folder, told)
        if (folder / ".git").exists():
            break
    return Settings()


def _told(file: Path) -> Any:
    """The table; None where there is no such file, or none in it."""
    try:
        with opened_plain(file) as opened:
            data = opened.read(_MOST)
    except (OSError, ValueError):
        return None
    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (ValueError, RecursionError) as error:
        raise BadSettings(f"{file}: {error}") from None
    return tool.get("inspector") if isinstance(tool, dict) else None


def _settings(folder: Path, told: Any) -> Settings:
    if not isinstance(told, dict):
        raise BadSettings(f"{folder / FILE}: tool.inspector is no table")
    for key, value in told.items():
        if key not in _KEYS:
            raise BadSettings(f"{folder / FILE}: tool.inspector has {', '.join(_KEYS)}, and no {key}")
        if key in _TEXTS and not isinstance(value, str):
            raise BadSettings(f"{folder / FILE}: tool.inspector.{key} is no text")
        if key == "allow-playback-repeats" and not isinstance(value, bool):
            raise BadSettings(f"{folder / FILE}: tool.inspector.{key} is neither true nor false")
        if key in _LISTS and not _is_texts(value):
            raise BadSettings(f"{folder / FILE}: tool.inspector.{key} is no list of texts")
    baseline = told.get("baseline")
    return Settings(
        folder,
        tuple(told.get("select", ())),
        tuple(told.get("ignore", ())),
        None if baseline is None else folder / baseline,
        tuple(folder / path for path in told.get("paths", ())),
        _max_age(folder, told),
        tuple(told.get("match-on", ())),
        told.get("allow-playback-repeats"),
    )


def _max_age(folder: Path, told: dict[str, Any]) -> int:
    try:
        return age(told["max-age"]) if "max-age" in told else 0
    except BadSettings as error:
        raise BadSettings(f"{folder / FILE}: tool.inspector.max-age: {error}") from None


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
