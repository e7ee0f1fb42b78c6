"""What is pasted is shown with the pages of a recording, and kept nowhere but in memory."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from inspector.web import Settings
from inspector.web.http.server import server
from inspector.web.uploads import paste, pastes
from tests.web.pages import TABS, Shelf, crawl, parse, recording

STREAM = "".join(
    f"data: {json.dumps(one)}\n\n"
    for one in (
        {"type": "message_start", "message": {"id": "msg_1", "role": "assistant", "model": "claude-x", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "The lamp burns."}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}},
        {"type": "message_stop"},
    )
)
KEY = "sk-ant-api03-" + "k" * 60


def send(shelf: Shelf, text: str | bytes, name: str = "", **options: object) -> TestResponse:
    data = {"text": text} if isinstance(text, str) else {"file": (BytesIO(text), name)}
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    return shelf.client.post("/paste", data=data, headers=headers, content_type="multipart/form-data", **options)  # type: ignore[arg-type]


def first(answer: TestResponse) -> str:
    """The address that a paste leads to."""
    assert answer.status_code == 303, parse(answer.text).text
    return "/" + answer.headers["Location"].removeprefix("./")


# ---------------------------------------------------------------- what is shown


def test_a_form_is_there_and_the_bar_leads_to_it(shelf: Shelf) -> None:
    assert ("a", "./paste") in [(tag, values["href"]) for tag, values in shelf.page("/").having("href")]
    page = shelf.page("/paste")
    [form] = [values for tag, values in page.tags if tag == "form" and values.get("method") == "post"]
    assert form["enctype"] == "multipart/form-data"
    assert {"paste-text", "paste-file"} <= set(page.ids)
    assert shelf.client.get("/paste").headers["Referrer-Policy"] == "same-origin"


def test_a_stream_is_shown_with_every_tab(shelf: Shelf) -> None:
    address = first(send(shelf, STREAM))
    assert "The lamp burns." in shelf.page(address).text
    for tab in TABS:
        assert shelf.page(address + tab)
    assert "claude-x" in shelf.data(f"{address}/show.json").decode()
    assert shelf.data(f"{address}/file").decode() == STREAM


def test_every_link_of_a_pasted_exchange_leads_somewhere(shelf: Shelf) -> None:
    answers = crawl(shelf.client, first(send(shelf, STREAM + STREAM)))
    assert not [address for address, answer in answers.items() if answer.status_code >= 400]


def test_several_exchanges_are_listed_and_are_one_story(shelf: Shelf) -> None:
    address = first(send(shelf, STREAM + STREAM))
    page = shelf.page(address)
    assert "1 / 2" in page.text
    listed = address.replace("/e/", "/paste/").rpartition("-")[0]
    rows = [values["data-uid"] for tag, values in shelf.page(listed).having("data-uid")]
    assert rows == [address.removeprefix("/e/"), address.removeprefix("/e/")[:-1] + "1"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lamp.json", recording("The oil is low.").encode(), "The oil is low."),
        (
            "lamp.yaml",
            b"interactions:\n- request: {method: POST, uri: 'https://api.openai.com/v1/chat/completions', body: null}\n"
            b'  response: {status: {code: 200}, body: {string: \'{"choices":[{"message":{"role":"assistant",'
            b'"content":"Fog."}}]}\'}}\nversion: 1\n',
            "Fog.",
        ),
    ],
)
def test_files_of_every_format_can_be_sent(shelf: Shelf, name: str, content: bytes, said: str) -> None:
    page = shelf.page(first(send(shelf, content, name)))
    assert said in page.text
    assert name in page.text


def test_lines_end_as_they_were_written(shelf: Shelf) -> None:
    """A browser sends a text's lines with CR and LF."""
    address = first(send(shelf, STREAM.replace("\n", "\r\n")))
    assert shelf.data(f"{address}/file").decode() == STREAM


def test_secrets_are_masked(shelf: Shelf) -> None:
    pair = {
        "request": {
            "method": "POST",
            "url": "https://api.anthropic.com/v1/messages",
            "headers": {"x-api-key": KEY},
            "body": {"model": "claude-x", "messages": [{"role": "user", "content": "Is the lamp lit?"}]},
        },
        "response": None,
    }
    address = first(send(shelf, json.dumps(pair)))
    for tab in (*TABS, "/show.json"):
        assert KEY not in shelf.data(address + tab).decode()
    answer = shelf.client.post(f"{address}/secret/0", headers={"Sec-Fetch-Site": "same-origin"})
    assert KEY in answer.text


