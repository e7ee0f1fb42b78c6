"""Addresses of pages, and the files that hold the same pages in an export.

An address is relative to the root of the pages: ``e/0123456789abcdef/stream?at=15000#c15000``. In an export that page
is a file, ``e/0123456789abcdef/stream,at=15000.html#c15000``. A server knows the names of those files too and leads on
to its own page, so that whoever prints a link need not know whether an export or a server answers it.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

from inspector.model.expressions import expression

HOME = "index.html"

MARKER = "inspector-export.json"
"""What lies beside that in every export, so that it is known for one."""

_PLAIN = expression(r"[a-z0-9][a-z0-9_.-]{0,60}")
"""What may stand in the name of a file as it is: no capitals, which some file systems do not tell apart."""

_EXCHANGE = expression(r"e/[0-9a-z-]+(?:/[a-z]+(?:/[a-z0-9-]+)?)?|compare/[0-9a-z-]+/[0-9a-z-]+")
_PAGE = expression(r"([a-z0-9/-]+)((?:,[a-z]+=[a-z0-9_.-]+)*)\.html")
_MANUAL = expression(r"help/[a-z0-9-]+")
_GROUP = expression(r"([tsp])/(.+)", re.DOTALL)
_NO_NAME = expression(r"[^a-z0-9]+")
_SLUG = 60


def file_of(address: str) -> str:
    """The file that holds the page of an address, below the root of an export, and the place in it. Searches stay
    searches: the list's own page answers them."""
    rest, mark, place = address.partition("#")
    path, _, query = rest.partition("?")
    asked = parse_qsl(query)
    if any(name == "q" for name, _ in asked) and not path:
        return f"{HOME}?{query}{mark}{place}"
    given = "".join(f",{name}={_value(value)}" for name, value in asked if name not in ("q", "id"))
    named = dict(asked).get("id", "")
    return f"{_stem(unquote(path), named)}{given}.html{mark}{place}"


def _stem(path: str, named: str) -> str:
    if not path.strip("/"):
        return "index"
    if _EXCHANGE.fullmatch(path) or _MANUAL.fullmatch(path):
        return path
    if group := _GROUP.fullmatch(path):
        return f"{group[1]}/{slug(group[2])}"
    if named:
        return f"{path.strip('/')}/{slug(named)}"
    return path if _PLAIN.fullmatch(path) else slug(path)


def _value(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else slug(value)


def slug(name: str) -> str:
    """A name as part of a file's name: what can be read of it, and enough of a hash that no two are alike."""
    words = _NO_NAME.sub("-", name.lower()).strip("-")
    words = words if len(words) <= _SLUG else words[-_SLUG:].partition("-")[2]
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return f"{words}-{digest}" if words else digest


def address_of(file: str) -> str | None:
    """The address of an exchange's page, for the name of the file that holds it in an export; None for other files.
    What only a hash is left of cannot be told: those of tests and recordings have to be compared (`slug`)."""
    found = _PAGE.fullmatch(file)
    if found is None or not _EXCHANGE.fullmatch(found[1]):
        return None
    given = [tuple(one.split("=", 1)) for one in found[2].split(",")[1:]]
    return found[1] + (f"?{urlencode(given)}" if given else "")


def link(base: str, address: str) -> str:
    """The whole link to a page: of a server, of a published export, or, for a base that ends in ``.html``, of a report
    in one file."""
    file = file_of(address)
    if base.endswith(".html"):
        page, mark, place = file.partition("#")
        return f"{base}#{quote(page, safe='/,=?&-%+')}{':' if mark else ''}{place}"
    return f"{base.rstrip('/')}/{file}"


class Links(NamedTuple):
    """What makes links to pages; an empty base makes none."""

    base: str
    are_compared: bool = False
    """Whether what the links lead to is compared with an earlier state, and has the pages of changes."""

    def __bool__(self) -> bool:
        return bool(self.base)

    @property
    def have_changes(self) -> bool:
        """Whether a link to a page of changes leads anywhere: a report in one file says where it has none."""
        return bool(self.base) and (self.are_compared or self.base.endswith(".html"))

    def to(self, address: str) -> str:
        return link(self.base, address)


NO_LINKS = Links("")
