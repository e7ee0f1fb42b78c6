"""How tests ended, beside what they used: in the list, on their own pages, and all together."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector import export
from inspector.files.roots import roots_of
from inspector.files.scan import TEST_RUN_MAP
from inspector.testruns import results
from inspector.testruns.results import LastRun, Outcomes
from inspector.web.exchange.failure import Quoted, quoted
from tests.web.pages import HTMX, Page, Shelf, crawl, recording

LIT, DARK, GONE = "tests/test_lamp.py::test_lit", "tests/test_lamp.py::test_dark[a/b]", "tests/test_lamp.py::test_gone"


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, of which the shelf is one folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / ".git").mkdir()
    return tmp_path


def ran(key: str, outcome: str, *used: str, message: str = "", at: float = 0, id: str = "") -> LastRun:
    phase = "call" if message else ""
    return LastRun(key, id or key, outcome, phase, message, 0.1, at or time.time() + 60, dict.fromkeys(used, "read"))


def keep(top: Path, *tests: LastRun, whole: bool = True, file: Path | None = None) -> None:
    scopes = {"": time.time() + 60} if whole else {}
    results.keep(Outcomes({test.key: test for test in tests}, scopes), top, file)


def words(page: Page) -> str:
    return " ".join(page.text.split())


def hrefs(page: Page) -> list[str]:
    return [attributes["href"] or "" for tag, attributes in page.having("href") if tag == "a"]


def between(text: str, first: str, last: str) -> str:
    return text.partition(first)[2].partition(last)[0]


def test_nothing_is_said_where_no_test_ran(top: Path, shelf: Shelf) -> None:
    shelf.put("a.json", recording(test_id=LIT))
    page = shelf.page("/")
    assert not [one for _, one in page.having("class") if "outcome" in (one["class"] or "")]
    assert "No run of tests is known here" in shelf.page("/tests").text
    assert "pytest --inspector" in shelf.page("/tests").text


def test_failing_tests_stand_first_and_lead_to_their_message(top: Path, shelf: Shelf) -> None:
    dark = shelf.put("recordings/dark.json", recording("Dark.", test_id=DARK))
    shelf.put("recordings/lit.json", recording("Lit.", test_id=LIT))
    keep(
        top,
        ran(DARK, "failed", "shelf/recordings/dark.json", message="assert <b>dark</b>\nmore"),
        ran(LIT, "passed", "shelf/recordings/lit.json"),
        ran(f"{DARK[:-1]}c]", "failed", message="assert 1"),
    )
    page = shelf.page("/")
    first = between(words(page), "2 tests failed", "All 3 tests")
    assert "test_dark a/b assert <b>dark</b> last message" in first
    assert "test_dark a/bc assert 1 no recording here; nearest: test_dark[a/b]" in first
    assert "✓ passed" in words(page).partition("All 3 tests")[2]
    dots = [(one["class"], one.get("title")) for tag, one in page.having("class") if "dot is-" in (one["class"] or "")]
    assert ("dot is-failed", "failed") in dots
    assert ("dot is-passed", "passed") in dots
    assert ("dot is-failed", "2 failed, 1 passed") in dots, "of the file"
    assert "./t/tests/test_lamp.py%3A%3Atest_dark%5Ba/b%5D" in hrefs(page)
    assert f"./e/{dark}#reply" in hrefs(page)
    assert "tests failed" not in shelf.page("/?q=dark").text
    assert len(page.ids) == len(set(page.ids))

    story = words(shelf.page(f"/t/{DARK}"))
    assert "✗ failed in call" in story
    assert "assert <b>dark</b> more" in story

    tests = words(shelf.page("/tests"))
    assert "Tests ✗ 2 failed" in tests, "in the top bar"
    assert "✗ 2 failed ✓ 1 passed as they last ran" in tests
    failed = between(tests, "2 tests failed", "1 other test")
    assert failed.count("test_dark a/b") == 2, "with and without a recording"
    bars = [one for tag, one in shelf.page("/tests").tags if tag == "rect"]
    assert [(one["class"], one["x"], one["width"]) for one in bars] == [
        ("is-failed", "0.0", "66.667"), ("is-passed", "66.667", "33.333"),
    ]  # fmt: skip


def test_tests_stand_in_the_order_of_their_numbers(top: Path, shelf: Shelf) -> None:
    shelf.put("a.json", recording(test_id=LIT))
    keep(top, *(ran(f"t.py::test_case_{number}", "failed") for number in (10, 2, 1)))
    page = words(shelf.page("/tests"))
    places = [page.index(f"test_case_{one} ") for one in (1, 2, 10)]
    assert places == sorted(places)


def test_what_no_test_used_and_what_tests_lost(top: Path, shelf: Shelf) -> None:
    for name, test in (("lit", LIT), ("old", LIT), ("gone", GONE), ("other", "tests/test_x.py::test_x[y]")):
        shelf.put(f"recordings/{name}.json", recording(name, test_id=test))
    shelf.put("recordings/nobody.json", recording("nobody", test_id=None))
    shelf.put("recordings/dark.json", recording("dark", test_id=DARK))
    keep(
        top,
        ran(LIT, "passed", "shelf/recordings/lit.json"),
        ran(DARK, "failed", "shelf/recordings/missing.json"),
        ran("tests/test_x.py::test_x[z]", "passed", "shelf/recordings/lit.json"),
    )
    page = words(shelf.page("/tests"))
    unused = between(page, "3 recordings that no test used", "2 other tests")
    assert "recordings/old.json its test passed without it" in unused
    assert "recordings/gone.json test no longer exists" in unused
    assert "recordings/nobody.json no test opened it" in unused
    assert "recordings/missing.json is gone" in between(page, "1 test lost recordings", "3 recordings")


@pytest.mark.parametrize("when", ["a partial run", "written later", "it stopped early", "a server read them"])
def test_what_a_run_cannot_tell_is_not_said(top: Path, shelf: Shelf, when: str) -> None:
    shelf.put("recordings/lit.json", recording("lit", test_id=LIT))
    shelf.put("recordings/old.json", recording("old", test_id=LIT if when != "a partial run" else GONE))
    shelf.put("recordings/nobody.json", recording("nobody", test_id=None))
    if when == "written later":
        for name in ("old", "nobody"):
            os.utime(shelf.path / f"recordings/{name}.json", (time.time() + 900, time.time() + 900))
        shelf.refresh()
    used = () if when == "a server read them" else ("shelf/recordings/lit.json",)
    outcome = "failed" if when == "it stopped early" else "passed"
    keep(top, ran(LIT, outcome, *used), whole=when == "written later")
    assert "no test used" not in shelf.page("/tests").text


def test_a_map_that_changes_is_read_again(top: Path, shelf: Shelf) -> None:
    shelf.put("a.json", recording(test_id=LIT))
    keep(top, ran(LIT, "failed", "shelf/a.json"))
    assert "1 test failed" in shelf.page("/").text
    keep(top, ran(LIT, "passed", "shelf/a.json"))
    assert "1 test failed" not in shelf.page("/").text
    assert "1 test, none failed" in shelf.page("/", headers={**HTMX, "HX-Target": "div#list"}).text


def test_without_a_test_id_the_file_tells_the_test(top: Path, shelf: Shelf) -> None:
    shelf.put("tapes/one.json", recording("One.", [{"role": "user", "content": "1?"}], test_id=None))
    keep(top, ran("packages/a/t.py::test_one", "failed", "shelf/tapes/one.json", id="t.py::test_one"))
    page = shelf.page("/")
    assert "./p/tapes/one.json" in hrefs(page)
    assert "1 test failed" in words(page)
    for name in ("t.py::test_one", "packages/a/t.py::test_one"):
        assert shelf.client.get(f"/t/{name}").headers["Location"].endswith("/p/tapes/one.json")
    assert shelf.client.get("/t/t.py::test_two").status_code == 404


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_map_among_the_recordings_counts_whatever_depth_they_lie_at(top: Path, shelf: Shelf, kind: str) -> None:
    file = top / "out" / TEST_RUN_MAP
    keep(
        top,
        ran(DARK, "failed", "tests/suite/recordings/dark.json", message="assert dark"),
        ran(LIT, "passed", "tests/other/recordings/dark.json"),
        file=file,
    )
    results.tests_file(top).unlink(missing_ok=True)
    there = {
        "recordings-7/suite/recordings/dark.json": recording("Dark.", test_id=DARK),
        "recordings-7/other/recordings/dark.json": recording("Dark!", test_id=None),
        f"recordings-7/{TEST_RUN_MAP}": file.read_text(),
    }
    if kind == "zip":
        with zipfile.ZipFile(shelf.path / "artifact.zip", "w") as archive:
            for name, text in there.items():
                archive.writestr(name, text)
        shelf.refresh()
    else:
        for name, text in there.items():
            (shelf.path / name).parent.mkdir(parents=True, exist_ok=True)
            (shelf.path / name).write_text(text)
        shelf.refresh()
    assert f"./e/{shelf.uid('suite/recordings/dark.json')}#reply" in hrefs(shelf.page("/"))
    tests = shelf.page("/tests")
    assert [one for one in hrefs(tests) if one.endswith("recordings-7/other/recordings/dark.json")]


@pytest.mark.parametrize("form", [export.site, export.report])
def test_an_export_that_is_served_again_knows_its_tests(
    top: Path, shelf: Shelf, form: Callable[..., object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    shelf.put("recordings/dark.json", recording("Dark.", test_id=DARK))
    keep(top, ran(DARK, "failed", "shelf/recordings/dark.json", message="assert dark"))
    out = tmp_path_factory.mktemp("elsewhere") / "out.html"
    form(roots_of(shelf.path), out, "", False, lambda _: None)
    again = Shelf(out)
    assert "assert dark" in words(again.page("/tests"))
    assert f"./e/{again.uid('dark.json')}#reply" in hrefs(again.page("/"))


@pytest.mark.parametrize(
    "text", ["", "[]", '{"inspector_tests": 1, "tests": {"a": {"outcome": "failed", "id": "\\ud800"}}}']
)
def test_a_map_of_anybody_fails_no_page(top: Path, shelf: Shelf, text: str) -> None:
    shelf.put("a.json", recording(test_id=LIT))
    (shelf.path / TEST_RUN_MAP).write_text(text)
    shelf.refresh()
    assert shelf.page("/").text
    assert shelf.page("/tests").text


def test_every_link_of_the_tests_leads_somewhere(top: Path, shelf: Shelf) -> None:
    shelf.put("recordings/dark.json", recording("Dark.", test_id=DARK))
    shelf.put("recordings/lit.json", recording("Lit.", test_id=None))
    keep(top, ran(DARK, "failed", "shelf/recordings/dark.json"), ran(LIT, "error", "shelf/recordings/lit.json"))
    for address, answer in crawl(shelf.client, "/tests", most=30).items():
        assert answer.status_code < 400, address


ASSERTION = "AssertionError: assert 'Lit' in \"Dark, and don't ask.\"\n  where <b>so</b>"


def test_the_assertion_stands_above_the_reply_that_the_test_ended_with(
    top: Path, shelf: Shelf, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = shelf.put("recordings/first.json", recording("Not lit.", test_id=DARK))
    asked = [{"role": "user", "content": "And now?"}]
    last = shelf.put("recordings/last.json", recording("Dark, and don't ask.", asked, test_id=DARK))
    used = ("shelf/recordings/first.json", "shelf/recordings/last.json")
    keep(top, ran(DARK, "failed", *used, message=ASSERTION))
    page = shelf.client.get(f"/e/{last}").text
    assert "test_dark failed: AssertionError: assert 'Lit' in \"Dark, and don't ask.\" where <b>so</b> Reply" in words(
        shelf.page(f"/e/{last}")
    )
    assert "<mark class='asserted'>Dark, and don&#39;t ask.</mark>" in page
    assert "test_dark failed" not in shelf.page(f"/e/{first}").text
    assert "asserted" not in shelf.client.get(f"/e/{first}").text
    story = shelf.client.get(f"/t/{DARK}").text
    assert story.count('class="why-failed"') == story.count("class='asserted'") == 1
    out = tmp_path_factory.mktemp("elsewhere") / "site"
    export.site(roots_of(shelf.path), out, "", False, lambda _: None)
    assert "class='asserted'" in (out / f"e/{last}.html").read_text(encoding="utf-8")
    keep(top, ran(DARK, "passed", *used))
    assert "why-failed" not in shelf.client.get(f"/e/{last}").text


@pytest.mark.parametrize(
    ("message", "text", "found"),
    [
        ("assert 'yes' in 'The answer is: no.'", "The answer is: no.", ["The answer is: no."]),
        ("assert 'a' == 'b'", "a b", []),
        ("assert 'it\\'s' in x", "And IT'S so", ["IT'S"]),
        ("assert 'The fog bell rin...every ten minutes' == ''", "The fog bell rings every ten minutes",
         ["The fog bell rin", "every ten minutes"]),
        ("it isn't what one doesn't say", "t what one doesn", []),
        ("assert '\\x' in 'lit", "lit", []),
    ],
)  # fmt: skip
def test_what_an_assertion_quotes(message: str, text: str, found: list[str]) -> None:
    assert [text[begin:end] for begin, end in Quoted(quoted(message)).spans(text)] == found
