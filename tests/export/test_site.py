"""An export as files: whole, the same each time, without secrets, and never in the place of what is not ours."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from inspector import export
from inspector.export import Nothing, NotOurs
from inspector.files.roots import roots_of
from inspector.files.urls import MARKER, file_of
from inspector.web.list import list_paging
from tests.export.sites import dead_links, files, held, names_that_hosts_refuse, site
from tests.making import SAMPLES, chat, library, put

MADE = re.compile(rb'<p class="made" id="made">[^\n]*')


def unsigned(folder: Path) -> dict[str, bytes]:
    return {name: MADE.sub(b"", content) for name, content in files(folder).items()}


@pytest.mark.long
def test_no_link_is_dead(exported: Path) -> None:
    assert dead_links(exported) == []


@pytest.mark.long
def test_every_exchange_has_all_of_its_pages(exported: Path) -> None:
    made = library(SAMPLES)
    made.refresh()
    for row in made.index.rows():
        for tab in ("", "request", "response", "raw", *(["stream"] if row.streamed else [])):
            assert (exported / file_of(f"e/{row.uid}/{tab}".rstrip("/"))).is_file(), (row.path, tab)
        if row.group_kind in ("test", "session"):
            letter = row.group_kind[0]
            assert (exported / file_of(f"{letter}/{row.group_id}")).is_file()


@pytest.mark.long
def test_names_fit_every_file_system(exported: Path) -> None:
    assert names_that_hosts_refuse(exported) == []


@pytest.mark.long
def test_a_page_holds_nothing_that_only_a_server_answers(exported: Path) -> None:
    for page in exported.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<[^>]* hx-", text), page
        assert not re.search(r"<(?:form[^>]*method=\"post\"|script(?![^>]*src=)|style|[a-z]+ [^>]*style=)", text), page
        assert 'http-equiv="Content-Security-Policy"' in text


@pytest.mark.long
def test_no_secret_of_the_samples_is_in_it_nor_a_path_of_this_machine(exported: Path) -> None:
    for name, content in files(exported).items():
        assert b"SEAGULL" not in content, name
        assert str(SAMPLES.parent).encode() not in content, name


def test_a_long_list_has_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_paging, "GROUPS", 2)
    for name in "abcde":
        put(tmp_path / "in" / f"{name}.json", chat(f"Said in {name}.", test=f"tests/t.py::test_{name}"))
    site(tmp_path / "in", made := tmp_path / "site")
    pages = [(made / name).read_text("utf-8") for name in ("index.html", "index,page=2.html", "index,page=3.html")]
    assert [re.findall(r"test_[a-e]\b", page)[0] for page in pages] == ["test_a", "test_c", "test_e"]
    assert dead_links(made) == []


SOME = ("har", "mitmproxy", "pairs", "vcr")
"""Samples of each kind of body."""


@pytest.mark.long
def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Also elsewhere, later, and with other times on the files."""
    sites = []
    for number, folder in enumerate((tmp_path / "here", tmp_path / "there")):
        for name in SOME:
            shutil.copytree(SAMPLES / "other" / name, folder / "tests" / name, copy_function=shutil.copy)
        for age, path in enumerate(sorted(folder.rglob("*.*"))):
            if path.is_file():
                put(path, path.read_bytes(), age=number * age * 1000 + 60)
        (folder / ".git").mkdir()  # ids count from the repository
        site(folder / "tests", folder / "site")
        sites.append(unsigned(folder / "site"))
    assert sites[0].keys() == sites[1].keys()
    assert [name for name in sites[0] if sites[0][name] != sites[1][name]] == []


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    for number in range(4):
        put(tmp_path / f"{number}.json", chat(f"number {number}", test=f"tests/a.py::test_{number}"))
    first = site(tmp_path, tmp_path / "site")
    before = {path: path.stat() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert first.changed == first.files == len(before)
    assert site(tmp_path, tmp_path / "site").changed == 0
    put(tmp_path / "2.json", chat("number 2, again", test="tests/a.py::test_2"))
    changed = site(tmp_path, tmp_path / "site").changed
    assert 0 < changed < first.files / 2
    same = [path for path, was in before.items() if path.is_file() and path.stat().st_mtime_ns == was.st_mtime_ns]
    assert len(same) >= len(before) - changed - 1, "the list's own page says when it was made"
    put(tmp_path / "2.json", b"")
    site(tmp_path, tmp_path / "site")
    assert dead_links(tmp_path / "site") == []
    assert "number 2" not in "".join(page.read_text("utf-8") for page in (tmp_path / "site").rglob("*.html"))


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.json", chat())
    put(tmp_path / "mine" / "thesis.txt", b"years of work")
    put(tmp_path / "file", b"also mine")
    for taken in ("mine", "file"):
        with pytest.raises(NotOurs, match="no export of ours"):
            site(tmp_path / "in", tmp_path / taken)
    assert (tmp_path / "mine" / "thesis.txt").read_bytes() == b"years of work"
    (tmp_path / "empty").mkdir()
    site(tmp_path / "in", tmp_path / "empty")
    assert (tmp_path / "empty" / MARKER).is_file()


def test_a_failure_leaves_the_old_export_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "in" / "a.json", chat("first"))
    site(tmp_path / "in", tmp_path / "out" / "site")
    before = files(tmp_path / "out")
    put(tmp_path / "in" / "a.json", chat("second"))
    monkeypatch.setattr("inspector.export._sign", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        site(tmp_path / "in", tmp_path / "out" / "site")
    assert files(tmp_path / "out") == before, "nothing half written is left beside it either"


def test_a_query_narrows_what_is_exported(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.json", chat("whale", test="tests/a.py::test_whale"))
    put(tmp_path / "in" / "b.json", chat("gull", test="tests/a.py::test_gull"))
    assert site(tmp_path / "in", tmp_path / "site", "gull").exchanges == 1
    assert dead_links(tmp_path / "site") == []
    pages = {name: content for name, content in files(tmp_path / "site").items() if not name.startswith("static/")}
    assert not [name for name, content in pages.items() if b"whale" in content]
    with pytest.raises(Nothing):
        site(tmp_path / "in", tmp_path / "none", "albatross")
    assert not (tmp_path / "none").exists()


def test_secrets_stand_in_it_only_where_that_was_asked_for(tmp_path: Path) -> None:
    document = json.loads(chat("hello"))
    document["request"]["headers"] = {"authorization": "Bearer sk-PELICAN0123456789012345678901"}
    put(tmp_path / "in" / "a.json", json.dumps(document).encode())
    for unmasked in (False, True):
        site(tmp_path / "in", tmp_path / f"site-{unmasked}", unmasked=unmasked)
        whole = b"".join(files(tmp_path / f"site-{unmasked}").values())
        assert (b"PELICAN" in whole) == unmasked
        assert (b"nothing masked" in whole) == unmasked


@pytest.mark.long
def test_a_long_stream_and_a_long_conversation_have_pages_with_every_place(tmp_path: Path) -> None:
    """Permalinks lead to each chunk and message, from whichever page."""
    chunks = [{"choices": [{"index": 0, "delta": {"content": f"w{n} "}}]} for n in range(450)]
    document = json.loads(chat("hello", before=[{"role": "user", "content": f"turn {n}"} for n in range(130)]))
    document["request"]["body"]["stream"] = True
    document["response"] = {
        "body": [{"__type__": "openai.types.chat.ChatCompletionChunk", "__data__": chunk} for chunk in chunks],
        "is_streaming": True,
    }
    put(tmp_path / "in" / "a.json", json.dumps(document).encode())
    site(tmp_path / "in", tmp_path / "site")
    assert dead_links(tmp_path / "site") == []
    pages = [*(tmp_path / "site" / "e").glob("*/stream*.html")]
    places = [place for page in pages for place in held(page).ids if re.fullmatch(r"c\d+", place)]
    assert sorted(places, key=lambda place: int(place[1:])) == [f"c{number}" for number in range(450)]
    conversation = [*(tmp_path / "site" / "e").glob("*.html")]
    messages = [place for page in conversation for place in held(page).ids if re.fullmatch(r"m\d+", place)]
    assert sorted(messages, key=lambda place: int(place[1:])) == [f"m{number}" for number in range(131)]


def test_a_story_that_begins_in_a_file_of_several(tmp_path: Path) -> None:
    """That file is a story too; who goes on from it alone stands on a page of the one that they share."""
    first = json.loads(chat("is the lamp lit?", "it is", test=None))
    request, body = first["request"], first["response"]["body"]["__data__"]
    line = {"request": request, "response": {"status_code": 200, "headers": {}, "body": body}, "timestamp": 1772000000}
    put(tmp_path / "in" / "a.jsonl", b"".join(json.dumps({**line, "n": n}).encode() + b"\n" for n in range(2)))
    said = [{"role": "user", "content": "is the lamp lit?"}, {"role": "assistant", "content": "it is"}]
    put(tmp_path / "in" / "b.json", chat("since when?", "dusk", test=None, before=said))
    done = site(tmp_path / "in", tmp_path / "site")
    assert (done.exchanges, dead_links(tmp_path / "site")) == (3, [])


@pytest.mark.long
def test_it_says_from_what_it_was_made(exported: Path) -> None:
    (line,) = MADE.findall((exported / "index.html").read_bytes())
    assert re.search(rb"Exported \d{4}-\d\d-\d\d \d\d:\d\d UTC from recordings", line)


def test_what_changed_since_an_earlier_state_is_exported(tmp_path: Path) -> None:
    """Kinds of change, each exchange beside what it was, and verdicts in the search."""
    for state, reply in (("old", "It is lit."), ("new", "It is out.")):
        put(tmp_path / state / "answer.json", chat("Is it lit?", reply))
        put(tmp_path / state / "same.json", chat("And the fog?", "None.", test="tests/a.py::test_fog"))
    put(tmp_path / "old" / "gone.json", chat("What is gone?", "The rust.", test="tests/a.py::test_gone"))
    put(tmp_path / "new" / "new.json", chat("What is new?", "The paint.", test="tests/a.py::test_new"))
    out = tmp_path / "site"
    roots, old = roots_of(tmp_path / "new"), str(tmp_path / "old")
    done = export.site(roots, out, "", False, lambda _: None, old)
    assert not done.refused
    assert dead_links(out) == []
    (uid,) = {folder.name for folder in (out / "compare").iterdir() if (folder / "before.html").is_file()}
    beside = (out / "compare" / uid / "before.html").read_text("utf-8")
    assert "lit" in beside
    assert "out" in beside
    page = (out / "changes.html").read_text("utf-8")
    assert f"compare/{uid}/before.html" in page
    assert "What is gone?" in page
    assert str(tmp_path) not in page
    assert "changes.html" in (out / "index.html").read_text("utf-8")
    names = (out / "search" / "names.js").read_text("utf-8")
    assert '"answer":[0]' in names.replace(" ", "") or '"answer":[' in names
    only = tmp_path / "only"
    export.site(roots, only, "test:test_new", False, lambda _: None, old)
    page = (only / "changes.html").read_text("utf-8")
    assert "What is new?" in page
    assert "What is gone?" not in page
    report = tmp_path / "report.html"
    export.report(roots, report, "", False, lambda _: None, old)
    assert report.is_file()


def test_variants_and_the_comparisons_that_they_lead_to_are_files(tmp_path: Path) -> None:
    for model, reply in (("lamp-1", "It is lit."), ("lamp-2", "It is out.")):
        test = f"tests/a.py::test_lit[{model}]"
        put(tmp_path / "in" / f"{model}.json", chat("Is it lit?", reply, test, model=model))
    site(tmp_path / "in", tmp_path / "out")
    (compared,) = (tmp_path / "out" / "compare").rglob("*.html")
    links = [value for tag, name, value in held(tmp_path / "out" / "matrix.html").links if "compare/" in value]
    assert [(tmp_path / "out" / link).resolve() for link in links] == [compared.resolve()]
    assert "<del>lit</del><ins>out</ins>" in compared.read_text("utf-8")
    assert dead_links(tmp_path / "out") == []
