"""A report in one file, opened from a folder as somebody does who downloaded it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from inspector import export
from inspector.files.roots import roots_of
from inspector.files.scan import TEST_RUN_MAP
from inspector.testruns import results
from inspector.testruns.last_run import LastRun, Outcomes
from tests.browser.driver import Tabs, Witness, until
from tests.making import chat, put
from tests.web.pages import message, recording
from tests.web.rich import PNG, SVG, WAV, encoded, image

JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'"
SOUND = {"type": "input_audio", "input_audio": {"data": encoded(WAV), "format": "wav"}}
LONG = "\n\n".join(f"Paragraph {number} of a long answer." for number in range(80))
HOSTILE = "</script><script>window.bottleOpened=1</script><!-- <img src=x onerror=window.bottleOpened=1>"

Read = Callable[..., Any]
TALK = "tests/a.py::test_talk"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    before: list[dict[str, str]] = []
    for turn in range(6):
        said, answer = f"Question {turn}?", f"Answer {turn}. {LONG if turn == 3 else ''}"
        put(folder / "rec" / f"talk{turn}.json", chat(said, answer, "tests/a.py::test_talk", before=before))
        before += [{"role": "user", "content": said}, {"role": "assistant", "content": answer}]
    put(folder / "rec" / "hostile.json", chat(HOSTILE, HOSTILE, f"tests/b.py::test_bottle[{HOSTILE}]"))
    media = [image("image/png", PNG), image("image/svg+xml", SVG), SOUND, {"type": "text", "text": "What is this?"}]
    put(folder / "rec" / "media.json", json.dumps(json.loads(recording(messages=[message(media)]))).encode())
    said = "AssertionError: assert 'dark' in 'Answer 5. '"
    failed = LastRun(TALK, TALK, "failed", "call", said, 0.1, 1.0, {"talk5.json": "read"})
    (folder / "rec" / TEST_RUN_MAP).write_text(results.written(Outcomes({TALK: failed}, {"": 1.0})))
    out = folder / "report.html"
    export.report(roots_of(folder / "rec"), out, "", False, lambda _: None)
    return out


@pytest.fixture
def reads(tabs: Tabs, report: Path) -> Iterator[Read]:
    """Opens the report; afterwards it has asked for nothing but itself, and nothing has gone wrong unseen."""
    witness = Witness()

    def open_report(place: str = "", **options: Any) -> Any:
        page = tabs.open(**options)
        witness.watch(page, (report.as_uri(), "blob:"))
        page.goto(report.as_uri() + place)
        return page

    yield open_report
    witness.verdict()


def shows(page: Any, title: str, place: str) -> None:
    """Until a page of the report is shown."""
    until(page, "document.title.includes(arg[0]) && location.hash.includes(arg[1])", [title, place])


def test_from_the_list_to_a_chunk_and_back(reads: Read) -> None:
    page = reads()
    page.locator("#list .row", has_text="Answer 3.").first.click()
    shows(page, "Question 3?", "#e/")
    address = page.evaluate("location.hash")
    assert page.locator(".row[aria-current]").inner_text().count("Answer 3.") == 1
    page.evaluate("document.querySelector('#detail').scrollTop = 700")
    until(page, "history.state?.top === 700")
    page.keyboard.press("[")  # to click the tab, one would have to scroll to it
    page.locator(".code .nt", has_text="test_id").wait_for()
    assert page.locator("pre[data-json]", has_text="Question 3?").count() == 1
    page.go_back()
    page.locator("#reply").wait_for()
    assert page.evaluate("location.hash") == address
    until(page, "document.querySelector('#detail').scrollTop === 700")
    page.keyboard.press("j")
    shows(page, "Question 4?", "#e/")
    page.keyboard.press("?")
    dialog = page.locator("dialog[open]")
    assert "narrows the words after it to a place" in dialog.inner_text()
    dialog.get_by_role("link", name="The manual").click()
    shows(page, "Help", "#help.html")
    page.get_by_role("link", name="Searching").click()
    shows(page, "Searching", "#help/searching.html")
    page.go_back()
    page.go_back()
    shows(page, "Question 4?", "#e/")
    page.go_back()
    shows(page, "Question 3?", "#e/")
    page.go_back()
    page.locator("#view.overview").wait_for()


SLOW = """() => {
  const { text } = Blob.prototype;
  Blob.prototype.text = async function () {
    await new Promise((done) => setTimeout(done, 500));
    return text.call(this);
  };
}"""


def test_the_assertion_of_a_failed_test_stands_above_its_last_reply(reads: Read) -> None:
    page = reads()
    page.click("#failing .last")
    page.wait_for_selector(".why-failed")
    assert "assert 'dark' in 'Answer 5. '" in page.inner_text(".why-failed")
    assert "Answer 5." in page.inner_text(".why-failed + .replies mark.asserted, .why-failed ~ .replies")


def test_a_page_that_is_slow_to_unpack_is_where_it_was_left(reads: Read) -> None:
    page = reads()
    page.locator("#list .row", has_text="Answer 3.").first.click()
    shows(page, "Question 3?", "#e/")
    page.evaluate(
        """() => {
          document.querySelector('#detail').scrollTop = 700;
          document.querySelector(".tabs a[href$='raw.html']").click();
        }"""
    )
    page.locator(".code .nt", has_text="test_id").wait_for()
    page.evaluate(SLOW)
    page.evaluate("document.querySelector('#detail').scrollTop = 30; history.back()")
    page.locator("#reply").wait_for()
    until(page, "document.querySelector('#detail').scrollTop === 700")


def test_a_copied_link_leads_to_its_place(reads: Read) -> None:
    page = reads(permissions=["clipboard-read", "clipboard-write"])
    page.locator("#list .row", has_text="Answer 5.").first.click()
    shows(page, "Question 5?", "#e/")
    page.locator(".from-before summary").click()
    page.locator("#m7 .anchor").click()
    until(page, "document.querySelector('#m7').classList.contains('target')")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    other = reads(link.partition(".html")[2])
    other.locator("#m7.target").wait_for()
    assert other.locator("#m7").evaluate("it => it.getBoundingClientRect().top < innerHeight")
    assert other.locator("#x-" + link.partition("#e/")[2][:16]).get_attribute("aria-current") == "true"
    uid = link.partition("#e/")[2][:16]
    for written in (f"#e/{uid}", f"#e/{uid}:m7", f"#h/{uid}"):  # as a server has them
        other.goto(other.url.partition("#")[0] + written)
        shows(other, "Question 5?", f"#e/{uid}")
    other.goto(other.url.partition("#")[0] + "#e/0000000000000000.html")
    shows(other, "No such page", "#e/0000")
    other.goto(other.url.partition("#")[0] + f"#compare/{uid}/before.html")  # of a report that compares with nothing
    shows(other, "No such page", "#compare/")
    assert "--against" in other.locator("#detail").inner_text()


def test_a_search_leads_to_its_words(reads: Read) -> None:
    page = reads()
    page.locator("#q").fill("paragraph 41")
    until(page, "document.querySelectorAll('#list .row .hit').length > 0")
    page.locator("#preview .view mark.hit").first.wait_for()
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("#list .row").first.click()
    page.locator("mark.hit.current").first.wait_for()
    assert "41" in page.locator("#detail").inner_text()
    shown = page.locator("#list .row").first.element_handle()
    page.locator(".tabs a", has_text="Request").click()
    page.locator(".tabs a[aria-current]", has_text="Request").wait_for()
    assert shown.evaluate("row => row.isConnected")  # the list stays as it is beside other pages
    other = reads("#index.html?q=test:bottle")
    until(other, "document.querySelectorAll('#list .row').length === 1")
    assert other.locator("#q").input_value() == "test:bottle"


def test_pictures_and_sounds_are_unpacked_and_the_rest_saved(reads: Read) -> None:
    page = reads("#index.html")
    page.locator("#list .row", has_text="What is this?").first.click()
    until(page, "document.querySelector('.picture img')?.naturalWidth > 0")
    until(page, "document.querySelector('audio')?.src.startsWith('blob:')")
    with page.context.expect_page() as opened:
        page.locator(".picture").first.click()
    assert opened.value.evaluate("document.contentType") == "image/png"
    with page.expect_download() as saved:
        page.locator("figure", has_text="svg").get_by_text("download").click()
    assert Path(saved.value.path()).read_bytes() == SVG


def test_what_was_recorded_stays_inert(reads: Read) -> None:
    page = reads()
    page.locator("#list .row", has_text="bottleOpened").first.click()
    page.locator("#reply").wait_for()
    for tab in ("Request", "Raw"):
        page.locator(".tabs a", has_text=tab).click()
        page.locator(".code .nt").first.wait_for()
    page.locator("#view .title h1 a").last.click()
    shows(page, "test_bottle", "#t/")
    assert page.evaluate("window.bottleOpened") is None


def test_the_list_is_read_without_scripts_and_styles(reads: Read, browser: Any, report: Path) -> None:
    page = reads(java_script_enabled=False)
    assert page.locator("p.no-js", has_text="one file").is_visible()
    assert page.locator("#list .row", has_text="Question 3?").first.is_visible()
    assert not reads().locator("p.no-js", has_text="one file").is_visible()

    class Jenkins(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", JENKINS)
            self.end_headers()
            self.wfile.write(report.read_bytes())

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Jenkins) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context()
        there = context.new_page()
        there.goto(f"http://127.0.0.1:{server.server_port}/report.html")
        assert there.locator("p.no-js", has_text="one file").is_visible()
        assert there.locator("#list .row", has_text="Question 3?").first.is_visible()
        context.close()
        server.shutdown()
