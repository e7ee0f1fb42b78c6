"""The pytest plugin: which test used which recordings, and what a failing test's report says of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest

from inspector.files.urls import address_of
from inspector.index.cache_place import cache_directory
from inspector.library.instances import noted
from inspector.pytest_plugin.opened_files import Opened, unwatched, watched
from inspector.pytest_plugin.report_section import Links
from inspector.testruns import results
from inspector.testruns.last_run import MESSAGE_LINES
from inspector.testruns.results import LastRun, Outcomes
from inspector.web.http.server import server
from tests.making import chat, put
from tests.web.pages import Shelf

CHECKOUT = Path(__file__).parents[2]
BASE = "https://ci.example/run/7"
SECRET = "sk-proj-Zy0wVu1tSr2qPo3nMl4kJi5hGf6eDc7bA8"
TESTS = """
import json, os, threading
from pathlib import Path
import pytest

HERE = Path(__file__).parent / "recordings"

def reply(name):
    said = json.loads((HERE / name).read_text())
    return said["response"]["body"]["__data__"]["choices"][0]["message"]["content"]

def test_lit():
    assert reply("aa11.json") == "Lit."

def test_dark():
    assert reply("bb22.json") == "Dark."
    assert reply("cc33.json") == "Bright."

@pytest.fixture
def lamp():
    raise RuntimeError("no lamp, token=%s" % os.environ.get("LAMP", ""))

def test_without_lamp(lamp):
    pass

def test_in_a_thread():
    thread = threading.Thread(target=reply, args=["aa11.json"])
    thread.start()
    thread.join()

@pytest.mark.skip(reason="no fog today")
def test_fog():
    pass

@pytest.mark.xfail(reason="fog")
def test_bell():
    assert False

@pytest.fixture
def cassette(request):
    folder = Path(__file__).parent / "cassettes" / "test_lamp"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{request.node.name}.yaml"
    yield file
    beside = file.with_suffix(".tmp")
    beside.write_text("interactions: []")
    beside.replace(file)

@pytest.mark.parametrize("way", ["a"])
def test_cassette(cassette, way):
    pass
"""

ONLY_DARK = """
def pytest_collection_modifyitems(config, items):
    left_out = [item for item in items if item.name != "test_dark"]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
"""


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LAMP", SECRET)
    monkeypatch.delenv("INSPECTOR_LINK_BASE", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with tests and recordings."""
    top = tmp_path / "project"
    (top / ".git").mkdir(parents=True)
    put(top / "tests" / "test_lamp.py", TESTS.encode())
    recordings = top / "tests" / "recordings"
    put(recordings / "aa11.json", chat("Is the lamp lit?", "Lit.", "tests/test_lamp.py::test_lit"))
    put(recordings / "bb22.json", chat("Is it dark?", "Dark.", "tests/test_lamp.py::test_dark"))
    odd = f"Dark, \x1b[31mand the key is {SECRET}"
    put(recordings / "cc33.json", chat("Is it bright?", odd, "tests/test_lamp.py::test_dark"))
    put(recordings / "dd44.json", chat("Old?", "Old.", "tests/test_lamp.py::test_lit"))
    return top


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a project, with no other plugin than ours."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "inspector.pytest_plugin",
            "-p",
            "no:cacheprovider",
            *arguments,
        ],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def kept(project: Path) -> dict[str, Any]:
    """The tests in the map of a project."""
    (file,) = cache_directory().glob("*.tests.json")
    known = json.loads(file.read_text())
    assert known["top"] == str(project)
    return dict(known["tests"])


# ---------------------------------------------------------------- a run


def test_not_asked_it_leaves_no_trace(project: Path) -> None:
    loaded = "import sys\ndef test_it():\n    print(sorted(n for n in sys.modules if n.split('.')[0] == 'inspector'))\n"
    put(project / "tests" / "test_trace.py", loaded.encode())
    ran = run(project, "-s", "tests/test_trace.py")
    assert ran.returncode == 0, ran.stdout
    assert "['inspector', 'inspector.pytest_plugin']" in ran.stdout
    assert "inspector:" not in ran.stdout
    assert not cache_directory().exists()


