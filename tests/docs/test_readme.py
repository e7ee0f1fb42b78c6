"""The README says what is true: its tables, its commands, its links and its pictures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest

from inspector import model
from inspector.cli import main
from inspector.decode.evidence import Evidence
from inspector.formats.reading.source import Source
from inspector.model.delta import EndDelta, FinishDelta, TextDelta, UsageDelta
from inspector.search import parse
from tests.readme import GENERATED, README, written

TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_its_generated_parts_are_current() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.readme"


@pytest.mark.parametrize("name", GENERATED)
def test_it_has_every_table(name: str) -> None:
    assert TEXT.count(f"<!-- {name} -->") == TEXT.count(f"<!-- /{name} -->") == 1


def test_it_begins_with_two_commands_one_line_each() -> None:
    first_screen = TEXT.partition("\n## ")[0]
    assert first_screen.count("\n```\n") == 2
    (_, serve), (_, test) = BLOCKS[:2]
    for command in (serve, test):
        assert command.count("\n") == 1, "one line"
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert serve.rstrip().endswith("inspector serve tests/recordings")
    assert "pytest" in test


COMMANDS = re.findall(r"inspector (serve|show|ls|export|summary|open|find-log|index \w+)\b", TEXT)


@pytest.mark.parametrize("name", sorted(set(COMMANDS)))
def test_the_options_it_names_exist(name: str) -> None:
    command: click.Command = main
    for word in name.split():
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found, name
        command = found
    known = {option for parameter in command.params for option in parameter.opts}
    for line in re.findall(rf"inspector {name}\b([^\n`]*)", TEXT):
        used = set(re.findall(r"(?<=\s)--?[a-z][\w-]*", re.sub(r"'[^']*'", "", line)))
        assert used <= known, line


SERVE = main.get_command(click.Context(main), "serve")
assert SERVE


def test_every_option_of_serve_is_described() -> None:
    options = {option for parameter in SERVE.params for option in parameter.opts if "--" in option}
    assert [option for option in options if f"`{option}" not in TEXT] == []


@pytest.mark.parametrize("query", re.findall(r"-q '([^']+)'|-q ([^\s'`]+)", TEXT))
def test_its_queries_are_understood(query: tuple[str, str]) -> None:
    assert parse("".join(query))


def test_its_relative_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", TEXT, re.M)
    }
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```", "", TEXT, flags=re.M | re.S)):
        if link.startswith("#"):
            assert link[1:] in headings, link
        elif "://" not in link:
            assert (Path(README.parent) / link).exists(), link


def test_the_picture_is_small() -> None:
    assert (README.parent / "tests" / "screenshot.png").stat().st_size < 200_000


def example(name: str) -> SimpleNamespace:
    """The module that the README gives as an example, run."""
    code = next(code for language, code in BLOCKS if language == "python" and f'NAME = "{name}"' in code)
    names: dict[str, Any] = {}
    exec(code, names)
    return SimpleNamespace(**names)


def test_the_example_of_a_format_works() -> None:
    proxylog = example("proxylog")
    good = {"to": "http://a/b", "sent": '{"q": 1}', "status": 200, "got": "data: {}\n\n", "ms": 812, "at": None}
    source = Source("a.json", json.dumps({"proxylog": 1, "calls": [good, {"to": 7}]}).encode())
    assert proxylog.sniff(source)
    one, other = proxylog.read(source)
    assert (one.request.body.value, one.response.status, one.duration, one.problems) == ('{"q": 1}', 200, 0.812, ())
    assert other.problems
    assert not proxylog.sniff(Source("a.json", b'{"calls": []}'))


def test_the_example_of_a_protocol_works() -> None:
    acme = example("acme.chat")
    assert acme.recognise(Evidence("a", "/acme/chat", {}, {}, None))
    assert acme.prompt({"question": "Who?"}).messages[0].parts == (model.Text("Who?"),)
    last = {"token": "me", "last": True}
    assert list(acme.deltas(model.Event(0, last))) == [
        TextDelta("me"), FinishDelta("stop"), UsageDelta(last), EndDelta()
    ]  # fmt: skip
    assert acme.usage({"tokens": 3}).output_tokens == 3
