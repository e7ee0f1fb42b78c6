"""What is long: windows that are pulled in where they stand, and addresses of places that a page does not hold."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.driver import Open, Server, Witness, follow, served, until
from tests.making import put

MESSAGES = 600
CHUNKS = 900


def said(messages: list[dict[str, Any]], response: Any) -> str:
    body = {"model": "gpt-4o", "messages": messages, "stream": isinstance(response, list)}
    request = {"method": "POST", "url": "https://api.openai.com/v1/chat/completions", "headers": {}, "body": body}
    answer = {"body": response, "is_streaming": isinstance(response, list)}
    return json.dumps({"test_id": "tests/test_long.py::test_long", "request": request, "response": answer})


def data(kind: str, key: str, content: dict[str, Any], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, key: content, "finish_reason": finish}
    made = {"id": "rec-1", "object": kind, "model": "gpt-4o", "choices": [choice]}
    return {"__type__": "openai.types.chat", "__data__": made}


def whole(text: str = "Fine.") -> dict[str, Any]:
    return data("chat.completion", "message", {"role": "assistant", "content": text}, "stop")


def chunk(text: str, finish: str | None = None) -> dict[str, Any]:
    return data("chat.completion.chunk", "delta", {"content": text}, finish)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("windows")
    messages = [{"role": ("user", "assistant")[number % 2], "content": f"say {number}"} for number in range(MESSAGES)]
    put(folder / "run" / "long.json", said(messages, whole()).encode())
    chunks = [chunk(f"w{number} ") for number in range(CHUNKS - 1)] + [chunk("", "stop")]
    put(folder / "run" / "stream.json", said([{"role": "user", "content": "Go on."}], chunks).encode())
    yield from served(folder / "run")


def numbers(page: Any) -> list[int]:
    return [int(id[1:]) for id in page.eval_on_selector_all(".timeline > .message", "all => all.map((one) => one.id)")]


def holds(page: Any, number: int) -> None:
    page.wait_for_selector(f"#m{number}", state="attached")


def test_earlier_messages_are_pulled_in_and_stay(long: Server, opens: Open) -> None:
    page = opens(long, "p/long.json")
    first = numbers(page)[0]
    assert numbers(page)[-1] == MESSAGES - 1
    seen = page.eval_on_selector(f"#m{first}", "(one) => one.getBoundingClientRect().top")
    page.click("#prompt-before a")
    holds(page, first - 1)
    assert numbers(page) == list(range(first - 50, MESSAGES))
    assert abs(page.eval_on_selector(f"#m{first}", "(one) => one.getBoundingClientRect().top") - seen) < 3
    with page.expect_response(lambda answer: "from=m" in answer.url):
        page.evaluate("htmx.trigger('#view', 'refresh')")
    until(page, "!document.querySelector('.htmx-request')")
    assert numbers(page) == list(range(first - 50, MESSAGES))
    assert f"{first - 50} messages before" in page.inner_text("#prompt-before")


@pytest.mark.parametrize("place", ["m300-p0", pytest.param("m3", marks=pytest.mark.long)])
def test_a_place_that_the_page_does_not_hold(long: Server, opens: Open, place: str) -> None:
    page = opens(long, "p/long.json")
    page.evaluate(f"location.hash = '{place}'")
    page.wait_for_selector(f"#{place}")
    until(page, "document.querySelector(':target')?.id === arg", place)
    assert page.url.endswith(f"?at={place}#{place}")
    page.goto(page.url.partition("?")[0] + f"#{place}")
    until(page, "document.querySelector(':target')?.id === arg", place)


def test_a_stream_goes_on_as_one_scrolls(long: Server, opens: Open) -> None:
    page = opens(long, "p/stream.json")
    page.click(".tabs a:has-text('Stream')")
    page.wait_for_selector("#c199")
    for last in (399, 599, 799, CHUNKS - 1):
        page.eval_on_selector("#detail", "(pane) => { pane.scrollTop = pane.scrollHeight; }")
        page.wait_for_selector(f"#c{last}", state="attached")
    assert page.locator(".chunk").count() == CHUNKS
    assert page.locator(".grown .piece[title='chunk 700']").count() == 1
    assert page.locator("#chunks-after").count() == 0
    page.evaluate("location.hash = 'c20'")
    until(page, "document.querySelector(':target')?.id === 'c20'")


def test_jumping_to_a_chunk(long: Server, opens: Open) -> None:
    page = opens(long, "p/stream.json")
    page.click(".tabs a:has-text('Stream')")
    page.fill("#jump-at", "700")
    page.press("#jump-at", "Enter")
    page.wait_for_selector("#c700.at")
    page.evaluate("location.hash = 'c10'")
    page.wait_for_selector("#c10")
    assert "at=10#c10" in page.url
    finish = page.locator(".kind-chip", has_text="finish")
    assert finish.inner_text() == f"finish @{CHUNKS - 1}"
    finish.click()
    page.wait_for_selector(f"#c{CHUNKS - 1}:target")
    strip = page.locator(".stream-strip svg")
    strip.scroll_into_view_if_needed()
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] / 2, "y": 9})
    page.wait_for_selector(f"#c{CHUNKS // 2}")
    page.locator(f"#c{CHUNKS // 2}").hover()
    assert page.locator(".piece.lit").get_attribute("href") == f"#c{CHUNKS // 2}"
    page.locator(f"#c{CHUNKS // 2} summary").click()
    page.locator(f"#c{CHUNKS // 2} .json-tree").wait_for()


def test_without_javascript_the_links_lead_to_the_rest(long: Server, opens: Open) -> None:
    page = opens(long, "p/long.json", java_script_enabled=False)
    first = numbers(page)[0]
    follow(page.locator("#prompt-before a"))
    assert numbers(page) == list(range(first - 50, first))
    follow(page.locator("#prompt-after a"))
    assert numbers(page)[0] == first
    page.goto(page.url.partition("?")[0] + "?at=m300#m300")
    assert page.eval_on_selector(":target", "(one) => one.id") == "m300"


def test_an_image_that_is_none_says_so(live_server: Server, opens: Open, witness: Witness) -> None:
    address = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"no image" * 20).decode()
    parts = [{"type": "image_url", "image_url": {"url": address}}]
    live_server.write("image.json", said([{"role": "user", "content": parts}], whole()))
    live_server.wait_until_read()
    page = opens(live_server, "p/image.json")
    page.wait_for_selector("figure.undecodable")
    assert "no image that can be shown" in page.inner_text("figure.undecodable")
    assert page.locator("figure.undecodable img").count() == 0
