"""Recording formats: how traffic is kept on disk. One module each, all of them named in `FORMATS`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple, cast

from inspector.formats.format import Format
from inspector.formats.source import HEAD, Line, Source, TooLarge
from inspector.framing.encoding import NotDecoded
from inspector.model import Exchange

FORMATS: tuple[str, ...] = (
    "llama_stack",
    "exported",
    "har",
    "mitmproxy",
    "ddapm",
    "req_llm",
    "wiremock",
    "vcr",
    "ruby_vcr",
    "go_vcr",
    "httpmock",
    "httprr",
    "php_vcr",
    "nock",
    "genai_replay",
    "azure_test_proxy",
    "gemini_cli",
    "rest_client",
    "hurl",
    "claude_trace",
    "pairs",
    "bare",
)
"""Modules of this package, asked in this order and imported when their turn comes: the first that claims a file reads
it. What is common and told by its first bytes stands before what takes a closer look."""

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


@cache
def _module(name: str) -> Format:
    return cast(Format, import_module(f"{__name__}.{name}"))


def modules() -> Iterator[Format]:
    """The formats, in the order in which they are asked."""
    return map(_module, FORMATS)


def read(source: Source) -> Recording:
    """Read a file. Never raises, but for what the file system says: what fails is said in the result."""
    *others, last = in_parts(source)
    exchanges = (exchange for part in others for exchange in part.exchanges)
    return last._replace(exchanges=(*exchanges, *last.exchanges)) if others else last


def in_parts(source: Source) -> Iterator[Recording]:
    """The same in pieces of some megabytes, for files of lines that may be larger than the memory; only the last one
    says what is wrong."""
    exchanges: list[Exchange] = []
    format = broken = None
    try:
        format = _claiming(source)
        for exchange in format.read(source) if format else ():
            if format and exchanges and (exchange.position or 0) - (exchanges[0].position or 0) > _PART:
                at = Line(exchange.entry, exchange.position or 0)
                yield Recording(format.NAME, tuple(exchanges), resume=at, goes_on=True)
                exchanges = []
            exchanges.append(exchange)
    except OSError:
        raise
    except (TooLarge, NotDecoded) as error:
        broken = str(error)
    except Exception as error:
        broken = f"{type(error).__name__}: {error}"[:300]
    if format is None and broken is None:
        yield _unclaimed(source)
    else:
        name = source.kept_as or format.NAME if format else None
        yield Recording(name, tuple(exchanges), broken or source.cut, source.cut is not None, source.resume)


def _claiming(source: Source) -> Format | None:
    """The format that the file is of. One that would have to see all of a file that is too large for that does not
    stop those that read it by lines."""
    large: TooLarge | None = None
    for format in modules():
        try:
            if format.sniff(source):
                return format
        except TooLarge as error:
            large = error
    if large is not None:
        raise large
    return None


def _unclaimed(source: Source) -> Recording:
    """A file that calls itself JSON and is none is broken, if that can be seen without reading all of it; any other
    is simply not ours."""
    seen = source.asked_for_json or len(source.head) < HEAD
    if not source.path.endswith(".json") or not seen or source.not_json is None:
        return Recording(None)
    return Recording(None, broken=str(source.not_json), truncated=source.not_json.truncated)
