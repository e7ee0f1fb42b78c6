"""``inspector summary``, as the command is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inspector.cli.summary import summary
from inspector.testruns.results import LastRun, Outcomes, keep
from tests.making import SAMPLES, chat, put

_WHERE = "tests/recordings"


def _run(*arguments: str | Path, folder: Path | None = None) -> Result:
    with chdir(folder or "."):
        return CliRunner().invoke(summary, [str(one) for one in arguments])


def _told(*arguments: str | Path, folder: Path | None = None) -> dict[str, Any]:
    done = _run(*arguments, "--format", "json", folder=folder)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Keeper", "-c", "user.email=keeper@lantern.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


def _named(answer: str, **more: Any) -> bytes:
    """A recording whose ids are others each time it is made."""
    return chat(more.pop("said", "How deep?"), answer, **more)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a state of some recordings, which is its only commit."""
    top = tmp_path_factory.mktemp("earlier")
    for name, test, answer in (
        ("aa", "same", "2.7 metres"),
        ("bb", "reply", "The lamp burns, and all is well"),
        ("cc", "ids", "Six ships"),
        ("dd", "renamed", "Fog"),
        ("ee", "gone", "No"),
        ("ff", "prompt", "Aye"),
    ):
        put(top / _WHERE / f"{name}.json", _named(answer, said=f"Ask {test}", test=f"tests/a.py::test_{test}"))
    put(top / "notes.txt", b"no recording")
    _git(top, "init", "-q", "-b", "main")
    _git(top, "add", ".")
    _git(top, "commit", "-qm", "first")
    return top


@pytest.fixture
def now(earlier: Path, tmp_path: Path) -> Path:
    """A later state of the same repository."""
    top = tmp_path / "now"
    shutil.copytree(earlier, top)
    files = top / _WHERE
    put(files / "bb.json", _named("The lamp burns, and all is lost", said="Ask reply", test="tests/a.py::test_reply"))
    put(files / "cc.json", (files / "cc.json").read_bytes().replace(b"rec-1", b"rec-2"))
    (files / "dd.json").rename(files / "d0.json")
    (files / "ee.json").unlink()
    (files / "ff.json").unlink()
    put(files / "f0.json", _named("Aye", said="Ask prompt again", test="tests/a.py::test_prompt"))
    put(files / "gg.json", _named("Yes", said="Ask new", test="tests/a.py::test_new"))
    return top


def _changes(told: dict[str, Any]) -> dict[str, list[Any]]:
    """Kind and what changed, by the last word of the test's name."""
    found: dict[str, list[Any]] = {}
    for change in told["since"]["changes"]:
        test = (change["after"] or change["before"])["test_id"].rpartition("_")[2]
        found[test] = [change["kind"], *((what["kind"], what["before"], what["after"]) for what in change["what"])]
    return found


_CHANGES: dict[str, list[Any]] = {
    "new": ["new"],
    "gone": ["gone"],
    "reply": ["changed", ("reply", "…lamp burns, and all is well", "…lamp burns, and all is lost")],
    "ids": ["changed", ("ids and times", "", "")],
    "prompt": ["changed", ("prompt", "Ask prompt", "Ask prompt again")],
    "renamed": ["changed", ("file name", f"{_WHERE}/dd.json", f"{_WHERE}/d0.json")],
}


@pytest.mark.parametrize("kind", ["directory", "zip", "shallow zip", "tar.gz", "revision"])
def test_what_changed_is_the_same_whatever_it_is_compared_with(
    kind: str, earlier: Path, now: Path, tmp_path: Path
) -> None:
    given = _as(kind, earlier, tmp_path)
    changes = _changes(_told(now / "tests", "--since", given))
    if kind == "shallow zip":  # it does not say where it belongs
        changes["renamed"] = _CHANGES["renamed"]
    assert changes == _CHANGES


def _as(kind: str, top: Path, folder: Path) -> str:
    match kind:
        case "directory":
            return str(top)
        case "zip":
            return shutil.make_archive(str(folder / "old"), "zip", top, "tests")
        case "shallow zip":
            return shutil.make_archive(str(folder / "old"), "zip", top / _WHERE)
        case "tar.gz":
            return shutil.make_archive(str(folder / "old"), "gztar", top.parent, top.name)
        case _:
            return "main"


