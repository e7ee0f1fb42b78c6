"""Which trace an exchange is of, and what goes by which id.

A trace is a test, else a session, else a story: the exchanges of a file that continue each other. Ids follow from the
names of these and from the ids of exchanges, so that whoever sends the same twice sends the same spans.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

from inspector.analysis.fingerprint import digest
from inspector.analysis.prefix_hash import chains
from inspector.model import ModelCall
from inspector.output.otlp.genai_span import INTERNAL, SpanIds, span
from inspector.output.otlp.span_times import SpanTimes
from inspector.output.shown_exchange import Shown


def hashed(digits: int, *words: str) -> str:
    """As many hexadecimal digits of a hash over some words."""
    said = "\x1f".join(words)
    return blake2b(said.encode("utf-8", "replace"), digest_size=digits // 2).hexdigest()


class _Whole(NamedTuple):
    """A test or a session: the span that holds those of its exchanges."""

    library: str
    kind: str
    name: str
    title: str
    began: int
    ended: int
    is_timed: bool
    exchanges: int


class Traces:
    """The traces of exchanges that come file by file."""

    def __init__(self) -> None:
        self._wholes: dict[str, _Whole] = {}
        self._path = ""
        self._stories: dict[int, str] = {}

    def ids(self, one: Shown) -> SpanIds:
        """The ids of an exchange's span. A test and a session have a span of their own, that holds the others."""
        kind, name = one.place["group"]["kind"], one.place["group"]["id"]
        if kind == "file":
            return SpanIds(hashed(32, "story", one.library, self._story(one)), one.place["id"])
        trace = hashed(32, kind, one.library, name)
        return SpanIds(trace, one.place["id"], _whole_id(trace))

    def _story(self, one: Shown) -> str:
        """The id of the exchange that an exchange's story begins with: the first of its file whose prompt, with its
        answer or without, this prompt goes on from."""
        path = one.place["recording"]["path"]
        if path != self._path:
            self._path, self._stories = path, {}
        prompt = [digest(message).key for message in one.call.prompt.messages]
        begins = next((self._stories[known] for known in reversed(chains(prompt)[1:]) if known in self._stories), None)
        story = begins or one.place["id"]
        for said in _ends(prompt, one.call):
            self._stories.setdefault(said, story)
        return story

    def note(self, one: Shown, ids: SpanIds, times: SpanTimes) -> None:
        """That an exchange's span is of its trace."""
        if not ids.parent:
            return
        group, exchange = one.place["group"], one.exchange
        is_timed = times.unknown in (None, "end not recorded")
        before = self._wholes.get(ids.trace)
        title = exchange.title if group["kind"] == "session" else ""
        if before is None:
            self._wholes[ids.trace] = _Whole(
                one.library, group["kind"], group["id"], title, times.began, times.ended, is_timed, 1
            )
            return
        self._wholes[ids.trace] = before._replace(
            title=before.title or title,
            began=min(before.began, times.began),
            ended=max(before.ended, times.ended),
            is_timed=before.is_timed and is_timed,
            exchanges=before.exchanges + 1,
        )

    def wholes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The spans of tests and sessions, each with the library that it is of."""
        for trace, whole in self._wholes.items():
            named = {"test.case.name": whole.name} if whole.kind == "test" else {"gen_ai.conversation.id": whole.name}
            times = SpanTimes(whole.began, whole.ended, None if whole.is_timed else "not recorded")
            about = {**named, "inspector.group": whole.kind, "inspector.exchanges": whole.exchanges}
            name = whole.title or f"{whole.kind} {whole.name}"
            yield whole.library, span(SpanIds(trace, _whole_id(trace)), name, INTERNAL, times, about)


def _whole_id(trace: str) -> str:
    return hashed(16, "whole", trace)


def _ends(prompt: list[int], call: ModelCall) -> Iterator[int]:
    """What prompts begin with that go on from one: its whole, and that with each of its answers."""
    if prompt:
        yield chains(prompt)[-1]
    for reply in call.replies:
        yield chains([*prompt, digest(reply).key])[-1]
