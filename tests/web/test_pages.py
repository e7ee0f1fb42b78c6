"""What each address answers: found, several, none, gone; whole pages and parts; windows, cuts and permalinks."""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections import defaultdict
from pathlib import Path

import pytest

from inspector.web.exchange.part_views import CUT
from inspector.web.exchange.stream import WINDOW
from inspector.web.http import assets
from inspector.web.list.group_views import ROWS
from inspector.web.rendering import highlighting
from inspector.web.rendering.highlighting import MAX_HIGHLIGHTED, MAX_MARKDOWN, markdown_html, pygments_css
from inspector.web.story.story_paging import TURNS
from tests.making import put
from tests.web.pages import HTMX, Page, Shelf, message, parse, recording, resolved


def ids_of(page: Page) -> list[str]:
    return [attributes["data-uid"] or "" for _, attributes in page.having("data-uid")]


def link(page: Page, words: str) -> str:
    return next(one["href"] or "" for _, one in page.having("href") if words in (one["href"] or ""))


# ---------------------------------------------------------------- handles


def test_a_hash_leads_straight_to_its_exchange(samples: Shelf) -> None:
    row = next(row for row in samples.rows if "bb21424c" in row.path)
    for prefix in ("bb21424c", "bb21", row.path.rpartition("/")[2].removesuffix(".json")):
        assert samples.client.get(f"/h/{prefix}").headers["Location"] == f"../e/{row.uid}"
    models = next(row for row in samples.rows if "models-84e92a" in row.path)
    assert samples.client.get("/h/84e92a7d").headers["Location"].endswith(models.uid)


def test_a_hash_of_several_offers_them(shelf: Shelf) -> None:
    one, two = (shelf.put(f"{folder}/abcdef01.json", recording(test_id=folder)) for folder in ("x", "y"))
    page = shelf.page("/h/abcdef01")
    assert {one, two} <= set(ids_of(page))
    assert "x/abcdef01.json" in page.text


def test_a_file_of_several_exchanges_is_told_as_a_story(samples: Shelf) -> None:
    page = samples.page(resolved("/p/keeper.hurl", samples.client.get("/p/keeper.hurl").headers["Location"]) or "")
    assert len([one for one in page.ids if one.startswith("x-turn-")]) == 2
    assert len([one for one in page.ids if one.startswith("fold-")]) == 1, "the list of models"


@pytest.mark.parametrize(
    "address", ["/h/ffffffff", "/h/abc", "/h/%25%25%25%25", "/h/____", "/p/nothing.json", "/p/", "/p/../x"]
)
def test_a_handle_of_nothing(samples: Shelf, address: str) -> None:
    answer = samples.client.get(address)
    assert answer.status_code == 404
    assert "All exchanges" in answer.text


def test_a_path_or_the_end_of_one(samples: Shelf) -> None:
    row = next(row for row in samples.rows if row.path.endswith("responses/3973d68c8803.json"))
    for path in (row.path, "3973d68c8803.json", "responses/3973d68c8803.json"):
        assert resolved(f"/p/{path}", samples.client.get(f"/p/{path}").headers["Location"]) == f"/e/{row.uid}"
    assert samples.client.get("/p/7cdda44b7f.json").status_code == 404, "a whole name is asked for"


def test_a_path_without_an_exchange_says_why(shelf: Shelf) -> None:
    shelf.put("good.json", recording())
    broken = shelf.path / "broken.json"
    broken.write_text('{"test_id": ]')
    shelf.refresh()
    answer = shelf.client.get("/p/broken.json")
    assert answer.status_code == 404
    assert "broken.json holds no exchange" in answer.text
    page = shelf.page("/")
    assert "1 file could not be read whole" in page.text
    assert shelf.client.get(resolved("/", link(page, "broken.json")) or "").status_code == 404


def test_a_test_and_a_part_of_its_id(samples: Shelf) -> None:
    assert "test_declines" in samples.page("/t/test_declines").text
    several = samples.client.get("/t/test_tool_round_trip[")
    assert several.status_code == 200
    near = samples.client.get("/t/tests/integration/responses")
    assert near.status_code == 404
    assert parse(near.text).text.count("test_declines")
    none = samples.client.get("/t/tests/of/nothing")
    assert none.status_code == 404
    assert "This page fills by itself" in none.text
    assert samples.client.get("/t/").status_code == 404
    assert samples.client.get("/s/nothing").status_code == 404


