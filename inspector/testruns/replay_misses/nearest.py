"""Where a request that no recording was found for leads to: what is still recorded of its test, and what is like it.

What is known and what is guessed stays apart: a file of the very name is known, everything else is a likeness.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from inspector.analysis.story_order import in_order
from inspector.index import Index, Row
from inspector.index.conditions import names
from inspector.output.plural import count
from inspector.testruns.node_id import parse
from inspector.testruns.replay_misses import Miss, Named

MOST = 8
"""Exchanges that are told of a test, and of what is like a request elsewhere."""

_GROUPS = 5
_FULL_HASH, _SHORT_HASH = 64, 12
_PARTS = 6
"""Parts of a cassette's path that are looked at: its place on another machine is not its place here."""
_LOOKED_AT = 500

_OPERATIONS = {
    "/chat/completions": "chat",
    "/messages": "chat",
    "/responses": "chat",
    "/embeddings": "embeddings",
    "/models": "models",
    "/rerank": "rerank",
}
"""What the end of an address asks for."""


class Like(NamedTuple):
    """A recorded exchange, and what it has in common with a request; nothing where it is only near."""

    row: Row
    same: tuple[str, ...]


class OfTest(NamedTuple):
    """What is recorded of a test that a log names."""

    named: Named
    id: str
    """The test as the recordings call it; empty where there is none."""
    total: int
    likes: tuple[Like, ...]
    others: tuple[tuple[str, int], ...]
    """Where nothing is recorded of it: tests like it, with how many exchanges they have."""


class Lead(NamedTuple):
    miss: Miss
    there: tuple[Row, ...]
    """Exchanges in a file of the very name: it is not missing here."""
    cassette: tuple[Like, ...]
    """Exchanges of the cassette that the log names."""
    cassette_total: int
    tests: tuple[OfTest, ...]
    elsewhere: tuple[Like, ...]
    """Of other tests, where nothing nearer is known."""


def lead(index: Index, miss: Miss) -> Lead:
    there = tuple(_with_hash(index, miss.hash)) if miss.hash else ()
    cassette = _of_cassette(index, miss.cassette) if miss.cassette else []
    tests = tuple(_of_test(index, miss, test) for test in miss.tests)
    is_near = there or cassette or any(test.total for test in tests)
    return Lead(
        miss,
        there,
        _best(miss, cassette),
        len(cassette),
        tests,
        () if is_near else _elsewhere(index, miss),
    )


def is_bare(miss: Miss) -> bool:
    """Whether a miss says nothing but a hash, by which nothing is like it."""
    return bool(miss.hash) and not (miss.tests or miss.model or miss.url or miss.cassette)


def unlike(miss: Miss) -> Lead:
    """Where a miss leads to that nothing is like."""
    return Lead(miss, (), (), 0, (), ())


# ---------------------------------------------------------------- in words


def request(miss: Miss) -> str:
    """What was asked for."""
    if miss.kind == "tool":
        return f"the tool {miss.tool}".rstrip()
    what = " ".join(part for part in (miss.method, miss.url) if part) or "a request"
    where = f" in the cassette {miss.cassette}" if miss.cassette else ""
    return f"{what}{f' to {miss.model}' if miss.model else ''}{where}"


def differing(miss: Miss) -> str:
    """What the recorder itself says of similar requests."""
    if miss.differs:
        return f"by the log, the most similar recorded request differs in: {', '.join(miss.differs)}"
    if miss.similar:
        return "by the log, a request that matches is recorded: it was played before, and is played once only"
    return "by the log, no similar request is left in the cassette" if miss.similar == 0 else ""


def state(lead: Lead) -> str:
    """What is known of the recording itself."""
    if lead.there:
        return "it is here, under this very hash: the run had other files, or looked in another directory"
    if lead.miss.hash:
        return "no file of this name is here"
    if lead.cassette:
        return f"the cassette is here, with {count(lead.cassette_total, 'exchange')}"
    return "no such cassette is here" if lead.miss.cassette else "the log names no file, so what follows is by likeness"


