"""A project of its own that VCR.py and pytest-recording replay, as they are, and that misses in each way that people
meet: what the failing test's report says, and what `inspector why` says of the test afterwards."""

from __future__ import annotations

import re
from contextlib import chdir
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspector.cli.why import why
from tests.export.sites import site
from tests.making import put
from tests.pytest_plugin.test_caught_requests import CASSETTE as LIT
from tests.pytest_plugin.test_caught_requests import URL
from tests.pytest_plugin.test_pytest_plugin import SECRET, run
from tests.web.pages import Shelf

pytest.importorskip("pytest_recording")

CONFTEST = """
import pytest

def hour(one, other):
    assert one.headers.get("X-Hour") == other.headers.get("X-Hour")

def pytest_recording_configure(config, vcr):
    vcr.register_matcher("hour", hour)

@pytest.fixture(scope="module")
def vcr_config():
    matchers = ["method", "scheme", "host", "port", "path", "query", "body"]
    return {"match_on": matchers, "filter_query_parameters": ["key"]}
"""
TESTS = f'''
import json
from urllib.request import Request, urlopen

import pytest
import vcr

URL = "{URL}"

def ask(said="Is it lit?", url=URL, method="POST", is_turned=False, **headers):
    asked = {{"model": "lamp", "messages": [{{"role": "user", "content": said}}]}}
    body = json.dumps(dict(reversed(asked.items())) if is_turned else asked).encode()
    headers = {{name.replace("_", "-"): value for name, value in headers.items()}}
    with urlopen(Request(url, body, headers, method=method)):
        pass

def wrapped():
    try:
        ask("Is it dark?")
    except Exception as error:
        raise ConnectionError("no connection") from error

def twice():
    ask()
    ask()

def test_once():
    with vcr.use_cassette("tests/cassettes/once.yaml", match_on=["method", "uri", "body"]):
        ask("Is it dark?")

@pytest.mark.vcr(match_on=["uri", "hour"])
def test_matcher():
    ask(X_Hour="22")

@pytest.mark.vcr(match_on=["uri", "headers"])
def test_headers():
    ask(Authorization="Bearer {SECRET}")

@pytest.mark.vcr(match_on=["uri", "raw_body"])
def test_order():
    ask(is_turned=True)

@pytest.mark.vcr(match_on=["uri", "body"])
def test_same():
    ask(is_turned=True, Content_Type="application/json")

@pytest.mark.vcr
@pytest.mark.parametrize("way", [
    pytest.param(way, id=name) for name, way in {{
        "words": lambda: ask("Is it dark?"),
        "path": lambda: ask(url=URL.replace("v1", "v2")),
        "host": lambda: ask(url=URL.replace("https://skerry.example", "http://localhost:11434")),
        "query": lambda: ask(url=f"{{URL}}?api-version=2026-01&key={SECRET}"),
        "method": lambda: ask(method="PUT"),
        "twice": twice,
        "renamed": ask,
        "empty": lambda: ask("Is it foggy?", url=URL.replace("chat/completions", "responses")),
        "wrapped": wrapped,
        "unlike": lambda: ask(url="http://localhost:1/", method="PUT"),
        "filtered": lambda: ask(url=f"{{URL}}?key={SECRET}"),
    }}.items()
])
def test_lamp(way):
    way()
'''
CASSETTE = LIT.replace("headers: {}", 'headers: {X-Hour: ["4"]}', 1)
LAMP = "tests/test_lamp.py::test_lamp"

