"""The box for a CI log: what it leads to, and that nothing of it is kept or runs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from inspector.web.uploads import ci_log
from tests.web.pages import Shelf, parse, recording

HASH = "3f2a9c01b7d84e56" * 4
TEST = "tests/x.py::test_a[client-txt=openai/gpt-4o]"
SAYS = "Recording not found for request hash: {}\nModel: gpt-4o | Request: POST https://api.openai.com/v1/x"


def send(shelf: Shelf, text: str | bytes, **headers: str) -> TestResponse:
    data = {"text": text} if isinstance(text, str) else {"file": (BytesIO(text), "ci.log")}
    known = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", **headers}
    return shelf.client.post("/log", data=data, headers=known, content_type="multipart/form-data")


def test_the_box_is_there_and_the_paste_page_leads_to_it(shelf: Shelf) -> None:
    assert "./log" in [values["href"] for _, values in shelf.page("/paste").having("href")]
    page = shelf.page("/log")
    [form] = [values for tag, values in page.tags if tag == "form" and values.get("method") == "post"]
    assert form["action"] == "./log"
    assert {"log-text", "log-file"} <= set(page.ids)
    assert shelf.client.get("/log").headers["Referrer-Policy"] == "same-origin"


def test_a_search_without_a_result_leads_to_it(shelf: Shelf) -> None:
    shelf.put("a.json", recording("The wick is trimmed."))
    assert "./log" in [values["href"] for _, values in shelf.page("/?q=nobodysaidthis").having("href")]


@pytest.mark.parametrize("as_file", [False, True])
def test_a_log_leads_to_the_test(shelf: Shelf, as_file: bool) -> None:
    shelf.put(f"{HASH}.json", recording("The wick is trimmed.", test_id=TEST))
    lost = HASH[::-1]
    text = f"FAILED {TEST} - RuntimeError: {SAYS.format(lost)}\n"
    answer = send(shelf, text.encode() if as_file else text)
    assert answer.status_code == 200
    page = parse(answer.text)
    assert "No file of this name is here" in page.text
    [story] = [values["href"] for _, values in page.having("href") if "/t/" in (values["href"] or "")]
    assert "The wick is trimmed." in shelf.page("/" + (story or "").removeprefix("./")).text
    assert f"./e/{shelf.uid(f'{HASH}.json')}" in [values["href"] for _, values in page.having("href")]


def test_a_recording_that_is_there_is_said_to_be_there(shelf: Shelf) -> None:
    shelf.put(f"{HASH}.json", recording("The wick is trimmed.", test_id=TEST))
    assert "It is here, under this very hash" in parse(send(shelf, SAYS.format(HASH)).text).text


@pytest.mark.parametrize(
    ("text", "status", "says"), [("  \n", 422, "nothing in it"), ("well", 422, "No recorder misses")]
)
def test_what_leads_nowhere_says_so(shelf: Shelf, text: str, status: int, says: str) -> None:
    answer = send(shelf, text)
    assert answer.status_code == status
    assert says in parse(answer.text).text


def test_a_log_that_is_too_large_is_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ci_log, "LARGEST", 1000)
    for text in ("x" * 1001, b"x" * 1001, "x" * 200_000):
        assert send(shelf, text).status_code == 413


def test_many_misses_are_cut_and_counted(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ci_log, "TOLD", 2)
    page = parse(send(shelf, "\n".join(SAYS.format(f"{at:064x}") for at in range(5))).text)
    assert "And 3 more" in page.text


def test_nothing_in_a_log_becomes_an_element(shelf: Shelf) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    text = f"FAILED {TEST} - x\nRecording not found for a.b | Request: {{'q': '{nasty}\u202e'}}\n"
    page = parse(send(shelf, text).text)
    assert nasty in page.text
    assert "\u202e" not in page.text
    assert not [tag for tag, _ in page.tags if tag == "img"]


def test_no_other_site_may_send_a_log(shelf: Shelf) -> None:
    for headers in ({"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert send(shelf, SAYS.format(HASH), **headers).status_code == 403


def test_nothing_is_kept(shelf: Shelf, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    send(shelf, SAYS.format(HASH))
    assert sorted(tmp_path.rglob("*")) == before
    assert HASH not in shelf.client.get("/").text
