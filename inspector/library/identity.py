"""What an exchange goes by: the id of its address, and the test, session or file that it belongs to."""

from __future__ import annotations

from hashlib import blake2b

from inspector.files.roots import Roots
from inspector.model import Exchange
from inspector.redaction import mask


def uid(roots: Roots, path: str, entry: int) -> str:
    """The 16 hex digits of an exchange's address: the same wherever its file is served from."""
    return blake2b(f"{roots.place(path).id}\n{entry}".encode(), digest_size=8).hexdigest()


def group_of(exchange: Exchange, path: str) -> tuple[str, str]:
    """Kind and id of what an exchange belongs to: its test, else its session, else its file."""
    if exchange.test_id:
        return "test", mask.text(exchange.test_id)
    return ("session", mask.text(exchange.session)) if exchange.session else ("file", path)