# ---------------------------------------------------------------- what is not


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is nothing in it"),
        (" \r\n ", "There is nothing in it"),
        ("hello", "Not recognised as a recording: no format knows what it holds"),
        ("<b>not lost</b>", "\n<b>not lost</b>\n"),
        ('{"name": "lamp", "version": "1.0.0"}', "no format knows what it holds"),
        ('{"choices": [', "not complete JSON"),
    ],
)
def test_what_cannot_be_read_says_why(shelf: Shelf, text: str, why: str) -> None:
    answer = send(shelf, text)
    assert answer.status_code == 422
    assert why in parse(answer.text).text


def test_a_paste_that_is_cut_off_is_shown_and_says_so(shelf: Shelf) -> None:
    lines = [
        json.dumps({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "Fog"}}]})
    ] * 2
    address = first(send(shelf, "\n".join(lines)[:-9]))
    assert "Fog" in shelf.page(address).text
    assert "stops in the middle" in shelf.page(address).text


def test_what_is_too_large_is_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paste, "LARGEST", 1000)
    for size in (1001, 100_000):
        answer = send(shelf, b" " * size + STREAM.encode(), "lamp.sse")
        assert (answer.status_code, "larger than" in answer.text) == (413, True)


@pytest.mark.parametrize("page", ["paste", "log", "why"])
def test_a_form_in_one_line_is_a_short_one(shelf: Shelf, page: str) -> None:
    """Its escapes take thirty times their size in memory."""
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    for size, status in ((100, 422), (2**20, 415)):
        kind = "application/x-www-form-urlencoded"
        answer = shelf.client.post(f"/{page}", data="text=" + "%20" * size, headers=headers, content_type=kind)
        assert answer.status_code == status


def test_only_the_last_ones_are_kept(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pastes, "MOST", 2)
    addresses = [first(send(shelf, STREAM)) for _ in range(3)]
    assert [shelf.client.get(address).status_code for address in addresses] == [404, 200, 200]
    assert "only the last 2 pastes are kept" in shelf.client.get(addresses[0]).text
    assert shelf.client.get(addresses[0].replace("/e/", "/paste/").rpartition("-")[0]).status_code == 404


def test_nothing_of_it_is_indexed_or_written(shelf: Shelf) -> None:
    before = sorted(shelf.path.rglob("*"))
    uid = first(send(shelf, STREAM)).removeprefix("/e/")
    shelf.refresh()
    assert shelf.rows == []
    assert sorted(shelf.path.rglob("*")) == before
    assert shelf.keeper.library.index.row(uid) is None
    assert "-" in uid  # and no id of the index has that


# ---------------------------------------------------------------- who may


@pytest.fixture
def guarded(shelf: Shelf) -> Iterator[Shelf]:
    other = Shelf(shelf.path, Settings((), "the-word"))
    yield other
    other.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:9"},
    ],
)
def test_no_other_site_may_paste(shelf: Shelf, headers: dict[str, str]) -> None:
    assert shelf.client.post("/paste", data={"text": STREAM}, headers=headers).status_code == 403


def test_pasting_needs_the_token(guarded: Shelf) -> None:
    assert send(guarded, STREAM).status_code == 401


def test_markup_does_nothing(shelf: Shelf, tmp_path: Path) -> None:
    name = "'><script>alert(1)<script>.sse"
    address = first(send(shelf, STREAM.replace("The lamp", "<script>alert(1)</script>").encode(), name))
    page = shelf.page(address)
    assert not any("alert" in script for script in page.inline_scripts)
    assert "<script>alert(1)</script>" in page.text


def test_a_form_of_many_parts_is_answered_at_once(served: str) -> None:
    """Who waits for what was taken already waits until the browser gives up."""
    parts = b"".join(b'--fog\r\nContent-Disposition: form-data; name="p%d"\r\n\r\nx\r\n' % n for n in range(2_000))
    headers = {"Origin": served, "Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data; boundary=fog"}
    asked = urllib.request.Request(f"{served}/paste", parts + b"--fog--\r\n", headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=30)
    with refused.value as answer:
        assert answer.code == 413


@pytest.fixture
def served(shelf: Shelf) -> Iterator[str]:
    bound = server(shelf.client.application, "127.0.0.1", 0)
    thread = threading.Thread(target=bound.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{bound.server_port}"
    bound.shutdown()
    thread.join()
    bound.server_close()


@pytest.mark.parametrize("name", ["a.json.gz", "a.json", "a.tar.gz", "a.zip"])
@pytest.mark.parametrize("rest", [b"", b"\x00", b"\x08\x00" + b"\xff" * 40, b"\x08\xff" * 9])
def test_what_only_begins_as_gzip_is_refused_in_words(shelf: Shelf, name: str, rest: bytes) -> None:
    answer = send(shelf, b"\x1f\x8b" + rest, name)
    assert answer.status_code in (303, 400, 422)
    assert first(send(shelf, STREAM)), "the next one is shown"
