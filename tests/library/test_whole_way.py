"""Mutants of the samples go the whole way: read, listed, searched, shown, summed up, exported. None of them costs the
good one beside it anything, and none makes a page or a command fail."""

from __future__ import annotations

import io
import random
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from inspector.cli import gather, main
from inspector.model import jsonio
from inspector.output.otel_json import exchange_json
from inspector.output.transcript import transcript
from inspector.web.app import Still, create_app
from tests.making import SAMPLES, chat, library, put

NUMBERS = (b"9223372036854775808", b"-1", b"1e999", b"0", b"null", b"{}", b"[]", b'""', b"true", b"0.5", b"9" * 400)
PIECES = (
    b"\x1f\x8b\x08\x00",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b'"',
    b"\\",
    b"{",
    b"}" * 3,
    b"[" * 2000,
    b"\n",
    b"data: ",
)


def _samples() -> list[tuple[str, bytes]]:
    files = (file for file in sorted(SAMPLES.rglob("*")) if file.is_file() and file.suffix not in (".md", ".py"))
    return [(file.name, file.read_bytes()) for file in files]


def _mutant(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at, size = chance.randrange(len(made) + 1), chance.choice((1, 4, 40, 400))
        match chance.randrange(6):
            case 0:
                made[at : at + size] = b""
            case 1:
                made[at:at] = chance.choice(PIECES)
            case 2:
                made[at : at + size] = chance.randbytes(size)
            case 3:
                made[at:at] = made[at : at + size] * chance.choice((1, 3, 30))
            case 4:
                digits = [number for number, byte in enumerate(made) if 48 <= byte <= 57]
                where = chance.choice(digits or [0])
                made[where : where + 1] = chance.choice(NUMBERS)
            case _:
                del made[at:]
    return bytes(made)


def _archived(files: list[tuple[str, bytes]], chance: random.Random) -> tuple[str, bytes]:
    out = io.BytesIO()
    kind = chance.choice(("zip", "tar.gz", "tar.xz", "tar.bz2", "tar"))
    if kind == "zip":
        packing = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
        with zipfile.ZipFile(out, "w", packing) as zipped:
            for name, data in files:
                zipped.writestr(name, data)
    else:
        with tarfile.open(fileobj=out, mode=f"w:{kind[4:]}") as taped:  # type: ignore[call-overload]
            for name, data in files:
                about = tarfile.TarInfo(name)
                about.size = len(data)
                taped.addfile(about, io.BytesIO(data))
    return kind, _mutant(out.getvalue(), chance)


def _put_mutants(folder: Path, seed: int, count: int) -> None:
    chance = random.Random(seed)
    samples = _samples()
    put(folder / "good.json", chat("Is the fog bell ringing?", test="tests/good.py::test_bell"))
    for number in range(count):
        name, data = chance.choice(samples)
        put(folder / f"{number}" / name, _mutant(data, chance))
    for number in range(count // 4):
        kind, data = _archived(chance.sample(samples, 3), chance)
        put(folder / f"{number}.{kind}", data)


def _whole_way(folder: Path, out: Path, pages: int) -> None:
    beside = library(folder)
    beside.refresh()
    rows = beside.index.rows()
    assert "Is the fog bell ringing?" in [row.asked for row in rows]
    client = create_app(Still(beside)).test_client()
    for address in ("/", "/?q=bell", "/?q=is:odd", *_addresses([row.uid for row in rows][:pages])):
        assert client.get(address).status_code in (200, 302, 404), address
    said: list[str] = []
    for one in gather.exchanges(beside.roots, "", said.append):
        transcript(one.place["id"], one.exchange, one.call, color=False, width=100)
        jsonio.loads(jsonio.dumps(exchange_json(one.place, one.exchange, one.call)))
    for command in (["ls"], ["summary"], ["export", "-q", "bell", "-o", str(out)]):
        with redirect_stdout(io.TextIOWrapper(io.BytesIO())), pytest.raises(SystemExit) as ended:
            main.main([*command, str(folder)])
        assert ended.value.code == 0, command


def _addresses(uids: list[str]) -> Iterator[str]:
    for uid in uids:
        yield from (f"/e/{uid}", f"/e/{uid}/stream", f"/e/{uid}/request", f"/e/{uid}/response", f"/e/{uid}/raw")


def test_mutants_go_the_whole_way(tmp_path: Path) -> None:
    _put_mutants(tmp_path / "r", 1, 12)
    _whole_way(tmp_path / "r", tmp_path / "out", 12)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 42))
def test_many_mutants_go_the_whole_way(tmp_path: Path, seed: int) -> None:
    _put_mutants(tmp_path / "r", seed, 100)
    _whole_way(tmp_path / "r", tmp_path / "out", 200)
