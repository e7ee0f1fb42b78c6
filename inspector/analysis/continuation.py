"""What a request goes on from where it does not repeat it: a response that the provider keeps, or an entry that the
recording links it to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inspector.analysis.fingerprint import number
from inspector.model import Exchange, Json, ModelCall, ToolCall

_KEPT_BEFORE = ("previous_response_id", "previous_interaction_id", "conversation")
"""Settings that name a history which the provider keeps: the request does not repeat it."""

_BY_RESPONSE = ("openai.responses", "gemini.interactions")
"""Protocols whose requests name the response that they go on from."""


_TELLING = 16
"""Characters of an id that no two responses have by chance."""


class Links(NamedTuple):
    """The names by which exchanges hang together where they repeat nothing, as hashes."""

    continues: int | None = None
    """What it goes on from."""
    called_from: int | None = None
    """What called it, for the first request of a helper."""
    known_as: tuple[int, ...] = ()
    """What others name that go on from it, or are called from it; and what tells its response wherever it was
    recorded."""


NO_LINKS = Links()


def goes_on(exchange: Exchange, settings: Mapping[str, Json]) -> bool:
    """Whether a request leaves out what was said before it."""
    return bool(exchange.continues) or any(settings.get(name) for name in _KEPT_BEFORE)


def links(exchange: Exchange, call: ModelCall) -> Links:
    """What an exchange is linked to by name."""
    named = (call.prompt.settings.get(name) for name in _KEPT_BEFORE)
    continues = exchange.continues or next((name for name in named if isinstance(name, str) and name), "")
    names = (*exchange.known_as, (call.response_id or "") if call.protocol in _BY_RESPONSE else "")
    own = tuple(_of_response(call))
    if not (continues or exchange.called_from or own or any(names)):
        return NO_LINKS
    known_as = tuple(hashed for name in names if (hashed := _hashed(name)) is not None)
    return Links(_hashed(continues), _hashed(exchange.called_from), known_as + own)


def _of_response(call: ModelCall) -> Iterator[int]:
    """What tells a response wherever it was recorded: its id and those of its calls, as far as they are no numbers."""
    if call.response_id and len(call.response_id) >= _TELLING:
        yield number(f"response\x1f{call.response_id}")
    for reply in call.replies:
        for part in reply.parts:
            if isinstance(part, ToolCall) and part.id and len(part.id) >= _TELLING:
                yield number(f"call\x1f{part.id}")


def _hashed(name: str) -> int | None:
    return number(f"known as\x1f{name}") if name else None
