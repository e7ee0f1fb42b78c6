"""``inspector diff``, as the command is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import chdir
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inspector.cli.diff import diff
from inspector.cli.export import export
from inspector.files.urls import link
from tests.making import chat, put

_WHERE = "tests/recordings"
_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 12345\n"

Edited = Callable[[dict[str, Any]], None]


def _run(folder: Path, *arguments: str | Path) -> Result:
    with chdir(folder):
        return CliRunner().invoke(diff, [str(one) for one in arguments])


def _told(folder: Path, *arguments: str | Path) -> dict[str, Any]:
    done = _run(folder, *arguments, "--format", "json")
    assert done.exit_code in (0, 1), done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Keeper", "-c", "user.email=keeper@lantern.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


def _commit(top: Path) -> None:
    _git(top, "add", "-A")
    _git(top, "commit", "-qm", "recorded")


def _edited(edit: Edited, said: str = "How deep is it?", answer: str = "The harbour is 2.7 metres deep.") -> bytes:
    document = json.loads(chat(said, answer))
    edit(document)
    return json.dumps(document).encode()


def _set(*path: str | int, value: Any) -> Edited:
    def edit(document: dict[str, Any]) -> None:
        at: Any = document
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return edit


def _nothing(document: dict[str, Any]) -> None:
    """As it is."""


_BODY = ("request", "body")
_DATA = ("response", "body", "__data__")
_CHOICE = (*_DATA, "choices", 0)
_TOOL = {"type": "function", "function": {"name": "bell", "parameters": {"properties": {"rings": {"type": "string"}}}}}
_SOURCE = {"type": "url_citation", "url_citation": {"title": "The log", "url": "https://lantern.example/log"}}
_CALL = {"id": "call_1", "type": "function", "function": {"name": "bell", "arguments": '{"rings": 2}'}}


@pytest.mark.parametrize(
    ("edit", "verdict", "first"),
    [
        (_set(*_DATA, "id", value="rec-2"), "noise", "other ids and times"),
        (_set(*_DATA, "usage", value={"prompt_tokens": 4, "completion_tokens": 9}), "noise", None),
        (_set(*_BODY, "temperature", value=0.2), "request", "temperature absent → 0.2"),
        (_set(*_BODY, "tools", value=[_TOOL]), "request", "tool bell added"),
        (_set(*_BODY, "messages", 0, "content", value="How deep is the sea?"), "request", None),
        (_set(*_CHOICE, "message", "content", value="The harbour is 3.1 metres deep."), "answer", None),
        (_set(*_CHOICE, "finish_reason", value="length"), "answer", "finish stop → length"),
        (_set(*_CHOICE, "message", "tool_calls", value=[_CALL]), "answer", "tool bell(rings: 2) added"),
        (_set(*_CHOICE, "message", "annotations", value=[_SOURCE]), "answer", None),
        (_set("response", "status", value=500), "answer", None),
    ],
    ids=["id", "usage", "setting", "tool", "prompt", "reply", "finish", "call", "citation", "status"],
)
def test_a_verdict_for_each_pair(edit: Edited, verdict: str, first: str | None, tmp_path: Path) -> None:
    put(tmp_path / "old" / "a.json", _edited(_nothing))
    put(tmp_path / "new" / "a.json", _edited(edit))
    told = _told(tmp_path, "old", "new")
    (change,) = told["changes"]
    assert change["verdict"] == verdict
    assert first is None or change["first"] == first
    assert told["verdicts"][verdict] == 1
    assert sum(told["verdicts"].values()) == 1


def test_noise_hides_no_answer(tmp_path: Path) -> None:
    def both(document: dict[str, Any]) -> None:
        _set(*_DATA, "id", value="rec-2")(document)
        _set(*_BODY, "temperature", value=0)(document)
        _set(*_CHOICE, "message", "content", value="The harbour is dry.")(document)

    put(tmp_path / "old" / "a.json", _edited(_nothing))
    put(tmp_path / "new" / "a.json", _edited(both))
    (change,) = _told(tmp_path, "old", "new")["changes"]
    assert change["verdict"] == "answer"
    assert change["first"].startswith("reply: ")
    assert {what["side"] for what in change["what"]} == {"answer", "request"}


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ({"filename": "bells.jsonl"}, "request"),
        ({"filename": "bells.jsonl", "status": "error"}, "answer"),
        ({"filename": "bells.jsonl", "object": "file.gone"}, "answer"),
    ],
    ids=["what was asked", "its state too", "more than that"],
)
def test_what_a_resource_repeats_of_what_was_asked_is_no_answer(
    after: dict[str, str], verdict: str, tmp_path: Path
) -> None:
    file = {"id": "file-1", "object": "file", "filename": "lamps.jsonl", "purpose": "assistants", "status": "processed"}
    for side, told in (("old", file), ("new", file | after)):
        document = json.loads(chat())
        document["request"] |= {"method": "GET", "url": "https://api.openai.com/v1/files/file-1", "body": None}
        document["response"]["body"] = {"__type__": "openai.types.FileObject", "__data__": told}
        put(tmp_path / side / "a.json", json.dumps(document).encode())
    (change,) = _told(tmp_path, "old", "new")["changes"]
    assert change["verdict"] == verdict
    assert 'filename "lamps.jsonl" → "bells.jsonl"' in [what["line"] for what in change["what"]]


def test_new_gone_moved_and_same(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for name in ("same", "gone", "moved"):
        put(old / f"{name}.json", chat(f"Say {name}", test=f"tests/a.py::test_{name}"))
    put(new / "same.json", (old / "same.json").read_bytes())
    put(new / "elsewhere.json", (old / "moved.json").read_bytes())
    put(new / "new.json", chat("Say new", test="tests/a.py::test_new"))
    told = _told(tmp_path, "old", "new")
    assert {verdict: number for verdict, number in told["verdicts"].items() if number} == {
        "new": 1, "gone": 1, "moved": 1, "same": 1,
    }  # fmt: skip


# ---------------------------------------------------------------- kinds of change


@pytest.fixture
def rerecorded(tmp_path: Path) -> Path:
    """Two states: the same setting changed in four files, the same word in two, and an answer in one."""
    for number in range(8):
        said, answer = f"Ask {number}", f"Lamp {number} burns bright."
        edit = _set(*_BODY, "max_tokens", value=0) if number < 4 else _nothing
        put(tmp_path / "old" / f"{number}.json", _edited(edit, said, answer))
        if number in (4, 5):
            answer = answer.replace("bright", "dim")
        if number == 6:
            answer = "There is fog, and nothing else to tell."
        put(tmp_path / "new" / f"{number}.json", _edited(_nothing, said, answer))
    return tmp_path


def test_changes_that_are_alike_are_one_kind(rerecorded: Path) -> None:
    told = _told(rerecorded, "old", "new")
    assert [(kind["verdict"], kind["count"]) for kind in told["kinds"]] == [
        ("answer", 2),
        ("answer", 1),
        ("request", 4),
    ]
    assert told["kinds"][2]["title"] == "max_tokens 0 → absent"
    assert '"bright" → "dim"' in told["kinds"][0]["title"]
    ids = {kind["id"]: kind for kind in told["kinds"]}
    for change in told["changes"]:
        assert ids[change["kind"]]["verdict"] == change["verdict"]
    assert told["verdicts"]["same"] == 1


def test_the_json_has_what_a_script_needs(rerecorded: Path) -> None:
    told = _told(rerecorded, "old", "new", "--link-base", "https://lantern.example/site", "--link-changes")
    assert told.keys() == {"before", "after", "query", "verdicts", "kinds", "unread", "changes"}
    for change in told["changes"]:
        assert change.keys() == {"verdict", "kind", "first", "what", "link", "before", "after"}
        assert change["before"].keys() == change["after"].keys()
        assert change["link"] == link("https://lantern.example/site", f"compare/{change['after']['id']}/before")
    setting = next(what for change in told["changes"] for what in change["what"] if what["part"] == "setting")
    assert setting["before"] == 0
    assert "after" not in setting  # there is none, which is not null


@pytest.mark.parametrize(
    ("base", "more", "leads"),
    [
        ("https://lantern.example/site", (), False),  # nobody says that it was made with --against
        ("https://lantern.example/site", ("--link-changes",), True),
        ("https://lantern.example/report.html", (), True),  # which says where it has no such page
        (None, ("--link-changes",), False),
    ],
)
@pytest.mark.parametrize("form", ["json", "markdown"])
def test_a_link_to_what_may_not_be_there_is_not_printed(
    base: str | None, more: tuple[str, ...], leads: bool, form: str, rerecorded: Path
) -> None:
    given = ("--link-base", base) if base else ()
    done = _run(rerecorded, "old", "new", "--format", form, *given, *more).stdout
    assert (("/before.html" in done) or ("#changes.html" in done)) is leads
    assert ("/e/" in done or "#e/" in done) is (base is not None)


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_people_read_kinds_with_their_members(form: str, rerecorded: Path) -> None:
    done = _run(rerecorded, "old", "new", "--format", form, "--limit", "20")
    assert "3 kinds of change: 3 answers changed, 4 requests changed with the same answer, 1 the same" in done.stdout
    assert "max_tokens 0 → absent" in done.stdout
    assert all(f"{number}.json" in done.stdout for number in range(7))


def test_stat_only_counts(rerecorded: Path) -> None:
    assert "0.json" not in _run(rerecorded, "old", "new", "--stat").stdout
    counted = _told(rerecorded, "old", "new", "--stat")
    assert "changes" not in counted
    whole = _told(rerecorded, "old", "new")
    assert counted == {key: whole[key] for key in counted}


def test_a_query_narrows(rerecorded: Path) -> None:
    assert [change["after"]["asked"] for change in _told(rerecorded, "old", "new", "-q", '"Ask 6"')["changes"]] == [
        "Ask 6"
    ]


@pytest.mark.parametrize(
    ("edit", "statuses"),
    [
        (_nothing, (0, 0, 0)),
        (_set(*_DATA, "id", value="rec-2"), (0, 0, 1)),
        (_set(*_BODY, "temperature", value=1), (0, 1, 1)),
        (_set(*_CHOICE, "finish_reason", value="length"), (1, 1, 1)),
    ],
    ids=["same", "noise", "request", "answer"],
)
def test_the_exit_status_says_whether_it_matters(edit: Edited, statuses: tuple[int, ...], tmp_path: Path) -> None:
    put(tmp_path / "old" / "a.json", _edited(_nothing))
    put(tmp_path / "new" / "a.json", _edited(edit))
    codes = [_run(tmp_path, "old", "new", "--fail-on", on).exit_code for on in ("answer", "request", "any")]
    assert codes == [*statuses]
    assert _run(tmp_path, "old", "new").exit_code == statuses[1]


# ---------------------------------------------------------------- states


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits, between which an answer changed, and a third state that is not committed."""
    top = tmp_path / "repository"
    put(top / _WHERE / "a.json", chat("How deep?", "2.7 metres"))
    put(top / _WHERE / "b.json", chat("How far?", "A mile", test="tests/a.py::test_b"))
    put(top / "notes.txt", b"no recording")
    _git(tmp_path, "init", "-q", "-b", "main", str(top))
    _commit(top)
    put(top / _WHERE / "a.json", chat("How deep?", "3 metres"))
    _commit(top)
    put(top / _WHERE / "b.json", chat("How far?", "Two miles", test="tests/a.py::test_b"))
    return top


