"""What others on the machine may do: read nothing of what is kept, and lead nobody out of what is served."""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from inspector.files.recording_bytes import opened, plain_file
from inspector.files.roots import roots_of
from inspector.files.scan import Unreadable
from inspector.index import Index, cache_place
from inspector.index.cache_place import cache_directory, index_file, is_ours
from inspector.library.instances import noted
from inspector.pytest_plugin import report_section
from inspector.testruns import results
from inspector.testruns.results import Outcomes
from tests.making import chat, library, put

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def test_an_index_and_what_lies_beside_it_are_read_by_their_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        put(tmp_path / "r" / "a.json", chat())
        kept = library(tmp_path / "r", index_file(tmp_path / "r"))
        kept.refresh()
        results.keep(Outcomes({}, {}), tmp_path)
        with noted("http://127.0.0.1:8808/", tmp_path):
            places = [place for place in cache_directory().rglob("*") if place.is_dir() or place.suffix != ".lock"]
        kept.index.close()
    finally:
        os.umask(old)
    assert cache_place.tests_file(tmp_path) in places
    assert not cache_directory().stat().st_mode & OTHERS
    assert [
        place
        for place in places
        if place.exists() and place.parent == cache_directory() and place.stat().st_mode & OTHERS
    ] == []


def test_an_index_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "kept" / "own.sqlite"
    Index(file).close()
    file.chmod(0o644)
    Index(file).close()
    assert not file.stat().st_mode & OTHERS
    assert not file.parent.stat().st_mode & OTHERS


# ---------------------------------------------------------------- links


def test_what_was_opened_is_looked_at_and_not_what_its_name_leads_to(tmp_path: Path) -> None:
    """A link takes a file's place, or its folder's, between a look and the opening."""
    outside = put(tmp_path / "outside" / "a.json", b"outside")
    put(tmp_path / "served" / "b.json", b"inside")
    (tmp_path / "served" / "a.json").symlink_to(outside)
    (tmp_path / "served" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "served" / "within.json").symlink_to(tmp_path / "served" / "b.json")
    roots = roots_of(tmp_path / "served")
    for path in ("a.json", "folder/a.json"):
        with pytest.raises(Unreadable, match="leads out"), plain_file(roots, path):
            pass
    for path in ("b.json", "within.json"):
        with plain_file(roots, path) as file:
            assert file.read() == b"inside"


def test_nothing_outside_is_read_while_links_are_swapped(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside.json", b"outside")
    name = put(tmp_path / "served" / "a.json", b"inside")
    roots = roots_of(tmp_path / "served")
    ended = threading.Event()

    def swap() -> None:
        link, plain = tmp_path / "link", tmp_path / "plain"
        while not ended.is_set():
            link.symlink_to(outside)
            link.replace(name)
            plain.write_bytes(b"inside")
            plain.replace(name)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        until = time.monotonic() + 1
        seen = set()
        while time.monotonic() < until:
            try:
                with opened(roots, "a.json") as file:
                    seen.add(file.read())
            except Unreadable:
                seen.add(b"")
    finally:
        ended.set()
        swapping.join()
    assert b"outside" not in seen


# ---------------------------------------------------------------- pipes


def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    for name in ("inspector-export.json", "a.json"):
        put(folder / name, chat())
    for name in ("recordings.jsonl.gz", "x.json", "y.zip"):
        os.mkfifo(folder / name)
    roots = roots_of(folder)
    assert [root.path for root in roots.all] == [folder]
    assert roots_of(folder, folder / "a.json").all
    with pytest.raises(Unreadable, match="no file"), plain_file(roots, "x.json"):
        pass
    os.mkfifo(tmp_path / "index.sqlite")
    assert not is_ours(tmp_path / "index.sqlite")
    assert report_section._by_test(folder)["tests/a.py::test_one"][0] == str(folder / "a.json")
    os.mkfifo(tmp_path / "inspector-tests.json")
    assert results._opened(tmp_path / "inspector-tests.json") is None
