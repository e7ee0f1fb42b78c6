"""Marks that depend on other recordings, or on how tests ran: each with what trips it, and what nearly does."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inspector import search
from inspector.analysis.issues import AROUND
from inspector.checks.rules import BY_AROUND, RULES
from inspector.index.conditions import marks_around
from inspector.recorders import llama_stack_rules as rules
from inspector.testruns import replay_marks as module
from inspector.testruns.last_run import NOTHING, LastRun, Outcomes
from inspector.testruns.replay_marks import Asked, replay_marks
from tests.making import chat, library, put

TEST, OTHER = "tests/test_lamp.py::test_lit", "tests/test_lamp.py::test_dark"
LATER = time.time() + 86_400  # after every file that a test writes, however long the whole run takes
CASSETTE = "tests/cassettes/test_lamp/test_lit.yaml"
ENTRY = """\
- request:
    body: '{"model": "lamp", "messages": [{"role": "user", "content": "SAID"}]}'
    headers: {AGENT}
    method: POST
    uri: https://skerry.example/v1/chat/completions
  response:
    body: {string: '{"choices": [{"index": 0, "message": {"role": "assistant", "content": "Lit."}}]}'}
    headers: {DATE}
    status: {code: STATUS, message: OK}
"""


def entry(said: str, agent: str = "", date: str = "", status: int = 200) -> str:
    return (
        ENTRY.replace("SAID", said)
        .replace("AGENT", f"user-agent: [{agent}]" if agent else "")
        .replace("DATE", f"date: ['{date}']" if date else "")
        .replace("STATUS", str(status))
    )


def cassette(*entries: str) -> bytes:
    return f"interactions:\n{''.join(entries)}version: 1\n".encode()


def ran(key: str = TEST, outcome: str = "passed", unplayed: Any = None, **used: str) -> LastRun:
    return LastRun(key, key, outcome, "", "", 0.1, LATER, used.get("paths") or {}, unplayed=unplayed or {})  # type: ignore[arg-type]


def whole(*tests: LastRun) -> Outcomes:
    return Outcomes({test.key: test for test in tests}, {"": LATER})


def using(key: str, path: str, how: str = "read", **more: Any) -> LastRun:
    return ran(key, **more)._replace(recordings={path: how})


def turn(said: str, answer: str, *before: tuple[str, str], system: str = "Keep the light.") -> bytes:
    """The next turn of a conversation."""
    told = [{"role": "system", "content": system}]
    for asked, replied in before:
        told += [{"role": "user", "content": asked}, {"role": "assistant", "content": replied}]
    return chat(said, answer, TEST, before=told)


def sdk(version: str, said: str) -> bytes:
    document = json.loads(chat(said, "Yes.", TEST))
    document["request"]["provider_metadata"] = {"openai_sdk_version": version}
    return json.dumps(document).encode()


def keyed(test: str | None, said: str = "Lit?") -> tuple[str, bytes]:
    document = json.loads(chat(said, "Yes.", test))
    return f"{rules.key(document)}.json", json.dumps(document).encode()


KEY, KEYED = keyed(TEST)


class Case(NamedTuple):
    kind: str
    files: dict[str, bytes]
    outcomes: Outcomes
    found: set[str]
    """Paths of files, or texts of exchanges, that are marked."""


TWO = cassette(entry("Is it lit?"), entry("Is there fog?"))
CASES = {
    "a turn that is in two files": Case(
        "duplicate", {"a.json": chat("Lit?"), KEY: chat("Lit?")}, NOTHING, {"a.json", KEY}
    ),
    "the same of two tests": Case(
        "duplicate", {"a.json": chat("Lit?"), "b.json": chat("Lit?", test=OTHER)}, NOTHING, set()
    ),
    "another turn": Case("duplicate", {"a.json": chat("Lit?"), "b.json": chat("Dark?")}, NOTHING, set()),
    "one key of two tests": Case(
        "collision", {f"a/{KEY}": KEYED, f"b/{KEY}": keyed(OTHER)[1]}, NOTHING, {f"a/{KEY}", f"b/{KEY}"}
    ),
    "one key of one test": Case("collision", {f"a/{KEY}": KEYED, f"b/{KEY}": KEYED}, NOTHING, set()),
    "two tests write a file": Case(
        "collision",
        {CASSETTE: TWO},
        whole(using(TEST, CASSETTE, "wrote"), using(OTHER, CASSETTE, "read, wrote")),
        {CASSETTE},
    ),
    "one reads what the other writes": Case(
        "collision", {CASSETTE: TWO}, whole(using(TEST, CASSETTE, "wrote"), using(OTHER, CASSETTE)), set()
    ),
    "two tests with one cassette": Case(
        "collision",
        {"tests/cassettes/test_lamp/test_lit[a-b].yaml": TWO},
        whole(ran("tests/test_lamp.py::test_lit[a/b]"), ran("tests/test_lamp.py::test_lit[a:b]")),
        {"tests/cassettes/test_lamp/test_lit[a-b].yaml"},
    ),
    "two tests with two cassettes": Case(
        "collision",
        {"tests/cassettes/test_lamp/test_lit[a-b].yaml": TWO},
        whole(ran("tests/test_lamp.py::test_lit[a/b]"), ran("tests/test_lamp.py::test_lit[a_b]")),
        set(),
    ),
    "an entry that nobody played": Case(
        "unplayed", {CASSETTE: TWO}, whole(using(TEST, CASSETTE, unplayed={CASSETTE: [1]})), {"Is there fog?"}
    ),
    "one played what the other left": Case(
        "unplayed",
        {CASSETTE: TWO},
        whole(using(TEST, CASSETTE, unplayed={CASSETTE: [1]}), using(OTHER, CASSETTE, unplayed={CASSETTE: [0]})),
        set(),
    ),
    "its test failed": Case(
        "unplayed", {CASSETTE: TWO}, whole(using(TEST, CASSETTE, outcome="failed", unplayed={CASSETTE: [1]})), set()
    ),
    "a partial run": Case(
        "unplayed", {CASSETTE: TWO}, Outcomes({TEST: using(TEST, CASSETTE, unplayed={CASSETTE: [1]})}, {}), set()
    ),
    "a cassette that nobody opened": Case(
        "unplayed",
        {CASSETTE: TWO, "recordings/a.json": chat("Lit?", test=TEST), "recordings/b.json": chat("Dark?", test=TEST)},
        whole(using(TEST, "recordings/a.json")),
        {CASSETTE, "recordings/b.json"},
    ),
    "a test that is no more": Case(
        "orphan", {"recordings/a.json": chat("Lit?", test=OTHER)}, whole(using(TEST, CASSETTE)), {"recordings/a.json"}
    ),
    "a test that was not asked for": Case(
        "orphan", {"a.json": chat("Lit?", test=OTHER)}, Outcomes({TEST: using(TEST, CASSETTE)}, {}), set()
    ),
    "an error that a green test replays": Case(
        "error replayed", {CASSETTE: cassette(entry("Lit?", status=429))}, whole(using(TEST, CASSETTE)), {CASSETTE}
    ),
    "an error of a red test": Case(
        "error replayed",
        {CASSETTE: cassette(entry("Lit?", status=429))},
        whole(using(TEST, CASSETTE, outcome="failed")),
        set(),
    ),
    "an error that was not played": Case(
        "error replayed",
        {CASSETTE: cassette(entry("Lit?", status=429))},
        whole(using(TEST, CASSETTE, unplayed={CASSETTE: [0]})),
        set(),
    ),
    "an older SDK": Case(
        "stale", {"a.json": sdk("2.5.0", "Lit?"), "b.json": sdk("2.30.0", "Fog?")}, NOTHING, {"a.json"}
    ),
    "the same SDK": Case("stale", {"a.json": sdk("2.30.0", "Lit?"), "b.json": sdk("2.30.0", "Fog?")}, NOTHING, set()),
    "an older agent": Case(
        "stale",
        {CASSETTE: cassette(entry("Lit?", "OpenAI/Python 1.9.2"), entry("Fog?", "OpenAI/Python 1.30.1"), entry("No?"))},
        NOTHING,
        {"Lit?"},
    ),
    "a year ago": Case(
        "stale",
        {
            CASSETTE: cassette(
                entry("Lit?", date="Mon, 02 Jan 2023 10:00:00 GMT"),
                entry("Fog?", date=time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())),
            )
        },
        NOTHING,
        {"Lit?"},
    ),
    "another system prompt": Case(
        "prefix moved",
        {"a.json": turn("Lit?", "Yes."), "b.json": turn("Fog?", "No.", ("Lit?", "Yes."), system="Keep it dark.")},
        NOTHING,
        {"b.json"},
    ),
    "the same system prompt": Case(
        "prefix moved",
        {"a.json": turn("Lit?", "Yes."), "b.json": turn("Fog?", "No.", ("Lit?", "Yes."))},
        NOTHING,
        set(),
    ),
    "another conversation": Case(
        "prefix moved",
        {"a.json": turn("Lit?", "Yes."), "b.json": turn("Fog?", "No.", ("Dark?", "Yes."), system="Keep it dark.")},
        NOTHING,
        set(),
    ),
}  # fmt: skip


def test_every_mark_is_tripped_nearly_tripped_and_a_rule() -> None:
    assert {case.kind for case in CASES.values() if case.found} == {*AROUND}
    assert {case.kind for case in CASES.values() if not case.found} == {*AROUND}
    assert {*BY_AROUND} == {*AROUND}
    assert len(BY_AROUND) == sum(bool(rule.around) for rule in RULES)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_marked(case: Case, tmp_path: Path) -> None:
    for path, data in case.files.items():
        put(tmp_path / path, data)
    shelf = library(tmp_path)
    shelf.refresh()
    marks = replay_marks(shelf.index, Asked(case.outcomes, since=time.time() - 90 * 86_400))
    rows = {row.uid: row for row in shelf.index.rows()}
    found = {rows[uid] for uid, why in marks[case.kind].items() if why}
    assert {row.path if row.path in case.found else row.asked for row in found} == case.found


def test_a_duplicate_says_which_one_replays(tmp_path: Path) -> None:
    for name in (KEY, f"{64 * '0'}.json"):
        put(tmp_path / name, KEYED)
    shelf = library(tmp_path)
    shelf.refresh()
    whys = replay_marks(shelf.index, Asked(NOTHING))["duplicate"]
    by_path = {row.path: whys[row.uid] for row in shelf.index.rows()}
    assert "this one replays" in by_path[KEY]
    assert KEY in by_path[f"{64 * '0'}.json"]


def test_many_are_found_as_few_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many each statement looks a byte up, wherever the exchange stands among the others; and without them too."""
    files = {"a": chat("Fog?"), "b": chat("Lit?"), "c": chat("Dark?"), "d": chat("Lit?"), "e": chat("Lit?", test=OTHER)}
    for name, data in files.items():
        put(tmp_path / f"{name}.json", data)
    shelf = library(tmp_path)
    shelf.refresh()
    found: list[list[str]] = []
    for many in (500, 0):
        monkeypatch.setattr(module, "_MANY", many)
        marks = replay_marks(shelf.index, Asked(NOTHING))
        assert bool(getattr(marks["duplicate"], "flags", b"")) == (many == 0)
        with marks_around(lambda marks=marks: marks):  # type: ignore[misc]
            rows = [shelf.index.rows(search.where(query)) for query in ("is:duplicate", "-is:duplicate")]
        found += [sorted(row.path for row in some) for some in rows]
    assert found == [["b.json", "d.json"], ["a.json", "c.json", "e.json"]] * 2


def test_the_block_that_moved_first_is_named(tmp_path: Path) -> None:
    put(tmp_path / "a.json", turn("Lit?", "Yes."))
    put(tmp_path / "b.json", turn("Fog?", "No.", ("Lit?", "Yes."), system="Keep it dark."))
    shelf = library(tmp_path)
    shelf.refresh()
    [why] = replay_marks(shelf.index, Asked(NOTHING))["prefix moved"].values()
    assert "the system prompt" in why
