"""``inspector check``, as the command is run: exit status, baselines, settings, formats."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inspector.cli.check import FORMATS, check
from inspector.files.roots import roots_of
from inspector.index import Index, index_file
from inspector.library.library import Library
from tests.making import chat, put

_EVIL = 'fog\n::error::x\x1b[31m\x9b1m‮%0A<b>&"]]>\x00'


def _run(folder: Path, *arguments: str | Path) -> Result:
    with chdir(folder):
        done = CliRunner().invoke(check, [str(one) for one in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def _cut_off(said: str = "Lit?", times: int = 1, **more: Any) -> bytes:
    document = json.loads(chat(said, **more))
    choices = document["response"]["body"]["__data__"]["choices"]
    choices[0]["finish_reason"] = "length"
    choices += [{**choices[0], "index": number} for number in range(1, times)]
    return json.dumps(document).encode()


def _bad_arguments(*texts: str) -> bytes:
    document = json.loads(chat())
    calls = [
        {"id": f"c{at}", "type": "function", "function": {"name": _EVIL, "arguments": text}}
        for at, text in enumerate(texts)
    ]
    document["response"]["body"]["__data__"]["choices"][0]["message"]["tool_calls"] = calls
    return json.dumps(document).encode()


def test_the_exit_status(tmp_path: Path) -> None:
    put(tmp_path / "fine.json", chat())
    assert _run(tmp_path, ".").exit_code == 0
    put(tmp_path / "cut.json", _cut_off())
    assert _run(tmp_path, ".").exit_code == 1
    assert _run(tmp_path, ".", "--ignore", "R4").exit_code == 0
    assert _run(tmp_path, ".", "-q", "hello").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("missing",), ("empty",), (".", "--select", "X1"), (".", "-q", "nosuch:field"), (".", "-q", "is:nosuch"),
        (".", "--baseline", "missing.json"), (".", "--baseline", "empty"), (".", "--baseline", "fine.json"),
        (".", "--write-baseline", "missing/x.json"), (".", "--format", "xml"), (".", "-q", "nobodysaidthis"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_trouble(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path / "fine.json", chat())
    done = _run(tmp_path, *arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    put(tmp_path / "torn.json", chat()[:-30])
    done = _run(tmp_path, ".")
    assert done.exit_code == 1
    assert "torn.json: F301" in done.output


# ---------------------------------------------------------------- baselines


def test_only_what_is_new_fails(tmp_path: Path) -> None:
    put(tmp_path / "known.json", _cut_off())
    put(tmp_path / "torn.json", chat()[:-30])
    assert _run(tmp_path, ".", "--write-baseline", "known.txt").exit_code == 0
    before = (tmp_path / "known.txt").read_text()
    done = _run(tmp_path, ".", "--baseline", "known.txt")
    assert done.exit_code == 0
    assert "2 more findings on the baseline" in done.output
    put(
        tmp_path / "known.json", b"\n\n" + _cut_off("Is the lamp lit, at all?")
    )  # recorded again: other lines and words
    assert _run(tmp_path, ".", "--baseline", "known.txt").exit_code == 0
    put(tmp_path / "new.json", _cut_off())
    done = _run(tmp_path, ".", "--baseline", "known.txt")
    assert done.exit_code == 1
    assert "new.json" in done.output
    assert "known.json: " not in done.output
    (tmp_path / "new.json").unlink()
    _run(tmp_path, ".", "--write-baseline", "again.txt")
    assert (tmp_path / "again.txt").read_text() == before


def test_what_is_known_once_is_new_when_it_comes_twice(tmp_path: Path) -> None:
    put(tmp_path / "calls.json", _bad_arguments("{", "{}"))
    _run(tmp_path, ".", "--write-baseline", "known.txt")
    put(tmp_path / "calls.json", _bad_arguments("{", "{}", "{"))
    assert _run(tmp_path, ".", "--baseline", "known.txt").exit_code == 1


def test_what_is_found_no_more_is_counted(tmp_path: Path) -> None:
    put(tmp_path / "a.json", _cut_off())
    put(tmp_path / "b.json", _cut_off("And now?"))
    _run(tmp_path, ".", "--write-baseline", "known.txt")
    put(tmp_path / "b.json", chat("And now?"))
    told = json.loads(_run(tmp_path, ".", "--baseline", "known.txt", "--format", "json").stdout)
    assert (told["known"], told["gone"], told["findings"]) == (1, 1, [])


# ---------------------------------------------------------------- settings


def test_the_project_says_what_is_checked(tmp_path: Path) -> None:
    put(tmp_path / "project" / "recordings" / "cut.json", _cut_off())
    (tmp_path / "project" / ".git").mkdir()
    settings = tmp_path / "project" / "pyproject.toml"
    project = tmp_path / "project"
    settings.write_text('[tool.inspector]\npaths = ["recordings"]\n')
    assert _run(project).exit_code == 1
    settings.write_text('[tool.inspector]\npaths = ["recordings"]\nignore = ["R401"]\n')
    assert _run(project).exit_code == 0
    assert _run(tmp_path, "project/recordings").exit_code == 0, "it is found above the path"
    settings.write_text('[tool.inspector]\nselect = ["C"]\n')
    assert _run(project, "recordings").exit_code == 0
    assert _run(project, "recordings", "--select", "R").exit_code == 1
    _run(project, "recordings", "--select", "R", "--write-baseline", "known.json")
    settings.write_text('[tool.inspector]\npaths = ["recordings"]\nbaseline = "known.json"\n')
    assert _run(tmp_path, "project/recordings").exit_code == 0
    (tmp_path / "pyproject.toml").write_text('[tool.inspector]\nignore = ["ALL"]\n')
    settings.unlink()
    assert _run(project, "recordings").exit_code == 1, "what lies above the repository is another's"


@pytest.mark.parametrize(
    "text",
    [
        '[tool.inspector]\nbaseline = "a\\u0000b"',
        "[tool.inspector]\nselect = 3", "[tool.inspector]\nselect = [1]", "[tool.inspector]\nnosuch = 1",
        '[tool.inspector]\nignore = ["X"]', "[tool.inspector]\nbaseline = []", "tool = {inspector = 3}", "[tool",
        "x = " + "[" * 5000,
    ],
)  # fmt: skip
def test_settings_that_nobody_understands(text: str, tmp_path: Path) -> None:
    put(tmp_path / "fine.json", chat())
    (tmp_path / "pyproject.toml").write_text(text)
    done = _run(tmp_path, ".")
    assert done.exit_code == 2
    assert "Traceback" not in done.output


# ---------------------------------------------------------------- formats


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Recordings with findings, whose names and words are made to break a format."""
    put(tmp_path / "cut%,: &<a>.json", _cut_off(test=f"tests/a.py::test_one[{_EVIL}]"))
    put(tmp_path / "calls.json", _bad_arguments("{", "{"))
    put(tmp_path / "torn\n::error::x.json", chat()[:-30])
    put(tmp_path / "fine.json", chat())
    return tmp_path


