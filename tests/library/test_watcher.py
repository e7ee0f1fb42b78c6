from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers import Observer

from inspector.library.watcher import Watcher
from tests.making import chat, library, put, wait_until

Watch = Callable[..., Watcher]


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    (tmp_path / "r").mkdir()
    started: list[Watcher] = []

    def start(**settings: Any) -> Watcher:
        watcher = Watcher(library(tmp_path / "r", tmp_path / "x.sqlite"), **settings)
        watcher.start()
        started.append(watcher)
        wait_until(lambda: watcher._looked)
        return watcher

    yield start
    for watcher in started:
        watcher.stop()
        watcher.join(5)
        assert not watcher.is_alive()
        watcher.library.index.close()


def _asked(watcher: Watcher) -> list[str]:
    return sorted(row.asked for row in watcher.library.index.rows())


@pytest.mark.parametrize("poll", [False, True])
def test_new_changed_renamed_deleted(tmp_path: Path, watch: Watch, poll: bool) -> None:
    root, watcher = tmp_path / "r", watch(poll=poll)
    put(root / "a.json", chat("one"))
    wait_until(lambda: _asked(watcher) == ["one"])
    put(root / "a.json", chat("two"), age=5)
    wait_until(lambda: _asked(watcher) == ["two"])
    put(root / "new.tmp", chat("three")).replace(root / "a.json")
    wait_until(lambda: _asked(watcher) == ["three"])
    (root / "a.json").rename(root / "b.json")
    wait_until(lambda: [row.path for row in watcher.library.index.rows()] == ["b.json"])
    (root / "b.json").unlink()
    wait_until(lambda: not _asked(watcher))


def test_folders_move_in_and_out(tmp_path: Path, watch: Watch) -> None:
    root, watcher = tmp_path / "r", watch()
    put(tmp_path / "else" / "deep" / "a.json", chat("one"))
    (tmp_path / "else").rename(root / "in")
    wait_until(lambda: [row.path for row in watcher.library.index.rows()] == ["in/deep/a.json"])
    (root / "in").rename(root / "other")
    wait_until(lambda: [row.path for row in watcher.library.index.rows()] == ["other/deep/a.json"])
    put(root / "other" / "deep" / "b.json", chat("two"))
    wait_until(lambda: len(_asked(watcher)) == 2)
    (root / "other").rename(tmp_path / "out")
    wait_until(lambda: not _asked(watcher))


@pytest.mark.long
def test_a_burst_of_500_files_in_new_folders(tmp_path: Path, watch: Watch) -> None:
    root, watcher = tmp_path / "r", watch()
    for number in range(500):
        put(root / f"{number % 25}" / "recordings" / f"{number}.json", chat(str(number)), age=0)
    wait_until(lambda: len(_asked(watcher)) == 500)
    for folder in root.iterdir():
        shutil.rmtree(folder)
    wait_until(lambda: not _asked(watcher))


def test_a_root_that_is_replaced_is_watched_again(tmp_path: Path, watch: Watch) -> None:
    root, watcher = tmp_path / "r", watch()
    root.rename(tmp_path / "away")
    wait_until(lambda: watcher.library.missing)
    root.mkdir()
    wait_until(lambda: not watcher.library.missing and watcher._watched)
    put(root / "a.json", chat("one"))
    wait_until(lambda: _asked(watcher) == ["one"])


def test_a_deleted_index_is_made_again(tmp_path: Path, watch: Watch) -> None:
    put(tmp_path / "r" / "a.json", chat("one"))
    watcher = watch()
    (tmp_path / "x.sqlite").unlink()
    first = watcher.library.index
    wait_until(lambda: watcher.library.index is not first and _asked(watcher) == ["one"])


def test_without_watches_it_says_so_once_and_polls(tmp_path: Path, watch: Watch) -> None:
    said: list[str] = []

    def refused() -> Any:
        raise OSError(errno.EMFILE, "inotify instance limit reached")

    watcher = watch(observer=refused, say=said.append)
    put(tmp_path / "r" / "a.json", chat("one"))
    wait_until(lambda: _asked(watcher) == ["one"])
    assert said == ["the system has no file watches left: looking for changes every second instead"]


def test_watches_that_run_out_below_the_root_are_noticed(tmp_path: Path, watch: Watch) -> None:
    """The library swallows the refusal for folders further down; one watch more is asked for to learn of it."""
    said: list[str] = []
    made: list[Any] = []

    def few() -> Any:
        made.append(observer := Observer())
        if len(made) > 1:

            def refuse(*_: object, **__: object) -> None:
                raise OSError(errno.ENOSPC, "inotify watch limit reached")

            observer.schedule = refuse  # type: ignore[method-assign]
        return observer

    watcher = watch(observer=few, say=said.append)
    wait_until(lambda: watcher.polling)
    assert len(said) == 1


def test_the_thread_survives_anything(tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    watcher = watch(say=said.append)
    refresh = watcher.library.refresh

    def failing(*arguments: Any) -> Any:
        monkeypatch.setattr(watcher.library, "refresh", refresh)
        raise ValueError("unheard of")

    monkeypatch.setattr(watcher.library, "refresh", failing)
    put(tmp_path / "r" / "a.json", chat("one"))
    wait_until(lambda: said)
    put(tmp_path / "r" / "a.json", chat("two"), age=5)
    wait_until(lambda: _asked(watcher) == ["two"])
    assert said == ["looking for changes failed: ValueError: unheard of"]


def test_our_own_files_and_passed_over_folders_are_no_hints(tmp_path: Path) -> None:
    shelf = library(tmp_path, tmp_path / "x.sqlite")
    watcher = Watcher(shelf)
    for name in ("x.sqlite", "x.sqlite-wal", "x.sqlite.lock", ".git/index", "a/node_modules/b.json"):
        watcher.hint(os.path.join(tmp_path, name))
    assert not watcher._hints
    watcher.hint(os.path.join(tmp_path, "a.json"))
    watcher.hint(str(tmp_path))
    assert watcher._hints == {"a.json", ""}
    shelf.index.close()


def test_a_folder_is_not_looked_through_because_a_file_in_it_changed(tmp_path: Path) -> None:
    """The file itself is told of. Only a folder that could not be read, or cannot be any more, is worth a look."""
    (tmp_path / "sub").mkdir()
    watcher = Watcher(library(tmp_path))
    watcher.hint(str(tmp_path / "sub"), folder=True)
    assert watcher._gathered() == set()
    watcher.hint(str(tmp_path / "gone"), folder=True)
    assert watcher._gathered() == {"gone"}