@pytest.mark.parametrize(
    "more", [pytest.param((), id="alone"), pytest.param(("-p", "xdist", "-n", "2"), id="xdist", marks=pytest.mark.long)]
)
def test_from_a_failing_test_to_its_message(project: Path, more: tuple[str, ...]) -> None:
    ran = run(project, "--inspector", "--link-base", BASE, "--tb=short", *more)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    report = ran.stdout.partition("_ test_dark _")[2]
    assert re.search(r"reply \(stop\)\n  Dark, \\x1b\[31mand the key is ‹masked›\n", report), report
    assert SECRET not in report.partition("- inspector -")[2].partition("short test")[0]
    link = re.search(rf"^message: {re.escape(BASE)}/(e/\w{{16}}\.html)#reply$", report, re.MULTILINE)
    assert link is not None, report
    address = address_of(link[1])
    page = Shelf(project / "tests" / "recordings").page(f"/{address}")
    assert "Is it bright?" in page.text
    assert "reply" in page.ids
    assert f"{BASE}/tests.html" in ran.stdout
    assert re.search(rf"^test: +{re.escape(BASE)}/t/tests-test-lamp-py-test-dark-\w+\.html$", report, re.MULTILINE)

    tests = kept(project)
    assert {key.rpartition("::")[2]: test["outcome"] for key, test in tests.items()} == {
        "test_lit": "passed", "test_dark": "failed", "test_without_lamp": "error", "test_in_a_thread": "passed",
        "test_fog": "skipped", "test_bell": "xfailed", "test_cassette[a]": "passed",
    }  # fmt: skip
    used = {key.rpartition("::")[2]: test.get("recordings", {}) for key, test in tests.items()}
    assert used["test_lit"] == used["test_in_a_thread"] == {"tests/recordings/aa11.json": "read"}
    assert [*used["test_dark"].items()] == [
        ("tests/recordings/bb22.json", "read"), ("tests/recordings/cc33.json", "read"),
    ]  # fmt: skip
    assert used["test_cassette[a]"] == {"tests/cassettes/test_lamp/test_cassette[a].yaml": "wrote"}
    assert tests["tests/test_lamp.py::test_dark"]["phase"] == "call"
    assert tests["tests/test_lamp.py::test_without_lamp"]["phase"] == "setup"
    assert "no lamp" in tests["tests/test_lamp.py::test_without_lamp"]["message"]
    assert SECRET not in json.dumps(tests)


def test_a_partial_run_replaces_only_what_ran(project: Path) -> None:
    ran = run(project, "-o", "inspector=true")
    assert re.search(r"^message: inspector open 'e/\w{16}#reply'$", ran.stdout, re.MULTILINE), ran.stdout
    assert re.search(r"^test: +inspector open tests/test_lamp.py::test_dark$", ran.stdout, re.MULTILINE)
    before = kept(project)
    text = (project / "tests" / "test_lamp.py").read_text().replace('"Bright."', 'reply("cc33.json")')
    (project / "tests" / "test_lamp.py").write_text(text)
    put(project / "conftest.py", ONLY_DARK.encode())
    assert run(project, "--inspector").returncode == 0
    after = kept(project)
    dark = "tests/test_lamp.py::test_dark"
    assert (before[dark]["outcome"], after[dark]["outcome"]) == ("failed", "passed")
    assert {key: test for key, test in after.items() if key != dark} == {
        key: test for key, test in before.items() if key != dark
    }


def test_trouble_of_ours_is_one_line_and_no_failure(project: Path) -> None:
    (project / "no-cache").write_text("")
    environment = {"XDG_CACHE_HOME": str(project / "no-cache")}
    ran = run(project, "--inspector-map", "out/inspector-tests.json", "-k", "lit", "-W", "error", **environment)
    assert ran.returncode == 0, ran.stdout
    assert len(re.findall(r"^inspector: .*no-cache", ran.stdout, re.MULTILINE)) == 1, ran.stdout
    text = (project / "out" / "inspector-tests.json").read_text()
    assert results.read(text.encode()).tests["tests/test_lamp.py::test_lit"].recordings
    assert str(project) not in text  # artifacts leave the machine
    assert os.listdir(project / "out") == ["inspector-tests.json"]