def _asked(told: dict[str, Any]) -> list[str]:
    return sorted((change["after"] or change["before"])["asked"] for change in told["changes"])


def test_which_states_are_compared(repository: Path, tmp_path: Path) -> None:
    assert _asked(_told(repository)) == ["How far?"]
    assert _asked(_told(repository / "tests")) == ["How far?"]
    assert _asked(_told(repository, "git:HEAD~1")) == ["How deep?", "How far?"]
    assert _asked(_told(repository, "git:HEAD~1", "git:HEAD")) == ["How deep?"]
    assert _asked(_told(repository, "git:HEAD~1", _WHERE)) == ["How deep?", "How far?"]
    shutil.copytree(repository, tmp_path / "copy")
    assert _asked(_told(tmp_path / "copy", repository, ".")) == []


def test_an_archive_in_the_working_tree_is_no_part_of_it(repository: Path) -> None:
    archive = shutil.make_archive(str(repository / "old"), "zip", repository, "tests")
    put(repository / _WHERE / "a.json", chat("How deep?", "4 metres"))
    told = _told(repository, archive)
    assert _asked(told) == ["How deep?"]
    assert told["changes"][0]["verdict"] == "answer"


@pytest.mark.parametrize("given", ["git:nowhere", "nowhere", "git:--help", "git:"])
def test_what_is_no_state_is_said(given: str, repository: Path) -> None:
    done = _run(repository, given)
    assert done.exit_code == 2
    assert "neither a path nor a git revision" in done.stderr


