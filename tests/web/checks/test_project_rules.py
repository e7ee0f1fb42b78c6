"""The page of checks shows what the project itself asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.export.sites import held, site
from tests.making import chat, put
from tests.web.pages import Shelf


@pytest.fixture
def cut(shelf: Shelf, tmp_path: Path) -> Shelf:
    """A project with an answer that was cut off."""
    put(tmp_path / ".git" / "config", b"")
    document = json.loads(chat())
    document["response"]["body"]["__data__"]["choices"][0]["finish_reason"] = "length"
    shelf.put("a.json", json.dumps(document))
    return shelf


def test_rules_that_a_project_ignores_are_not_shown(cut: Shelf, tmp_path: Path) -> None:
    assert "rule-r401" in cut.page("/checks").ids
    put(tmp_path / "pyproject.toml", b'[tool.inspector]\nignore = ["R4"]\n')
    page = cut.page("/checks")
    assert "rule-r401" not in page.ids
    assert "Checks found nothing" in page.text
    assert "rule-r401" in cut.page("/checks?all=1").ids


def test_what_is_on_a_projects_baseline_is_left_out_and_said(cut: Shelf, tmp_path: Path) -> None:
    known = {"exchange": cut.uid("a.json"), "code": "R401", "place": "reply", "count": 1}
    put(tmp_path / "known.json", json.dumps({"version": 1, "findings": [known]}).encode())
    put(tmp_path / "pyproject.toml", b'[tool.inspector]\nbaseline = "known.json"\n')
    page = cut.page("/checks")
    assert "rule-r401" not in page.ids
    assert "1 finding of the project's baseline left out" in page.text
    assert "rule-r401" in cut.page("/checks?all=1").ids


@pytest.mark.parametrize("text", [b"[tool.inspector]\nselect = 3", b"[tool.inspector]\nbaseline = 'none.json'", b"["])
def test_settings_that_nobody_can_read_change_nothing(cut: Shelf, tmp_path: Path, text: bytes) -> None:
    put(tmp_path / "pyproject.toml", text)
    assert "rule-r401" in cut.page("/checks").ids


def test_an_export_shows_what_the_project_asks_for(cut: Shelf, tmp_path: Path) -> None:
    put(tmp_path / "pyproject.toml", b'[tool.inspector]\nselect = ["K", "C"]\n')
    source = next(iter(tmp_path.rglob("a.json"))).parent
    site(source, tmp_path / "strict")
    assert "rule-r401" not in held(tmp_path / "strict" / "checks.html").ids
    put(tmp_path / "pyproject.toml", b'[tool.inspector]\nignore = ["K"]\n')
    site(source, tmp_path / "lax")
    assert "rule-r401" in held(tmp_path / "lax" / "checks.html").ids
    link = next(value for tag, _, value in held(tmp_path / "lax" / "checks.html").links if "#reply" in value)
    assert (tmp_path / "lax" / link.partition("#")[0]).is_file()