def test_recordings_may_be_anywhere(project: Path) -> None:
    (project / "tests" / "recordings").rename(project / "kept")
    (project / "tests" / "test_lamp.py").write_text(TESTS.replace('"recordings"', '".." / "kept"'))
    (project / "pytest.ini").write_text("[pytest]\ninspector = true\ninspector_recordings = kept\n")
    run(project, "-k", "lit")
    assert kept(project)["tests/test_lamp.py::test_lit"]["recordings"] == {"kept/aa11.json": "read"}


def test_what_a_server_read_is_found_by_the_test_id(project: Path) -> None:
    (project / "tests" / "test_lamp.py").write_text("def test_dark():\n    assert False\n")
    ran = run(project, "--inspector", "--link-base", BASE)
    assert "tests/recordings/cc33.json, the last of 2 recordings" in ran.stdout
    assert f"message: {BASE}/e/" in ran.stdout


def test_without_recordings_it_says_so_and_no_more(project: Path) -> None:
    (project / "tests" / "test_lamp.py").write_text("def test_any():\n    assert False\n")
    ran = run(project, "--inspector")
    assert "inspector: 0 of 1 test opened recordings · inspector open tests.html" in ran.stdout
    assert "- inspector -" not in ran.stdout


def test_a_server_that_runs_is_linked_to(project: Path) -> None:
    bound = server(Shelf(project / "tests").app, "127.0.0.1", 0)
    thread = threading.Thread(target=bound.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{bound.server_port}/"
    with noted(address, project / "tests"):
        assert Links(project, project, (), "").to("e/0123456789abcdef#reply") == f"{address}e/0123456789abcdef#reply"
        assert Links(project, project, (), BASE).to("tests") == f"{BASE}/tests.html"
    bound.shutdown()
    thread.join()
    bound.server_close()
    assert Links(project.parent, project.parent / "other", (), "").to("e/1", "it's") == """inspector open 'it'"'"'s'"""


def test_it_is_there_once_the_package_is_installed() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"llm-traffic-inspector": "inspector.pytest_plugin"}


# ---------------------------------------------------------------- what is seen


def test_only_recordings_of_the_repository_are_seen(tmp_path: Path) -> None:
    top, other = tmp_path / "top", tmp_path / "other"
    names = ["recordings/a.json", ".venv/lib/recordings/b.json", "recordings/c.py", "plain/d.json", "cassettes/e.yaml"]
    for name in names:
        put(top / name, b"{}")
    put(other / "recordings" / "f.json", b"{}")
    with watched(Opened(top, ())) as opened:
        for file in [*(top / name for name in names), other / "recordings" / "f.json"]:
            file.read_bytes()
        with unwatched():
            put(top / "recordings" / "ours.json", b"{}")
        os.close(os.open(top / "recordings" / "a.json", os.O_RDWR))
        (top / "recordings" / "gone.json").write_text("{}")
        (top / "recordings" / "gone.json").unlink()
    (top / "recordings" / "later.json").write_text("{}")
    found = {str(Path(path).relative_to(top.resolve())): how for path, how in opened.recordings.items()}
    assert found == {"cassettes/e.yaml": "read", "recordings/a.json": "read, wrote"}


# ---------------------------------------------------------------- the map

FILES = {"r/a.json", "r/b.json"}


def last_run(key: str, outcome: str = "passed", at: float = 1, *recordings: str, lost: tuple[str, ...] = ()) -> LastRun:
    return LastRun(key, key, outcome, "", "", 0.5, at, dict.fromkeys(recordings, "read"), lost)


def known(*tests: LastRun, whole: dict[str, float] | None = None) -> Outcomes:
    return Outcomes({test.key: test for test in tests}, whole or {})


