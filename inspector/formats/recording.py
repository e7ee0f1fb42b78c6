"""A file read: what it holds, or what is wrong with it. Whatever a reader raises is said in the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.decode.framing.content_encoding import NotDecoded
from inspector.formats.detect import claiming
from inspector.formats.format import Format
from inspector.formats.generic import exported
from inspector.formats.reading.file_bytes import HEAD, TooLarge
from inspector.formats.reading.lines import Line
from inspector.formats.reading.source import CutShort, Source
from inspector.model import Exchange
from inspector.model.jsonio import EMPTY

_JSON = (".json", ".har")
"""How files are called that say of themselves that they are JSON."""

_PART = 16 * 1024 * 1024
"""Bytes of a file of lines that are read at a time."""


class Recording(NamedTuple):
    """What a file holds.

    `format` is None where no format claims the file. `broken` says why it could not be read, or not to its end;
    `truncated` that it only stops too early, as a file does that is still being written. `resume` is where its next
    line will begin, for files that are read by lines.
    """

    format: str | None
    exchanges: tuple[Exchange, ...] = ()
    broken: str | None = None
    truncated: bool = False
    resume: Line | None = None
    goes_on: bool = False
    """Whether this is a piece, and another follows."""

    def exchange(self, entry: int) -> Exchange | None:
        """The exchange of an entry; None where there is none."""
        return next((one for one in self.exchanges if one.entry == entry), None)


def read(source: Source) -> Recording:
    """Read a file. Never raises, but for what the file system says: what fails is said in the result."""
    *others, last = in_parts(source)
    exchanges = (exchange for part in others for exchange in part.exchanges)
    return last._replace(exchanges=(*exchanges, *last.exchanges)) if others else last


def in_parts(source: Source) -> Iterator[Recording]:
    """The same in pieces of some megabytes, for files of lines that may be larger than the memory; only the last one
    says what is wrong. Raises `OSError` where the file cannot be read."""
    exchanges: list[Exchange] = []
    format = broken = cut = None
    try:
        format = claiming(source) if source.head else None
        for exchange in format.read(source) if format else ():
            if format and exchanges and (exchange.position or 0) - (exchanges[0].position or 0) > _PART:
                at = Line(exchange.entry, exchange.position or 0)
                yield Recording(format.NAME, tuple(exchanges), resume=at, goes_on=True)
                exchanges = []
            exchanges.append(exchange)
    except OSError:
        raise
    except CutShort as error:
        cut = str(error)
    except (TooLarge, NotDecoded) as error:
        broken = str(error)
    except Exception as error:
        broken = f"{type(error).__name__}: {error}"[:300]
    if format is None and broken is None:
        yield _unclaimed_or_broken(source)
    else:
        cut = cut or source.cut
        if not exchanges and not cut:
            broken = broken or _why_no_json(source)
        yield Recording(_name(format, source), tuple(exchanges), broken or cut, cut is not None, source.lines.resume)


def _name(format: Format | None, source: Source) -> str | None:
    """The name of a format; of one that others' exchanges are kept in, theirs."""
    own = format.NAME if format else None
    return exported.kept_as(source) or own if own == exported.NAME else own


def _why_no_json(source: Source) -> str | None:
    """Why a file cannot be read as the one JSON document that it begins as."""
    is_json = source.start_of_text[:1] in (b"{", b"[")
    return str(source.json.broken) if is_json and source.json.broken else None


def _unclaimed_or_broken(source: Source) -> Recording:
    try:
        return _unclaimed(source)
    except (TooLarge, NotDecoded) as error:
        return Recording(None, broken=str(error))


def _unclaimed(source: Source) -> Recording:
    """A file that calls itself JSON and is none is broken, if that can be seen without reading all of it; any other
    is simply not ours."""
    if not source.head and not source.data:  # of which there may be very many
        return Recording(None, broken=EMPTY, truncated=True) if source.path.endswith(_JSON) else Recording(None)
    seen = source.json.was_tried or len(source.head) < HEAD
    if not source.path.endswith(_JSON) or not seen or source.json.error is None:
        return Recording(None)
    return Recording(None, broken=str(source.json.error), truncated=source.json.error.truncated)
