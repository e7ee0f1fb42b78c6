"""Bodies that a recording keeps in a file beside it."""

from __future__ import annotations

from inspector.formats.reading import bodies
from inspector.formats.reading.source import Source
from inspector.model import Body, Headers, Problem


def read(source: Source, name: str, problems: list[Problem], headers: Headers, where: str) -> Body | None:
    """The body in a file whose name is relative to the recording's folder; None and a problem where it cannot be
    read."""
    try:
        data = source.beside(name)
    except ValueError as error:
        problems.append(Problem(where, f"kept in another file: {name.lstrip('./')} ({error})"[:300]))
        return None
    return bodies.of_bytes(data, problems, headers, where) if data else None
