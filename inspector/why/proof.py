"""What a key alone proves: the recorded request that it belongs to once one thing of it is changed.

A key is a hash over all of a request. Whoever finds the same key by changing a recorded request has the request that
was asked for; no likeness is needed, and none is taken for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from inspector.model import Json
from inspector.recorders import llama_stack_rules as rules
from inspector.testruns.node_id import parse
from inspector.why.body_variants import (
    Pieces,
    Segments,
    Variant,
    last_text,
    of_growing,
    of_messages,
    of_settings,
    pieces_of,
    settings_of,
)
from inspector.why.hashed_request import Hashed, body_of, hashed
from inspector.why.text_hasher import Hasher

SHORTEST = 12
"""Digits of a key that prove something: fewer may be met by chance."""

_MOST_HASHED = 70_000_000
"""Bytes that are hashed for each way of changing a request, with what each piece costs besides: half a second."""

_MOST_SET = 24
"""Recordings whose settings are changed, the likeliest first."""

_MOST_TESTS = 2_000


@dataclass(frozen=True, eq=False)
class Recorded:
    """A recording of the recorder, as its file has it. What is computed of it serves all misses of a log."""

    path: str
    document: dict[str, Any]

    @cached_property
    def test(self) -> str | None:
        test = self.document.get("test_id")
        return test if isinstance(test, str) else None

    @cached_property
    def function(self) -> str:
        return parse(self.test or "").function

    @property
    def request(self) -> dict[str, Any]:
        request: dict[str, Any] = self.document["request"]
        return request

    @cached_property
    def keys(self) -> Sequence[tuple[str, rules.Rules]]:
        """Its keys under the versions of the rules."""
        return [*rules.every_key(self.document)]

    @cached_property
    def hashed(self) -> Hashed | None:
        """How its request is hashed; None for what has no body to change."""
        return hashed(self.request)

    @cached_property
    def body(self) -> dict[str, Json]:
        """As it is hashed."""
        return body_of(self.request, self.hashed) if self.hashed else {}

    @cached_property
    def pieces(self) -> Pieces:
        return pieces_of(self.body)

    @cached_property
    def segments(self) -> Segments:
        return self.pieces.segments()


class Wanted(NamedTuple):
    """What a recorder tells of a request that it has no recording for."""

    key: str
    tests: tuple[str, ...] = ()
    model: str = ""
    path: str = ""
    """That of its address."""


class Proof(NamedTuple):
    """That a request is a recorded one with something changed; with nothing changed it is looked for elsewhere, or by
    other rules."""

    path: str
    changes: tuple[str, ...]
    how: str = ""
    """Why a recording of the very request is not found."""

    @property
    def words(self) -> str:
        if not self.changes:
            return f"the request is that of {self.path}: {self.how}"
        return f"the request is that of {self.path} with {' and '.join(self.changes)}"


def prove(wanted: Wanted, recorded: Sequence[Recorded]) -> Proof | None:
    """The recording that a key proves a request to be made of; None where nothing that is tried meets it. What is most
    like the request is tried first, and one answer hashes so much and no more."""
    if len(wanted.key) < SHORTEST:
        return None
    return _named(wanted, recorded) or _Trial(wanted, recorded).proof() or _older(wanted, recorded)


# ---------------------------------------------------------------- the very request


def _named(wanted: Wanted, recorded: Iterable[Recorded]) -> Proof | None:
    """A recording that has the key for its name."""
    for one in recorded:
        if rules.named_by(one.path).startswith(wanted.key):
            return Proof(one.path, (), _elsewhere(one, wanted))
    return None


def _older(wanted: Wanted, recorded: Iterable[Recorded]) -> Proof | None:
    """A recording that had the key by other rules than today's, or that is no request to a model."""
    for one in recorded:
        for key, version in one.keys:
            if key.startswith(wanted.key):
                return Proof(one.path, (), f"by the rules {version.name} this is its key; its name is not that key")
    return None


def _elsewhere(one: Recorded, wanted: Wanted) -> str:
    if rules.is_unreachable(one.path, one.document):
        return f"it has the name, and holds something else: {rules.explained(one.path, one.document)}"
    folder = one.path.rpartition("/")[0]
    looked_in = [f"{test.partition('::')[0].rpartition('/')[0]}/recordings" for test in wanted.tests]
    if looked_in and not any(f"/{folder}".endswith(f"/{place}") for place in looked_in) and "common" not in folder:
        return f"it is recorded under this key, but the recorder looks in {looked_in[0]} and in common/recordings"
    return "it is recorded under this very key: the run had other files, or looked in another directory"


def _misnamed(one: Recorded) -> str:
    return f"its name is not its key: {rules.explained(one.path, one.document)}"


# ---------------------------------------------------------------- with something changed