def test_of_two_that_are_given_the_one_that_is_no_state_is_named(repository: Path) -> None:
    for given in (("HEAD", "later\x1b"), ("later\x1b", "HEAD")):
        done = _run(repository, *given)
        assert done.exit_code == 2
        assert "later" in done.stderr
        assert "\x1b" not in done.stderr


def test_where_there_is_no_repository_one_below_is_named(repository: Path) -> None:
    done = _run(repository.parent, "git:HEAD")
    assert done.exit_code == 2
    assert "no git repository here" in done.stderr
    assert "repository" in done.stderr.partition("there is one in")[2]


def test_a_shallow_clone_is_named(repository: Path, tmp_path: Path) -> None:
    _git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", str(tmp_path / "shallow"))
    done = _run(tmp_path / "shallow", "git:HEAD~1")
    assert done.exit_code == 2
    assert "shallow" in done.stderr


def test_a_revision_without_recordings_is_named(repository: Path) -> None:
    _git(repository, "checkout", "-q", "--orphan", "empty")
    _git(repository, "rm", "-rqf", "--cached", ".")
    _git(repository, "add", "notes.txt")
    _git(repository, "commit", "-qm", "no recording")
    done = _run(repository)
    assert done.exit_code == 1
    assert "HEAD" in done.stderr
    assert "has no recordings" in done.stderr
    shutil.rmtree(repository / "tests")
    assert _run(repository).exit_code == 2


