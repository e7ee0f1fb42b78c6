"""`inspector ls -q` and `show -q`: what a query finds, in the order that it asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector import search
from tests.commands import run
from tests.making import chat, library, put


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, said, model in (("a", "short", "gpt-4o"), ("b", "long " * 500, "gpt-4o"), ("c", "mid " * 50, "llama")):
        put(tmp_path / f"{name}.json", chat(said, "fine", model=model))
    return tmp_path


@pytest.mark.parametrize(
    ("query", "paths"),
    [
        ("sort:size", "bca"),
        ("sort:size-asc", "acb"),
        ("-model:llama sort:size", "ba"),
        ("fine", "abc"),
        ("-short", "bc"),
    ],
)
def test_both_print_what_the_page_lists(root: Path, query: str, paths: str) -> None:
    shelf = library(root)
    shelf.refresh()
    assert {row.path[0] for row in shelf.index.rows(search.where(query))} == {*paths}
    shown = run("show", root, "-q", query, "--format", "jsonl").text
    assert "".join(json.loads(line)["recording"]["path"][0] for line in shown.splitlines()) == paths
    listed = run("ls", root, "-q", query).text
    uids = {row.path[0]: row.uid for row in shelf.index.rows()}
    assert [next(uid for uid in uids.values() if uid in line) for line in listed.splitlines()] == [
        uids[path] for path in paths
    ]


@pytest.mark.parametrize("command", ["ls", "show"])
def test_a_value_that_no_recording_has_is_said(root: Path, command: str) -> None:
    status, printed, said = run(command, root, "-q", "model:lamma")
    assert (status, printed) == (1, b"")
    assert b"no model here is lamma; did you mean llama?" in said
    status, _, said = run(command, root, "-q", "modle:x")
    assert status == 2
    assert b"there is no field modle:; did you mean model:?" in said
