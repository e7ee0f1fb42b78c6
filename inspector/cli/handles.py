"""What people have in their hands (a link, an id, a hash, a path, a test id) as addresses of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from inspector.files.roots import repository
from inspector.files.scan import named
from inspector.files.urls import address_of

_ID = r"[0-9a-f]{16}"
_EXCHANGE = re.compile(rf"e/{_ID}(?![0-9a-z])[^#]*")
_HANDLE = re.compile(r"(?<![^/])(?=[tshp]/.)")
_PLACED = re.compile(rf"({_ID})(?:#(\S+))?")
_LINE = re.compile(r":[0-9]+(?::[0-9]+)?$")
_WRAPPED = "\"'`<>()[]{},; \t\r\n"
_SHORTEST = 4
"""Characters of a hash."""


def handles(text: str, *served: Path) -> list[str]:
    """The addresses that a text may mean, relative to a server's root, the likeliest first. `served` are the places
    that the server shows, for paths on the disk."""
    text = text.strip()
    found = _of_link(text) if "://" in text else _of_words(_unwrapped(text), served)
    return list(dict.fromkeys(found))


def file_named(text: str) -> Path | None:
    """The file or directory on the disk that a text names, with or without a line or a place behind it."""
    text = text.strip().removeprefix("file://")
    for name in (text, _LINE.sub("", text), text.partition("#")[0]):
        try:
            path = Path(name).expanduser()
            if name and path.exists():
                return path.resolve()
        except (OSError, ValueError, RuntimeError):  # too long, a NUL, no such user
            continue
    return None


def _unwrapped(text: str) -> str:
    """A text without what stands around it in a log. The bracket that ends a test id is its own."""
    end = text.rstrip(_WRAPPED.replace("]", "") if "[" in text else _WRAPPED)
    return end.lstrip(_WRAPPED)


# ---------------------------------------------------------------- links


def _of_link(link: str) -> Iterator[str]:
    try:
        parts = urlsplit(link)
    except ValueError:
        return
    if parts.path.endswith((".html", ".htm")) and "/" in parts.fragment:  # a report in one file
        page, _, place = parts.fragment.partition(":")
        yield from _of_page(unquote(page), "", unquote(place))
    yield from _of_page(parts.path, parts.query, parts.fragment)
    if (parts.fragment or parts.path).rpartition("/")[2] in ("tests", "tests.html"):
        yield "tests"
    if query := parse_qs(parts.query).get("q"):
        yield f"?{urlencode({'q': query[0]})}"


def _of_page(path: str, query: str, place: str) -> Iterator[str]:
    """The pages that the end of a path may name. An exchange is known by its id; a test may be called anything."""
    after = (f"?{query}" if query else "") + (f"#{place}" if place else "")
    for found in reversed(list(_EXCHANGE.finditer(path))):
        yield (address_of(found[0]) or found[0]) + after
    for start in _HANDLE.finditer(path):
        yield path[start.start() :] + after
    if (named := parse_qs(query).get("id")) and path.endswith(("/t/", "/s/", "/p/")):
        yield f"{path[-2:]}?{urlencode({'id': named[0]})}"


# ---------------------------------------------------------------- words


def _of_words(text: str, served: tuple[Path, ...]) -> Iterator[str]:
    if not text:
        return
    if found := _PLACED.fullmatch(text):
        yield f"e/{found[1]}" + (f"#{found[2]}" if found[2] else "")
    path, _, place = text.lstrip("/").partition("#")
    if _EXCHANGE.fullmatch(path):
        yield from _of_page(path, "", place)
    if "::" in text:
        yield _asked("t", text)
    elif ".html" in text:
        yield from _of_link(text)
    if "/" not in text and "::" not in text and len(text) >= _SHORTEST:
        yield f"h/{quote(text.removesuffix('.json'), safe='')}"
    yield from _of_file(text, served)
    if path[:2] in ("t/", "s/", "h/", "p/"):
        yield quote(path)
    if "::" not in text:
        yield from (_asked(kind, text) for kind in ("t", "s"))


def _of_file(text: str, served: tuple[Path, ...]) -> Iterator[str]:
    """A path by its place below what is served, by that in its repository, and as it is."""
    file = file_named(text)
    if file is not None:
        tops = [top if top.is_dir() else top.parent for top in served]
        for top in (*tops, repository(file.parent)):
            if file.is_relative_to(top) and file != top:
                yield _asked("p", named(file.relative_to(top).as_posix()))
    for name in dict.fromkeys((_LINE.sub("", text), text)):
        yield _asked("p", name.strip("/").removeprefix("./"))


def _asked(kind: str, name: str) -> str:
    """The address of a test, a session or a path, in the form that takes any name."""
    plain = name.isprintable() and not any(part in ("", ".", "..") for part in name.split("/"))
    return f"{kind}/{quote(name)}" if plain else f"{kind}/?{urlencode({'id': name})}"