def test_a_test_whose_id_a_browser_would_walk(shelf: Shelf) -> None:
    shelf.put("a.json", recording(test_id="../../e/../test_x.py::test_y"))
    address = link(shelf.page("/"), "t/?id=")
    assert "The lamp is lit." in shelf.page(resolved("/", address) or "").text


# ---------------------------------------------------------------- gone, moved, never there


def test_an_id_that_never_was(samples: Shelf) -> None:
    for uid in ("0123456789abcdef", "x", "%3Cscript%3E", "0" * 4000):
        answer = samples.client.get(f"/e/{uid}")
        assert answer.status_code == 404
        assert "There is no such exchange" in answer.text


def test_an_exchange_that_is_gone_offers_its_tests_others(shelf: Shelf) -> None:
    gone = shelf.put("gone1.json", recording("Dark.", test_id="t::one"))
    other = shelf.put("here1.json", recording("Lit.", test_id="t::one"))
    shelf.remove("gone1.json")
    for tab in ("", "/stream", "/raw", "/file", "/part/m0-p0"):
        answer = shelf.client.get(f"/e/{gone}{tab}")
        assert answer.status_code == 410
        assert other in ids_of(parse(answer.text))
        assert "gone1.json" in answer.text
    shelf.put("gone1.json", recording("Dark again."))
    assert "Dark again." in shelf.page(f"/e/{gone}").text, "an id that comes back is found"


def test_an_exchange_that_moved_is_offered(shelf: Shelf) -> None:
    old = shelf.put("x/moved1.json", recording())
    (shelf.path / "y").mkdir()
    (shelf.path / "x/moved1.json").rename(shelf.path / "y/moved1.json")
    shelf.refresh()
    answer = shelf.client.get(f"/e/{old}")
    assert answer.status_code == 410
    assert "A file of the same name" in answer.text
    assert shelf.uid("y/moved1.json") in ids_of(parse(answer.text))


def test_a_file_that_vanished_unnoticed(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording())
    (shelf.path / "a.json").unlink()
    assert shelf.client.get(f"/e/{uid}").status_code == 410
    assert shelf.client.get(f"/e/{uid}/file").status_code == 410
    assert shelf.client.post(f"/e/{uid}/secret/0").status_code == 404


def test_a_file_that_became_a_link_out_of_the_root(shelf: Shelf, tmp_path: Path) -> None:
    uid = shelf.put("a.json", recording())
    outside = tmp_path / "outside.json"
    outside.write_text(recording("Not yours."))
    (shelf.path / "a.json").unlink()
    (shelf.path / "a.json").symlink_to(outside)
    for address in (f"/e/{uid}", f"/e/{uid}/file", f"/e/{uid}/show.json", f"/e/{uid}/raw"):
        answer = shelf.client.get(address)
        assert answer.status_code == 410
        assert b"Not yours." not in answer.data


# ---------------------------------------------------------------- whole pages and parts


def test_htmx_gets_a_part_and_a_person_the_whole(samples: Shelf) -> None:
    for address in ("/", "/help", f"/e/{samples.uid('keeper.hurl')}", "/t/test_declines", "/nowhere", "/h/ffffffff"):
        part = samples.client.get(address, headers=HTMX).text
        assert "<html" not in part, address
        for headers in (
            {},
            {"HX-Request": "true"},
            {**HTMX, "HX-Request-Type": "full"},
            {**HTMX, "HX-History-Restore-Request": "true"},
        ):
            assert "<html" in samples.client.get(address, headers=headers).text, (address, headers)


def test_answers_vary_with_what_htmx_says(samples: Shelf) -> None:
    vary = {name.strip() for name in samples.client.get("/").headers["Vary"].split(",")}
    assert vary >= {"HX-Request", "HX-Request-Type", "HX-History-Restore-Request", "HX-Target", "X-Root"}


def test_the_list_is_for_its_pane_and_the_overview_for_the_other(samples: Shelf) -> None:
    pane = samples.client.get("/?q=is:odd", headers={**HTMX, "HX-Target": "div#list"}).text
    assert 'id="list"' in pane
    assert 'id="view"' not in pane
    detail = samples.client.get("/?q=is:odd", headers={**HTMX, "HX-Target": "main#detail"}).text
    assert 'id="view"' in detail
    assert 'id="list"' not in detail


