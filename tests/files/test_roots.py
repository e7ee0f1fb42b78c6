"""Several roots at once: their names, their ids, and what is read."""

from __future__ import annotations

import itertools
import os
import zipfile
from pathlib import Path

import pytest

from inspector.files.roots import Roots, roots_of
from inspector.index import Index, index_file
from inspector.library.library import Library
from inspector.library.watcher import Watcher
from tests.making import chat, contents, put, wait_until


def _shelf(*paths: Path) -> Library:
    shelf = Library(roots_of(*paths), Index(None))
    shelf.refresh()
    return shelf


def _ids(*paths: Path) -> dict[str, str]:
    """Each exchange's id, by what was asked in it."""
    return {row.asked: row.uid for row in _shelf(*paths).index.rows()}


def _names(*paths: Path) -> list[str]:
    return [root.name for root in roots_of(*paths).all]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with recordings in three places."""
    top = tmp_path / "checkout"
    (top / ".git").mkdir(parents=True)
    for place in (
        "tests/unit/recordings/a.json",
        "tests/unit/b.json",
        "data/recordings/c.json",
        "data/recordings/d.json",
    ):
        put(top / place, chat(place))
    with zipfile.ZipFile(top / "data" / "ci.zip", "w") as archive:
        archive.writestr("recordings/e.json", chat("in the archive"))
    return top


def test_the_same_checkout_has_the_same_links_whichever_of_its_folders_is_served(checkout: Path) -> None:
    """The law: alone or together, an exchange has one address. (A given archive is a repository of its own.)"""
    whole = _ids(checkout)
    places = [checkout / "tests", checkout / "data" / "recordings", checkout / "tests/unit/b.json"]
    seen = 0
    for number in range(1, len(places) + 1):
        for some in itertools.permutations(places, number):
            ids = _ids(*some)
            assert ids.items() <= whole.items()
            seen = max(seen, len(ids))
    assert seen == len(whole) - 1 == 4


@pytest.mark.parametrize(
    ("places", "names"),
    [
        (["a"], [""]),
        (["x/one.json"], ["one.json"]),
        (["x/a", "y/b"], ["a", "b"]),
        (["x/recordings", "y/recordings"], ["x/recordings", "y/recordings"]),
        (["x/y/recordings", "z/y/recordings", "q"], ["q", "x/y/recordings", "z/y/recordings"]),
        (["x/one.json", "y/one.json"], ["x/one.json", "y/one.json"]),
        (["x/a", "y/one.json", "c.zip"], ["c.zip", "a", "one.json"]),
        (["p/a/b", "q/a/b", "a"], ["root/a", "p/a/b", "q/a/b"]),
    ],
    ids=str,
)
def test_each_root_has_a_name_of_its_own(tmp_path: Path, places: list[str], names: list[str]) -> None:
    paths = [tmp_path / "root" / place for place in places]
    for path in paths:
        path.mkdir(parents=True) if not path.suffix else put(path, b"PK\5\6" + b"\0" * 18)
    assert _names(*paths) == names
    assert _names(*reversed(paths)) == names


def test_every_path_leads_to_its_file_and_back(tmp_path: Path, checkout: Path) -> None:
    put(tmp_path / "other" / "recordings" / "x.json", chat("x"))
    put(tmp_path / "alone.json", chat("alone"))
    for served in ([checkout], [checkout / "tests", tmp_path / "other", tmp_path / "alone.json", checkout / "data"]):
        shelf = _shelf(*served)
        paths = [found.path for found in shelf.roots.found()]
        assert len(paths) == len(set(paths)) > 3
        for path in paths:
            assert shelf.roots.path_of(shelf.roots.place(path).file) == path
            assert [found.path for found in shelf.roots.found(path)] == [path]
        assert shelf.roots.path_of(str(tmp_path / "elsewhere.json")) is None
        for row in shelf.index.rows():
            assert shelf.recording(row.path).broken is None


def test_what_lies_within_another_is_listed_once_and_that_is_said(checkout: Path) -> None:
    said: list[str] = []
    roots = roots_of(checkout / "tests" / "unit", checkout, checkout, checkout / "data" / "ci.zip", say=said.append)
    assert [root.served for root in roots.all] == [checkout]
    assert [what.split(" lies within ")[0] for what in said] == [f"{checkout}/data/ci.zip", f"{checkout}/tests/unit"]
    put(checkout / ".venv" / "r" / "x.json", chat("x"))
    for passed_over in (checkout / ".venv" / "r", checkout / ".venv"):
        assert len(roots_of(checkout, passed_over).all) == 2, "the first does not show what lies there"


def test_two_checkouts_with_the_same_paths_have_ids_of_their_own(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        put(tmp_path / name / "run" / "a.json", chat(name))
        put(tmp_path / name / "run" / f"only-{name}.json", chat(f"only {name}"))
    alone = _ids(tmp_path / "one" / "run")
    together = _ids(*(tmp_path / name / "run" for name in ("two", "one", "three")))
    assert len(set(together.values())) == 6
    assert together == _ids(*(tmp_path / name / "run" for name in ("three", "two", "one")))
    assert sum(alone[asked] == together[asked] for asked in alone) in (0, 2), (
        "a root's ids change together or not at all"
    )
    first = min(tmp_path / name / "run" for name in ("one", "two", "three"))
    assert _ids(first).items() <= together.items()


def test_checkouts_that_share_no_path_keep_their_links(tmp_path: Path, checkout: Path) -> None:
    put(tmp_path / "other" / ".git" / "config", b"")
    put(tmp_path / "other" / "recordings" / "x.json", chat("x"))
    other = tmp_path / "other" / "recordings"
    assert _ids(checkout / "tests", other) == _ids(checkout / "tests") | _ids(other)


def test_one_index_for_several_in_any_order(tmp_path: Path) -> None:
    a, b, c = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    assert index_file(a, b) == index_file(b, a)
    assert len({index_file(a), index_file(b), index_file(a, b), index_file(a, c), index_file(a, b, c)}) == 5


def test_what_is_read_stays_below_its_own_root(tmp_path: Path) -> None:
    secret = put(tmp_path / "outside.json", chat("outside"))
    theirs = put(tmp_path / "b" / "theirs.json", chat("theirs"))
    put(tmp_path / "a" / "x.json", chat("x"))
    (tmp_path / "a" / "link.json").symlink_to(theirs)
    (tmp_path / "a" / "out.json").symlink_to(secret)
    shelf = _shelf(tmp_path / "a", tmp_path / "b")
    assert sorted(row.path for row in shelf.index.rows()) == ["a/x.json", "b/theirs.json"]
    for path in ("a/link.json", "a/out.json", "a/../outside.json", "b/../a/x.json", "outside.json", "c/x.json", ""):
        assert shelf.recording(path).broken, path
        assert not list(shelf.roots.found(path or "nowhere"))


def test_several_are_refreshed_as_they_are_read_anew(tmp_path: Path) -> None:
    for place in ("a/x.json", "b/sub/y.json", "c.json"):
        put(tmp_path / place, chat(place))
    places = [tmp_path / "a", tmp_path / "b", tmp_path / "c.json"]
    shelf = _shelf(*places)
    put(tmp_path / "a" / "x.json", chat("new"), 20)
    put(tmp_path / "b" / "sub" / "z.json", chat("more"), 20)
    (tmp_path / "b" / "sub" / "y.json").unlink()
    put(tmp_path / "other.json", chat("not served"))
    shelf.refresh("a/x.json", "b/sub", "b/sub/z.json")
    assert contents(shelf.index) == contents(_shelf(*places).index)
    assert [row.path for row in shelf.index.rows(order="file.path")] == ["a/x.json", "b/sub/z.json", "c.json"]


def test_roots_vanish_and_come_back_while_they_are_watched(tmp_path: Path) -> None:
    for place in ("a/x.json", "b/y.json", "c.json"):
        put(tmp_path / place, chat(place))
    shelf = Library(roots_of(tmp_path / "a", tmp_path / "b", tmp_path / "c.json"), Index(None))
    watcher = Watcher(shelf)
    watcher.start()

    def listed() -> list[str]:
        return [row.path for row in shelf.index.rows(order="file.path")]

    wait_until(lambda: listed() == ["a/x.json", "b/y.json", "c.json"])
    (tmp_path / "b").rename(tmp_path / "away")
    (tmp_path / "c.json").unlink()
    wait_until(lambda: listed() == ["a/x.json"])
    wait_until(lambda: shelf.missing and "c.json is not there" in shelf.missing)
    assert f"{tmp_path}/b is not there any more" in (shelf.missing or "")
    put(tmp_path / "a" / "more.json", chat("more"))
    wait_until(lambda: listed() == ["a/more.json", "a/x.json"])
    (tmp_path / "away").rename(tmp_path / "b")
    put(tmp_path / "c.json", chat("again"))
    wait_until(lambda: listed() == ["a/more.json", "a/x.json", "b/y.json", "c.json"])
    wait_until(lambda: shelf.missing is None)
    os.utime(tmp_path / "b" / "y.json")
    put(tmp_path / "b" / "new.json", chat("new"))
    wait_until(lambda: "b/new.json" in listed())
    watcher.stop()
    watcher.join(5)


def test_a_title_names_the_first_of_many(tmp_path: Path) -> None:
    for name in "abcdef":
        (tmp_path / name).mkdir()
    assert roots_of(tmp_path / "a").name == "a"
    assert roots_of(*(tmp_path / name for name in "abc")).name == "a, b, c"
    assert roots_of(*(tmp_path / name for name in "abcdef")).name == "a, b, c and 3 more"
    assert isinstance(roots_of(tmp_path), Roots)
