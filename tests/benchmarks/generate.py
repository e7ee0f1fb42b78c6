"""Writes recordings of made-up test runs: ``python -m tests.benchmarks.generate 10000 FOLDER``.

Sizes and shapes are drawn as the recordings of a large test suite have them. Of 10,000 files, with the figures of
that suite in parentheses:

- 233 MB; a file has 23 kB on average (22), half of them up to 14 kB (9), one in twenty 67 kB and more (77), the
  largest 1.9 MB (0.9)
- 56 % are streams of chat completions (48): 16 chunks in the middle (18), 100 and more in one of twenty (113); 29 % are
  whole (36), most of them of a guard that judges an answer again as it grows; 7 % model lists (7), then Gemini,
  embeddings, cassettes of the Responses protocol, HARs and sessions of Anthropic's, errors, and torn files
- a test has 3.6 exchanges on average (4.1), nine of ten tests have at most 6 (5), the largest 400 (331)
- a request repeats its conversation: each distinct message is carried 2.8 times (2.8); distinct messages hold
  530 characters for each file (600), in 41,000 different words (rank and frequency by Zipf's law)
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, count, islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.benchmarks import chats, others, talks, words
from tests.benchmarks.chats import File

_PER_PROJECT = 1_200
"""Tests of one checkout."""

_YEAR = 365 * 86_400.0
_BEGAN = 1_767_225_600.0
"""When the first exchange of the logs was, in seconds."""

_CLIENTS = ("openai_client", "client_with_models", "skerry_client")
_SUITES = {
    "responses": 52, "agents": 12, "inference": 14, "safety": 5, "messages": 4, "vector_io": 4, "files": 3,
    "batches": 2, "telemetry": 2, "common": 2,
}  # fmt: skip


class Test(NamedTuple):
    """A test by its number, with what it records, in how many files, and how many of these are wanted."""

    number: int
    kind: str
    files: int
    wanted: int
    project: str
    suite: str


def generate(files: int, folder: Path, seed: int = 1) -> int:
    """Write so many files below a folder, on all cores; the number of bytes.

    The same number and seed give the same files, and a smaller number the first of them. By their times the first is
    the newest and the last a year old.
    """
    tests = [*_tests(files, seed)]
    parts = os.cpu_count() or 1
    for place in {_place(test) for test in tests}:
        (folder / place).mkdir(parents=True, exist_ok=True)
    now = time.time()
    with ProcessPoolExecutor(parts, get_context("spawn")) as pool:
        made = [pool.submit(_write, tests[part::parts], len(tests), folder, seed, now) for part in range(parts)]
        return sum(one.result() for one in made)


def _tests(files: int, seed: int) -> Iterator[Test]:
    rng = Random(seed)
    shares = [share for share, _, _ in _KINDS.values()]
    for number in count():
        (kind,) = rng.choices([*_KINDS], weights=shares)
        (suite,) = rng.choices([*_SUITES], weights=[*_SUITES.values()])
        median, project = _KINDS[kind][1], f"light-{number // _PER_PROJECT:02d}"
        made = min(max(1, round(median * rng.lognormvariate(0, 0.8))), 400) if median > 1 else 1
        yield Test(number, kind, made, min(made, files), project, suite)
        files -= made
        if files <= 0:
            return


def _write(tests: list[Test], of: int, folder: Path, seed: int, now: float) -> int:
    size = 0
    for test in tests:
        rng = Random(f"{seed} {test.number}")
        changed = now - _YEAR * test.number / of
        for name, text in islice(_files(rng, test), test.wanted):
            path = folder / _place(test) / name
            path.write_bytes(text)
            os.utime(path, (changed, changed))
            size += len(text)
    return size


def _files(rng: Random, test: Test) -> Iterator[File]:
    """The files of a test, as many as one likes: those after a conversation's end record it again."""
    make = _KINDS[test.kind][2]
    return chain.from_iterable(make(rng, test) for _ in count())


def _place(test: Test) -> str:
    match test.kind:
        case "cassette":
            return f"{test.project}/tests/cassettes/test_{test.suite}"
        case "har" | "log":
            return f"{test.project}/captured"
        case _:
            return f"{test.project}/tests/integration/{test.suite}/recordings"


