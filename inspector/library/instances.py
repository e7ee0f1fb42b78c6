"""The servers that run on this machine: each notes where it answers and what it shows, in the user's cache directory.

A note says nothing that lets anybody in: no token. It is only believed where a server of ours answers on loopback.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPMessage
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from inspector.files.private import own_folder
from inspector.index.cache_place import cache_directory

_PATIENCE = 5.0
"""Seconds that a server may take to answer."""

_HOPS = 4
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Running(NamedTuple):
    address: str
    """Ends with ``/``."""
    served: tuple[Path, ...]

    def shows(self, place: Path) -> bool:
        """Whether a place lies in what it shows."""
        return any(place.is_relative_to(top) for top in self.served)

    def lies_in(self, place: Path) -> bool:
        """Whether it shows a part of a place."""
        return any(top.is_relative_to(place) for top in self.served)


class Answer(NamedTuple):
    status: int
    to: str | None
    """Where it leads on."""
    is_choice: bool = False
    """Whether the page, though nothing has this very name, offers what may be meant."""


Get = Callable[[str], Answer]
"""Asks for a whole address."""


@contextmanager
def noted(address: str, *served: Path) -> Iterator[None]:
    """Let others find this server for as long as it runs, if it answers on loopback."""
    if not _is_local(address):
        yield
        return
    file = _folder() / f"{urlsplit(address).port}.json"
    note = {"pid": os.getpid(), "address": address, "served": [os.fspath(place) for place in served]}
    with suppress(OSError, ValueError):  # a place that is no text: then it is not found
        own_folder(_folder())
        new = file.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(note), encoding="utf-8")
        new.replace(file)
    try:
        yield
    finally:
        if (known := _read(file)) and known.get("pid") == os.getpid():
            file.unlink(missing_ok=True)


def servers() -> list[Running]:
    """Those that answer. What others left behind is removed."""
    found = []
    for file in sorted(_folder().glob("*.json")):
        note = _read(file) or {}
        address, served = note.get("address"), note.get("served")
        if isinstance(address, str) and isinstance(served, list) and _is_alive(note.get("pid")) and is_ours(address):
            found.append(Running(address, tuple(Path(place) for place in served if isinstance(place, str))))
        else:
            with suppress(OSError):
                file.unlink(missing_ok=True)
    return found


def is_ours(address: str) -> bool:
    """Whether a server of ours answers at an address on this machine."""
    if not _is_local(address):
        return False
    try:
        return str(_sent("HEAD", f"{address}help")[1]["Server"]).startswith("inspector/")
    except (OSError, HTTPException, ValueError):
        return False


def followed(get: Get, root: str, address: str) -> tuple[str, Answer]:
    """The last answer to an address relative to a root, and the address that gave it; never one elsewhere."""
    path, _, place = address.partition("#")
    url = root + path
    answer = get(url)
    for _ in range(_HOPS):
        if answer.to is None or not urljoin(url, answer.to).startswith(root):
            break
        url, _, own = urljoin(url, answer.to).partition("#")
        place = place or own
        answer = get(url)
    return url.removeprefix(root) + (f"#{place}" if place else ""), answer


def get(url: str) -> Answer:
    """The answer of a server. Raises `OSError`."""
    try:
        status, said = _sent("GET", url)
    except (HTTPException, ValueError) as error:
        raise OSError(str(error)) from None
    return Answer(status, said["Location"], "X-Alike" in said)


def _sent(method: str, url: str) -> tuple[int, HTTPMessage]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_PATIENCE)
    try:
        connection.request(method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        answer = connection.getresponse()
        return answer.status, answer.headers
    finally:
        connection.close()


def _is_local(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "http" and parts.hostname in _LOOPBACK and parts.port is not None
    except ValueError:
        return False


def _is_alive(pid: object) -> bool:
    if type(pid) is not int or pid <= 0:
        return False
    if os.name == "nt":  # there this would end the process
        return True
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _folder() -> Path:
    return cache_directory() / "running"


def _read(file: Path) -> dict[str, object] | None:
    try:
        note = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return note if isinstance(note, dict) else None