def test_the_lines_of_github(odd: Path) -> None:
    lines = _run(odd, ".", "--format", "github").stdout.splitlines()
    assert len(lines) == 4
    for line in lines:
        command, said = line[2:].split("::", 1)
        word, _, at = command.partition(" ")
        assert word in ("error", "warning", "notice")
        assert dict(pair.split("=", 1) for pair in at.split(",")).keys() == {"file", "line", "title"}
        assert said


def test_junit(odd: Path) -> None:
    suite = ElementTree.fromstring(_run(odd, ".", "--format", "junit").stdout)[0]
    assert (suite.get("tests"), suite.get("failures")) == ("4", "3")
    failed = [case for case in suite if case.find("failure") is not None]
    assert len(failed) == 3
    assert all(case.get("name") and case.get("classname") for case in suite)


def test_junit_of_what_is_clean(tmp_path: Path) -> None:
    put(tmp_path / "fine.json", chat())
    suite = ElementTree.fromstring(_run(tmp_path, ".", "--format", "junit").stdout)[0]
    assert (suite.get("tests"), suite.get("failures"), len(suite)) == ("1", "0", 1)


def test_sarif(odd: Path) -> None:
    """What the schema of SARIF 2.1.0 and the documentation of GitHub's code scanning ask of what we write."""
    log = json.loads(_run(odd, ".", "--format", "sarif", "--link-base", "https://lantern.example/").stdout)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"]
    for rule in rules:
        assert rule["id"]
        assert rule["name"]
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert ("security" in rule["properties"]["tags"]) == ("security-severity" in rule["properties"])
    assert len(run["results"]) == 4
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"].isprintable()
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        assert physical["artifactLocation"]["uri"].isascii()
        assert not set(physical["artifactLocation"]["uri"]) & set(' <>:\n"')
        assert physical["region"]["startLine"] >= 1
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len({*prints}) == len(prints)
    again = json.loads(_run(odd, ".", "--format", "sarif").stdout)["runs"][0]["results"]
    assert [result["partialFingerprints"]["primaryLocationLineHash"] for result in again] == prints


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_recorded_plays_tricks(form: str, odd: Path) -> None:
    said = _run(odd, ".", "--format", form).stdout
    assert not {*said} & {"\x1b", "\x9b", "\u202e", "\x00"}
    assert sum(line.startswith("::error::") for line in said.splitlines()) == 0


def test_rules_are_listed(tmp_path: Path) -> None:
    assert "U701  warning" in _run(tmp_path, "--rules").stdout


# ---------------------------------------------------------------- a current index


def test_an_index_that_a_server_keeps_is_begun_with(tmp_path: Path) -> None:
    put(tmp_path / "a.json", _cut_off())
    put(tmp_path / "b.json", _cut_off("And now?"))
    roots = roots_of(tmp_path)
    file = index_file(tmp_path)
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = Index(file, roots.served)
    Library(roots, kept).refresh()
    kept.close()
    put(tmp_path / "b.json", chat("And now?"))
    (tmp_path / "a.json").rename(tmp_path / "c.json")
    told = json.loads(_run(tmp_path, tmp_path, "--format", "json").stdout)
    assert [found["path"] for found in told["findings"]] == ["c.json"]
    assert told["exchanges"] == 2


def test_only_what_changed_is_read_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.json", _cut_off())
    roots = roots_of(tmp_path)
    file = index_file(tmp_path)
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = Index(file, roots.served)
    Library(roots, kept).refresh()
    kept.close()
    monkeypatch.setattr("inspector.library.reader.entries", lambda *_: pytest.fail("it was read again"))
    assert _run(tmp_path, tmp_path).exit_code == 1
