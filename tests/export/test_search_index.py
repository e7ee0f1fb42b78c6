"""The data that a search in the browser asks: what is in it, what is not, and that nothing else depends on it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inspector.export import search_index
from inspector.export.selection import gathered
from inspector.export.settings_and_tools import SettingsAndTools
from inspector.files.roots import roots_of
from inspector.search.fields import FIELDS
from inspector.web.app import Still, create_app
from inspector.web.settings import Settings
from tests.export.sites import SECRETS, site
from tests.making import SAMPLES, chat, put


def searched(source: Path, index: Path) -> dict[str, Any]:
    """The data files of an export of a folder."""
    library = gathered(roots_of(source), index, "", lambda _: None)
    app = create_app(Still(library), settings=Settings(exported=True))
    found = {name: json.loads(value) for name, value in search_index.data(app, SettingsAndTools())}
    library.index.close()
    return found


def texts(data: dict[str, Any]) -> list[str]:
    files = [data[f"texts-{number}"] for number in range(data["names"]["texts"])]
    return [text for messages in files for pieces in messages for text in pieces[1::2]]


def said(data: dict[str, Any]) -> list[list[int]]:
    """The messages of each exchange."""
    before: list[int] = []
    return [before := [*before[:common], *more] for common, *more in data["said"]]


def test_a_browser_evaluates_every_field() -> None:
    kinds = {field.compared.kind for field in FIELDS}
    script = (Path(__file__).parents[2] / "static" / "js" / "export" / "search-index.js").read_text("utf-8")
    evaluations = script.partition("const evaluations = {")[2].partition("\n  };")[0]
    assert set(re.findall(r"^    (\w+):", evaluations, re.MULTILINE)) == kinds


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return searched(SAMPLES, tmp_path_factory.mktemp("samples") / "index")


def test_secrets_are_masked(samples: dict[str, Any]) -> None:
    assert not [secret for secret in SECRETS if secret in json.dumps(samples)]


def test_each_message_is_there_once(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.json", chat("Is the lamp lit?", "It is."))
    before = [{"role": "user", "content": "Is the lamp lit?"}, {"role": "assistant", "content": "It is."}]
    put(tmp_path / "in" / "b.json", chat("And the bell?", "Silent.", before=before))
    data = searched(tmp_path / "in", tmp_path / "index")
    a, b = (f"tests/a.py::test_one\ngpt-4o\nopenai\nopenai.chat_completions\n{name}.json" for name in "ab")
    assert texts(data) == ["Is the lamp lit?", "It is.", a, "And the bell?", "Silent.", b]
    assert said(data) == [[0, 1, 2], [0, 1, 3, 4, 5]]


def test_rows_lead_to_the_files_of_the_site(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.json", chat())
    put(tmp_path / "in" / "lone" / "b.json", chat(test=None))
    put(tmp_path / "in" / "two" / "c.json", chat(test=None))
    put(tmp_path / "in" / "two" / "d.json", chat(test=None))
    site(tmp_path / "in", tmp_path / "site")
    held = (tmp_path / "site" / "search" / "rows-0.js").read_text("utf-8")
    data = searched(tmp_path / "in", tmp_path / "index")
    rows = data["rows-0"]
    assert held.startswith('Site.take("rows-0",{')
    assert json.loads(held.removeprefix('Site.take("rows-0",').removesuffix(");\n")) == rows
    links = re.findall(r'href="([^"]*)"', "".join([*rows["rows"], *rows["heads"].values()]))
    links += [file for *_, file in data["names"]["groups"]]
    assert len(links) == 4 + 3 + 3
    assert all((tmp_path / "site" / link).is_file() for link in links)


def test_large_data_comes_in_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        put(tmp_path / "in" / f"{number}.json", chat(f"Question {number}?", f"Answer {number}."))
    whole = searched(tmp_path / "in", tmp_path / "index")
    monkeypatch.setattr(search_index, "LARGEST", 60)
    monkeypatch.setattr(search_index, "SHOWN", 1_500)
    apart = searched(tmp_path / "in", tmp_path / "other")
    assert apart["names"]["texts"] == sum(name.startswith("texts-") for name in apart) > 1
    assert texts(apart) == texts(whole)
    stretches = [apart[f"rows-{number}"]["rows"] for number in range(len(apart["names"]["rows"]))]
    assert len(stretches) > 1
    assert [sum(map(len, stretches[:at])) for at in range(len(stretches))] == apart["names"]["rows"]
    assert [row for rows in stretches for row in rows] == whole["rows-0"]["rows"]


def test_an_export_knows_no_times(samples: dict[str, Any]) -> None:
    assert "changed" not in samples["names"]["orders"]
    table = {field["name"]: field for field in samples["names"]["fields"]}
    assert table["changed"]["kind"] == "absent"
    assert not [name for name in table["sort"]["values"] if name.startswith("changed")]
