"""A site as a browser and a host see it: files, their links, and the places on their pages."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote

from inspector import export
from inspector.export import Exported
from inspector.files.roots import roots_of

SECRETS = ("SEAGULL", "PELICAN")
"""What all secrets of the samples contain."""

_SAFE = re.compile(r"[a-z0-9._=,-]+")


def site(source: Path, out: Path, query: str = "", unmasked: bool = False) -> Exported:
    return export.site(roots_of(source), out, query, unmasked, lambda _: None)


class Held(NamedTuple):
    links: list[tuple[str, str, str]]
    """Tag, attribute and value."""
    ids: set[str]


_TAG = re.compile(r"<([a-z][a-z0-9]*)\s((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"(?<![\w-])(href|src|action|data-copy-link|data-copy-href|id)=(?:\"([^\"]*)\"|'([^']*)')")


@cache
def held(file: Path) -> Held:
    """What a page of ours holds; text in it has no ``<``, which the templates escape."""
    found = Held([], set())
    for tag in _TAG.finditer(file.read_text("utf-8")):
        for name, double, single in _ATTRIBUTE.findall(tag[2]):
            value = unescape(double or single)
            if name == "id":
                found.ids.add(value)
            else:
                found.links.append((tag[1], name, value))
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dead_links(folder: Path) -> list[str]:
    """The links of a site that lead nowhere, or out of it; places on pages are looked for too."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return [
        f"{page}: {tag} {name}={value}"
        for page in sorted(names)
        if page.endswith(".html")
        for tag, name, value in held(folder / page).links
        if not _leads(folder, names, page, tag, value)
    ]


def _leads(folder: Path, names: set[str], page: str, tag: str, value: str) -> bool:
    """Whether a link leads to a place of the site; those of recorded text may lead to other sites."""
    path, _, place = value.partition("#")
    path = path.partition("?")[0]
    if re.match(r"[a-zA-Z][\w+.-]*:|/", path):
        return tag == "a" and path.startswith(("http://", "https://", "mailto:"))
    target = normpath(join(dirname(page), unquote(path))) if path else page
    is_there = not place or not target.endswith(".html") or unquote(place) in held(folder / target).ids
    return target in names and is_there


def names_that_hosts_refuse(folder: Path) -> list[str]:
    """Names that some file system, or some store of artifacts, does not take, or takes for one another."""
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    parts = {part for name in names for part in name.split("/")}
    bad = [part for part in parts if not _SAFE.fullmatch(part) or part[0] in "_." or len(part) > 120]
    return bad + [name for name in names if name != name.lower()]
