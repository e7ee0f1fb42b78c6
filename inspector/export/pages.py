"""The pages of an export: each is what the application answers for its address, with links to files."""

from __future__ import annotations

import mimetypes
import re
from typing import NamedTuple
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask

from inspector.export.relative_links import path_of, relative, rewritten
from inspector.files import urls
from inspector.web.http import assets
from inspector.web.rendering.fixed_pages import ONLY_WHERE

_ASKED = re.compile(r"[?&](?:at|from|until|as|n)=|/story$|/story\?|^[ps]/|^h/|/body/|\.")
"""Addresses that lead to others, or answer with what is no page: only asking tells which file holds that."""

_EXCHANGE = re.compile(r"e/[0-9a-f]{16}")
_EXTENSIONS = {"application/octet-stream": ".bin", "application/json": ".json", "text/plain": ".txt"}


class Page(NamedTuple):
    """A file of an export."""

    file: str
    content: bytes


class _Answer(NamedTuple):
    file: str | None
    """The file that holds it; None for what is not there, or leads to another."""
    content: bytes = b""
    """None was made where only the file was asked for."""
    leads_to: str | None = None
    is_page: bool = True


class _Held(NamedTuple):
    """Where what an address shows is held: the address of its page, the file of that, and the place on it."""

    address: str
    file: str
    place: str = ""


class Pages:
    """Renders pages, and notes which others they lead to."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        self._resolved: dict[str, _Held | None] = {}
        self._others: dict[str, _Answer] = {}
        self.wanted: set[str] = set()
        """Addresses that links lead to, without places on their pages."""
        self.refused: set[str] = set()
        """Those that the application had no answer for."""

    def page(self, address: str) -> Page | None:
        """The file of an address; None where it is not there, or shown under another address."""
        answer = self._others.pop(address, None) or self._ask(address)
        if answer.file is None:
            return None
        if not answer.is_page:
            return Page(answer.file, answer.content)
        text = rewritten(answer.content.decode("utf-8"), address, answer.file, self.resolve)
        return Page(answer.file, text.encode("utf-8"))

    def _ask(self, address: str, only_where: bool = False) -> _Answer:
        answer = self._client.get(f"/{address}", environ_overrides={ONLY_WHERE: only_where})
        if answer.status_code in (301, 302, 303, 307, 308):
            return _Answer(None, leads_to=relative(urlsplit(urljoin(f"/{address}", answer.headers["Location"]))))
        if answer.status_code == 204:
            return _Answer(urls.file_of(address))
        if answer.status_code != 200:
            self.refused.add(address)
            return _Answer(None)
        kind = answer.mimetype or ""
        is_page = kind == "text/html"
        name = urls.file_of(address)
        file = name if is_page else _other_name(address, name, kind)
        return _Answer(file, answer.get_data(), is_page=is_page)

    # ------------------------------------------------------------ links

    def resolve(self, target: str) -> str | None:
        """The file for an address, with the place in it."""
        address, mark, place = target.partition("#")
        if address.startswith("static/"):
            return address
        if _is_search(address):
            return urls.file_of(target)
        if address not in self._resolved:
            self._resolved[address] = self._held(_without_query(address))
        held = self._resolved[address]
        if held is None:
            return None
        self.wanted.add(held.address)
        place = place if mark else held.place
        return f"{held.file}#{place}" if mark or place else held.file

    def _held(self, address: str) -> _Held | None:
        """Where an address is held; asks where only the answer tells."""
        place = ""
        for _ in range(4):
            if not _ASKED.search(address):
                return _Held(address, urls.file_of(address), place)
            answer = self._others.get(address) or self._ask(address, only_where=True)
            if answer.leads_to is None:
                break
            address, _, place = answer.leads_to.partition("#")
        if answer.file is None:
            return None
        if answer.content:
            self._others[address] = answer
        return _Held(address, answer.file, place)


def family(address: str) -> str:
    """What pages are made together: those of one exchange, whose file is read for each."""
    found = _EXCHANGE.match(address)
    return found[0] if found else ""


def assets_used() -> list[Page]:
    """The style sheets, scripts and pictures of the pages."""
    root = assets.directory("static")
    skipped = ("vendor/", "js/server/", "js/export/one-file/")
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return [Page(f"static/{name}", (root / name).read_bytes()) for name in names if not name.startswith(skipped)]


def _is_search(address: str) -> bool:
    path, _, query = address.partition("?")
    return not path and "q" in parse_qs(query)


def _without_query(address: str) -> str:
    """An address without what is searched: a page marks nothing for who opens its file."""
    path, mark, query = address.partition("?")
    kept = "&".join(one for one in query.split("&") if one and not one.startswith("q="))
    return path + (mark + kept if kept else "")


def _other_name(address: str, name: str, kind: str) -> str:
    """The name of a file that is no page, with the ending that tells browsers what it is."""
    path = path_of(address)
    known = path.rpartition("/")[2].rpartition(".")[1]
    if known and _EXCHANGE.match(path):
        return path
    return name.removesuffix(".html") + (_EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ".bin")
