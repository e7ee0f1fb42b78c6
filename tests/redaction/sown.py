"""Secrets sown into the samples of every format: wherever a sample says words, one of them becomes a secret."""

from __future__ import annotations

import gzip
import random
import re
import string
from pathlib import Path

from tests.making import SAMPLES, put
from tests.redaction.planted import HEX, SHAPED, drawn, shaped

_WORD = re.compile(rb"(?<=[a-z,] )[a-z]{3,9}(?= [a-z])")
"""A word between words: prose, however deep in JSON, YAML or a log it stands."""

_NAMED = ("password", "api_key", "access_token", "client_secret", "refresh_token")


def drawn_one(lot: random.Random) -> tuple[str, str]:
    """What is said, and what of it is secret: a credential of some shape, or a value behind its name."""
    if lot.random() < 0.6:
        secret = shaped(lot, lot.choice([*SHAPED]))
        return secret, secret
    secret = f"{drawn(lot, string.ascii_lowercase, 5)}{drawn(lot, string.digits, 3)}-{drawn(lot, HEX, 8)}"
    return f"{lot.choice(_NAMED)}={secret}", secret


def sow(folder: Path, seed: int, share: float) -> list[str]:
    """Copy the samples into a folder, a `share` of the words in their prose made secrets; the secrets."""
    lot = random.Random(seed)
    secrets: list[str] = []

    def word(found: re.Match[bytes]) -> bytes:
        if lot.random() >= share:
            return found.group()
        said, secret = drawn_one(lot)
        secrets.append(secret)
        return said.encode()

    for file in sorted(SAMPLES.rglob("*")):
        if not file.is_file() or file.suffix == ".md":
            continue
        data = file.read_bytes()
        is_packed = data.startswith(b"\x1f\x8b")
        new = _WORD.sub(word, gzip.decompress(data) if is_packed else data)
        put(folder / file.relative_to(SAMPLES), gzip.compress(new) if is_packed else new)
    return secrets
