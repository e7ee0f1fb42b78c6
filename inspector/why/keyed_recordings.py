"""The recordings whose names are keys, read without an index: enough for a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from inspector.files.archives import NoArchive, is_archive
from inspector.files.recording_bytes import on_the_disk
from inspector.files.roots import Roots
from inspector.files.scan import Unreadable
from inspector.files.unpacking import content, members
from inspector.library import reader
from inspector.model import Json, jsonio
from inspector.recorders import llama_stack_rules as rules
from inspector.redaction import mask
from inspector.testruns.replay_misses import Miss
from inspector.why.proof import Proof, Recorded, Wanted, prove

_LARGEST = 8 * 1024 * 1024
"""Bytes of a recording that is looked at: no request is larger."""


def recorded_in(roots: Roots) -> list[Recorded]:
    """The recordings below some roots, and in archives there."""
    return [*_in_files(roots)]


def _in_files(roots: Roots) -> Iterator[Recorded]:
    for found in roots.found():
        if found.why is None and is_archive(found.path):
            yield from _in_archive(roots, found.path)
        elif found.why is None and found.size <= _LARGEST:
            yield from read(roots, (found.path,))


def _in_archive(roots: Roots, path: str) -> Iterator[Recorded]:
    with suppress(Unreadable, NoArchive), on_the_disk(roots, path) as file:
        for member in members(path, file):
            if _is_named(member.path) and member.size <= _LARGEST:
                with suppress(Unreadable):
                    yield from _recorded(member.path, content(member))


def read(roots: Roots, paths: Iterable[str]) -> Iterator[Recorded]:
    """What files hold that are named by a key; what cannot be read proves nothing."""
    for path in filter(_is_named, paths):
        with suppress(Unreadable):
            yield from _recorded(path, reader.original(roots, path))


def _is_named(path: str) -> bool:
    return path.endswith(".json") and bool(rules.named_by(path))


_RESPONSE = b'\n  "response":'
"""How the recorder begins what was answered, after what was asked: most of a file, and no part of a key."""


def _recorded(path: str, data: bytes) -> Iterator[Recorded]:
    asked = data.partition(_RESPONSE)[0].rstrip().removesuffix(b",") + b"}"
    for text in (asked, data):
        document = _parsed(text)
        if isinstance(document, dict) and isinstance(document.get("request"), dict):
            document.pop("response", None)
            yield Recorded(path, document)
            return


def _parsed(text: bytes) -> Json:
    try:
        return jsonio.loads(text)
    except ValueError:
        return None


def proved(miss: Miss, recorded: list[Recorded]) -> Proof | None:
    """What the key of a miss proves; None where it proves nothing, or where there is none."""
    if not miss.hash:
        return None
    wanted = Wanted(
        miss.hash,
        tuple(test.id for test in miss.tests),
        "" if miss.model == "unknown" else miss.model,
        rules.path_of({"url": miss.url}) if miss.url else "",
    )
    proof = prove(wanted, recorded)
    return proof and proof._replace(changes=tuple(map(mask.text, proof.changes)))
