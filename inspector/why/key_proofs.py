"""The recordings whose names are keys, read without an index: enough for a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inspector.files.roots import Roots
from inspector.files.scan import Unreadable
from inspector.library import reader
from inspector.model import jsonio
from inspector.recorders import llama_stack_rules as rules
from inspector.redaction import mask
from inspector.testruns.replay_misses import Miss
from inspector.why.proof import Proof, Recorded, Wanted, prove

_LARGEST = 8 * 1024 * 1024
"""Bytes of a recording that is looked at: no request is larger."""


def recorded_in(roots: Roots) -> list[Recorded]:
    """The recordings below some roots, without those in archives."""
    return [*read(roots, (found.path for found in roots.found() if found.why is None and found.size <= _LARGEST))]


def read(roots: Roots, paths: Iterable[str]) -> Iterator[Recorded]:
    """What files hold that are named by a key; what cannot be read proves nothing."""
    for path in paths:
        if not path.endswith(".json") or not rules.named_by(path):
            continue
        try:
            document = jsonio.loads(reader.original(roots, path))
        except (Unreadable, ValueError):
            continue
        if isinstance(document, dict) and isinstance(document.get("request"), dict):
            document.pop("response", None)  # much of it, and no part of a key
            yield Recorded(path, document)


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