@pytest.mark.parametrize(
    ("before", "run", "after"),
    [
        (known(last_run("t.py::a")), known(last_run("t.py::b")), {"t.py::a", "t.py::b"}),
        (known(last_run("t.py::a")), known(last_run("t.py::b"), whole={"": 2}), {"t.py::b"}),
        (known(last_run("t.py::a[x]")), known(last_run("t.py::a[y]"), whole={"": 2}), {"t.py::a[x]", "t.py::a[y]"}),
        (known(last_run("d/t.py::a")), known(last_run("e/t.py::a"), whole={"e": 2}), {"d/t.py::a", "e/t.py::a"}),
        (known(last_run("d/t.py::a")), known(last_run("d/u.py::a"), whole={"d": 2}), {"d/u.py::a"}),
        (known(last_run("dd/t.py::a")), known(last_run("d/u.py::a"), whole={"d": 2}), {"dd/t.py::a", "d/u.py::a"}),
    ],
    ids=["partial", "no more", "other parameters", "other folder", "whole folder", "folder with a longer name"],
)
def test_what_stays_in_a_map(before: Outcomes, run: Outcomes, after: set[str]) -> None:
    assert set(results.merged(before, run, FILES.__contains__).tests) == after


@pytest.mark.parametrize(
    ("old", "new", "used", "lost"),
    [
        (["r/a.json"], last_run("t", "passed", 2, "r/b.json"), ["r/b.json"], ()),
        (["r/a.json"], last_run("t", "failed", 2, "r/b.json"), ["r/a.json", "r/b.json"], ()),
        (["r/a.json", "r/gone.json"], last_run("t", "failed", 2), ["r/a.json"], ("r/gone.json",)),
        (["r/gone.json"], last_run("t", "passed", 2, "r/b.json"), ["r/b.json"], ()),
        (["r/a.json"], last_run("t", "skipped", 2), ["r/a.json"], ()),
    ],
    ids=["passed", "stopped early", "failed without it", "re-recorded", "skipped"],
)
def test_what_a_test_used_that_ran_again(old: list[str], new: LastRun, used: list[str], lost: tuple[str, ...]) -> None:
    before = known(last_run("t", "passed", 1, *old))
    after = results.merged(before, known(new), FILES.__contains__).tests["t"]
    assert (list(after.recordings), after.lost) == (used, lost)


def test_a_map_is_read_as_it_was_written() -> None:
    odd = last_run("t.py::test_\udce9[a/b::c]", "error", 3.5, "r/ä b.json", lost=("r/x.json",))._replace(message="a\nb")
    whole = Outcomes({odd.key: odd}, {"": 3.5}, "/top")
    again = results.read(results.written(whole).encode())
    assert next(iter(again.tests.values()))._replace(key="", id="") == odd._replace(key="", id="")
    assert (again.whole, again.top) == (whole.whole, "/top")


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"inspector_tests": 9, "tests": {}}', b'{"inspector_tests"'])
def test_what_is_no_map_is_said(data: bytes) -> None:
    with pytest.raises(ValueError):
        results.read(data)


def test_of_a_strange_map_what_can_be_read_is() -> None:
    strange = {
        "inspector_tests": 1, "top": 7, "whole": [], "tests": {
            "a": 1, "b": {"outcome": "odd", "id": "b"}, "c": {"outcome": "passed"},
            "d": {"outcome": "failed", "id": "d", "at": "x", "recordings": [1], "lost": "y", "message": ["z"]},
            "e": {"outcome": "failed", "id": "e", "message": f"key {SECRET}\n" * 50, "at": 1e300},
        },
    }  # fmt: skip
    read = results.read(json.dumps(strange).encode())
    assert list(read.tests) == ["d", "e"]
    assert (read.tests["d"].at, read.tests["d"].recordings, read.top) == (0.0, {}, "")
    assert SECRET not in read.tests["e"].message
    assert read.tests["e"].message.count("\n") < MESSAGE_LINES
