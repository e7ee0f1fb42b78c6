"""Archives as CI systems hand them out lead to the same places as the checkout that they were made of."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from inspector.export import bundle
from inspector.export.packing import element
from inspector.files import export_bundle
from inspector.files.repository_paths import Home
from inspector.files.roots import roots_of
from inspector.index import Index
from inspector.library.library import Library
from inspector.web import create_app
from tests.files.test_archives import taped, zipped
from tests.making import chat, put

SUITES = "tests/integration"
FILES = {
    f"{SUITES}/agents/recordings/aaaa1111.json": chat("a1", test=f"{SUITES}/agents/test_a.py::test_one[x/y]"),
    f"{SUITES}/agents/recordings/aaaa2222.json": chat("a2", test=None),
    f"{SUITES}/responses/recordings/bbbb1111.json": chat("b1", test=f"{SUITES}/responses/test_b.py::TestB::test_two"),
    f"{SUITES}/responses/recordings/bbbb2222.json": chat("b2", test=f"{SUITES}/responses/test_c.py::test_far"),
}
PATHS = {path.rpartition("/")[2]: path for path in FILES}
CASSETTE = b"""\
version: 1
interactions:
- request:
    method: POST
    uri: https://api.openai.com/v1/chat/completions
    headers: {}
    body: '{"model": "gpt-4o", "messages": [{"role": "user", "content": "in a cassette"}]}'
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: {string: '{"choices": []}'}
"""
COMMIT = "0123456789abcdef0123456789abcdef01234567"

Files = dict[str, bytes]


def moved(files: Files, stripped: str = "", folder: str = "") -> Files:
    """Files without the start of their paths, in a folder."""
    return {folder + path.removeprefix(stripped): data for path, data in files.items() if path.startswith(stripped)}


def of_git(files: Files) -> bytes:
    """As `git archive` makes it, and GitHub hands out the source of a repository."""
    out = io.BytesIO(zipped(files))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = COMMIT.encode()
    return out.getvalue()


def of_git_taped(files: Files) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", pax_headers={"comment": COMMIT}) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def checkout(at: Path, files: Files) -> Path:
    (at / ".git").mkdir(parents=True)
    for path, data in files.items():
        put(at / path, data)
    return at


def shelf(*paths: Path) -> Library:
    made = Library(roots_of(*paths), Index(None))
    made.refresh()
    return made


def ids(*paths: Path) -> dict[str, str]:
    """Each exchange's id, by what was asked in it."""
    rows = shelf(*paths).index.rows()
    assert len({row.uid for row in rows}) == len(rows), "no two have one id"
    return {row.asked: row.uid for row in rows}


