"""Marks of recordings that depend on what stands around them, or on how the tests ran: what replays an exchange, what
does not, and what replays better should not.

They are worked out when somebody asks, from the index and the maps of test runs; nothing of them is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from inspector.analysis.recorded_with import version
from inspector.files.roots import Roots
from inspector.formats import detect
from inspector.index import Index, conditions
from inspector.index.recorded_files import Replayed, Told
from inspector.output.plural import count
from inspector.recorders import llama_stack_rules, vcrpy_rules
from inspector.testruns.last_run import LastRun, Outcomes
from inspector.testruns.node_id import parse
from inspector.testruns.results import load
from inspector.testruns.unused import NO_MORE, unused

Why = Mapping[str, str]
"""Why exchanges have a mark, by their ids."""

_MANY = 500
"""Exchanges of a mark from which on queries go through flags."""

_KEY = re.compile(r"[0-9a-f]{64}")
_PASSED = ("passed", "xpassed")
_DAY = 86_400


class Marked(dict[str, str]):
    """Why exchanges have a mark, by their ids. Of many there is a flag for each: a byte in the place that an exchange's
    number in the index says, counted from 1, see `inspector.index.conditions.marked_around`."""

    flags: bytes = b""


class Asked(NamedTuple):
    """What is asked besides the index: how tests ran, and from which moment on a recording is not old."""

    outcomes: Outcomes
    since: float = 0.0
    """Seconds since the epoch; 0 where no age is too much."""


def replay_marks(index: Index, asked: Asked) -> Mapping[str, Why]:
    """The exchanges with each mark of `inspector.analysis.issues.AROUND`, with the reason."""
    every = index.replayed()
    of_path: dict[str, list[Replayed]] = defaultdict(list)
    for one in every:
        of_path[one.path].append(one)
    orphans, unplayed = _unused(index, asked.outcomes, of_path)
    marks = {
        "duplicate": dict(_duplicates(every)),
        "collision": {**dict(_same_keys(every)), **dict(_same_files(asked.outcomes, of_path))},
        "unplayed": {**unplayed, **dict(_unplayed(asked.outcomes, of_path))},
        "orphan": orphans,
        "error replayed": dict(_errors(asked.outcomes, every)),
        "stale": {**dict(_older_sdk(every)), **dict(_old(every, asked.since))},
        "prefix moved": dict(_moved(index)),
    }
    return {kind: _flagged(whys, every) for kind, whys in marks.items()}


def _flagged(whys: Why, every: Sequence[Replayed]) -> Marked:
    marked = Marked(whys)
    size = max((one.id for one in every), default=0)
    if len(marked) > _MANY and size < 4 * len(every):  # else most bytes are of numbers that nothing has any more
        flags = bytearray(size)
        for one in every:
            flags[one.id - 1] = one.uid in marked
        marked.flags = bytes(flags)
    return marked


@contextmanager
def queries_ask(index: Index, roots: Roots, since: float = 0.0) -> Iterator[Callable[[], Mapping[str, Why]]]:
    """Let queries find exchanges by these marks, and give what works them out: once, when it is first asked."""
    marks = cache(lambda: replay_marks(index, Asked(load(roots), since)))
    with conditions.marks_around(marks):
        yield marks


# ---------------------------------------------------------------- recorded again


def _duplicates(every: Iterable[Replayed]) -> Iterator[tuple[str, str]]:
    """The same turn of a test in several files of a recorder that keeps each in a file of its own."""
    same: dict[tuple[str | None, int, int], list[Replayed]] = defaultdict(list)
    for one in every:
        if one.format == llama_stack_rules.NAME and one.test is not None and one.chain:
            same[one.test, one.chain, one.request].append(one)
    for ones in same.values():
        if len({one.path for one in ones}) > 1:
            yield from ((one.uid, _which_replays(one, ones)) for one in ones)


def _which_replays(one: Replayed, ones: list[Replayed]) -> str:
    reached = [other for other in ones if "unreachable" not in other.odd.split(",")]
    also = f"the same turn is in {count(len(ones) - 1, 'other file')}"
    if not reached:
        return f"{also}, and none of them replays"
    if one not in reached:
        more = f" and {len(reached) - 1} more" if len(reached) > 1 else ""
        return f"{also}: not this one replays, but {reached[0].path}{more}"
    if len(reached) == 1:
        return f"{also}, and this one replays"
    others = count(len(reached) - 1, "other")
    return f"{also}; this one replays, and {others} too: their requests differ in ids, scores or what is not set"


# ---------------------------------------------------------------- two tests, one key


def _same_keys(every: Iterable[Replayed]) -> Iterator[tuple[str, str]]:
    """Recordings that have the same key, of different tests."""
    same: dict[str, list[Replayed]] = defaultdict(list)
    for one in every:
        if one.format == llama_stack_rules.NAME and _KEY.fullmatch(one.stem):
            same[one.stem].append(one)
    for ones in same.values():
        if len({one.test for one in ones}) > 1:
            for one in ones:
                other = next(other for other in ones if other.test != one.test)
                yield one.uid, f"{other.path} has the same key, for {other.test or 'no test'}"


def _same_files(outcomes: Outcomes, of_path: Mapping[str, list[Replayed]]) -> Iterator[tuple[str, str]]:
    """Recordings that two tests write, by what they opened or by how their cassettes are called."""
    for path, tests in outcomes.by_path.items():
        wrote = sorted({test.key for test in tests if "wrote" in test.recordings[path]})
        if len(wrote) > 1 and path in of_path:
            yield from ((one.uid, f"{wrote[0]} and {wrote[1]} both write it") for one in of_path[path])
    called: dict[str, list[str]] = defaultdict(list)
    for key in sorted(outcomes.tests):
        called[vcrpy_rules.cassette_of(key)].append(key)
    for cassette, keys in called.items():
        if cassette and len(keys) > 1:
            for path in _ending(of_path, cassette):
                yield from ((one.uid, f"{keys[0]} and {keys[1]} have the same cassette") for one in of_path[path])


def _ending(of_path: Mapping[str, list[Replayed]], cassette: str) -> list[str]:
    """The paths that a cassette may have, where its folder or one around it is served."""
    if cassette in of_path:
        return [cassette]
    parts = cassette.split("/")
    return [path for at in range(1, len(parts)) if (path := "/".join(parts[at:])) in of_path and at < len(parts) - 1]


# ---------------------------------------------------------------- what tests used


def _unused(
    index: Index, outcomes: Outcomes, of_path: Mapping[str, list[Replayed]]
) -> tuple[dict[str, str], dict[str, str]]:
    """What no test used: because its test is no more, and for other reasons."""
    orphans: dict[str, str] = {}
    others: dict[str, str] = {}
    for one in unused(outcomes, index.recordings().values() if outcomes.tests else ()):
        into = orphans if one.why == NO_MORE else others
        into |= dict.fromkeys((exchange.uid for exchange in of_path.get(one.recorded.path, ())), one.why)
    return orphans, others


def _unplayed(outcomes: Outcomes, of_path: Mapping[str, list[Replayed]]) -> Iterator[tuple[str, str]]:
    """Entries of cassettes that all tests which had them in hand left alone, where all of those ran and passed."""
    for path, tests in outcomes.by_path.items():
        if path in of_path and all(_is_whole(outcomes, test) and path in test.unplayed for test in tests):
            left = set.intersection(*(set(test.unplayed[path]) for test in tests))
            for one in of_path[path]:
                if one.entry in left and one.mtime / 1e9 <= min(test.at for test in tests):
                    yield one.uid, "the tests that use its cassette passed without it"


def _is_whole(outcomes: Outcomes, test: LastRun) -> bool:
    """Whether a test passed, in a run of all tests of its file."""
    return test.outcome in _PASSED and outcomes.is_whole(parse(test.key).file) > 0


def _errors(outcomes: Outcomes, every: Iterable[Replayed]) -> Iterator[tuple[str, str]]:
    for one in every:
        if "error" not in one.odd.split(","):
            continue
        using = outcomes.by_path.get(one.path, ())
        own = outcomes.of(one.test) if one.test and not using else None
        for test in (*using, *filter(None, [own])):
            if test.outcome in _PASSED and one.entry not in test.unplayed.get(one.path, ()):
                status = f"status {one.status}" if one.status and one.status >= 400 else "an error"
                yield one.uid, f"{test.id} passes, and replays {status}"
                break


# ---------------------------------------------------------------- old


def _older_sdk(every: Iterable[Replayed]) -> Iterator[tuple[str, str]]:
    """Those whose SDK has a newer version in others of their test, session or file. An agent's own session outlasts the
    versions of the agent, and nobody records it again."""
    by_group: dict[tuple[int, str], list[Replayed]] = defaultdict(list)
    for one in every:
        if one.sdk and one.format not in detect.names_of("sessions"):
            by_group[one.group, version(one.sdk)[0]].append(one)
    for ones in by_group.values():
        newest = max((one.sdk for one in ones), key=lambda sdk: version(sdk)[1])
        for one in ones:
            if version(one.sdk) != version(newest):
                yield one.uid, f"recorded with {one.sdk}, and others of its test with {newest}"


def _old(every: Iterable[Replayed], since: float) -> Iterator[tuple[str, str]]:
    for one in every:
        if since and one.started is not None and (age := since - one.started / 1000) > 0:
            yield one.uid, f"recorded {count(int(age // _DAY), 'day')} before what is not too old"


# ---------------------------------------------------------------- what stood before


def _moved(index: Index) -> Iterator[tuple[str, str]]:
    """Requests that go on from a reply of another, with its last message before it and something else further up."""
    group: list[Told] = []
    for one in index.told_together():
        if group and one.group != group[0].group:
            yield from _moved_in(index, group)
            group = []
        group.append(one)
    yield from _moved_in(index, group)


def _moved_in(index: Index, group: list[Told]) -> Iterator[tuple[str, str]]:
    before: dict[tuple[int, int], list[tuple[int, ...]]] = defaultdict(list)
    for one in group:
        for reply in one.replies:
            before[len(one.prompt), reply].append(one.prompt)
    lengths = sorted({length for length, _ in before if length > 1}, reverse=True)
    for one in group:
        for length in lengths:
            prompts = before.get((length, one.prompt[length]), ()) if length < len(one.prompt) else ()
            if prompts:
                head = one.prompt[:length]
                if head not in prompts and (at := _first_other(head, prompts)) is not None:
                    yield one.uid, _what_moved(index.place_of(one.id, at), at)
                break  # the longest that it goes on from tells


def _first_other(head: tuple[int, ...], prompts: Iterable[tuple[int, ...]]) -> int | None:
    """The first message that is another than in the prompt which is most like it, of those that end alike."""
    firsts = [
        next(at for at, (now, was) in enumerate(zip(head, prompt, strict=True)) if now != was)
        for prompt in prompts
        if prompt[-1] == head[-1]
    ]
    return max(firsts, default=None)


def _what_moved(place: str, at: int) -> str:
    block = "the system prompt" if place == "system" else f"its {place} message {at}" if place else f"message {at}"
    return f"it goes on from an earlier request, but {block} is another one: what follows it is cached no more"