def test_of_what_cannot_be_read_nothing_is_said(repository: Path) -> None:
    """Pointers, submodules and broken files: their exchanges are neither new nor gone."""
    put(repository / _WHERE / "b.json", _POINTER)
    put(repository / _WHERE / "c.json", chat("How high?", "High")[:-40])
    _git(repository, "add", ".")
    _git(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/lamps")
    _git(repository, "commit", "-qm", "what cannot be read")
    put(repository / _WHERE / "b.json", chat("How far?", "A mile"))
    put(repository / _WHERE / "c.json", chat("How high?", "High"))
    put(repository / "vendor" / "lamps" / "d.json", chat("How bright?", "Very"))
    done = _run(repository, "--format", "json")
    assert done.exit_code == 2, "something may have changed, and nobody knows"
    assert "3 files" in done.stderr
    told = json.loads(done.stdout)
    assert {change["verdict"] for change in told["changes"]} <= {"noise"}
    whys = {one["path"]: one["why"] for one in told["unread"] if one["state"] == "before"}
    assert "Git LFS" in whys[f"{_WHERE}/b.json"]
    assert "submodule" in whys["vendor/lamps"]
    assert f"{_WHERE}/c.json" in whys
    assert "vendor/lamps" in _run(repository).stdout


def test_what_cannot_be_read_in_either_state_and_is_the_same_is_no_trouble(repository: Path, tmp_path: Path) -> None:
    """Neither are a submodule without recordings, and a pointer that stands for none."""
    put(repository / _WHERE / "b.json", chat("How high?", "High")[:-40])
    put(repository / "chart.png", _POINTER)
    _git(repository, "add", ".")
    _git(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendor/lamps")
    _git(repository, "commit", "-qm", "what cannot be read")
    put(repository / "chart.png", b"\x89PNG")
    done = _run(repository)
    assert (done.exit_code, "not known" in done.stderr) == (0, False), done.output
    assert f"{_WHERE}/b.json" in done.stdout
    put(repository / _WHERE / "b.json", chat("How high?", "High")[:-30])
    assert _run(repository).exit_code == 2
    put(repository / _WHERE / "b.json", chat("How high?", "High"))
    assert _run(repository).exit_code == 2


def test_a_pointer_in_a_directory_is_named_once(tmp_path: Path) -> None:
    put(tmp_path / "old" / "a.json", chat("How far?", "A mile"))
    put(tmp_path / "new" / "a.json", _POINTER)
    done = _run(tmp_path, "old", "new", "--format", "json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["changes"]) == (2, [])
    assert [(one["state"], one["path"], "Git LFS" in one["why"]) for one in told["unread"]] == [
        ("after", "a.json", True)
    ]


def test_an_export_says_what_is_wrong_with_an_earlier_state(tmp_path: Path) -> None:
    """It refuses what it cannot read at all, before it writes anything."""
    put(tmp_path / "new" / "a.json", chat())
    put(tmp_path / "broken.zip", b"PK\x03\x04 wet")
    put(tmp_path / "torn.json", chat()[:-50])
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for given, status, told in (
        ("broken.zip", 2, "--against broken.zip: nothing of it can be read: "),
        ("pipe", 2, "pipe is neither a directory nor a file"),
        ("nowhere", 2, "--against nowhere: "),
        ("torn.json", 0, "not known of 1 file"),
        ("empty", 0, "empty has nothing to compare with"),
    ):
        with chdir(tmp_path):
            done = CliRunner().invoke(export, ["new", "-o", f"of {given}", "--against", given])
        assert (done.exit_code, told in done.stderr) == (status, True), done.output
        assert (tmp_path / f"of {given}").exists() == (status == 0)


def test_what_a_pointer_stands_for_is_the_same(repository: Path) -> None:
    """A checkout has the file itself, and the repository its pointer."""
    recorded = chat("How far?", "A mile")
    put(repository / _WHERE / "b.json", _POINTER.replace(b"4d" * 32, sha256(recorded).hexdigest().encode()))
    _commit(repository)
    put(repository / _WHERE / "b.json", recorded)
    told = _told(repository)
    assert told["changes"] == told["unread"] == []


@pytest.mark.parametrize("query", ["verdict:answer", "-is:changed", "fog OR verdict:new"])
def test_a_query_for_verdicts_is_for_pages(query: str, repository: Path) -> None:
    done = _run(repository, "-q", query)
    assert done.exit_code == 2
    assert "--against" in done.stderr
    assert _run(repository, "-q", '"verdict: is:changed"').exit_code == 0  # words, in quotes
