"""Archives are read in place, whatever is in them."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.files import archives
from inspector.library import reader
from tests.making import SAMPLES, chat, contents, library, put

Make = Callable[[dict[str, bytes]], bytes]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def taped(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


FILES = {
    "tests/recordings/a.json": chat("one", test="tests/x.py::test_a"),
    "tests/recordings/deep/b.json": chat("two"),
    "notes.txt": b"nothing",
}
KINDS: dict[str, Make] = {
    "ci.zip": zipped,
    "ci.tar": lambda files: taped(files, "w"),
    "ci.tar.gz": taped,
    "ci.tgz": taped,
    "ci.tar.xz": lambda files: taped(files, "w:xz"),
    "ci.tar.bz2": lambda files: taped(files, "w:bz2"),
}


def shelf(path: Path):  # type: ignore[no-untyped-def]
    made = library(path)
    made.refresh()
    return made


@pytest.mark.parametrize("name", KINDS)
def test_what_lies_in_an_archive_is_listed_and_opened(tmp_path: Path, name: str) -> None:
    put(tmp_path / name, KINDS[name](FILES))
    inside = shelf(tmp_path)
    rows = inside.index.rows(order="file.path")
    assert [row.path for row in rows] == [f"{name}/tests/recordings/a.json", f"{name}/tests/recordings/deep/b.json"]
    assert [row.asked for row in rows] == ["one", "two"]
    for row in rows:
        recording = inside.recording(row.path)
        assert recording.broken is None
        assert len(recording.exchanges) == 1
    assert reader.original(inside.roots, rows[0].path) == FILES["tests/recordings/a.json"]
    assert inside.index.count_files("unrecognised") == 0, "what else is in an archive is nobody's business"


def test_an_archive_served_on_its_own_is_the_same(tmp_path: Path) -> None:
    put(tmp_path / "ci.zip", zipped(FILES))
    alone, beside = (
        [row._replace(uid="") for row in shelf(path).index.rows()] for path in (tmp_path / "ci.zip", tmp_path)
    )
    assert alone == beside


def test_an_archive_in_an_archive(tmp_path: Path) -> None:
    put(tmp_path / "outer.zip", zipped({"shard-1/inner.tar.gz": taped(FILES), "c.json": chat("three")}))
    inside = shelf(tmp_path)
    paths = [row.path for row in inside.index.rows(order="file.path")]
    assert paths == [
        "outer.zip/c.json",
        "outer.zip/shard-1/inner.tar.gz/tests/recordings/a.json",
        "outer.zip/shard-1/inner.tar.gz/tests/recordings/deep/b.json",
    ]
    assert inside.recording(paths[1]).exchanges[0].test_id == "tests/x.py::test_a"


def test_archives_are_not_unfolded_without_end(tmp_path: Path) -> None:
    data = zipped({"a.json": chat()})
    for _ in range(6):
        data = zipped({"again.zip": data})
    put(tmp_path / "a.zip", data)
    assert shelf(tmp_path).index.rows() == []


def test_a_changed_archive(tmp_path: Path) -> None:
    made = library(tmp_path)
    put(tmp_path / "ci.zip", zipped(FILES), 100)
    made.refresh()
    put(tmp_path / "ci.zip", zipped({"tests/recordings/a.json": chat("other"), "new.json": chat("new")}), 50)
    made.refresh("ci.zip")
    assert sorted(row.asked for row in made.index.rows()) == ["new", "other"]
    assert contents(made.index) == contents(shelf(tmp_path).index)
    assert made.refresh() == ([], [], {}), "nothing changed"
    (tmp_path / "ci.zip").unlink()
    made.refresh("ci.zip")
    assert contents(made.index) == contents(shelf(tmp_path).index)
    assert made.index.rows() == []


@pytest.mark.parametrize("name", ["ci.zip", "ci.tar.gz"])
def test_a_large_file_in_an_archive(tmp_path: Path, name: str) -> None:
    put(tmp_path / name, KINDS[name]({"a.json": chat("x" * 300_000)}))
    assert [(row.state, row.size > 300_000) for row in shelf(tmp_path).index.rows()] == [("read", True)]


@pytest.mark.parametrize("name", ["../../etc/a.json", "/etc/a.json", "C:/a.json", "x/../../a.json", "..\\a.json"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    put(tmp_path / "bad.zip", zipped({name: chat("out"), "good.json": chat("in")}))
    inside = shelf(tmp_path)
    assert [row.asked for row in inside.index.rows()] == ["in"]
    (broken,) = inside.index.files_in_state("broken")
    assert "leads out" in (broken.why or "")
    assert ".." not in broken.path


def test_links_and_devices_in_an_archive_are_nothing(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo(f"{kind!r}.json")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    put(tmp_path / "links.tar", out.getvalue())
    link = zipfile.ZipInfo("link.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zip_file:
        zip_file.writestr(link, "/etc/passwd")
    put(tmp_path / "links.zip", packed.getvalue())
    assert shelf(tmp_path).index.rows() == []


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "big.zip", zipped({"a.json": b" " * 3_000_000, "b.json": chat("good")}))
    monkeypatch.setattr(archives, "MAX_MEMBER", 1_000_000)
    inside = shelf(tmp_path)
    assert [row.asked for row in inside.index.rows()] == ["good"]
    (broken,) = inside.index.files_in_state("broken")
    assert "larger than" in (broken.why or "")
    monkeypatch.setattr(archives, "MAX_TOTAL", 2_000_000)
    (broken, *_) = shelf(tmp_path).index.files_in_state("broken")
    assert "unpacks to more" in (broken.why or "")


def test_a_liar_about_its_size_gives_what_it_declares(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.json": b'{"request"' + b" " * 500_000}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (20).to_bytes(4, "little")  # the size in the central directory
    put(tmp_path / "liar.zip", bytes(data))
    assert shelf(tmp_path).index.rows() == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["ci.zip", "ci.tar", "ci.tar.gz"])
def test_an_archive_cut_anywhere_never_raises(tmp_path: Path, name: str) -> None:
    data = KINDS[name](FILES)
    for end in range(0, len(data), max(len(data) // 60, 1)):
        put(tmp_path / name, data[:end], 100 + end)
        inside = shelf(tmp_path)
        states = {row.path: row.state for row in inside.index.files().values()}
        assert states[name] in ("broken", "read", "unrecognised")


def test_an_encrypted_member_is_said(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.json": chat()}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    put(tmp_path / "locked.zip", bytes(data))
    (broken,) = shelf(tmp_path).index.files_in_state("broken")
    assert broken.why == "it is encrypted"


def test_the_samples_say_the_same_from_an_archive(tmp_path: Path) -> None:
    files = {
        path.relative_to(SAMPLES).as_posix(): path.read_bytes()
        for path in sorted(SAMPLES.rglob("*"))
        if path.is_file() and os.path.getsize(path)
    }
    put(tmp_path / "all.zip", zipped(files))
    packed = {row.path.removeprefix("all.zip/") for row in shelf(tmp_path).index.rows()}
    assert packed == {row.path for row in shelf(SAMPLES).index.rows()}
