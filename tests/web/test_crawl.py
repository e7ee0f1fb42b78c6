"""Every page and fragment, link by link; and nothing recorded becomes anything but text."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

from tests.making import SAMPLES
from tests.web.pages import HTMX, TABS, Page, Shelf, crawl, kind, parse, recording, resolved

BOTTLE = "bottleOpened"
HX_ATTRIBUTES = {
    "hx-get", "hx-post", "hx-trigger", "hx-swap", "hx-target", "hx-boost:inherited", "hx-ignore", "hx-morph-skip",
    "hx-sse:connect", "hx-boost", "hx-sync", "hx-morph-skip-children",
}  # fmt: skip
OWN_HX_VALUES = re.compile(
    r"(refresh|load, refresh|toggle once|outerMorph|innerMorph|this:replace|innerHTML|outerHTML|#list"
    r"|find \.repeated-here)?"
)


@pytest.fixture(scope="module")
def crawled(samples: Shelf) -> dict[str, TestResponse]:
    return crawl(samples.client, "/")


@pytest.fixture(scope="module")
def pages(crawled: dict[str, TestResponse], samples: Shelf) -> dict[str, Page]:
    """Every page, and of every third what htmx asks for."""
    whole = {address: parse(answer.text) for address, answer in crawled.items() if answer.mimetype == "text/html"}
    plain = [address for address in whole if "?" not in address][::3]
    parts = {f"{address} (htmx)": parse(samples.client.get(address, headers=HTMX).text) for address in plain}
    return whole | parts


@pytest.mark.long
def test_every_address_answers(crawled: dict[str, TestResponse], samples: Shelf) -> None:
    bad = {address: answer.status for address, answer in crawled.items() if answer.status_code not in (200, 302)}
    assert not bad
    for row in samples.rows:
        for tab in TABS:
            if tab == "/stream" and not row.streamed:
                continue  # one event, which its page says
            assert any(address.partition("?")[0] == f"/e/{row.uid}{tab}" for address in crawled), (row.path, tab)
    assert {answer.mimetype for answer in crawled.values()} >= {
        "text/html", "text/css", "text/javascript", "text/plain", "application/json", "application/octet-stream",
    }  # fmt: skip


@pytest.mark.long
def test_below_a_prefix(tmp_path: Path, crawled: dict[str, TestResponse]) -> None:
    prefix = "/a-b/c~d/e.f"
    shutil.copytree(SAMPLES, tmp_path / "few", ignore=shutil.ignore_patterns("other"))
    mounted = Client(DispatcherMiddleware(Flask("elsewhere"), {prefix: Shelf(tmp_path / "few").app}))
    there = crawl(mounted, f"{prefix}/", inside=f"{prefix}/")
    kinds = {kind(address.removeprefix(prefix)) for address in there}
    assert kinds <= {kind(address) for address in crawled}
    shapes, all_shapes = ({_shape(one) for one in each} for each in (kinds, map(kind, crawled)))
    assert len(shapes) * 2 > len(all_shapes), "most kinds of pages have a link there"
    assert not {address: a.status for address, a in there.items() if a.status_code not in (200, 302)}


def _shape(address: str) -> str:
    """An address whatever exchange, test or file it is of."""
    return re.sub(r"^/([tsp])/.*|[0-9a-f]{16}", r"\1", address)


def test_below_a_prefix_htmx_names_the_root(samples: Shelf) -> None:
    """A page whose address htmx changed names the root, and gets links that are right at any depth."""
    prefix = "/some/prefix"
    mounted = Client(DispatcherMiddleware(Flask("elsewhere"), {prefix: samples.app}))
    uid = samples.uid("keeper.hurl")
    answer = mounted.get(f"{prefix}/e/{uid}/raw", headers={**HTMX, "X-Root": f"{prefix}/"})
    links = [value for name, value in parse(answer.text).addresses() if not value.startswith("#")]
    assert links
    assert all(link.startswith(f"{prefix}/") for link in links)


@pytest.mark.parametrize(
    "named",
    ["//evil.example/", "https://evil.example/", '/a"><b>/', "/a b/", "javascript:x/", "/a", "", "/\\evil/", "/a//"],
)
def test_a_root_that_is_none_is_passed_over(samples: Shelf, named: str) -> None:
    answer = samples.client.get("/help", headers={**HTMX, "X-Root": named})
    links = [value for name, value in parse(answer.text).addresses() if not value.startswith("#")]
    assert links
    assert all(link.startswith("./") for link in links), links


@pytest.mark.long
def test_links_to_places_on_a_page_lead_there(pages: dict[str, Page]) -> None:
    lost = [
        (address, value)
        for address, page in pages.items()
        for name, value in page.addresses()
        if value.startswith("#") and len(value) > 1 and value[1:] not in page.ids and value != "#detail"
    ]
    assert not lost


@pytest.mark.long
def test_links_to_places_on_other_pages_lead_there(crawled: dict[str, TestResponse], pages: dict[str, Page]) -> None:
    lost = set()
    for address, answer in crawled.items():
        if answer.mimetype != "text/html":
            continue
        for _, value in pages[address].addresses():
            target, fragment = resolved(address, value), value.partition("#")[2]
            if target in pages and fragment and fragment not in pages[target].ids:
                lost.add((address, value))
    assert not lost


@pytest.mark.long
def test_ids_are_unique(pages: dict[str, Page]) -> None:
    for address, page in pages.items():
        twice = {one for one in page.ids if page.ids.count(one) > 1}
        assert not twice, f"{address}: {sorted(twice)[:5]}"


# ---------------------------------------------------------------- nothing recorded is markup


@pytest.mark.long
def test_no_page_has_style_or_script_of_its_own(pages: dict[str, Page]) -> None:
    for address, page in pages.items():
        assert not page.having("style"), address
        assert not [tag for tag, _ in page.tags if tag in ("style", "iframe", "object", "embed", "base")], address
        assert not "".join(page.inline_scripts).strip(), address
        for tag, attributes in page.tags:
            handlers = [name for name in attributes if name.startswith("on")]
            assert not handlers, f"{address}: <{tag} {handlers}>"
            assert tag != "script" or (attributes.get("src") or "").partition("static/")[1], address


@pytest.mark.long
def test_no_page_has_elements_that_are_not_ours(pages: dict[str, Page]) -> None:
    """The hostile recordings say u, i, marquee, img, svg, form and more: none of them is one here."""
    for address, page in pages.items():
        tags = {tag for tag, _ in page.tags}
        if address.startswith(("/paste", "/log", "/why")):  # a form of ours, and nothing recorded
            continue
        assert not tags & {"marquee", "u", "math", "template", "textarea", "select", "plaintext"}, address
        for tag, attributes in page.tags:
            is_ours = attributes.get("role") == "search" or attributes.get("class") in ("against", "picked")
            assert tag != "form" or is_ours, address
            own = re.search(r"/part/[\w-]+\?n=\d+&as=media$|/body/\w+\?as=media$", attributes.get("src") or "")
            assert tag not in ("img", "audio", "video") or own, address
            assert tag != "meta" or attributes.get("http-equiv") is None, address


@pytest.mark.long
def test_hx_attributes_are_ours(pages: dict[str, Page]) -> None:
    for address, page in pages.items():
        for tag, attributes in page.tags:
            for name, value in attributes.items():
                if not name.startswith("hx-"):
                    assert not name.startswith("data-hx"), f"{address}: {name}"
                    continue
                assert name in HX_ATTRIBUTES, f"{address}: <{tag} {name}>"
                if name not in ("hx-get", "hx-post", "hx-sse:connect", "hx-boost:inherited", "hx-boost"):
                    assert OWN_HX_VALUES.fullmatch(value or ""), f"{address}: {name}={value}"


@pytest.mark.long
def test_the_hostile_recordings_are_read_as_text(pages: dict[str, Page]) -> None:
    told = [address for address, page in pages.items() if BOTTLE in page.text]
    assert len(told) > 20, "they were crawled"
    for address, page in pages.items():
        for tag, attributes in page.tags:
            for name, value in attributes.items():
                if BOTTLE in (value or ""):
                    assert name in (
                        "title",
                        "href",
                        "data-group",
                        "data-path",
                        "data-copy-value",
                        "data-copy-link",
                        "hx-get",
                    ), f"{address}: <{tag} {name}={value}>"
                    assert not (value or "").lower().lstrip().startswith(("javascript:", "data:")), address


@pytest.mark.long
def test_every_page_but_the_list_leads_back_to_it(pages: dict[str, Page]) -> None:
    """On a phone that shows one of both it is the only way."""
    views = {address: page for address, page in pages.items() if "view" in page.ids}
    without = [address for address, page in views.items() if not any(_is_back(one) for _, one in page.tags)]
    assert views
    assert [address for address in without if not re.match(r"/(?:\?| \(htmx\)|$)", address)] == []


def _is_back(attributes: dict[str, str | None]) -> bool:
    return "back" in (attributes.get("class") or "").split()


@pytest.mark.long
def test_links_lead_to_the_web_or_to_us(pages: dict[str, Page]) -> None:
    for address, page in pages.items():
        for tag, attributes in page.tags:
            link = (attributes.get("href") or "").strip()
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", link, re.IGNORECASE)
            if scheme is None:
                continue
            assert scheme[1] in ("http", "https", "mailto"), f"{address}: {link}"
            assert tag == "a", address
            assert attributes["rel"] == "noopener noreferrer nofollow", f"{address}: {link}"
            assert attributes["target"] == "_blank", address


@pytest.mark.long
def test_control_and_bidi_characters_are_written_out(crawled: dict[str, TestResponse]) -> None:
    for address, answer in crawled.items():
        if answer.mimetype == "text/html":
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", answer.text), address


# ---------------------------------------------------------------- secrets


def secret_texts() -> Iterator[str]:
    yield "sk-example-0000-not-a-real-key-0000"
    yield "example-query-key-not-real"


@pytest.mark.long
def test_secrets_are_on_no_page(crawled: dict[str, TestResponse], samples: Shelf) -> None:
    shown = 0
    for address, answer in crawled.items():
        if address.endswith("/file"):
            continue
        for secret in secret_texts():
            assert secret.encode() not in answer.data, address
        shown += "masked" in answer.text if answer.mimetype == "text/html" else 0
    assert shown
    for row in samples.rows:
        assert not [secret for secret in secret_texts() if secret in repr(row)]
    for query in ("sk-example-0000", "not-a-real-key", "example-query-key-not-real"):
        assert not samples.page(f"/?q={query}").having("data-uid")


def test_secrets_are_in_the_file_and_opened_one_at_a_time(samples: Shelf) -> None:
    uid = samples.uid("keeper.hurl")
    assert b"sk-example-0000-not-a-real-key-0000" in samples.data(f"/e/{uid}/file")
    buttons = samples.page(f"/e/{uid}/request").having("hx-post")
    assert buttons
    opened = [samples.client.post(resolved(f"/e/{uid}/request", one["hx-post"] or "") or "") for _, one in buttons]
    assert any("sk-example-0000-not-a-real-key-0000" in answer.text for answer in opened)
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in opened)


@pytest.mark.long
def test_show_json_is_what_the_command_prints(samples: Shelf) -> None:
    import json

    from click.testing import CliRunner

    from inspector.cli import main

    printed = CliRunner().invoke(main, ["show", str(samples.path), "--format", "jsonl"])
    for line in printed.stdout.splitlines():
        said = json.loads(line)
        answer = samples.client.get(f"/e/{said['id']}/show.json")
        assert answer.mimetype == "application/json"
        assert json.loads(answer.data) == said, said["recording"]["path"]


# ---------------------------------------------------------------- names of every kind


NAMES = [
    "a#b",
    "what?",
    "100%",
    "per%20cent",
    "a b",
    "🐚",
    "two\nlines",
    "quote\"'<b>",
    "..",
    "../up",
    "a//b",
    "/abs",
    "-",
    "é",
]


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_names_of_tests_of_every_kind(shelf: Shelf, name: str) -> None:
    id = f"tests/{name}/test_x.py::test_y[{name}]"
    shelf.put("a.json", recording(test_id=id))
    shelf.put("b.json", recording("Another night.", test_id=id))
    links = [
        one["href"] or "" for _, one in shelf.page("/").having("href") if one.get("title") == id.replace("\x00", "")
    ]
    assert len(links) == 1
    address = resolved("/", links[0]) or ""
    assert "Another night." in shelf.page(address).text
    assert all(answer.status_code == 200 for answer in crawl(shelf.client, address, most=20).values())


@pytest.mark.parametrize(
    "name", ["a#b.json", "what?.json", "100%.json", "a b.json", "🐚.json", "two\nlines.json", "…/x&y=1.json"], ids=repr
)
def test_names_of_files_of_every_kind(shelf: Shelf, name: str) -> None:
    uid = shelf.put(name, recording(test_id=None))
    address = "/p/" if "\n" in name else f"/p/{quote(name)}"
    assert shelf.client.get(address, query_string={"id": name}).headers["Location"].endswith(f"e/{uid}")
    assert shelf.client.get(f"/h/{quote(name.rpartition('/')[2][:5])}").status_code in (302, 404)
    assert all(answer.status_code in (200, 302) for answer in crawl(shelf.client, "/", most=20).values())
    assert shelf.data(f"/e/{uid}/file") == (shelf.path / name).read_bytes()
