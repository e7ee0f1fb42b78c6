"""Reading while a test run writes."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.browser.driver import Open, Server, Witness, until
from tests.making import wait_until
from tests.web.pages import message, recording

LONG = "\n\n".join(f"Paragraph {number} of the log of the lamp." for number in range(60))


def row_of(page: Any, words: str) -> Any:
    row = page.locator("#list .row", has_text=words).first
    row.wait_for()
    return row


def open_row(page: Any, words: str) -> str:
    row = row_of(page, words)
    uid = row.get_attribute("data-uid")
    row.click()
    until(page, "document.querySelector('#view').dataset.uid === arg", uid)
    page.wait_for_selector(f"#x-{uid}[aria-current]")
    return uid


def test_a_new_file_appears(live_server: Server, opens: Open) -> None:
    page = opens(live_server)
    assert "No recordings here yet." in page.locator("#list").inner_text()
    page.evaluate(  # what stands out for a moment
        """() => new MutationObserver(() => { window.stoodOut ||= !!document.querySelector('#list .row.fresh'); })
            .observe(document.querySelector('#pane'), {subtree: true, childList: true, attributes: true})"""
    )
    live_server.write("a.json", recording("First light."))
    row_of(page, "First light.")
    until(page, "window.stoodOut")
    until(page, "document.querySelector('.lead').textContent.startsWith('1 exchange')")
    live_server.write("deep/er/b.json", recording("Second light.", test_id="tests/x.py::test_two"))
    old = row_of(page, "Second light.").get_attribute("id")
    os.rename(live_server.path / "deep", live_server.path / "moved")
    until(page, "!document.getElementById(arg) && document.querySelectorAll('#list .row').length === 2", old)
    open_row(page, "Second light.")
    page.locator(".tabs a", has_text="Raw").click()
    until(page, "document.querySelector('.sheet')?.textContent.includes('moved/er/b.json')")


def test_what_comes_while_the_list_is_asked_for_stands_out_too(live_server: Server, opens: Open) -> None:
    page = opens(live_server)
    live_server.write("a.json", recording("First light."))
    row_of(page, "First light.")
    held: list[Any] = []

    def hold(route: Any) -> None:
        if held or not route.request.headers.get("hx-target", "").endswith("#list"):
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.evaluate(
        """() => {
          window.told = 0;  // exchanges that the page was told of
          const hear = (event) => { told += JSON.parse(event.detail.data).new; };
          document.querySelector('#live').addEventListener('changed', hear);
        }"""
    )
    page.route("**/*", hold)
    live_server.write("b.json", recording("Second light."))
    until(page, "told === 1")
    wait_until(lambda: page.evaluate("1") and held)
    live_server.write("c.json", recording("Third light."))
    until(page, "told === 2")
    [(route, answer)] = held
    assert "Third light." not in answer.text()
    route.fulfill(response=answer)
    page.wait_for_selector("#list .row.fresh:has-text('Third light.')")


def test_a_changed_file_changes_the_open_page_and_nothing_else(live_server: Server, opens: Open) -> None:
    asks = [message("Be brief."), message(LONG, "assistant"), message("And now?")]
    live_server.write("a.json", recording("It is dark.", asks, test_id="tests/x.py::test_one"))
    page = opens(live_server)
    open_row(page, "It is dark.")
    page.locator("#settings, #m1-p0").first.wait_for()
    page.evaluate(
        """() => {
          const detail = document.querySelector('#detail');
          detail.scrollTop = 500;
          const text = document.querySelectorAll('#m1-p0 p')[30].firstChild;
          getSelection().setBaseAndExtent(text, 2, text, 12);
        }"""
    )
    page.locator("#theme").focus()
    page.evaluate("window.kept = document.querySelectorAll('#m1-p0 p')[30]")
    before = page.evaluate("document.querySelector('#detail').scrollTop")
    selected = page.evaluate("getSelection().toString()")
    assert selected
    live_server.write("a.json", recording("The lamp is lit.", asks, test_id="tests/x.py::test_one"))
    until(page, "document.querySelector('#reply').textContent.includes('The lamp is lit.')")
    assert page.evaluate("document.querySelector('#detail').scrollTop") == before
    assert page.evaluate("getSelection().toString()") == selected
    assert page.evaluate("document.activeElement.id") == "theme"
    assert page.evaluate("window.kept.isConnected"), "what did not change was left alone"
    row_of(page, "The lamp is lit.")
    assert page.locator("#list .row[aria-current]").count() == 1


def test_what_is_unfolded_stays_so(live_server: Server, opens: Open) -> None:
    thought = message("<think>Hm.</think>", "assistant", reasoning_content="A long thought.")
    live_server.write("a.json", recording("It is dark.", [message("Why?"), thought, message("So?")]))
    page = opens(live_server)
    open_row(page, "It is dark.")
    fold = page.locator("#detail details").first
    fold.locator("summary").click()
    assert fold.evaluate("fold => fold.open")
    live_server.write("a.json", recording("It is light.", [message("Why?"), thought, message("So?")]))
    until(page, "document.querySelector('#reply').textContent.includes('It is light.')")
    assert fold.evaluate("fold => fold.open")


def test_a_change_above_does_not_move_what_is_read(live_server: Server, opens: Open) -> None:
    asks = [message("Short."), message(LONG, "assistant"), message("And now?")]
    live_server.write("a.json", recording("It is dark.", asks))
    page = opens(live_server)
    open_row(page, "It is dark.")
    page.evaluate("document.querySelector('#m2').scrollIntoView()")
    before = page.evaluate("document.querySelector('#m2').getBoundingClientRect().top")
    asks[0] = message("Long.\n\n" * 30)
    live_server.write("a.json", recording("It is dark.", asks))
    until(page, "document.querySelector('#m0').textContent.includes('Long.')")
    assert abs(page.evaluate("document.querySelector('#m2').getBoundingClientRect().top") - before) < 3


def test_the_search_field_keeps_what_is_typed(live_server: Server, opens: Open) -> None:
    page = opens(live_server)
    page.locator("#q").focus()
    page.keyboard.type("first lig")
    live_server.write("a.json", recording("First light."))
    row_of(page, "First light.")
    page.keyboard.type("ht")
    assert page.locator("#q").input_value() == "first light"


def test_half_a_file_is_being_written_and_no_error(live_server: Server, opens: Open) -> None:
    whole = recording("The lamp is lit.")
    page = opens(live_server)
    page.evaluate(
        """() => {
          window.flashed = [];
          new MutationObserver(() => {
            if (document.querySelector('#broken-files, .query-error')) flashed.push(document.body.innerText);
          }).observe(document.body, {childList: true, subtree: true});
        }"""
    )
    live_server.path.joinpath("half.json").write_text(whole[:300])
    page.wait_for_selector(".writing:has-text('half.json is being written')")
    with live_server.path.joinpath("half.json").open("a") as file:
        file.write(whole[300:])
    row_of(page, "The lamp is lit.")
    page.wait_for_selector(".writing", state="detached")
    assert page.evaluate("flashed") == []


def test_a_file_that_is_written_again_keeps_its_page(live_server: Server, opens: Open) -> None:
    live_server.write("a.json", recording("It is dark."))
    page = opens(live_server)
    open_row(page, "It is dark.")
    whole = recording("The lamp is lit.")
    live_server.path.joinpath("a.json").write_text(whole[:300])
    page.wait_for_selector("#list :text('being written')")
    page.wait_for_selector("#view :text('being written')")
    assert page.locator("#list .row").count() == 1
    live_server.path.joinpath("a.json").write_text(whole)
    until(page, "document.querySelector('#reply')?.textContent.includes('The lamp is lit.')")
    page.wait_for_selector(".writing", state="detached")


def test_a_rename_takes_the_place_of_a_file(live_server: Server, opens: Open) -> None:
    live_server.write("a.json", recording("It is dark."))
    page = opens(live_server)
    open_row(page, "It is dark.")
    live_server.path.joinpath("a.tmp").write_text(recording("The lamp is lit."))
    os.replace(live_server.path / "a.tmp", live_server.path / "a.json")
    until(page, "document.querySelector('#reply')?.textContent.includes('The lamp is lit.')")
    assert page.locator("#list .row").count() == 1


def test_a_deleted_file_says_so_and_offers_the_others(live_server: Server, opens: Open, witness: Witness) -> None:
    witness.expected = "410"
    live_server.write("a.json", recording("It is dark."))
    live_server.write("b.json", recording("It is light."))
    page = opens(live_server)
    open_row(page, "It is dark.")
    os.unlink(live_server.path / "a.json")
    page.wait_for_selector("h1:has-text('This exchange is gone')")
    until(page, "document.querySelectorAll('#list .row').length === 1")
    page.locator("#detail .row", has_text="It is light.").click()
    until(page, "document.querySelector('#reply')?.textContent.includes('It is light.')")


@pytest.mark.long
def test_a_burst_of_files_while_reading(live_server: Server, opens: Open) -> None:
    for number in range(70):
        live_server.write(
            f"old{number:02}.json", recording(f"Old {number}.", test_id=f"tests/old.py::test_{number:02}")
        )
    page = opens(live_server)
    row_of(page, "Old 69.")
    open_row(page, "Old 7.")
    page.evaluate("document.querySelector('#x-' + document.querySelector('#view').dataset.uid).scrollIntoView()")
    page.evaluate("document.querySelector('#pane').scrollTop += 5")
    place = "document.querySelector('#x-' + document.querySelector('#view').dataset.uid).getBoundingClientRect().top"
    assert page.evaluate("document.querySelector('#pane').scrollTop") > 100
    before = page.evaluate(place)
    for number in range(500):
        live_server.write(
            f"new{number:03}.json", recording(f"New {number}.", test_id=f"tests/new.py::test_{number % 5}")
        )
    until(page, "document.querySelector('#list').dataset.total === '570'")
    until(page, "document.querySelector('#pill')?.textContent === '500 new ↑'")
    assert abs(page.evaluate(place) - before) < 3
    assert "Old 7." in page.locator("#reply").inner_text()
    page.locator("#pill").click()
    until(page, "document.querySelector('#pane').scrollTop === 0")
    assert not page.locator("#pill").is_visible()
    assert "tests/new.py" in page.locator(".group h2 a").first.get_attribute("title")
    assert page.request.get(f"{live_server.address}?q=%22New+499%22").text().count("<mark>New 499</mark>")


def test_following_jumps_to_the_newest(live_server: Server, opens: Open) -> None:
    for number in range(12):
        live_server.write(f"a{number:02}.json", recording(f"Light {number}.", [message(f"Night {number}?")]))
    page = opens(live_server)
    row_of(page, "Light 1.")
    page.keyboard.press("f")
    page.wait_for_selector("#view[data-uid]")
    live_server.write("zz.json", recording("The newest.", [message("The last night?")]))
    until(page, "document.querySelector('#reply')?.textContent.includes('The newest.')")
    live_server.write("00.json", recording("Newer still.", test_id="tests/z.py::test_z"))
    until(page, "document.querySelector('#reply')?.textContent.includes('Newer still.')")
    page.keyboard.press("f")
    live_server.write("01.json", recording("Not followed.", test_id="tests/z.py::test_y"))
    row_of(page, "Not followed.")
    assert "Newer still." in page.locator("#reply").inner_text()


def test_a_story_grows(live_server: Server, opens: Open) -> None:
    live_server.write("a.json", recording("Aye.", [message("Lit?")]))
    page = opens(live_server, "t/tests/test_lamp.py::test_lit[a]")
    page.wait_for_selector(".turn")
    live_server.write("b.json", recording("Still.", [message("Lit?"), message("Aye.", "assistant"), message("Still?")]))
    until(page, "document.querySelectorAll('.turn').length === 2")
    assert "1 earlier message" in page.locator(".unchanged").inner_text() or page.locator(".unchanged").count() == 1


@pytest.mark.parametrize("after", ["with news", pytest.param("quickly", marks=pytest.mark.long)])
def test_a_lost_connection_shows_and_heals(live_server: Server, opens: Open, witness: Witness, after: str) -> None:
    witness.expected = (
        "ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|htmx:sse:error|ERR_EMPTY_RESPONSE"
    )
    live_server.write("a.json", recording("It is dark."))
    page = opens(live_server)
    open_row(page, "It is dark.")
    live_server.stop()
    page.wait_for_selector("#live[data-state=off]")
    assert page.locator("#live .word").inner_text() == "offline"
    if after == "with news":
        live_server.write("a.json", recording("The lamp is lit."))
        live_server.write("b.json", recording("Meanwhile.", test_id="tests/x.py::test_b"))
    live_server.start()
    page.wait_for_selector("#live[data-state=on]")
    if after == "quickly":
        live_server.write("a.json", recording("The lamp is lit."))
        live_server.write("b.json", recording("Meanwhile.", test_id="tests/x.py::test_b"))
    row_of(page, "Meanwhile.")
    until(page, "document.querySelector('#reply')?.textContent.includes('The lamp is lit.')")
