from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.files.roots import Root, Roots, roots_of
from inspector.files.scan import ScannedFile, find, named, on_disk, scan
from inspector.index import Index
from inspector.library.identity import uid
from inspector.library.library import Library
from inspector.library.plan import newest_first, plan
from inspector.library.workers import PlainReading, Workers
from tests.making import SAMPLES, chat, contents, library, put


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 12))])
def test_a_refreshed_index_equals_a_rebuilt_one(tmp_path: Path, seed: int) -> None:
    """The law: whatever happens to the files, and however much of it is hinted at, a new index says the same."""
    chance = random.Random(seed)
    walk = _Walk(tmp_path / "r", chance)
    shelf = library(walk.root, tmp_path / "x.sqlite")
    for _ in range(25):
        hints = [walk.step() for _ in range(chance.randint(1, 4))]
        if chance.random() < 0.3:
            shelf.refresh()
        else:
            for hint in {path for pair in hints for path in pair}:
                shelf.refresh(hint)
        fresh = library(walk.root)
        fresh.refresh()
        assert contents(shelf.index) == contents(fresh.index)
    shelf.index.close()


class _Walk:
    """Random operations on a tree; each tells the paths that a file system would report."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.age = 100_000.0
        root.mkdir()

    def step(self) -> tuple[str, ...]:
        act = self.chance.choice([self.create, self.create, self.modify, self.delete, self.rename, self.truncate])
        if self.chance.random() < 0.15:
            act = self.chance.choice([self.move_folder, self.delete_folder])
        return tuple(path.relative_to(self.root).as_posix() for path in act())

    def any(self) -> Path | None:
        files = sorted(path for path in self.root.rglob("*") if path.is_file())
        return self.chance.choice(files) if files else None

    def place(self) -> Path:
        folder = self.chance.choice(["", "a", "a/b", "c"])
        return (
            self.root / folder / f"{self.chance.randint(0, 9)}{self.chance.choice(['.json', '.json', '.hurl', '.txt'])}"
        )

    def data(self) -> bytes:
        word = self.chance.choice(["one", "two", "three", "four"])
        if self.chance.random() < 0.2:
            return self.chance.choice([b"", b"{", b"7", b"POST http://x/v1/chat/completions\n"])
        return chat(word, word * 2, test=self.chance.choice([None, "tests/x.py::test_x"]))

    def write(self, path: Path, data: bytes) -> tuple[Path, ...]:
        self.age -= 10
        put(path, data, self.age)
        return (path,)

    def create(self) -> tuple[Path, ...]:
        return self.write(self.place(), self.data())

    def modify(self) -> tuple[Path, ...]:
        path = self.any()
        return self.write(path, self.data()) if path else ()

    def truncate(self) -> tuple[Path, ...]:
        path = self.any()
        if path is None:
            return ()
        data = path.read_bytes()
        return self.write(path, data[: self.chance.randint(0, len(data))])

    def delete(self) -> tuple[Path, ...]:
        path = self.any()
        if path is None:
            return ()
        path.unlink()
        return (path,)

    def rename(self) -> tuple[Path, ...]:
        path, place = self.any(), self.place()
        if path is None:
            return ()
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
        return path, place

    def move_folder(self) -> tuple[Path, ...]:
        old, new = self.root / "a", self.root / "c" / f"moved{self.chance.randint(0, 99)}"
        if not old.is_dir() or new.exists():
            return ()
        new.parent.mkdir(exist_ok=True)
        old.rename(new)
        return old, new

    def delete_folder(self) -> tuple[Path, ...]:
        folder = self.root / "c"
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        return (folder,)


def test_workers_give_what_one_process_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(220):
        put(tmp_path / f"{number}.json", chat(f"number {number % 7}", "same"))
    alone, shared = library(tmp_path), library(tmp_path)
    alone.refresh()
    monkeypatch.setattr("inspector.library.library.WORTH", 1)
    shared.refresh()
    assert contents(alone.index) == contents(shared.index)


def test_killed_workers_lose_nothing(tmp_path: Path) -> None:
    for number in range(300):
        put(tmp_path / f"{number}.json", chat(f"number {number}"))
    roots = roots_of(tmp_path)
    workers = Workers(PlainReading(roots), 2)
    entries = workers.entries([(found, None) for found in roots.found()])
    read = [next(entries)]
    killed = [process.kill() or process.wait() for process in workers._processes]
    read += entries
    assert killed == [-9, -9]
    assert {entry.file.path for entry in read} == {f"{number}.json" for number in range(300)}


def test_a_worker_ends_when_nobody_asks_any_more(tmp_path: Path) -> None:
    """As after the death of the process that started it, whatever that died of."""
    code = "from inspector.library import workers; workers.work()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin
        worker.stdin.close()
        try:
            assert worker.wait(30) == 0
        finally:
            worker.kill()


def test_unchanged_files_are_not_read_again(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat())
    put(tmp_path / "b.txt", b"a stranger")
    shelf = library(tmp_path)
    assert {file.path for file in shelf.refresh().read} == {"a.json", "b.txt"}
    assert shelf.refresh() == plan([], [])


def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    file = put(tmp_path / "a.json", chat("abc"))
    times = file.stat()
    shelf = library(tmp_path)
    shelf.refresh()
    file.write_bytes(chat("xyz"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    shelf.refresh()
    assert shelf.index.rows()[0].asked == "xyz"


def test_a_served_file_is_alone(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat())
    put(tmp_path / "b.json", chat())
    shelf = Library(roots_of(tmp_path / "a.json"), Index(None))
    shelf.refresh()
    assert list(shelf.index.files()) == ["a.json"]
    assert shelf.refresh("b.json") == plan([], [])
    put(tmp_path / "a.json", chat("new"), age=10)
    assert len(shelf.refresh("a.json").read) == 1
    (tmp_path / "a.json").unlink()
    shelf.refresh()
    assert not shelf.index.files()


def test_the_index_may_lie_among_the_recordings(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat())
    shelf = library(tmp_path, tmp_path / "sub" / "x.sqlite")
    shelf.refresh()
    assert list(shelf.index.files()) == ["a.json"]
    assert not shelf.refresh().read
    shelf.index.close()


def test_being_written_then_whole(tmp_path: Path) -> None:
    data = chat("first")
    put(tmp_path / "a.json", data)
    shelf = library(tmp_path)
    shelf.refresh()
    put(tmp_path / "a.json", chat("second")[:200], age=0)
    shelf.refresh()
    assert [(row.asked, row.state) for row in shelf.index.rows()] == [("first", "writing")]
    seen = shelf.index.last_change()
    assert shelf.settle()
    assert shelf.index.last_change() == seen, "nothing changed, so no page is told"
    put(tmp_path / "a.json", chat("second"), age=0)
    shelf.settle()
    assert [(row.asked, row.state) for row in shelf.index.rows()] == [("second", "read")]
    assert shelf.settle() is None


def test_a_file_that_stays_cut_is_broken_and_keeps_nothing_stale(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat("first"))
    shelf = library(tmp_path)
    shelf.refresh()
    put(tmp_path / "a.json", b'{"test_id": nul', age=0)
    shelf.refresh()
    assert shelf.index.files_in_state("writing")
    put(tmp_path / "a.json", b'{"test_id": nul', age=4)
    shelf.settle()
    (file,) = shelf.index.files_in_state("broken")
    assert "not complete" in (file.why or "")
    assert not shelf.index.rows()


def test_a_clock_ahead_does_not_keep_a_file_being_written(tmp_path: Path) -> None:
    put(tmp_path / "a.json", b"{", age=-3600)
    shelf = library(tmp_path)
    shelf.refresh()
    assert shelf.index.files_in_state("broken")


def test_an_exchange_that_we_fail_at_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.json", chat("breaks"))
    put(tmp_path / "b.json", chat("works"))
    from inspector.decode import decoder

    decode = decoder.decode

    def failing(exchange, **how):  # type: ignore[no-untyped-def]
        if "breaks" in str(exchange.request.body):
            raise RecursionError("too deep")
        return decode(exchange, **how)

    monkeypatch.setattr(decoder, "decode", failing)
    shelf = library(tmp_path)
    shelf.refresh()
    assert sorted((row.odd, row.asked) for row in shelf.index.rows()) == [("", "works"), ("problem", "")]


@given(st.text() | st.text(alphabet="\\xuc5f80d9\udcff\udc80\ud800"))
def test_any_name_becomes_text_and_back(name: str) -> None:
    named(name).encode()
    assert on_disk(named(name)) == name


def test_names_of_any_bytes_are_listed_and_read(tmp_path: Path) -> None:
    names = [b"caf\xe9.json", b"\\xff.json", b"new\nline.json", b"a #?%.json", "🦀.json".encode()]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(chat())
    shelf = library(tmp_path)
    shelf.refresh()
    rows = shelf.index.rows()
    assert len(rows) == len({row.uid for row in rows}) == len(names)
    for row in rows:
        assert shelf.recording(row.path).exchanges
        assert shelf.refresh(row.path) == plan([], [])


def test_links_and_loops(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "secret.json", chat())
    root = tmp_path / "r"
    put(root / "sub" / "a.json", chat())
    (root / "inside.json").symlink_to(root / "sub" / "a.json")
    (root / "out.json").symlink_to(outside)
    (root / "outdir").symlink_to(outside.parent)
    (root / "loop").symlink_to(root)
    (root / "self.json").symlink_to(root / "self.json")
    (root / "nowhere.json").symlink_to(root / "none")
    assert sorted(found.path for found in scan(root)) == ["inside.json", "sub/a.json"]
    for path in (
        "out.json",
        "outdir/secret.json",
        "loop/sub/a.json",
        "self.json",
        "nowhere.json",
        "../outside/secret.json",
    ):
        assert find(root, path) is None
        assert not list(scan(root, path))
        assert library(root).recording("out.json").broken


def test_a_folder_that_became_a_link_leads_nowhere(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "a.json", chat("outside")).parent
    folder = put(tmp_path / "r" / "sub" / "a.json", chat("inside")).parent
    shelf = library(tmp_path / "r")
    shelf.refresh()
    folder.rename(tmp_path / "away")
    folder.symlink_to(outside)
    shelf.refresh("sub/a.json")
    assert not shelf.index.rows()


def test_what_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    put(tmp_path / ".git" / "a.json", chat())
    put(tmp_path / "node_modules" / "x" / "a.json", chat())
    assert not list(scan(tmp_path))
    assert find(tmp_path, "node_modules/x/a.json") is None
    assert library(tmp_path).recording("pipe.json").broken
    assert library(tmp_path).recording("folder.json").broken
    assert roots_of(tmp_path).all[0].prefix == ""


@pytest.fixture
def for_everybody() -> Iterator[Path]:
    """A folder that others may read: those of pytest are closed to them, by each pytest that starts."""
    with tempfile.TemporaryDirectory(prefix="inspector-tests-") as path:
        Path(path).chmod(0o755)
        yield Path(path)


def test_without_permission(for_everybody: Path) -> None:
    """A folder and a file that cannot be read are listed with the reason, and read once they can be."""
    put(for_everybody / "r" / "closed" / "a.json", chat())
    put(for_everybody / "r" / "b.json", chat()).chmod(0)
    put(for_everybody / "r" / "c.json", chat())
    (for_everybody / "r" / "closed").chmod(0)
    code = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]); from tests.making import library\n"
        "shelf = library(Path(sys.argv[1]))\n"
        "import email.utils; from inspector import formats; from inspector.decode import recognise\n"
        "[*formats.modules(), *recognise.modules()]\n"
        "if os.geteuid() == 0: os.setgroups([]), os.setgid(65534), os.setuid(65534)\n"  # root may read everything
        "shelf.refresh()\n"
        "print([(file.path, file.why) for file in shelf.index.files_in_state('broken')], len(shelf.index.rows()))\n"
    )
    arguments = [str(for_everybody / "r"), str(Path(__file__).parents[2])]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120)
    (for_everybody / "r" / "closed").chmod(0o755)
    assert "('b.json', 'no permission to read it')" in done.stdout, done.stderr
    assert "('closed', 'this folder cannot be read: Permission denied')" in done.stdout
    assert done.stdout.endswith(" 1\n")


def test_permissions_that_change_are_noticed(tmp_path: Path) -> None:
    file = put(tmp_path / "a.json", chat())
    shelf = library(tmp_path)
    shelf.refresh()
    file.chmod(0o600)
    assert len(shelf.refresh().read) == 1


def test_a_root_that_vanishes_and_comes_back(tmp_path: Path) -> None:
    told: list[int] = []
    put(tmp_path / "r" / "a.json", chat())
    shelf = Library(roots_of(tmp_path / "r"), Index(None), lambda: told.append(1))
    shelf.refresh()
    (tmp_path / "r").rename(tmp_path / "away")
    shelf.refresh()
    assert "not there any more" in (shelf.missing or "")
    assert not shelf.index.rows()
    before = len(told)
    (tmp_path / "away").rename(tmp_path / "r")
    shelf.refresh()
    assert shelf.missing is None
    assert len(shelf.index.rows()) == 1
    assert len(told) > before


def test_ids_depend_on_the_repository_and_not_on_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path / "tests" / "r" / "a.json", chat())
    whole, part = roots_of(tmp_path), roots_of(tmp_path / "tests" / "r")
    alone = roots_of(tmp_path / "tests" / "r" / "a.json")
    assert uid(whole, "tests/r/a.json", 0) == uid(part, "a.json", 0) == uid(alone, "a.json", 0)
    assert uid(part, "a.json", 1) != uid(part, "a.json", 0)
    assert uid(Roots(Root(tmp_path, "")), "a.json", 0) != uid(part, "a.json", 0)


def _written(times: list[float]) -> list[ScannedFile]:
    """Files 000, 001, … that were written at these seconds."""
    return [ScannedFile(f"{number:06}", 1, round(time * 1e9), number, 1) for number, time in enumerate(times)]


@pytest.mark.parametrize(
    ("times", "first"),
    [
        pytest.param([2.0 * number for number in range(50)], [49, 48, 47], id="a run that writes a file every 2 s"),
        pytest.param([number / 5000 for number in range(100_000)], [0, 1, 2], id="a checkout of 20 s"),
        pytest.param([100, 100.5, 101.9, 102.1], [3, 0, 1], id="at the same time: by name"),
        pytest.param(
            [number / 1000 for number in range(5000)] + [60, 70], [5001, 5000, 0], id="a run after a checkout"
        ),
    ],
)
def test_what_was_written_last_is_read_first(times: list[float], first: list[int]) -> None:
    read = newest_first(reversed(_written(times)))
    assert [int(file.path) for file in read[: len(first)]] == first
    assert len(read) == len(times)


def test_the_samples_have_no_problems() -> None:
    shelf = library(SAMPLES)
    shelf.refresh()
    assert shelf.index.totals().exchanges > 40
    assert shelf.progress.running is False