def _id(rng: Random, test: Test, model: talks.Model) -> str:
    name = f"test_{words.function(rng)}_{test.kind}_{test.number}"
    setting = f"{rng.choice(_CLIENTS)}-txt={model.provider}/{model.asked}"
    return f"tests/integration/{test.suite}/test_{test.suite}_{test.number % 7}.py::{name}[{setting}]"


def _asking(test: Test) -> Random:
    """What is said. Every third test asks what the one before it asks, of another model or through another client."""
    return Random(f"asking {test.number - (test.number % 3 == 1)}")


# ---------------------------------------------------------------- what a test records


def _conversation(rng: Random, test: Test) -> Iterator[File]:
    model, stream = talks.model(rng), rng.random() < 0.93
    id, turns = _id(rng, test, model), [*talks.talk(_asking(test), rng.choice((0, 1, 1, 1, 2, 2, 3, 4)))]
    yield from (chats.exchange(rng, id, model, turn, stream) for turn in turns)
    for _ in range(test.files // len(turns)):
        yield from (chats.exchange(rng, id, model, talks.again(rng, turn), stream) for turn in turns)


def _question(rng: Random, test: Test) -> Iterator[File]:
    model = talks.model(rng)
    id, (turn,) = _id(rng, test, model), talks.talk(_asking(test), 0)
    yield chats.exchange(rng, id, model, turn, rng.random() < 0.7)


def _guarded(rng: Random, test: Test) -> Iterator[File]:
    model = talks.model(rng)
    id = _id(rng, test, model)
    said, *judged = talks.guarded(rng, test.files)
    yield chats.exchange(rng, id, model, said, True)
    yield from (chats.exchange(rng, id, talks.GUARD, turn, False) for turn in judged)


def _gemini(rng: Random, test: Test) -> Iterator[File]:
    id = _id(rng, test, talks.Model("publishers/google/models/gemini-2.0-flash", "", "vertexai", ""))
    yield from (chats.gemini(rng, id, turn) for turn in talks.talk(rng, rng.randrange(2)))


def _embeddings(rng: Random, test: Test) -> Iterator[File]:
    yield chats.embeddings(rng, _id(rng, test, talks.model(rng)), words.text(rng, 12))


def _models(rng: Random, test: Test) -> Iterator[File]:
    yield chats.models(rng, talks.model(rng))


def _refused(rng: Random, test: Test) -> Iterator[File]:
    model, (turn,) = talks.model(rng), talks.talk(rng, 0)
    yield chats.refused(rng, _id(rng, test, model), model, turn)


def _torn(rng: Random, test: Test) -> Iterator[File]:
    for name, text in _question(rng, test):
        yield name, text[: rng.randrange(len(text))]


def _cassette(rng: Random, test: Test) -> Iterator[File]:
    yield f"test_{words.function(rng)}_{test.number}.yaml", others.cassette(talks.talk(rng, rng.randrange(4)))


def _har(rng: Random, test: Test) -> Iterator[File]:
    turns = chain.from_iterable(talks.talk(rng, rng.randrange(4)) for _ in range(rng.randrange(1, 8)))
    yield f"proxy-{test.number}.har", others.har(turns, "2026-01-01T00:00:00.000Z")


def _log(rng: Random, test: Test) -> Iterator[File]:
    turns = talks.talk(rng, rng.randrange(4, 30))
    yield f"log-{test.number}.jsonl", others.log(rng, turns, _BEGAN + 3_600 * test.number)


_KINDS: dict[str, tuple[float, float, Callable[[Random, Test], Iterator[File]]]] = {
    "conversation": (50, 3.0, _conversation),
    "question": (21, 1, _question),
    "guarded": (0.9, 90, _guarded),
    "gemini": (5, 1.4, _gemini),
    "embeddings": (4, 1, _embeddings),
    "models": (10, 1.7, _models),
    "refused": (3, 1, _refused),
    "torn": (0.2, 1, _torn),
    "cassette": (4.5, 1, _cassette),
    "har": (0.5, 1, _har),
    "log": (0.4, 1, _log),
}
"""For each kind its share of the tests in percent, the median number of its files, and what writes them."""


def main() -> None:
    if len(sys.argv) != 3 or not sys.argv[1].isdecimal() or not int(sys.argv[1]):
        sys.exit("usage: python -m tests.benchmarks.generate FILES FOLDER")
    began = time.perf_counter()
    size = generate(int(sys.argv[1]), Path(sys.argv[2]))
    print(f"{int(sys.argv[1]):,} files, {size / 1e6:,.0f} MB, in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
