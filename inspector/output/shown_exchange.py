"""An exchange on its way out: to a terminal, a script, or a system that collects such."""

from __future__ import annotations

from typing import Any, NamedTuple

from inspector.model import Exchange, ModelCall


class Shown(NamedTuple):
    """One exchange with its place, its secrets masked; without its raw entry, which repeats all of it."""

    place: dict[str, Any]
    """As `inspector.output.otel_json.place` has it."""
    exchange: Exchange
    call: ModelCall
    modified: int
    """When its file was changed last, in nanoseconds since 1970."""
    library: str
    """What the repository or the directory is called that it lies in."""
    link: str = ""
    """Where its page is, on a server or in an export; empty where nobody asked."""