SAID = {
    f"{LAMP}[words]": (
        "its only entry differs in body",
        'user message: "Is it lit?" → "Is it dark?"',
        "it would match with the same body; in record mode none it is an error",
    ),
    f"{LAMP}[path]": ("its only entry differs in path", f'url "{URL}" → "https://skerry.example/v2/chat/completions"'),
    f"{LAMP}[host]": (
        "its only entry differs in scheme, host, port",
        f'url "{URL}" → "http://localhost:11434/v1/chat/completions"',
    ),
    f"{LAMP}[query]": ("its only entry differs in query", '→ "… /v1/chat/completions?api-version=2026-01"'),
    f"{LAMP}[method]": ("its only entry differs in method", 'method "POST" → "PUT"'),
    f"{LAMP}[twice]": (
        "a request that matches is recorded and was already played",
        "with allow_playback_repeats it would be played again",
    ),
    f"{LAMP}[renamed]": (
        "has no entries, or is not there",
        "it matches, and lies in another cassette than the test opens",
        "was the test renamed?",
    ),
    f"{LAMP}[empty]": ("has no entries, or is not there",),
    f"{LAMP}[wrapped]": ("its only entry differs in body", 'user message: "Is it lit?" → "Is it dark?"'),
    f"{LAMP}[unlike]": ("its only entry differs in ",),
    "tests/test_lamp.py::test_matcher": ("not the same: hour", "it would match with the same hour"),
    "tests/test_lamp.py::test_headers": ("not the same: headers", "authorization"),
    "tests/test_lamp.py::test_order": ("not the same: raw_body", "✗ order of keys, or spaces, of the request"),
    "tests/test_lamp.py::test_same": (
        "not the same: body",
        "✗ the bodies are the same JSON, which VCR.py compares as text",
        "it would match with the same body",
    ),
    "tests/test_lamp.py::test_once": (
        "VCR.py compares method, uri, body (as the run had it); not the same: body",
        "in record mode once nothing new goes into a cassette that is there",
    ),
}
"""What is said of each test, in its report and afterwards."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("vcr") / "project"
    (top / ".git").mkdir(parents=True)
    put(top / "tests" / "conftest.py", CONFTEST.encode())
    put(top / "tests" / "test_lamp.py", TESTS.encode())
    cassettes = top / "tests" / "cassettes"
    put(cassettes / "once.yaml", CASSETTE.encode())
    ways = [name for name in re.findall(r"\[(\w+)\]", " ".join(SAID)) if name != "renamed"]
    others = ("test_matcher", "test_headers", "test_order", "test_same")
    for name in (*others, *(f"test_lamp[{way}]" for way in (*ways, "filtered"))):
        said = "interactions: []\nversion: 1\n" if "empty" in name else CASSETTE
        put(cassettes / "test_lamp" / f"{name}.yaml", said.encode())
    return top


@pytest.fixture(scope="module")
def reports(project: Path) -> dict[str, str]:
    """What the plugin adds to the reports of the failing tests of one run, by their ids."""
    done = run(
        project, "-p", "pytest_recording.plugin", "--inspector", "-q", "--tb=short",
        XDG_CACHE_HOME=str(project.parent / "cache"), INSPECTOR_LINK_BASE="", PYTEST_ADDOPTS="",
    )  # fmt: skip
    assert "15 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    failures, _, _ = done.stdout.partition(" short test summary info ")
    parts = re.split(r"^_{4,} (\S+) _{4,}$", failures, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {
        f"tests/test_lamp.py::{name}": said.partition("inspector: no recording -")[2] for name, said in found.items()
    }


def test_every_way_is_told(reports: dict[str, str]) -> None:
    assert reports.keys() == SAID.keys()
    assert all(SECRET not in said for said in reports.values())


@pytest.mark.parametrize("test", SAID)
def test_a_report_says_why_the_replay_missed(test: str, reports: dict[str, str]) -> None:
    said = reports[test]
    assert "VCR.py has no recording of " in said
    assert [words for words in SAID[test] if words not in said] == []


@pytest.mark.parametrize("test", SAID)
def test_so_does_the_command_afterwards(
    test: str, project: Path, reports: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))
    with chdir(project):
        done = CliRunner().invoke(why, [test])
    assert [words for words in SAID[test] if words not in done.stdout] == [], done.output
    assert SECRET not in done.output


def test_pages_have_what_is_recorded_beside_what_was_asked_for(
    project: Path, reports: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.parent / "cache"))
    with Shelf(project / "tests").client.get("/tests") as answer:
        page = answer.text
    site(project / "tests", tmp_path / "site")
    for text in (page, (tmp_path / "site" / "tests.html").read_text("utf-8")):
        rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text.replace("<wbr>", ""))
        cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]
        words = [[re.sub(r"<[^>]*>", "", unescape(cell)).strip() for cell in row] for row in cells]
        assert ["Differs", "Recorded", "Asked for", "Fails"] in words
        assert ["method", '"POST"', '"PUT"', "✗ method"] in words
        assert any(row[1:3] == ['"Is it lit?"', '"Is it dark?"'] and row[3] == "✗ body" for row in words)
        assert SECRET not in text