def test_each_change_has_a_verdict_and_a_kind(earlier: Path, now: Path) -> None:
    since = _told(now / "tests", "--since", earlier)["since"]
    verdicts = {
        (one["after"] or one["before"])["test_id"].rpartition("_")[2]: one["verdict"] for one in since["changes"]
    }
    assert verdicts == {
        "new": "new", "gone": "gone", "reply": "answer", "ids": "noise", "prompt": "request", "renamed": "moved",
    }  # fmt: skip
    assert {kind["id"] for kind in since["kinds"]} == {change["of"] for change in since["changes"]}
    assert since["verdicts"] == dict.fromkeys(("answer", "request", "new", "gone", "moved", "noise", "same"), 1)
    firsts = [change["first"] for change in since["changes"] if change["verdict"] == "answer"]
    assert firsts == ['reply: "The lamp burns, and all is well" → "The lamp burns, and all is lost"']
    for form in ("text", "markdown"):
        done = _run(now / "tests", "--since", earlier, "--format", form)
        assert "6 kinds of change: 1 answer changed" in done.stdout
        assert firsts[0] in done.stdout


def test_nothing_changed(earlier: Path) -> None:
    for given in ("HEAD", "git:main", str(earlier)):
        done = _run(earlier, "--since", given)
        assert "nothing changed" in done.stdout, done


