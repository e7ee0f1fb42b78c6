"""How the pages are served."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """How the pages are served. Without a token everybody who reaches the address may read."""

    allowed_hosts: tuple[str, ...] = ()
    token: str | None = None
    exported: bool = False
    """Whether the pages become files: nothing then that only a server can do."""
    unmasked: bool = False
    """Whether secrets stand in the clear; only in an export that was asked to."""