LAYOUTS: dict[str, tuple[str, bytes]] = {
    "whole paths, as of GitLab": ("artifacts.zip", zipped(FILES)),
    "from the common folder on, as of GitHub": ("ci.zip", zipped(moved(FILES, f"{SUITES}/"))),
    "one suite": ("ci.zip", zipped(moved(FILES, f"{SUITES}/agents/"))),
    "the folder of recordings itself": ("ci.zip", zipped(moved(FILES, f"{SUITES}/agents/recordings/"))),
    "a source archive": ("main.zip", of_git(moved(FILES, folder="project-main/"))),
    "without git's word": ("main.zip", zipped(moved(FILES, folder="project-main/"))),
    "packed twice": ("ci.zip", zipped({"recordings.tar.gz": taped(moved(FILES, f"{SUITES}/", "./"))})),
    "packed by hand": ("mine.tgz", taped(moved(FILES, f"{SUITES}/", "artifact-1/"))),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_artifact_has_the_addresses_of_the_checkout(tmp_path: Path, layout: str) -> None:
    name, data = LAYOUTS[layout]
    whole = ids(checkout(tmp_path / "checkout", FILES))
    found = ids(put(tmp_path / "downloads" / name, data))
    assert found
    assert found.items() <= whole.items()
    assert ids(put(tmp_path / "checkout" / name, data)) == found, "wherever it was put"


CASSETTES: dict[str, tuple[str, bytes]] = {
    "whole paths": ("artifacts.zip", zipped({"tests/cassettes/test_x/test_y.yaml": CASSETTE})),
    "a source archive": ("main.zip", of_git({"project-main/tests/cassettes/test_x/test_y.yaml": CASSETTE})),
    "a source tar": ("main.tar.gz", of_git_taped({"project-main/tests/cassettes/test_x/test_y.yaml": CASSETTE})),
}


@pytest.mark.parametrize("layout", CASSETTES)
def test_a_cassette_in_an_artifact_belongs_to_its_test(tmp_path: Path, layout: str) -> None:
    """Nothing in it names the test: its path does, and counts from where the repository begins."""
    name, data = CASSETTES[layout]
    (row,) = shelf(checkout(tmp_path / "checkout", {"tests/cassettes/test_x/test_y.yaml": CASSETTE})).index.rows()
    (found,) = shelf(put(tmp_path / name, data)).index.rows()
    assert (found.uid, found.test_id) == (row.uid, row.test_id) == (row.uid, "tests/test_x.py::test_y")


UNTOLD = {
    "files of several suites in one folder": moved(FILES, f"{SUITES}/agents/recordings/")
    | moved(FILES, f"{SUITES}/responses/recordings/"),
    "two copies": moved(FILES, f"{SUITES}/", "one/") | moved(FILES, f"{SUITES}/", "two/"),
    "a shared folder": {"x/common/recordings/a.json": FILES[f"{SUITES}/agents/recordings/aaaa1111.json"]},
    "no test": {"x/recordings/a.json": chat("none", test=None)},
}


@pytest.mark.parametrize("case", UNTOLD)
def test_what_nothing_tells_is_not_guessed(tmp_path: Path, case: str) -> None:
    file = put(tmp_path / "ci.zip", zipped(UNTOLD[case]))
    assert roots_of(file).all[0].homes[0] == Home("ci.zip/", "")
    rows = shelf(file).index.rows()
    assert len({row.uid for row in rows}) == len(rows) == len(UNTOLD[case])


def test_what_lies_elsewhere_in_an_archive_shares_no_id(tmp_path: Path) -> None:
    """A folder that stands for another leaves the others where nothing can meet them."""
    files = moved(FILES, folder="copy/") | {path: chat(f"other {path}", test=None) for path in FILES}
    files |= {"e.json": chat("e", test=None), "copy/ci.zip/e.json": chat("e in a folder that is called so", test=None)}
    found = ids(put(tmp_path / "ci.zip", zipped(files)))
    assert len(found) == len(files)
    assert ids(checkout(tmp_path / "checkout", FILES)).items() <= found.items()


def test_a_checkout_keeps_its_addresses_beside_its_artifacts(tmp_path: Path) -> None:
    whole = checkout(tmp_path / "checkout", FILES)
    artifacts = [
        put(tmp_path / "a.zip", zipped(moved(FILES, f"{SUITES}/"))),
        put(tmp_path / "b.tar.gz", taped(FILES)),
        put(tmp_path / "z" / "a.zip", zipped(FILES)),
    ]
    alone = {row.path: row.uid for row in shelf(whole).index.rows()}
    rows = shelf(*artifacts, whole).index.rows()
    assert len({row.uid for row in rows}) == len(rows) == 4 * len(FILES)
    assert {row.path.removeprefix("checkout/"): row.uid for row in rows if row.path.startswith("checkout/")} == alone


def test_artifacts_that_part_the_suites_all_keep_their_addresses(tmp_path: Path) -> None:
    one = put(tmp_path / "a.zip", zipped(moved(FILES, f"{SUITES}/agents/recordings/")))
    other = put(tmp_path / "b.zip", zipped(moved(FILES, f"{SUITES}/responses/recordings/")))
    assert ids(one, other) == ids(checkout(tmp_path / "checkout", FILES))


def _exported(*paths: Path, unmasked: bool = False) -> bytes:
    made = shelf(*paths)
    out = io.BytesIO()
    rows = dict.fromkeys(row.path for row in made.index.rows(order="file.path"))
    bundle.write(out, bundle.carried(made.roots, rows, unmasked))
    return out.getvalue()


def site(at: Path, *paths: Path) -> Path:
    put(at / "recordings.jsonl.gz", _exported(*paths))
    put(at / "inspector-export.json", b"{}")
    put(at / "index.html", b"<!doctype html><p>pages")
    return at


def report(*paths: Path) -> bytes:
    return b"<!doctype html><p>pages</p>\n" + element(export_bundle.ELEMENT, _exported(*paths))


EXPORTS: dict[str, Callable[[Path, Sequence[Path]], Path]] = {
    "a folder": lambda at, paths: site(at / "site", *paths),
    "its recordings": lambda at, paths: site(at / "site", *paths) / "recordings.jsonl.gz",
    "one file": lambda at, paths: put(at / "report.html", report(*paths)),
    "one file in an artifact": lambda at, paths: put(at / "r.zip", zipped({"report.html": report(*paths)})),
    "an artifact": lambda at, paths: put(
        at / "site.zip", zipped({f.name: f.read_bytes() for f in site(at / "site", *paths).iterdir()})
    ),
    "a tar": lambda at, paths: put(
        at / "site.tgz",
        taped(
            {f"public/e/{number}.html": b"" for number in range(600)}
            | {f"./public/{f.name}": f.read_bytes() for f in site(at / "s", *paths).iterdir()}
        ),
    ),
    "an export of an export": lambda at, paths: site(at / "again", site(at / "site", *paths)),
}


@pytest.mark.parametrize("form", EXPORTS)
@pytest.mark.parametrize("source", ["checkout", "artifact", "both", "archive beside"])
def test_an_export_has_the_addresses_of_what_it_was_made_of(tmp_path: Path, form: str, source: str) -> None:
    whole = checkout(tmp_path / "checkout", FILES)
    artifact = put(tmp_path / "ci.zip", zipped(moved(FILES, f"{SUITES}/", "x/") | {"other.json": chat("o", test=None)}))
    folder = tmp_path / "downloads"
    put(folder / "ci.zip", zipped(moved(FILES, f"{SUITES}/")))
    paths = {"checkout": [whole], "artifact": [artifact], "both": [artifact, whole], "archive beside": [folder]}[source]
    exported = shelf(EXPORTS[form](tmp_path / "out", paths)).index.rows()
    made_of = shelf(*paths).index.rows()
    told = lambda row: (row.uid, row.test_id, row.asked, row.replied, row.model, row.protocol, row.odd)  # noqa: E731
    assert sorted(map(told, exported)) == sorted(map(told, made_of))
    assert len(exported) == len({row.uid for row in exported}) > 0


def test_an_export_among_recordings_is_passed_over(tmp_path: Path) -> None:
    whole = checkout(tmp_path / "checkout", FILES)
    put(site(whole / "site", whole) / "e" / "stray.json", chat("stray"))
    put(whole / "report.html", report(whole))
    put(whole / "kept" / "recordings.jsonl.gz", _exported(whole))
    made = shelf(whole)
    for below in ((), ("site/e/stray.json",), ("site/e",), ("site",)):
        made.refresh(*below)
        assert {row.path for row in made.index.rows()} == FILES.keys()
        assert not [path for path in made.index.files() if path.startswith("site")]
    assert [row.asked for row in shelf(whole / "site" / "e" / "stray.json").index.rows()] == ["stray"], "it was given"


def test_an_export_is_masked_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    key = "sk-proj-" + "Zx81mQp4" * 5
    put(tmp_path / "a.json", chat(f"my key is {key}", answer=key))
    assert key.encode() not in gzip.decompress(_exported(tmp_path))
    assert key.encode() in gzip.decompress(_exported(tmp_path, unmasked=True))


def test_the_same_recordings_give_the_same_bytes(tmp_path: Path) -> None:
    whole = checkout(tmp_path / "checkout", FILES)
    assert _exported(whole) == _exported(whole)


HEADER = {"inspector-export": 1, "homes": [["", "", ""]]}
LINE = {
    "exported": None,
    "path": "a.json",
    "exchanges": [{"entry": 0, "request": {"method": "GET", "url": "https://a/"}}],
}


def packed(*lines: object) -> bytes:
    written = (line if isinstance(line, bytes) else json.dumps(line, separators=(",", ":")).encode() for line in lines)
    return gzip.compress(b"".join(line + b"\n" for line in written), mtime=0)


@pytest.mark.parametrize(
    ("data", "told", "read"),
    [
        (packed(HEADER, LINE), None, 1),
        (packed(HEADER), None, 0),
        (packed(HEADER, LINE)[:-4], "not a whole archive", 1),
        (packed(HEADER, LINE, b"{}"), "which recording", 1),
        (packed(HEADER, LINE, b'{"exported":null,"path":7}'), "which recording", 1),
        (packed(HEADER, LINE, b'{"exported":null,"path":""}'), "which recording", 1),
        (packed(HEADER, LINE, LINE), None, 1),
        (packed(HEADER, {**LINE, "path": "../../etc/x.json"}), None, 0),
        (packed(HEADER, {**LINE, "path": "/etc/x.json"}), None, 0),
        (packed(HEADER, {**LINE, "path": "C:/x.json"}), None, 0),
        (packed(HEADER, {**LINE, "path": "inspector-export.json"}, LINE), None, 1),
        (packed(HEADER, b'{"exported":null,"path":"x.json","exchanges":' + b"[" * 5000, LINE), None, 1),
        (packed(HEADER, b'{"exported":null,"path":"x.zip","exchanges":[]}', LINE), None, 1),
        (packed({"inspector-export": 1}, LINE), None, 1),
        (packed({"inspector-export": 1, "homes": 5}, LINE), None, 1),
        (packed({"inspector-export": 1, "homes": [1, [], ["a"], [1, 2, 3]]}, LINE), None, 1),
        (packed({"inspector-export": 1, "homes": [["", "x", ""], ["a/", "b", ""]]}, LINE), None, 1),
        (packed(b'{"inspector-export":1,"homes":' + b"[" * 5000, LINE), None, 1),
    ],
    ids=lambda value: "data" if isinstance(value, bytes) else None,
)  # fmt: skip
def test_a_hostile_export_is_broken_and_nothing_more(tmp_path: Path, data: bytes, told: str | None, read: int) -> None:
    put(tmp_path / "inspector-export.json", b"{}")
    put(tmp_path / "recordings.jsonl.gz", data)
    made = shelf(tmp_path)
    assert len(made.index.rows()) == read
    why = made.index.files()["recordings.jsonl.gz"].why
    assert why is None if told is None else told in (why or "")
    for row in made.index.rows():
        assert made.recording(row.path).exchanges


def test_homes_that_meet_are_no_homes(tmp_path: Path) -> None:
    """Whoever wrote the export might have two recordings share an id, or take that of another."""
    homes = [["a/", "", ""], ["b/", "x/", ""], ["c/", "", "m"], ["d/", "y/", "m"]]
    lines = [{**LINE, "path": f"{path}.json"} for path in ("a/x/y", "b/y", "c/y/z", "d/z", "e/x/y")]
    put(tmp_path / "inspector-export.json", b"{}")
    put(tmp_path / "recordings.jsonl.gz", packed({"inspector-export": 1, "homes": homes}, *lines))
    rows = shelf(tmp_path).index.rows()
    assert len({row.uid for row in rows}) == len(rows) == len(lines)


@pytest.mark.parametrize("data", [b"", b"nothing", packed({"a": 1}), packed()], ids=range(4))
def test_what_is_called_like_an_export_and_is_none(tmp_path: Path, data: bytes) -> None:
    for name in ("recordings.jsonl.gz", "report.html"):
        assert shelf(put(tmp_path / name, data)).index.rows() == []


def test_handles_lead_into_an_artifact(tmp_path: Path) -> None:
    """By hash, by test, and by a path in the repository or the end of one, whatever the archive is called."""
    files = {
        "told.zip": zipped(moved(FILES, f"{SUITES}/")),
        "one.zip": zipped(moved(FILES, f"{SUITES}/agents/recordings/")),
        "report.html": report(checkout(tmp_path / "checkout", FILES)),
        "plain.zip": zipped({"recordings/aaaa1111.json": chat("a1", test="a test with a name")}),
    }
    for name, data in files.items():
        app = create_app(put(tmp_path / name, data), in_memory=True)
        keeper = app.extensions["keeper"]()
        try:
            keeper.library.refresh()
            (row,) = keeper.library.index.with_stem("aaaa1111")
            asked = app.test_client()
            handles = ["h/aaaa1111", "p/aaaa1111.json", "p/recordings/aaaa1111.json", f"p/{PATHS['aaaa1111.json']}"]
            for handle in (*handles, f"p/{name}/{row.path.partition('/')[2]}"):
                assert asked.get(f"/{handle}").headers.get("Location", "").endswith(f"e/{row.uid}"), (name, handle)
            assert asked.get("/p/other/place/aaaa1111.json").status_code == 404
            assert asked.get(f"/t/{row.test_id}").status_code == 200
            gone = asked.get("/e/0123456789abcdef")
            assert gone.status_code == 404
            assert "Ids count from the root" in gone.text
        finally:
            keeper.stop()