def test_a_path_comes_before_a_revision_of_that_name(earlier: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    shutil.copytree(earlier, top)
    put(top / "main" / "new.json", _named("Yes", test="tests/a.py::test_new"))
    assert "main/new.json" not in str(_told(top / "tests", "--since", "git:main", folder=top)["since"])
    assert _told(top / "tests", "--since", "main", folder=top)["since"]["gone"] == 1


@pytest.mark.parametrize("given", ["nowhere", "--help", "git:", "-x", "main:tests", "git:--output=x", "main\n"])
def test_no_state_of_that_name_is_said(given: str, earlier: Path) -> None:
    done = _run(earlier, f"--since={given}")
    assert done.exit_code == 2
    assert "neither a path nor a git revision" in done.stderr
    assert not done.stdout


def test_no_repository_is_said(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat())
    done = _run(tmp_path, "--since", "main", folder=tmp_path)
    assert done.exit_code == 2
    assert "git" in done.stderr


def test_a_revision_is_read_without_a_trace(now: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in now.rglob("*")}
    _told(now, "--since", "HEAD")
    assert {path: path.stat().st_mtime_ns for path in now.rglob("*")} == before


def test_links_and_names_in_a_revision_lead_nowhere(earlier: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    shutil.copytree(earlier, top)
    os.symlink("/etc/passwd", top / "tests" / "link.json")
    put(top / "tests" / "two\nlines \x1b[31m.json", chat("Ask twice", "Twice", test=None))
    _git(top, "add", ".")
    _git(top, "commit", "-qm", "names")
    done = _run(top, "--since", "HEAD")
    assert "nothing changed" in done.stdout
    shutil.rmtree(top / "tests")
    done = _run(top, "--since", "HEAD")
    assert "7 gone" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_test_that_is_gone_has_no_page_to_lead_to(earlier: Path) -> None:
    put(earlier / "tests/new.json", chat("Ask new", "New", test="tests/a.py::test_new"))
    _git(earlier, "add", ".")
    _git(earlier, "commit", "-qm", "new")
    (earlier / "tests/new.json").unlink()
    done = _run(earlier, "--since", "HEAD", "--format", "markdown", "--link-base", "https://x.example")
    assert "\n- `tests/a.py::test_new`\n  - \\- gone `" in done.stdout


def test_a_query_finds_in_either_state(now: Path) -> None:
    assert set(_changes(_told(now, "--since", "HEAD", "-q", "lost"))) == {"reply"}
    assert set(_changes(_told(now, "--since", "HEAD", "-q", '"all is well"'))) == {"reply"}
    assert set(_changes(_told(now, "--since", "HEAD", "-q", "test:test_gone"))) == {"gone"}


def test_entries_of_one_file_are_compared_each(tmp_path: Path) -> None:
    def har(*answers: tuple[str, str]) -> bytes:
        return json.dumps({"log": {"entries": [_entry(*one) for one in answers]}}).encode()

    put(tmp_path / "old" / "a.har", har(("one", "1"), ("two", "2")))
    put(tmp_path / "new" / "a.har", har(("zero", "0"), ("one", "1"), ("two", "3")))
    since = _told(tmp_path / "new", "--since", tmp_path / "old")["since"]
    assert [(one["kind"], one["after"]["asked"]) for one in since["changes"]] == [("new", "zero"), ("changed", "two")]
    assert since["exchanges"] == 2


def _entry(asked: str, answer: str) -> dict[str, Any]:
    url = "https://api.openai.com/v1/chat/completions"
    sent = {"model": "gpt-4o", "messages": [{"role": "user", "content": asked}]}
    usage = {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 4}}
    reply = {
        "choices": [{"message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
        "usage": usage,
    }
    return {
        "request": {"method": "POST", "url": url, "headers": [], "postData": {"text": json.dumps(sent)}},
        "response": {"status": 200, "headers": [], "content": {"text": json.dumps(reply)}},
    }


def test_counts(tmp_path: Path) -> None:
    entries = {"log": {"entries": [_entry("one", "1"), _entry("two", "2")]}}
    put(tmp_path / "a.har", json.dumps(entries).encode())
    put(tmp_path / "b.json", chat(test="tests/a.py::test_one"))
    told = _told(tmp_path, "--link-base", "https://lantern.example/traces/")
    usage = {"exchanges": 2, "input_tokens": 18, "output_tokens": 4, "cache_read_input_tokens": 8}
    assert told["usage"] == usage
    assert [(one["kind"], one["exchanges"]) for one in told["groups"]] == [("file", 2), ("test", 1)]
    assert told["models"] == [{"model": "gpt-4o", "exchanges": 3, "odd": 0, "usage": usage}]
    assert told["finish_reasons"] == {"stop": 3}
    assert told["since"] is None


def test_the_samples_in_every_form() -> None:
    done = _run(SAMPLES, "--link-base", "https://lantern.example/traces")
    told = _told(SAMPLES, "--link-base", "https://lantern.example/traces")
    first = done.stdout.splitlines()[0]
    assert f"{sum(len(one['exchanges']) for one in told['errors'])} errors" in first
    assert told["marks"].keys() >= {"cut off", "filtered", "refusal"}
    link = told["marks"]["cut off"][0]["link"]
    assert link.startswith("https://lantern.example/traces/e/")
    assert link in done.stdout
    assert "\x1b" not in done.stdout
    found = _told(SAMPLES, "-q", 'is:"cut off"')
    assert found["exchanges"] == len(told["marks"]["cut off"])


def test_trouble_that_is_new_stands_first(now: Path) -> None:
    put(now / _WHERE / "gg.json", chat("Ask new", "", test="tests/a.py::test_new"))
    put(now / _WHERE / "hh.json", b'{"test_id": "tests/a.py::test_cut", "request": {')
    put(now / _WHERE / "old" / "ii.json", chat("Ask silence", "", test="tests/a.py::test_silence"))
    _git(now, "add", "tests/recordings/old")
    _git(now, "commit", "-qm", "silence")
    done = _run(now, "--since", "HEAD~0")
    titles = [line for line in done.stdout.splitlines()[5:] if line and line == line.lstrip()]
    assert [title.partition(" since")[0] for title in titles] == [
        "Files that cannot be read", "New issues", "Kinds of change", "Changed", "Recorded again", "Issues, as before",
        "Tests", "Models", "Providers", "Finish reasons",
    ]  # fmt: skip
    told = done.stdout.partition("Issues, as before")[2].partition("\n\n")[0]
    assert "(1 exchange)" in told
    assert "Ask silence" in told
    assert "Ask new" not in told
    assert "3 exchanges with issues (2 new)" in done.stdout.splitlines()[0]


def test_failing_tests_stand_before_all_else(tmp_path: Path) -> None:
    """As the pytest plugin noted them; with a query those with an exchange that it finds."""
    (tmp_path / ".git").mkdir()
    for name in ("lamp", "bell"):
        put(tmp_path / _WHERE / f"{name}.json", chat(f"The {name}?", test=f"tests/a.py::test_{name}"))
    failed = LastRun(
        "tests/a.py::test_bell", "tests/a.py::test_bell", "failed", "call", "it did not ring", 0.1, 9.0, {}
    )
    passed = LastRun("tests/a.py::test_lamp", "tests/a.py::test_lamp", "passed", "", "", 0.1, 9.0, {})
    keep(Outcomes({one.key: one for one in (failed, passed)}, {}), tmp_path)
    (told,) = _told(tmp_path / _WHERE)["failing"]
    assert (told["test"], told["message"]) == ("tests/a.py::test_bell", "it did not ring")
    assert [Path(one["recording"]["path"]).name for one in told["exchanges"]] == ["bell.json"]
    lines = _run(tmp_path / _WHERE).stdout.splitlines()
    assert lines[0] == "1 test failed"
    assert lines.index("Failing tests") < lines.index("Tests")
    assert _told(tmp_path / _WHERE, "-q", "lamp")["failing"] == []


def test_nothing_to_sum_up(tmp_path: Path) -> None:
    done = _run(tmp_path)
    assert done.exit_code == 1
    assert "no exchange found" in done.stderr
