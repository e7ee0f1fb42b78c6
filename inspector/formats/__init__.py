"""Recording formats: how traffic is kept on disk. One module each, all of them in `FORMATS`."""

from __future__ import annotations

from typing import NamedTuple

from inspector.formats import hurl, llama_stack
from inspector.formats.source import Format, Source
from inspector.model import Exchange

FORMATS: tuple[Format, ...] = (llama_stack, hurl)
"""Asked in this order; the first that claims a file reads it."""

SUFFIXES: tuple[str, ...] = tuple(suffix for format in FORMATS for suffix in format.SUFFIXES)


class Recording(NamedTuple):
    """What a file holds.

    `format` is None where no format claims the file. `broken` says why it could not be read, or not to its end;
    `truncated` that it only stops too early, as a file does that is still being written.
    """

    format: str | None
    exchanges: tuple[Exchange, ...] = ()
    broken: str | None = None
    truncated: bool = False


def read(path: str, data: bytes, thorough: bool = False) -> Recording:
    """Read a file's bytes. Never raises: what fails is said in the result.

    `thorough` also says what is legal and yet lost, such as a key that stands twice: for one file, not for thousands.
    """
    source = Source(path, data, thorough)
    try:
        format = next((format for format in FORMATS if format.sniff(source)), None)
        if format is None:
            return _unclaimed(source)
        exchanges = tuple(format.read(source))
    except Exception as error:
        return Recording(None, broken=f"{type(error).__name__}: {error}"[:300])
    cut = source.not_json if path.endswith(".json") else None
    return Recording(format.NAME, exchanges, str(cut) if cut else None, bool(cut and cut.truncated))


def _unclaimed(source: Source) -> Recording:
    """A file that calls itself JSON and is none is broken; any other is simply not ours."""
    if not source.path.endswith(".json") or source.not_json is None:
        return Recording(None)
    return Recording(None, broken=str(source.not_json), truncated=source.not_json.truncated)