# ---------------------------------------------------------------- the list


def test_where_only_names_are_seen_there_are_more_of_them_and_no_rows(samples: Shelf) -> None:
    def shown(query: str = "", **headers: str) -> tuple[int, int]:
        page = samples.page(f"/?q={query}", headers={**HTMX, "HX-Target": "div#list", **headers})
        return sum(one.startswith("g-") for one in page.ids), len(page.having("data-uid"))

    groups, rows = shown()
    assert rows
    names, none = shown(**{"X-Level": "files"})
    assert names > groups
    assert not none
    assert shown(**{"X-Level": "full"}) == (groups, rows)
    assert shown("is:issue")[1]
    assert not shown("is:issue", **{"X-Level": "files"})[1]
    assert shown("lamp", **{"X-Level": "files"})[1]  # what was found is seen


def test_a_large_group_leads_to_its_own_page(shelf: Shelf) -> None:
    for number in range(ROWS + TURNS):
        (shelf.path / f"n{number:03}.json").write_text(recording(messages=[message(f"Night {number}?")]))
    shelf.refresh()
    page = shelf.page("/")
    assert len(ids_of(page)) == ROWS
    assert f"{TURNS} more" in page.text
    story = shelf.page(resolved("/", link(page, "t/tests")) or "")
    turns = [one for one in story.ids if one.startswith("x-turn-")]
    assert len(turns) == TURNS
    rest = shelf.page(resolved("/t/x/", link(story, "from=")) or "")
    assert len([one for one in rest.ids if one.startswith("x-turn-")]) == ROWS


def test_a_query_that_means_nothing_says_what_it_may_mean(samples: Shelf) -> None:
    page = samples.page("/?q=modle:gpt-4o")
    assert "did you mean model:?" in page.text
    assert ids_of(page) == ids_of(samples.page("/")), "it lists everything"
    assert "did you mean issue?" in samples.page("/?q=is:isue").text
    assert "did you mean" not in samples.page("/?q=(").text, "nothing would be left of it"
    assert "No page here has this address." in samples.client.get("/nowhere").text
    for query in (
        "nope:<b>",
        '"',
        "-",
        ":",
        "%",
        "'; DROP TABLE exchange; --",
        "NEAR(",
        "*",
        "a" * 5000,
        "\x00",
        "is:",
        "🐚",
    ):
        assert samples.client.get("/", query_string={"q": query}).status_code == 200, query


def test_a_query_is_kept_from_page_to_page(samples: Shelf) -> None:
    page = samples.page("/?q=is:odd")
    rows = [one["href"] or "" for _, one in page.having("data-uid")]
    assert rows
    assert all("q=is%3Aodd" in row for row in rows)
    one = samples.page(resolved("/", rows[0]) or "")
    assert [a for _, a in one.having("value") if a["value"] == "is:odd"]
    tabs = [a["href"] or "" for _, a in one.having("href") if "/response" in (a["href"] or "")]
    assert "q=is%3Aodd" in tabs[0]


def test_nothing_matches(samples: Shelf) -> None:
    assert "Nothing matches." in samples.page("/?q=xyzzyxyzzy").text


def test_an_empty_directory(shelf: Shelf) -> None:
    assert "No recordings here yet." in shelf.page("/").text
    put(shelf.path / "torn.json", b'{"choices": [{"message": {"role": "assi\n')
    shelf.refresh()
    assert "No exchange can be read." in shelf.page("/").text


def test_a_file_being_written_is_no_error(shelf: Shelf) -> None:
    half = recording()[:200]
    (shelf.path / "half.json").write_text(half)
    shelf.refresh()
    page = shelf.page("/")
    assert "half.json is being written" in page.text
    assert "could not be read" not in page.text
    uid = shelf.put("half.json", recording())
    assert "The lamp is lit." in shelf.page(f"/e/{uid}").text
    (shelf.path / "half.json").write_text(half)
    shelf.refresh()
    answer = shelf.client.get(f"/e/{uid}")
    assert answer.status_code in (200, 503)
    assert "being written" in answer.text
    assert "being written" in shelf.page("/").text


# ---------------------------------------------------------------- streams


@pytest.fixture
def long_stream(shelf: Shelf) -> tuple[Shelf, str]:
    return shelf, shelf.put("long.json", recording(chunks=[f"w{number} " for number in range(1000)]))


