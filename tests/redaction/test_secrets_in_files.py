"""What is masked on a page stands in no list or search result, no byte of the index, no export, no command's output."""

from __future__ import annotations

import gzip
import re
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from inspector.files.roots import roots_of
from inspector.index import FileRow
from inspector.library import reader
from inspector.redaction import decoded
from tests.making import SAMPLES, library, put
from tests.redaction import outlets
from tests.redaction.bytes_recorders import BYTES_WRITTEN
from tests.redaction.planted import Planted, all_planted
from tests.redaction.recorders import WRITTEN
from tests.redaction.sown import sow

CHOSEN = list(all_planted(3))[::3]
"""A third of all kinds and places: the others differ from them in what they are put together of."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Recordings of all that was planted, in every format in turn."""
    path = tmp_path_factory.mktemp("planted")
    recorders = {**WRITTEN, **BYTES_WRITTEN}
    for number, (name, written) in enumerate(recorders.items()):
        put(path / "r" / name, written([one.exchange for one in CHOSEN[number :: len(recorders)]]))
    return path


class Sown(NamedTuple):
    """Samples of all formats with secrets in them, and what must stand nowhere: those, and all that pages mask."""

    path: Path
    secrets: frozenset[bytes]
    ends: frozenset[bytes]


def sown(path: Path, times: int, share: float) -> Sown:
    planted = {secret for seed in range(times) for secret in sow(path / f"r/{seed}", seed, share)}
    secrets = frozenset(secret.encode() for secret in planted | set(masked_below(path / "r")))
    return Sown(path / "r", secrets, frozenset(secret[-12:] for secret in secrets))


def masked_below(path: Path) -> Iterator[str]:
    """What the pages of recordings mask, as far as nobody says it by chance: words that are drawn by lot."""
    roots = roots_of(path)
    for found in roots.found():
        for _, recording in reader.recordings(roots, found):
            for exchange in recording.exchanges:
                yield from (one for one in decoded.secrets(exchange) if len(one) >= 12 and re.search(r"\d\D*\d", one))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Sown:
    return sown(tmp_path_factory.mktemp("sown"), 1, 0.3)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Sown:
    """Ten thousand."""
    made = sown(tmp_path_factory.mktemp("many"), 7, 0.95)
    assert len(made.secrets) >= 10_000
    return made


_BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")


def leaked(data: bytes) -> list[str]:
    said = b"\n".join([data, *map(_out_of_base64, set(_BASE64.findall(data)))])
    return [one.id for one in CHOSEN if one.secret.encode() in said]


def _out_of_base64(text: bytes) -> bytes:
    try:
        data = b64decode(text + b"=" * (-len(text) % 4))
        return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    except (ValueError, OSError, EOFError, zlib.error):
        return b""


_WORD = re.compile(rb"[A-Za-z0-9_.~+-]{12,}")


def told(made: Sown, data: bytes) -> list[bytes]:
    """The secrets that stand in some bytes, by themselves or within a word."""
    words = set(_WORD.findall(data))
    return sorted(word for word in words if word in made.secrets or word[-12:] in made.ends)


def _all_below(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())


def test_the_recordings_hold_the_secrets(folder: Path) -> None:
    assert len(leaked(_all_below(folder / "r"))) > len(CHOSEN) / 2, "the others are spelled"


@pytest.mark.long
def test_the_samples_hold_the_secrets(samples: Sown) -> None:
    assert len(told(samples, _all_below(samples.path))) > 300


@pytest.mark.long
def test_samples_with_secrets_in_them_are_read_as_before(samples: Sown) -> None:
    formats = [{file.format for file in _files(path)} for path in (SAMPLES, samples.path)]
    assert len(formats[0] & formats[1]) > 0.9 * len(formats[0])


def _files(path: Path) -> list[FileRow]:
    shelf = library(path)
    shelf.refresh()
    return list(shelf.index.files().values())


def test_no_byte_of_the_index_and_no_row_is_a_secret(folder: Path, tmp_path: Path) -> None:
    shelf = library(folder / "r", tmp_path / "index.sqlite")
    shelf.refresh()
    rows = shelf.index.rows()
    assert len(rows) == len(CHOSEN)
    assert leaked(repr(rows).encode()) == []
    shelf.index.close()
    assert leaked(b"".join(path.read_bytes() for path in tmp_path.iterdir())) == []


@pytest.mark.long
def test_no_index_of_any_format_holds_a_secret(samples: Sown, tmp_path: Path) -> None:
    assert told(samples, outlets.index(samples.path, tmp_path / "index.sqlite")) == []


@pytest.mark.long
def test_no_page_of_any_format_shows_a_secret(samples: Sown) -> None:
    assert {page: found for page, data in outlets.pages(samples.path, 13) if (found := told(samples, data))} == {}


def test_no_command_prints_a_secret(folder: Path) -> None:
    for command in (["ls"], ["show", "--format", "jsonl"], ["show"], ["summary"]):
        assert leaked(outlets.printed(command[0], str(folder / "r"), *command[1:])) == []


@pytest.mark.long
def test_no_command_prints_a_secret_of_any_format(samples: Sown) -> None:
    for command, *options in (("show", "--format", "jsonl"), ("summary", "--format", "json")):
        assert told(samples, outlets.printed(command, str(samples.path), *options)) == []


@pytest.mark.long
def test_a_server_prints_no_secret(samples: Sown, tmp_path: Path) -> None:
    assert told(samples, outlets.served(samples.path, tmp_path, ("/", "/?q=password", "/tests", "/nowhere"))) == []


def log_with(secrets: Iterable[bytes]) -> bytes:
    """A log of a run whose recordings are missing, and that says secrets."""
    log = [path.read_text("utf-8") for path in sorted(SAMPLES.rglob("*")) if path.suffix in (".txt", ".log")]
    missing = "RuntimeError: Recording not found for request hash: 1234567890abcdef\nModel: {} | Request: POST {}\n"
    lines = [missing.format("gpt-4o", f"https://x.example/v1/chat/completions?key={one.decode()}") for one in secrets]
    return "\n".join([*log, *lines]).encode()


@pytest.mark.long
def test_what_is_found_for_a_log_holds_no_secret(samples: Sown) -> None:
    log = log_with(sorted(samples.secrets)[:20])
    assert told(samples, outlets.printed("find-log", "-", str(samples.path), given=log)) == []


@pytest.mark.long
def test_no_file_of_an_export_holds_a_secret(folder: Path, tmp_path: Path) -> None:
    assert [name for name, data in outlets.exported(folder / "r", tmp_path) if leaked(data)] == []


@pytest.mark.long
def test_no_file_of_an_export_of_any_format_holds_a_secret(samples: Sown, tmp_path: Path) -> None:
    files = outlets.exported(samples.path, tmp_path)
    assert {name: found for name, data in files if (found := told(samples, data))} == {}


@pytest.mark.long
def test_ten_thousand_stand_nowhere(many: Sown, tmp_path: Path) -> None:
    (tmp_path / "i").mkdir()
    assert told(many, outlets.index(many.path, tmp_path / "i/index.sqlite")) == []
    for command, *options in outlets.COMMANDS:
        assert told(many, outlets.printed(command, str(many.path), *options)) == [], (command, options)
    assert {page: found for page, data in outlets.pages(many.path, 5) if (found := told(many, data))} == {}


def test_planted_is_told_apart() -> None:
    assert len({one.secret for one in CHOSEN}) == len(CHOSEN)
    assert isinstance(CHOSEN[0], Planted)
