"""The law of conservation: what a recording says is shown, or neutral by name, or said to be not understood.

A text of a request or of an event is *shown* if it stands in what was made of it: the prompt, the event's deltas, or
the whole reply. It is *neutral* if it stands under a key that says nothing to a reader: ids, times, padding.
`NEUTRAL` has the keys that mean this everywhere. A protocol may declare more:

``NEUTRAL``         keys, and places such as ``response.tools``, of texts that say nothing, or only repeat the request;
                    a place that begins with a dot stands at the top
``NEUTRAL_EVENTS``  types of events that add nothing: pings, and where something begins or ends
``NEUTRAL_COUNTS``  counts of a usage that have no column of their own
``LONE_DELTAS``     kinds of deltas: where one of them is all that was made of an event, perhaps after its role, the
                    protocol has seen that there is nothing else in it

Everything else is a problem of the exchange, told once for each place with how many events have it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from inspector.decode.assembly.part_builder import TEXTS
from inspector.decode.conservation.counts import without_column
from inspector.decode.conservation.neutral import Neutral, neutral_of
from inspector.decode.conservation.shown import Path, Shown, held, numbers_of, texts_of
from inspector.decode.conservation.stream_end import lacking
from inspector.decode.protocols.protocol import WireProtocol
from inspector.model import Event, ModelCall, Problem, Prompt, Text
from inspector.model.delta import Delta, ToolCallDelta
from inspector.model.expressions import expression

NOT_UNDERSTOOD = "not understood: "
"""How the problems begin that say so."""

MOST = 8
"""Places that are told by name; more of them are counted."""

_LONGEST = 160
"""Characters of a place."""

_ROLE_AND_TEXT = 2
"""Deltas of an event that says who speaks, and a text."""

_END = "[DONE]"
_A_FIELD = expression(r"([A-Za-z][\w-]{0,20}):")


class _Missed(NamedTuple):
    """A place that is not understood: the number of the first event that has it, and how many do."""

    first: int
    times: int = 0


def problems(protocol: WireProtocol, body: Mapping[str, Any], call: ModelCall) -> Iterator[Problem]:
    """What is not understood of an exchange: of the body of its request, and of the events and counts of its response.
    `call` is what became of it."""
    neutral = neutral_of(protocol)
    unsaid = _unsaid(body, call.prompt, neutral)
    if unsaid:
        yield Problem("request body", f"{NOT_UNDERSTOOD}{_places(unsaid)}")
    by_event: dict[int, list[Path]] = {}
    missed = _missed(protocol, neutral, call)
    for path, one in missed.items():
        times = f" (in {one.times:,} events)" if one.times > 1 else ""
        by_event.setdefault(one.first, []).append(path[:_LONGEST] + times)
    for number, paths in [*by_event.items()][:MOST]:
        yield Problem(f"event {number}" if call.streamed else "response body", f"{NOT_UNDERSTOOD}{_places(paths)}")
    if len(by_event) > MOST:
        yield Problem("response", f"{NOT_UNDERSTOOD}something in {len(by_event) - MOST:,} events more")
    kinds = {*map(type, chain.from_iterable(map(itemgetter(1), call.steps)))}
    for number, name in lacking(call, kinds):
        yield Problem(f"event {number}", f"{NOT_UNDERSTOOD}{name} that the end of the stream lacks")
    if counts := without_column(protocol, call, kinds):
        yield Problem("usage", f"{NOT_UNDERSTOOD}{_places(counts)}")


def _places(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - MOST:,} places more" if len(paths) > MOST else ""
    return ", ".join(path[: _LONGEST + 30] or "a text" for path in paths[:MOST]) + more


def _unsaid(body: Mapping[str, Any], prompt: Prompt, neutral: Neutral) -> list[Path]:
    """The places of a request's body that are not understood. The texts of most requests are among the first that are
    looked at, and what the prompt has as it was sent is not looked into."""
    said = (part.content for message in prompt.messages for part in message.parts if type(part) is Text)
    named = (text for tool in prompt.tools for text in (tool.name, tool.description))
    asked = Shown((prompt, (prompt.model, *said, *named)))
    as_sent = {id(value) for value in (*prompt.settings.values(), *(tool.parameters for tool in prompt.tools))}
    texts = texts_of(body, neutral, as_sent)
    return [*dict.fromkeys(path for path, text in texts if not asked.has(text) and not neutral.has_place(path))]


def _missed(protocol: WireProtocol, neutral: Neutral, call: ModelCall) -> dict[Path, _Missed]:
    """The places of events that are not understood."""
    found: dict[Path, _Missed] = {}
    passed_over: set[Path] = set()
    whole: Shown | None = None
    quiet: Collection[str] = getattr(protocol, "NEUTRAL_EVENTS", ())
    lone: Collection[type] = getattr(protocol, "LONE_DELTAS", ())
    for event, deltas in call.steps:
        if deltas and type(deltas[-1]) in lone and len(deltas) <= _ROLE_AND_TEXT:
            continue
        texts = _of_event(event, deltas, neutral, quiet)
        if not texts or (
            len(texts) == len(deltas) == 1 and deltas[0][:1] == texts[0][1:]
        ):  # a word, as most events are
            continue
        shown = Shown(deltas)
        for path, text in texts:
            if path in passed_over or shown.has(text):
                continue
            if path not in found:
                whole = whole or Shown((call.replies, call.summary, call.error, call.prompt, _counts(call)))
                if neutral.has_place(path):
                    passed_over.add(path)
                    continue
                if whole.has(text):
                    continue
            known = found.get(path) or _Missed(event.number)
            found[path] = known._replace(times=known.times + 1)
    return found


def _counts(call: ModelCall) -> tuple[str, ...]:
    """The counts that are shown, as texts: some servers send theirs in quotes."""
    return tuple(str(count) for count in held(call.usage) if count is not None) if call.usage else ()


def _garbled(raw: str) -> Path:
    """What is no event; a field of a server-sent event that nobody knows by its name."""
    field = _A_FIELD.match(raw)
    return f"what is not JSON (`{field[1]}:`)" if field else "what is not JSON"


def _of_event(
    event: Event, deltas: Sequence[Delta], neutral: Neutral, quiet: Collection[str]
) -> Sequence[tuple[Path, str]]:
    """The texts of an event that have to be shown; of one that adds nothing its type, unless that is known."""
    if event.data is None:
        raw = (event.raw or "").strip()
        return () if not raw or raw == _END else ((_garbled(raw), raw),)
    if event.data == _END:
        return ()
    texts = texts_of(event.data, neutral)
    if not texts and not deltas and isinstance(event.data, dict):
        kind = event.data.get("type") or event.data.get("object") or event.name
        if isinstance(kind, str) and kind not in quiet:
            return ((f"events of type {kind}", kind),)
    if not texts and deltas and all(map(_is_without_words, deltas)):
        return [(path, f"{path}={number}") for path, number in numbers_of(event.data, neutral)]
    return texts


def _is_without_words(delta: Delta) -> bool:
    """Whether a delta is a piece with nothing in it: where words belong may stand a number."""
    kind = type(delta)
    return (kind in TEXTS and not delta[0]) or (kind is ToolCallDelta and not any(delta[:1] + delta[3:6]))