@pytest.mark.parametrize("at", [0, 1, 49, 50, 200, 555, 999, 1000, 5000, -3])
def test_a_window_of_a_stream_holds_its_chunk(long_stream: tuple[Shelf, str], at: int) -> None:
    shelf, uid = long_stream
    page = shelf.page(f"/e/{uid}/stream?at={at}")
    shown = [one for one in page.ids if re.fullmatch(r"c\d+", one)]
    assert len(shown) <= WINDOW
    wanted = min(max(at, 0), 1000)
    assert f"c{wanted}" in shown
    links = [one for _, one in page.having("href") if f"at={wanted}#c{wanted}" in (one["href"] or "")]
    assert [one["class"] for one in links if one.get("class") == "no"] == ["no"]
    if wanted < 1000:
        assert f"w{wanted} " in page.text


def test_windows_of_a_stream_leave_nothing_out(long_stream: tuple[Shelf, str]) -> None:
    shelf, uid = long_stream
    address, seen = f"/e/{uid}/stream", set()
    while True:
        page = shelf.page(address)
        seen |= {one for one in page.ids if re.fullmatch(r"c\d+", one)}
        later = [one["href"] or "" for (_, one) in page.having("href") if "?from=" in (one["href"] or "")]
        if not later:
            break
        address = resolved(address, later[0]) or ""
    assert len(seen) == 1001


def test_the_finish_reason_leads_to_the_chunk_that_brought_it(long_stream: tuple[Shelf, str]) -> None:
    shelf, uid = long_stream
    finish = [one for _, one in shelf.page(f"/e/{uid}").having("href") if "finish-stop" in (one.get("class") or "")]
    assert [one["href"] for one in finish] == [f"../e/{uid}/stream?at=1000#c1000"]


def test_nonsense_numbers(long_stream: tuple[Shelf, str]) -> None:
    shelf, uid = long_stream
    for query in ("at=x", "at=", "at=1e3", "at=99999999999999999999", "all=2", "text=<b>"):
        assert shelf.client.get(f"/e/{uid}/stream?{query}").status_code == 200
    assert shelf.client.get(f"/e/{uid}/before?to=-5").status_code == 200
    assert shelf.client.get(f"/e/{uid}/nothing").status_code == 404


# ---------------------------------------------------------------- parts


def test_a_long_part_is_cut_with_a_way_to_the_rest(shelf: Shelf) -> None:
    text = "".join(f"line {number}\n" for number in range(4000))
    uid = shelf.put("a.json", recording(text, [message(text)]))
    page = shelf.page(f"/e/{uid}")
    assert "line 3999" not in page.text
    assert f"{len(text) - CUT:,} more characters" in page.text
    for anchor in ("m0-p0", "reply-p0"):
        whole = shelf.page(resolved(f"/e/{uid}", link(page, f"part/{anchor}")) or "")
        assert text in whole.text.replace("\r", "")
        assert shelf.data(f"/e/{uid}/part/{anchor}?as=text").decode() == text
    answer = shelf.client.get(f"/e/{uid}/part/m0-p0?as=text")
    assert answer.content_type == "text/plain; charset=utf-8"
    for anchor in ("m0-p1", "m1-p0", "m-1-p0", "x", "reply-p9", "..", "%00"):
        assert shelf.client.get(f"/e/{uid}/part/{anchor}").status_code in (404, 308), anchor


def test_a_part_that_is_a_little_too_long_is_whole(shelf: Shelf) -> None:
    uid = shelf.put("a.json", recording("x" * (CUT + 10)))
    assert "more characters" not in shelf.page(f"/e/{uid}").text