class _Trial:
    """One key, and all that is tried to meet it."""

    def __init__(self, wanted: Wanted, recorded: Sequence[Recorded]) -> None:
        self._wanted = wanted
        self._functions = {parse(test).function for test in wanted.tests}
        self._recorded = sorted((one for one in recorded if one.hashed), key=self._distance)
        self._hasher = Hasher(wanted.key)
        self._tail = cache(lambda method, path, test: rules.tail(method, path, test, rules.CURRENT).encode())
        self._every_tail = cache(lambda method, path: [(test, self._tail(method, path, test)) for test in self._tests])

    def _distance(self, one: Recorded) -> tuple[bool, ...]:
        return (
            one.test not in self._wanted.tests,
            one.function not in self._functions,
            bool(self._wanted.model) and one.request.get("model") != self._wanted.model,
        )

    def proof(self) -> Proof | None:
        near = [one for one in self._recorded if self._is_near(one)]
        for tried, ones in (
            (self._whole, self._recorded),
            (self._messages, near),
            (self._growing, near),
            (self._settings, near[:_MOST_SET]),
            (self._of_others, self._recorded),
        ):
            self._hasher.left = _MOST_HASHED
            for one in ones:
                if proof := self._of(one, tried):
                    return proof
                if self._hasher.left <= 0:
                    break
        return None

    def _is_near(self, one: Recorded) -> bool:
        """Whether a recording is of what was asked, as far as the recorder tells: of its test, or its model."""
        if self._wanted.tests:
            return one.function in self._functions
        return not self._wanted.model or one.request.get("model") == self._wanted.model

    def _of(self, one: Recorded, tried: Callable[[Recorded, Pieces], Iterator[Variant]]) -> Proof | None:
        how = one.hashed
        if how is None:
            return None
        was, model = one.body.get("model"), self._wanted.model if how.has_test else ""  # a tool has no model
        other = f"`model` {json.dumps(model)} instead of {json.dumps(was)}" if model and was != model else ""
        pieces = one.pieces.with_setting("model", model) if other else one.pieces
        tails = self._tails(one, how, self._tests_for(one, tried))
        self._hasher.base([how.lead, *(one.segments if pieces is one.pieces else pieces.segments())])
        for variant in tried(one, pieces):
            if (found := self._hasher.met([how.lead, *variant.segments], tails)) is not None:
                changes = tuple(filter(None, (other, variant.change, self._change(one, found.test))))
                return Proof(one.path, changes, "" if changes else _misnamed(one))
            if self._hasher.left <= 0:
                return None
        return None

    # ------------------------------------------------------------ what is tried

    def _whole(self, one: Recorded, pieces: Pieces) -> Iterator[Variant]:
        yield Variant(one.segments if pieces is one.pieces else pieces.segments(), "")

    def _of_others(self, one: Recorded, pieces: Pieces) -> Iterator[Variant]:
        """The same for the tests of other functions: there are many."""
        return iter(()) if self._wanted.tests else self._whole(one, pieces)

    def _messages(self, one: Recorded, pieces: Pieces) -> Iterator[Variant]:
        return of_messages(pieces, one.body[pieces.listed] if pieces.listed else [])

    def _growing(self, one: Recorded, pieces: Pieces) -> Iterator[Variant]:
        if (fewer := self._shorter(one)) is not None:
            yield from of_growing(pieces, one.body[pieces.listed], fewer)

    def _settings(self, one: Recorded, pieces: Pieces) -> Iterator[Variant]:
        return of_settings(pieces, self._known)

    def _tests_for(self, one: Recorded, tried: object) -> Iterable[str | None]:
        """The tests that a request is tried for: its own, those that the recorder named, and others of its function; or
        every other one."""
        if one.hashed is None or not one.hashed.has_test:
            return [one.test]
        if tried == self._of_others:
            return self._tests
        known = [one.test, *self._wanted.tests]
        if tried == self._whole:
            known += [None, *([] if self._wanted.tests else self._by_function.get(one.function, ()))]
        return dict.fromkeys(known)

    def _tails(self, one: Recorded, how: Hashed, tests: Iterable[str | None]) -> list[tuple[str | None, bytes]]:
        """What is hashed after the body, by test."""
        path = self._path(one)
        if how.key != "body":
            return [(test, how.tail(one.request, path, test)) for test in tests]
        method = str(one.request.get("method") or "POST")
        if tests is self._tests:
            return self._every_tail(method, path)
        return [(test, self._tail(method, path, test)) for test in tests]

    def _path(self, one: Recorded) -> str:
        """The path that a request is tried with: what went around the SDKs is hashed with its own whole address."""
        is_of_sdk = one.hashed is not None and one.hashed.key == "body"
        return (is_of_sdk and self._wanted.path) or rules.path_of(one.request)

    def _change(self, one: Recorded, test: str | None) -> str:
        """What of a tail is another than the recording's own."""
        own, path = rules.path_of(one.request), self._path(one)
        whose = "" if test == one.test else f"the test {test}" if test else "no test"
        return " and ".join(filter(None, (whose, "" if path == own else f"the address {path} instead of {own}")))

    # ------------------------------------------------------------ what there is

    @cached_property
    def _tests(self) -> list[str | None]:
        return [None, *list(dict.fromkeys(one.test for one in self._recorded if one.test))[:_MOST_TESTS]]

    @cached_property
    def _by_function(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for test in filter(None, self._tests):
            found.setdefault(parse(test).function, []).append(test)
        return found

    @cached_property
    def _known(self) -> Mapping[str, Sequence[bytes]]:
        return settings_of(one.request[one.hashed.key] for one in self._recorded if one.hashed)

    def _shorter(self, one: Recorded) -> list[Json] | None:
        """The messages of the same test whose last text is the longest that is shorter."""
        by_length = self._by_length.get(one.test, [])
        at = next((at for at, (_, path, _) in enumerate(by_length) if path == one.path), 0)
        return by_length[at - 1][2] if at else None

    @cached_property
    def _by_length(self) -> dict[str | None, list[tuple[int, str, list[Json]]]]:
        found: dict[str | None, list[tuple[int, str, list[Json]]]] = {}
        for one in self._recorded:
            messages = one.body.get("messages")
            if isinstance(messages, list) and (text := last_text(messages)) is not None:
                found.setdefault(one.test, []).append((len(text), one.path, messages))
        return {test: sorted(ones, key=lambda one: one[:2]) for test, ones in found.items()}
