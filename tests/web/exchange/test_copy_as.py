"""Links to every place, and an exchange as something else: a page of forms, each as plain text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from inspector.output.copyas import FORMS
from inspector.web import Settings
from inspector.web.exchange.copy_as import KEPT, SHOWN
from tests.web.pages import Page, Shelf, message, parse, recording

CALL = {"id": "c1", "type": "function", "function": {"name": "light", "arguments": '{"lamp": 1}'}}
TALK = [
    message("Is the lamp lit?"),
    message(None, "assistant", tool_calls=[CALL]),
    message("It is.", "tool", tool_call_id="c1"),
    message([{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]),
]
TOOL = {"type": "function", "function": {"name": "light", "parameters": {"type": "object"}}}


@pytest.fixture
def exported(tmp_path: Path) -> Shelf:
    path = tmp_path / "exported"
    path.mkdir()
    return Shelf(path, Settings(exported=True))


def talk(**more: object) -> str:
    document = json.loads(recording(messages=TALK, **more))
    document["request"]["body"]["tools"] = [TOOL]
    return json.dumps(document)


def links(page: Page, name: str) -> list[str]:
    return [attributes["href"] or "" for tag, attributes in page.having(name) if tag == "a"]


def test_every_place_has_a_real_link(shelf: Shelf) -> None:
    uid = shelf.put("talk.json", talk())
    page = shelf.page(f"/e/{uid}")
    found = links(page, "data-copy-href")
    places = ("m0-p0", "m1-p0", "m2-p0", "m3-p0", "reply-p0")
    assert {f"../e/{uid}#{place}" for place in places} <= set(found)
    assert f"../e/{uid}#tool-0" in found
    assert all(link.partition("#")[2] in page.ids for link in found)


def test_the_error_has_a_link(shelf: Shelf) -> None:
    document = json.loads(recording())
    data = {"type": "BadRequestError", "message": "No", "status_code": 400}
    document["response"] = {"body": None, "is_exception": True, "exception_data": data, "exception_message": "No"}
    uid = shelf.put("error.json", json.dumps(document))
    assert f"../e/{uid}#error" in links(shelf.page(f"/e/{uid}"), "data-copy-href")


def test_a_copied_link_does_not_repeat_a_search(shelf: Shelf) -> None:
    uid = shelf.put("talk.json", talk())
    assert not [link for link in links(shelf.page(f"/e/{uid}?q=lamp"), "data-copy-href") if "q=" in link]


def test_in_a_file_the_places_and_the_texts_are_on_the_page(exported: Shelf) -> None:
    uid = exported.put("talk.json", talk())
    page = exported.page(f"/e/{uid}")
    found = links(page, "data-copy-href")
    assert {"#m0-p0", "#m1-p0", "#m2-p0", "#m3-p0", "#reply-p0", "#tool-0"} <= set(found)
    assert all(link[1:] in page.ids for link in found)
    assert not page.having("data-copy-text")
    assert len(page.having("data-copy-near")) == 4  # the image has no text


def test_a_part_that_is_cut_is_not_copied_from_a_file(exported: Shelf) -> None:
    uid = exported.put("long.json", recording("x" * 100_000))
    assert len(exported.page(f"/e/{uid}").having("data-copy-near")) == 1  # the question


# ---------------------------------------------------------------- copy as


def test_the_page_of_forms(shelf: Shelf) -> None:
    uid = shelf.put("talk.json", talk())
    assert f"../e/{uid}/as" in {attributes.get("href") for _, attributes in shelf.page(f"/e/{uid}").tags}
    page = shelf.page(f"/e/{uid}/as")
    fitting = [name for name in (form.name for form in FORMS) if name != "anthropic"]
    assert [one for one in page.ids if one.startswith("as-")] == [f"as-{name}" for name in fitting]
    assert len(page.having("data-copy-text")) == len(fitting) + 1, "the one for curl stands in the head too"
    for name in fitting:
        answer = shelf.client.get(f"/e/{uid}/as/{name}")
        assert (answer.status_code, answer.content_type) == (200, "text/plain; charset=utf-8")
        assert answer.text.strip() in page.text
    assert shelf.client.get(f"/e/{uid}/as/anthropic").status_code == 404
    assert shelf.client.get(f"/e/{uid}/as/nothing").status_code == 404
    assert shelf.client.get("/e/0123456789abcdef/as").status_code == 404
    assert shelf.client.get("/e/0123456789abcdef/as/curl").status_code == 404


def test_the_menu_of_a_page(shelf: Shelf) -> None:
    uid = shelf.put("talk.json", talk())
    text = shelf.client.get(f"/e/{uid}/as?menu=1", headers={"X-Root": "/"}).text
    menu = parse(text)
    found = [attributes.get("data-copy-text") for tag, attributes in menu.tags if tag == "a"]
    assert found[:2] == [f"/e/{uid}/as/curl", f"/e/{uid}/as/openai"]
    assert found[-1] is None
    assert "<html" not in text


def test_where_it_is_kept(shelf: Shelf, exported: Shelf) -> None:
    for one, path in ((shelf, f"{shelf.path}/a b/talk.json"), (exported, "a b/talk.json")):
        uid = one.put("a b/talk.json", talk())
        assert one.client.get(f"/e/{uid}/as/editor").text == f"{path}:1\n"
        assert one.client.get(f"/e/{uid}/as/jq").text == f"jq . '{path}'\n"


def test_what_was_pasted_is_in_no_file(shelf: Shelf) -> None:
    pasted = shelf.client.post("/paste", data={"text": talk()}, headers={"Origin": "http://localhost"})
    uid = re.search(r"e/(\w[\w-]+)", pasted.headers.get("Location", "") + pasted.text)
    assert uid
    page = shelf.page(f"/e/{uid[1]}/as")
    assert "as-curl" in page.ids
    assert not {"as-editor", "as-jq"} & set(page.ids)


def test_what_is_long_is_copied_whole(shelf: Shelf, exported: Shelf) -> None:
    text = "word " * (max(SHOWN, KEPT) // 4)
    uid = shelf.put("long.json", recording(messages=[message(text)]))
    page = shelf.page(f"/e/{uid}/as")
    assert text not in page.text
    assert f"../../e/{uid}/as/curl" in [
        attributes.get("data-copy-text") for _, attributes in page.having("data-copy-text")
    ]
    assert text in shelf.client.get(f"/e/{uid}/as/curl").text
    uid = exported.put("long.json", recording(messages=[message(text)]))
    page = exported.page(f"/e/{uid}/as")
    assert text not in page.text
    assert len(page.having("data-copy-near")) == 2  # editor and jq


def test_in_a_file_the_forms_are_on_the_page(exported: Shelf) -> None:
    uid = exported.put("talk.json", talk())
    page = exported.page(f"/e/{uid}/as")
    assert not [link for _, link in page.addresses() if "/as/" in link]
    assert len(page.having("data-copy-near")) == len(FORMS) - 2
    assert f"../../e/{uid}/show.json" in [link for _, link in page.addresses()]
    assert exported.client.get(f"/e/{uid}/as/curl").text.strip() in page.text


def test_no_secret_is_on_a_page_of_forms(shelf: Shelf) -> None:
    secret = "sk-planted0123456789abcdefghijklmnop"
    headers = {"Authorization": f"Bearer {secret}", "X-Other-Token": f"{secret}x"}
    uid = shelf.put("talk.json", recording(f"The key is {secret}.", [message(f"My key: {secret}")], headers=headers))
    addresses = [f"/e/{uid}/as", *(f"/e/{uid}/as/{form.name}" for form in FORMS if form.name != "anthropic")]
    for address in addresses:
        assert secret.encode() not in shelf.data(address), address
    assert "$OPENAI_API_KEY" in shelf.page(f"/e/{uid}/as").text
    assert not re.search(r"‹masked:", shelf.page(f"/e/{uid}/as").text)


def test_hostile_text_stays_text(shelf: Shelf) -> None:
    bad = "</pre><script>alert(1)</script><img src=x onerror=y> \u202e"
    page = shelf.page(f"/e/{shelf.put('bad.json', recording(messages=[message(bad)]))}/as")
    assert not page.inline_scripts
    assert "img" not in {tag for tag, _ in page.tags}
    assert "\u202e" not in page.text
