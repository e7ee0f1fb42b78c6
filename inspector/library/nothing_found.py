"""What commands say where no exchange was found: of how many files, where none was asked for in particular."""

from __future__ import annotations

from inspector.index import Index
from inspector.output.plural import count


def nothing_found(index: Index, query: str) -> str:
    """One line for a terminal, without its end."""
    if query:
        return f"no exchange found for {query}"
    others, broken = index.count_files("unrecognised"), len(index.files_in_state("broken", "writing"))
    told = [
        f"{count(others, 'file')} looked at, no recording among them" if others else "",
        f"{count(broken, 'file')} cannot be read" if broken else "",
    ]
    return ": ".join(filter(None, ["no exchange found", "; ".join(filter(None, told))]))