def recorded(test: OfTest) -> str:
    """What is recorded of a test."""
    if test.id:
        few = f", the {len(test.likes)} that are most like it" if test.total > len(test.likes) else ""
        return f"{count(test.total, 'exchange')} of it recorded here{few}:"
    return "nothing of it is recorded here, but of these:" if test.others else "nothing of it is recorded here"


# ---------------------------------------------------------------- what is found


def _with_hash(index: Index, hash: str) -> list[Row]:
    """The exchanges of the files that a hash names. Old recorders took only its first digits for the name."""
    found = index.with_stem(hash)
    if found or len(hash) < _FULL_HASH:
        return found
    short = hash[:_SHORT_HASH]
    return [row for row in index.with_stem(short) if _stem(row) == short]


def _stem(row: Row) -> str:
    return row.path.rpartition("/")[2].partition(".")[0].removeprefix("models-")


def _of_cassette(index: Index, path: str) -> list[Row]:
    """The exchanges of a cassette, by as much of its path as fits."""
    parts = [part for part in path.replace("\\", "/").split("/") if part][-_PARTS:]
    ways = ("/".join(parts[at:]) for at in range(len(parts)))
    return next((found for way in ways if (found := index.with_path(way))), [])


def _of_test(index: Index, miss: Miss, named: Named) -> OfTest:
    id, others = _recorded(index, named.id)
    if not id:
        return OfTest(named, "", 0, (), tuple(others[:_GROUPS]))
    rows = index.of_group("test", id)
    return OfTest(named, id, len(rows), _best(miss, rows), ())


def _recorded(index: Index, id: str) -> tuple[str, list[tuple[str, int]]]:
    """The id that a test is recorded under; without one, tests that are like it."""
    if (group := index.group("test", id)) is not None and group.total:
        return group.id, []
    ends = [other for other, _ in index.groups_like("test", id) if other.endswith((f"/{id}", f"::{id}"))]
    if len(ends) == 1:
        return ends[0], []
    test = parse(id)
    return "", index.groups_like("test", f"{test.base}[") or index.groups_like("test", f"::{_function(id)}")


def _function(id: str) -> str:
    return parse(id).function.rpartition("::")[2]


def _best(miss: Miss, rows: Iterable[Row]) -> tuple[Like, ...]:
    """Those that have most in common with a request, in the order of their story."""
    story = [Like(row, _same(miss, row)) for row in in_order(list(rows))]
    kept = sorted(story, key=lambda like: -len(like.same))[:MOST]
    return tuple(like for like in story if like in kept)


def _same(miss: Miss, row: Row) -> tuple[str, ...]:
    same = []
    if miss.model and miss.model in (row.model, row.response_model):
        same.append("model")
    if miss.url and row.host and _host(miss.url) == row.host:
        same.append("host")
    if (wanted := _operation(miss)) and wanted == row.operation:
        same.append("operation")
    return tuple(same)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _operation(miss: Miss) -> str:
    if miss.kind == "tool":
        return "execute_tool"
    path = miss.url.partition("?")[0].rstrip("/")
    return next((operation for end, operation in _OPERATIONS.items() if path.endswith(end)), "")


def _elsewhere(index: Index, miss: Miss) -> tuple[Like, ...]:
    """Exchanges with the same model, or the same host, wherever they are; those of tests in the same folder first."""
    rows = index.rows(names(["model"], f"={miss.model}"), limit=_LOOKED_AT) if miss.model else []
    if not rows and (host := _host(miss.url)):
        rows = index.rows(names(["host"], f"={host}"), limit=_LOOKED_AT)
    folders = {_folder(test.id) for test in miss.tests} - {""}
    likes = [
        Like(row, _same(miss, row)) for row in rows if not row.collapsed_under or row.operation == _operation(miss)
    ]
    near = sorted(likes, key=lambda like: (-len(like.same), _folder(like.row.test_id or "") not in folders))
    return tuple(near[:MOST])


def _folder(test_id: str) -> str:
    return parse(test_id).file.rpartition("/")[0]
