"""From a CI log to what is recorded of the tests that failed in it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from inspector.testruns.replay_misses import Miss, Named, find
from inspector.testruns.replay_misses.nearest import Lead, lead
from tests.commands import run
from tests.making import chat, library, put

HASH = "3f2a9c01b7d84e56" * 4
LOST = "0badc0de" * 8
URL = "https://api.openai.com/v1/v1/chat/completions"
TEST = "tests/integration/sky/test_weather.py::test_forecast[client-txt=openai/gpt-4o]"
TWIN = TEST.replace("gpt-4o", "gpt-5")
CASSETTE = b"""\
version: 1
interactions:
- request:
    {method: POST, uri: https://api.openai.com/v1/chat/completions, body: '{"model": "gpt-4o"}', headers: {}}
  response: {status: {code: 200, message: OK}, headers: {}, body: {string: '{"choices": []}'}}
"""


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    below = tmp_path / "tests/integration/sky/recordings"
    put(below / f"{HASH}.json", chat("Will it rain?", "No.", TEST))
    put(below / f"{'1' * 64}.json", chat("And snow?", "Yes.", TEST, model="gpt-4o-mini"))
    put(below / f"{'2' * 64}.json", chat("Hail?", "Yes.", "tests/integration/sky/test_hail.py::test_hail"))
    put(below / f"{LOST[:12]}.json", chat("An old one", "Yes.", "tests/old.py::test_old", model="old"))
    put(tmp_path / "tests/cassettes/test_chat/test_hello.yaml", CASSETTE)
    return tmp_path


def _lead(recordings: Path, miss: Miss) -> Lead:
    recorded = library(recordings)
    with closing(recorded.index):
        recorded.refresh()
        return lead(recorded.index, miss)


def _miss(hash: str = "f" * 64, test: str = "", **more: str) -> Miss:
    tests = (Named(test, "the summary"),) if test else ()
    return Miss("recording", 1, hash, **{"method": "POST", "url": URL, "model": "gpt-4o", **more}, tests=tests)


def test_the_file_of_the_hash_is_found_wherever_it_is(recordings: Path) -> None:
    for hash in (HASH, HASH[:16]):
        assert [row.asked for row in _lead(recordings, _miss(hash)).there] == ["Will it rain?"]
    assert [row.asked for row in _lead(recordings, _miss(LOST)).there] == ["An old one"], "named by its first digits"
    assert not _lead(recordings, _miss(HASH[:12] + "9" * 52)).there


def test_the_turns_of_the_test_that_are_left(recordings: Path) -> None:
    told = _lead(recordings, _miss(test=TEST))
    [test] = told.tests
    assert (test.id, test.total, told.there, told.elsewhere) == (TEST, 2, (), ())
    assert {like.row.asked: like.same for like in test.likes} == {
        "Will it rain?": ("model", "host", "operation"),
        "And snow?": ("model", "host", "operation"),  # gpt-4o is what answered
    }


@pytest.mark.parametrize(
    "name", [TEST, TEST.partition("::")[2], TEST.rpartition("/sky/")[2], TEST.rpartition("integration/")[2]]
)
def test_a_part_of_the_id_is_enough(recordings: Path, name: str) -> None:
    assert _lead(recordings, _miss(test=name)).tests[0].id == TEST


def test_a_test_that_has_nothing_leads_to_those_like_it(recordings: Path) -> None:
    told = _lead(recordings, _miss(test=TWIN))
    assert (told.tests[0].id, told.tests[0].others) == ("", ((TEST, 2),))
    assert {"model", "host"} <= set(told.elsewhere[0].same)


def test_a_cassette_is_found_by_the_end_of_its_path(recordings: Path) -> None:
    for path in ("/home/runner/work/x/x/tests/cassettes/test_chat/test_hello.yaml", r"C:\x\test_chat\test_hello.yaml"):
        told = _lead(recordings, Miss("cassette", 1, cassette=path))
        assert (told.cassette_total, len(told.cassette)) == (1, 1)
    assert not _lead(recordings, Miss("cassette", 1, cassette="/x/test_gone.yaml")).cassette


# ---------------------------------------------------------------- the command


def _run(*arguments: str, given: str = "", cwd: Path | None = None) -> tuple[int, str, str]:
    done = run(*arguments, given=given.encode(), at=cwd)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


LOG = f"""\
2026-11-21T10:00:00.1234567Z FAILED {TEST} - RuntimeError: Recording not found for request hash: {LOST}
2026-11-21T10:00:00.1234567Z Model: gpt-4o | Request: POST {URL}
""".replace(LOST, "f" * 64)


def test_find_log_leads_to_the_pages(recordings: Path, tmp_path: Path) -> None:
    (tmp_path / "ci.log").write_text(LOG)
    base = "https://x.example/run"
    status, told, _ = _run("find-log", str(tmp_path / "ci.log"), str(recordings), "--link-base", base)
    assert status == 0
    assert told.startswith(f"line 1: no recording of POST {URL} to gpt-4o\n  request hash {'f' * 64}\n")
    assert "no file of this name is here" in told
    assert f"test {TEST}\n" in told
    assert f"{base}/t/tests-" in told or f"{base}/t/" in told
    assert told.count(f"{base}/e/") == 2
    again, same, _ = _run("find-log", "-", given=LOG, cwd=recordings)
    assert again == 0
    assert same.splitlines()[:4] == told.splitlines()[:4]


def test_a_log_without_a_miss_fails_with_one_line(recordings: Path) -> None:
    for log, word in (("All is well.", "no recorder misses"), (f"FAILED {TEST} - assert 1\n", "1 test failed")):
        status, told, said = _run("find-log", "-", str(recordings), given=log)
        assert (status, told, said.count("\n")) == (1, "", 1)
        assert word in said
    assert _run("find-log", "/nowhere.log")[0] == 2


def test_what_a_log_says_cannot_dress_the_terminal(recordings: Path) -> None:
    given = "Recording not found for httpx POST http://a/\u202e\x9b31m\n"
    status, told, _ = _run("find-log", "-", str(recordings), given=given)
    assert status == 0
    assert "\u202e" not in told
    assert "\x9b" not in told


def test_ls_and_show_print_links(recordings: Path) -> None:
    base, only = "https://x.example/run", ["-q", "rain"]
    [line] = _run("ls", str(recordings), *only, "--link-base", base)[1].splitlines()
    uid, link = line.split()[0], line.split()[-1]
    assert link == f"{base}/e/{uid}.html"
    assert _run("show", str(recordings), *only, "--link-base", base)[1].splitlines()[0].endswith(f"  {link}")
    told = json.loads(_run("show", str(recordings), *only, "--format", "jsonl", "--link-base", base)[1])
    assert told["link"] == link
    assert "link" not in json.loads(_run("show", str(recordings), *only, "--format", "jsonl")[1])
    assert base not in _run("ls", str(recordings), *only)[1]


def test_the_log_of_a_run_of_many(recordings: Path) -> None:
    log = "\n".join(f"Recording not found for request hash: {at:064x}" for at in range(2_000))
    found = find(log)
    assert (len(found.misses), found.more) == (1_000, True)
