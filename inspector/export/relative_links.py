"""Links of a page that becomes a file: each leads to the file that holds what the address shows, relative to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

_ADDRESSES = ("href", "src", "action", "data-copy-link")
_TAG = re.compile(r"<(?!span\b)[a-zA-Z](?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
"""Text holds no ``<`` of its own: templates escape it. What colours code is most of a page, and leads nowhere."""

_LINK = re.compile(rf"(?<=\s)({'|'.join(_ADDRESSES)})=\"([^\"]*)\"")
_ROOT = re.compile(r'(?<=\s)data-root="[^"]*"')
_SERVED = re.compile(r"""(?<!\s)\s++(?:hx-[\w:.-]+|data-copy-text)(?:="[^"]*"|='[^']*')?""")
"""What only a server answers."""

_PLAIN = re.compile(r"(?!.*\.\.)(?:[a-z]+(?:[/?][A-Za-z0-9_,=?&/.-]*)?(?:#[A-Za-z0-9_-]*)?)?")
_HERE = "http://inspector.invalid/"

Resolve = Callable[[str], str | None]
"""Turns an address, relative to the root, into a file with a place in it; None for what no file holds."""


def rewritten(page: str, address: str, file: str, resolve: Resolve) -> str:
    """The text of a page at an address, as the file holds it."""
    up = "../" * file.count("/")

    def link(found: re.Match[str]) -> str:
        target = _target(unescape(found[2]), address)
        if target is None:
            return found[0]
        held = resolve(target)
        return "" if held is None else f'{found[1]}="{escape(_from(up, held, file))}"'

    def tag(found: re.Match[str]) -> str:
        text = found[0]
        if "hx-" in text or "data-copy-text" in text:
            text = _SERVED.sub("", text)
        if text.startswith("<html"):
            text = _ROOT.sub(f'data-root="{up or "./"}"', text)
        return _LINK.sub(link, text)

    return _TAG.sub(tag, page)


def _target(link: str, address: str) -> str | None:
    """The address that a link leads to, relative to the root; None for a place on its own page, and for other sites."""
    if link.startswith("#"):
        return None
    root = "../" * address.partition("?")[0].count("/") or "./"
    if _PLAIN.fullmatch(link, len(root)) and link.startswith(root):  # as nearly all of our own do
        return link[len(root) :]
    try:
        whole = urlsplit(urljoin(_HERE + address, link))
    except ValueError:
        return None
    if f"{whole.scheme}://{whole.netloc}/" != _HERE:
        return None
    return relative(whole)


def relative(whole: SplitResult) -> str:
    """A whole address of the application, relative to its root."""
    path = whole.path.lstrip("/")
    return path + (f"?{whole.query}" if whole.query else "") + (f"#{whole.fragment}" if whole.fragment else "")


def _from(up: str, held: str, file: str) -> str:
    """The way from a file to another, and the place in it."""
    name, mark, place = held.partition("#")
    return f"#{place}" if mark and name == file else f"{up}{name}{mark}{place}"


def path_of(address: str) -> str:
    """The path of an address, without what is asked of it."""
    return unquote(address.partition("#")[0].partition("?")[0])
