"""What an exchange goes by: the id of its address, and the test, session or file that it belongs to."""

from __future__ import annotations

from hashlib import blake2b

from inspector.files.roots import Roots
from inspector.model import Exchange
from inspector.redaction import mask


def uid(roots: Roots, path: str, entry: int) -> str:
    """The 16 hex digits of an exchange's address: the same wherever its file is served from."""
    return numbered(roots.place(path).id, entry)


def numbered(place: str, entry: int) -> str:
    """The same, by what the ids of its recording are made of."""
    return blake2b(f"{place}\n{entry}".encode(), digest_size=8).hexdigest()


def group_of(exchange: Exchange, path: str) -> tuple[str, str]:
    """Kind and id of what an exchange belongs to: its test, else its session, else its file."""
    test_id, session = (name and mask.text(name) for name in (exchange.test_id, exchange.session))
    return named_group(test_id, session, path)


def named_group(test_id: str | None, session: str | None, path: str) -> tuple[str, str]:
    """The same, by names that hold no secret."""
    if test_id:
        return "test", test_id
    return ("session", session) if session else ("file", path)
