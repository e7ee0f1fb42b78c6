"""What commands say where no exchange was found: of how many files, where none was asked for in particular."""

from __future__ import annotations

from inspector.index import Index
from inspector.output.plural import count


def nothing_found(index: Index | None, query: str) -> str:
    """One line for a terminal, without its end. The `index` is asked where no query narrows what is looked for."""
    if query or index is None:
        return "no exchange found" + (f" for {query}" if query else "")
    others, broken = index.count_files("unrecognised"), len(index.files_in_state("broken", "writing"))
    told = [
        f"{count(others, 'file')} looked at, no recording among them" if others else "",
        f"{count(broken, 'file')} cannot be read" if broken else "",
    ]
    return ": ".join(filter(None, ["no exchange found", "; ".join(filter(None, told))]))