def test_a_big_body_is_cut_and_shown_whole_when_asked(shelf: Shelf) -> None:
    text = "word " * (MAX_HIGHLIGHTED // 4)
    uid = shelf.put("a.json", recording(text + "the end", [message(text + "the end")]))
    for tab in ("request", "response", "raw"):
        page = shelf.page(f"/e/{uid}/{tab}")
        assert "Show all" in page.text
        assert "the end" not in page.text
        whole = shelf.page(resolved(f"/e/{uid}/{tab}", link(page, "all=1")) or "")
        assert "the end" in whole.text
        assert "Show all" not in whole.text


@pytest.mark.long
def test_every_part_of_the_samples_can_be_copied(samples: Shelf) -> None:
    for row in samples.rows[::3]:
        address = f"/e/{row.uid}"
        for _, one in samples.page(address).having("data-copy-text"):
            assert samples.client.get(resolved(address, one["data-copy-text"] or "") or "").status_code == 200
        for _, one in samples.page(address).having("data-copy-href"):
            target, _, fragment = (one["href"] or "").partition("#")
            assert not fragment or fragment in samples.page(resolved(address, target) or "").ids, (row.path, fragment)


@pytest.mark.parametrize("where", ["painting", pytest.param("", id="anywhere", marks=pytest.mark.long)])
def test_images_are_shown_from_the_page_itself_and_nothing_else_is(samples: Shelf, where: str) -> None:
    rows = [row for row in samples.rows if where in row.group_id]
    story = next(row.group_id.partition("[")[0] for row in rows if "painting" in row.group_id)
    pages = [f"/t/{story}", *(f"/e/{row.uid}" for row in rows)]
    images = [(at, one["src"]) for at in pages for tag, one in samples.page(at, headers=HTMX).tags if tag == "img"]
    assert images
    for at, source in images:
        answer = samples.client.get(resolved(at, source or "") or "")
        assert answer.mimetype in ("image/png", "image/jpeg", "image/gif", "image/webp"), source


@pytest.mark.parametrize("kind", ["image/svg+xml", "text/html", "application/pdf", ""])
def test_what_a_browser_would_run_is_only_for_download(shelf: Shelf, kind: str) -> None:
    part = {"type": "image_url", "image_url": {"url": f"data:{kind};base64,PHN2Zz48L3N2Zz4="}}
    uid = shelf.put("a.json", recording(messages=[message([part])]))
    assert not [tag for tag, _ in shelf.page(f"/e/{uid}").tags if tag == "img"]
    answer = shelf.client.get(f"/e/{uid}/part/m0-p0?as=file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype in ("application/octet-stream",)


# ---------------------------------------------------------------- Markdown


def test_html_in_markdown_is_text() -> None:
    page = parse(str(markdown_html("<script>x</script> <b onclick=x>b</b> <!-- c -->\n\n<div style='x'>\n")))
    assert {tag for tag, _ in page.tags} - {"html", "body"} == {"p"}
    assert "<script>x</script>" in page.text


def test_an_image_is_named_and_never_loaded() -> None:
    html = str(markdown_html("![the lamp](https://evil.example/x.png) ![](data:image/png;base64,AA==)"))
    assert "<img" not in html
    assert "image: the lamp" in html


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/help",
        "x",
    ],
)
def test_what_is_no_web_address_is_no_link(address: str) -> None:
    assert "<a" not in str(markdown_html(f"[a]({address}) <{address}> [b]\n\n[b]: {address}"))


def test_a_web_link_opens_elsewhere_and_tells_nothing() -> None:
    page = parse(str(markdown_html('[a](https://x.example/?a=1&b=\'" "t\'<i>")')))
    ((_, attributes),) = [(tag, one) for tag, one in page.tags if tag == "a"]
    assert attributes["rel"] == "noopener noreferrer nofollow"
    assert attributes["target"] == "_blank"
    assert set(attributes) == {"href", "title", "rel", "target"}


def test_a_table_is_aligned_by_class() -> None:
    html = str(markdown_html("| a | b | c |\n|:-|:-:|-:|\n| 1 | 2 | 3 |\n"))
    assert "style" not in html
    assert [html.count(f"class='{side}'") for side in ("left", "center", "right")] == [2, 2, 2]


def test_headings_are_none_of_the_pages() -> None:
    html = str(markdown_html("# a\n\n###### b\n"))
    assert not re.search("<h[1-6]", html)
    assert "<p class='heading h1'>a</p>" in html
    assert "<p class='heading h6'>b</p>" in html


