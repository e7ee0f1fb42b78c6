"""A site as a browser and a host see it: files, their links, and the places on their pages."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from inspector import export
from inspector.export import Exported
from inspector.roots import roots_of

SECRETS = ("SEAGULL", "PELICAN")
"""What all secrets of the samples contain."""

_SAFE = re.compile(r"[a-z0-9._=,-]+")


def site(source: Path, out: Path, query: str = "", unmasked: bool = False) -> Exported:
    return export.site(roots_of(source), out, query, unmasked, lambda _: None)


class Held(NamedTuple):
    links: list[tuple[str, str, str]]
    """Tag, attribute and value."""
    ids: set[str]


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.held = Held([], set())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "action", "data-copy-link"):
                self.held.links.append((tag, name, value or ""))
            elif name == "id":
                self.held.ids.add(value or "")


@cache
def held(file: Path) -> Held:
    parser = _Parser()
    parser.feed(file.read_text("utf-8"))
    return parser.held


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dead_links(folder: Path) -> list[str]:
    """The links of a site that lead nowhere, or out of it; places on pages are looked for too."""
    dead = []
    for page in sorted(folder.rglob("*.html")):
        for tag, name, value in held(page).links:
            whole = urlsplit(value)
            if whole.scheme in ("http", "https") and tag == "a":
                continue
            target = (page.parent / unquote(whole.path)).resolve() if whole.path else page
            bad = whole.scheme or whole.netloc or not target.is_file() or folder.resolve() not in target.parents
            if bad or not _has_place(target, unquote(whole.fragment)):
                dead.append(f"{page.relative_to(folder)}: {tag} {name}={value}")
    return dead


def _has_place(target: Path, place: str) -> bool:
    return not place or target.suffix != ".html" or place in held(target).ids


def names_that_hosts_refuse(folder: Path) -> list[str]:
    """Names that some file system, or some store of artifacts, does not take, or takes for one another."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    parts = {part for name in names for part in name.split("/")}
    bad = [part for part in parts if not _SAFE.fullmatch(part) or part[0] in "_." or len(part) > 120]
    return bad + [name for name in names if name != name.lower()]
