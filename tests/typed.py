"""Prints a module that assigns every protocol to `WireProtocol` and every format to `Format`, so that mypy compares
what each module offers with what it must offer: ``python -m tests.typed > typed.py && mypy --strict typed.py``. The
program imports them by name, which no type checker can follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inspector.decode.recognise import PROTOCOLS
from inspector.formats.detect import FORMATS


def module() -> str:
    """The text of the module."""
    return "\n".join(
        (
            "from inspector.decode.protocols.protocol import WireProtocol",
            "from inspector.formats.format import Format",
            *_assigned("inspector.decode.protocols", PROTOCOLS, "WireProtocol"),
            *_assigned("inspector.formats", FORMATS, "Format"),
        )
    )


def _assigned(package: str, names: Iterable[str], kind: str) -> Iterator[str]:
    for name in names:
        folder, _, own = f"{package}.{name}".rpartition(".")
        alias = name.replace(".", "_")
        yield f"from {folder} import {own} as {kind}_{alias}"
        yield f"_{kind}_{alias}: {kind} = {kind}_{alias}"


if __name__ == "__main__":
    print(module())