def test_what_is_too_long_is_not_read_as_markdown(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = shelf.put("a.json", recording("[" * 80_000, [message("[" * 80_000)]))

    def never() -> None:
        raise AssertionError("parsed as Markdown")

    monkeypatch.setattr(highlighting, "_markdown", never)
    assert shelf.client.get(f"/e/{uid}").status_code == 200
    assert str(markdown_html("[" * (MAX_MARKDOWN + 1))).startswith("<pre")


def test_code_in_a_language_nobody_knows() -> None:
    for info in ("json", "nope", "<script>", "x" * 500, "python\x00"):
        html = str(markdown_html(f"```{info}\n<b>1</b>\n```\n"))
        assert "<b>" not in html
        assert "&lt;b&gt;" in re.sub("</?span[^>]*>", "", html)


def test_a_recording_in_plain_text(samples: Shelf) -> None:
    row = next(row for row in samples.rows if "markdown" in row.group_id)
    assert [tag for tag, _ in samples.page(f"/e/{row.uid}").tags if tag == "td"]
    assert "| " in samples.page(f"/e/{row.uid}?text=plain").text


# ---------------------------------------------------------------- static files, compression


def test_static_files_last_because_their_address_names_what_they_hold(samples: Shelf) -> None:
    root = assets.directory("static")
    files = [file.relative_to(root).as_posix() for file in root.rglob("*") if file.suffix in (".js", ".css", ".svg")]
    assert len(files) >= 7
    for name in files:
        address = f"/{assets.address(name)}"
        answer = samples.client.get(address)
        assert answer.data == (root / name).read_bytes()
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        hashed = hashlib.blake2b(answer.data, digest_size=6).hexdigest()
        assert address.endswith(hashed)
        assert samples.client.get(f"/static/{name}").headers["Cache-Control"] == "no-cache"
        assert "immutable" not in samples.client.get(f"/static/{name}?v=old").headers["Cache-Control"]
    for name in ("../pyproject.toml", "%2e%2e/pyproject.toml", "nothing", "vendor", "", "/etc/passwd"):
        assert samples.client.get(f"/static/{name}").status_code in (404, 308), name


def test_pages_are_compressed_where_that_pays(samples: Shelf) -> None:
    plain = samples.client.get("/")
    assert "Content-Encoding" not in plain.headers
    packed = samples.client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert b'id="list"' in gzip.decompress(packed.data)
    refused = samples.client.get("/", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    small = samples.client.get("/static/icon.svg", headers={"Accept-Encoding": "gzip"})
    assert small.data.startswith(b"<svg") or small.headers["Content-Encoding"] == "gzip"
    with samples.client.get("/live", headers={"Accept-Encoding": "gzip"}, buffered=False) as stream:
        assert "Content-Encoding" not in stream.headers
        assert next(iter(stream.response)).startswith(b"retry:")


def test_a_first_visit_is_small(samples: Shelf) -> None:
    """The page, and all that it loads."""
    page = samples.client.get("/", headers={"Accept-Encoding": "gzip"})
    loaded = [
        attributes.get("href") or attributes.get("src") or ""
        for tag, attributes in samples.page("/").tags
        if tag in ("link", "script")
    ]
    assert len(loaded) > 5
    answers = [samples.client.get(resolved("/", it) or "", headers={"Accept-Encoding": "gzip"}) for it in loaded]
    assert {answer.status_code for answer in answers} == {200}
    assert sum(len(answer.data) for answer in (page, *answers)) < 100_000


def test_the_colours_are_what_pygments_makes() -> None:
    assert (assets.directory("static") / "css/pygments.css").read_text(encoding="utf-8") == pygments_css()


def test_vendored_files_are_what_their_readme_says() -> None:
    vendor = assets.directory("static") / "vendor"
    rows = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", (vendor / "README.md").read_text(), re.MULTILINE)
    assert {name for name, _ in rows} == {file.name for file in vendor.glob("*.js")}
    for name, expected in rows:
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == expected, name


def test_no_template_trusts_what_it_prints() -> None:
    for file in assets.directory("templates").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(|style=|<style|\son\w+=", text), file.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), file.name


# ---------------------------------------------------------------- live


def test_the_stream_of_changes_begins_where_the_page_was_made(shelf: Shelf) -> None:
    shelf.put("a.json", recording())
    page = shelf.page("/")
    ((_, attributes),) = page.having("hx-sse:connect")
    address = resolved("/", attributes["hx-sse:connect"] or "") or ""
    with shelf.client.get(address, buffered=False) as answer:
        assert answer.mimetype == "text/event-stream"
        assert answer.headers["Cache-Control"] == "no-store"
        events = (part.decode() if isinstance(part, bytes) else part for part in answer.response)
        assert "event: hello" in next(events)
        uid = shelf.put("b.json", recording())
        told = next(events)
        assert "event: changed" in told
        assert uid in told
    missed = {"Last-Event-ID": attributes["hx-sse:connect"].rpartition("=")[2].replace("%3A", ":")}  # type: ignore[union-attr]
    with shelf.client.get("/live", headers=missed, buffered=False) as answer:
        assert "event: changed" in _first(answer.response)
    for nonsense in ("x", ":", "x:y", "0:-1", "9" * 400):
        with shelf.client.get("/live", headers={"Last-Event-ID": nonsense}, buffered=False) as answer:
            assert "event: changed" in _first(answer.response)


def test_what_changes_while_a_page_is_made_reaches_it(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspector.web.list import routes as listing

    plain = listing.list_view

    def slow(*values: object) -> object:
        view = plain(*values)  # type: ignore[arg-type]
        shelf.put("late.json", recording())
        return view

    monkeypatch.setattr(listing, "list_view", slow)
    page = shelf.page("/")
    monkeypatch.undo()
    assert not ids_of(page)
    ((_, attributes),) = page.having("hx-sse:connect")
    with shelf.client.get(resolved("/", attributes["hx-sse:connect"] or "") or "", buffered=False) as answer:
        assert "event: changed" in _first(answer.response)


def _first(parts: object) -> str:
    first = next(iter(parts))  # type: ignore[call-overload]
    return first.decode() if isinstance(first, bytes) else first


def test_the_moment_of_a_change_is_in_words() -> None:
    from inspector.output.plural import count, size
    from inspector.web.rendering.context import ago

    now = time.time_ns()
    assert [ago(now - seconds * 10**9) for seconds in (1, 30, 90, 7300, 90000)] == [
        "just now", "30 s ago", "2 min ago", "2 h ago", "1 d ago",
    ]  # fmt: skip
    assert ago(now + 10**12) == "just now"
    assert [count(1, "entry"), count(1204, "entry"), count(0, "chunk")] == ["1 entry", "1,204 entries", "0 chunks"]
    assert [size(5), size(1500), size(2_000_000), size(5 * 10**9)] == ["5 B", "1.5 kB", "2.0 MB", "5.0 GB"]


def test_a_large_recording_is_sent_in_pieces(shelf: Shelf) -> None:
    uid = shelf.put("large.json", recording("The tide rises. " * 100_000))
    answer = shelf.client.get(f"/e/{uid}/file")
    pieces = [*answer.response]
    assert max(map(len, pieces)) <= 256 * 1024
    assert b"".join(pieces) == (shelf.path / "large.json").read_bytes()  # type: ignore[arg-type]
    answer.close()


def test_a_class_is_styled_in_one_section() -> None:
    """A name that two sections give a rule of its own means two things, and each spoils the other."""
    section = ""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (assets.directory("static") / "css/style.css").read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"/\* -+ (.+) \*/", line):
            section = heading[1]
        for selector in line.partition("{")[0].split(",") if line.startswith(".") and "{" in line else ():
            if re.fullmatch(r"\.[\w-]+", selector.strip()):
                found[selector.strip()].add(section)
    assert len(set().union(*found.values())) > 10
    assert {name for name, sections in found.items() if len(sections) > 1} == set()


def test_no_style_asks_what_changes_with_each_step_of_what_holds_it() -> None:
    """With each such change a browser goes through all that `:has` may concern: the whole list."""
    rules = (assets.directory("static") / "css/style.css").read_text(encoding="utf-8")
    asked = re.findall(r":has(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))", rules)
    assert len(asked) > 10
    assert [one for one in asked if re.search(":hover|:focus|aria-current|:target", one)] == []


def test_letters_have_four_sizes() -> None:
    """None is below 12 pixels, and none depends on what it stands in: a size of a size gets too small."""
    rules = "".join((assets.directory("static") / f"css/{name}.css").read_text() for name in ("style", "pygments"))
    sizes = dict(re.findall(r"--(tiny|small|body|title): ([\d.]+)rem;", rules))
    assert [float(size) * 16 for size in sizes.values()] == [12, 13, 15, 20]
    allowed = {"inherit", *(f"var(--{name})" for name in sizes)}
    assert set(re.findall(r"font-size: *([^;}]+)", rules)) <= allowed
    assert set(re.findall(r"[ {]font: *([^ ;}/]+)", rules)) <= allowed
