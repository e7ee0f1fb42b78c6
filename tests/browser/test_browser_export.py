"""An export as somebody gets it who never starts a server: from a folder, and from a host that forbids all but text."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from inspector import export
from inspector.files.roots import roots_of
from inspector.files.scan import TEST_RUN_MAP
from inspector.testruns import results
from inspector.testruns.results import LastRun, Outcomes
from tests.browser.driver import Tabs, Witness, missing
from tests.browser.test_browser_safety import inert
from tests.making import SAMPLES, chat, put

JENKINS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'"
BELOW = "/job/night%20watch/HTML_20Report/"
TEST = "tests/a.py::test_lamp"

Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the site and the report of a stream of 250 chunks after a conversation of 70 messages, whose test
    failed."""
    folder = tmp_path_factory.mktemp("long")
    before = [
        {"role": "user", "content": [{"type": "text", "text": f"turn {n}, {part}"} for part in "ab"]} for n in range(70)
    ]
    document = json.loads(chat("hello", test=TEST, before=before))
    document["request"]["body"]["stream"] = True
    chunks = [{"choices": [{"index": 0, "delta": {"content": f"w{n} "}}]} for n in range(250)]
    data = [{"__type__": "openai.types.chat.ChatCompletionChunk", "__data__": chunk} for chunk in chunks]
    document["response"] = {"body": data, "is_streaming": True}
    put(folder / "rec" / "a.json", json.dumps(document).encode())
    put(folder / "rec" / "b.json", chat("Is it dark?", "Dark.", "tests/a.py::test_dark"))
    failed = LastRun(TEST, TEST, "failed", "call", "AssertionError: dark", 0.1, 1e9, {"a.json": ""})
    put(folder / "rec" / TEST_RUN_MAP, results.written(Outcomes({TEST: failed}, {})).encode())
    roots = roots_of(folder / "rec")
    export.site(roots, folder / "site", "", False, lambda _: None)
    export.report(roots, folder / "report.html", "", False, lambda _: None)
    return folder


@pytest.fixture
def visit(tabs: Tabs, witness: Witness) -> Iterator[Visit]:
    """Opens a file or an address of an export; afterwards nothing else has been asked for, and nothing went wrong."""
    asked = set()

    def open_page(site: Path | str, address: str = "index.html", **options: Any) -> Any:
        page = tabs.open(**options)
        root = site.as_uri() if isinstance(site, Path) else site
        witness.watch(page, (root, "blob:"))
        page.on("request", lambda request: asked.add(request.url))
        page.goto(f"{root.removesuffix('/')}/{address}")
        return page

    yield open_page
    witness.verdict()
    files = {unquote(urlsplit(url).path) for url in asked if url.startswith("file:")}
    assert [file for file in files if not Path(file).is_file()] == []


def name_of(site: Path, text: str) -> str:
    """The id of the first exchange in whose conversation a text is said."""
    pages = sorted((site / "e").glob("????????????????.html"))
    return next(page.stem for page in pages if text in page.read_text("utf-8").partition('id="detail"')[2])


def is_reached(page: Any, place: str) -> None:
    """Until a place is marked, and on screen."""
    page.wait_for_function(
        """place => {
          const it = document.getElementById(place);
          const { top, bottom } = it?.getBoundingClientRect() ?? {};
          return it?.matches(":target, .target") && bottom > 46 && top < innerHeight;
        }""",
        arg=place,
        polling=30,
    )


def go(page: Any, link: Any) -> None:
    """Follow a link, until the page is there with its style sheet."""
    with page.expect_navigation():
        link.click()


TEXT = ":is(pre, .json-tree)"
"""JSON as it is shown without scripts, and with them."""


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_list_to_everything_by_clicking(exported: Path, visit: Visit, scripts: bool) -> None:
    page = visit(exported, java_script_enabled=scripts)
    page.locator("#list .later").click()
    page.wait_for_url("**/index,page=2.html")
    page.locator("#list .earlier").click()
    page.wait_for_url("**/index.html")
    group, number = page.locator("#list .group", has_text="before_midnight"), 1
    while not group.count():
        number += 1
        page.locator("#list .later").click()
        page.wait_for_url(f"**/index,page={number}.html")
    group.locator(".row", has=page.locator(".streamed")).first.click()
    page.wait_for_url("**/e/*.html")
    assert page.locator("#list .row").count() == 4, "those of its test are beside it"
    for tab, seen in (("Stream", ".chunk"), ("Request", TEXT), ("Raw", TEXT), ("Conversation", "#reply")):
        go(page, page.locator(".tabs a", has_text=tab))
        page.locator(".tabs a[aria-current]", has_text=tab).wait_for()
        assert page.locator(f"#detail {seen}:visible").count(), tab
    go(page, page.locator("#detail .walk [rel=next]"))
    go(page, page.locator(".title h1 a").first)
    assert "Hollow Skerry" in page.locator(".turn").first.inner_text()
    assert page.locator(".turn").count() == page.locator("#list .row").count() == 4
    go(page, page.locator("#view .turn-head a").first)
    go(page, page.locator("#copy-as"))
    assert "curl " in page.locator("#as-curl pre").inner_text()
    go(page, page.locator("#to-log"))
    assert page.locator("#find-log").is_visible() == scripts
    go(page, page.locator("#to-help"))
    assert page.locator("#detail h1").inner_text() == "Help"
    go(page, page.locator(".contents a", has_text="Searching"))
    go(page, page.locator(".prose a", has_text="exports"))
    assert page.locator("#detail h1").inner_text() == "Exports"
    if scripts:
        page.keyboard.press("?")
        dialog = page.locator("dialog[open]")
        dialog.get_by_text("is:streamed finish:length").wait_for()
        found = dialog.get_by_role("link", name="sort:tokens", exact=True).first.get_attribute("href")
        assert found == "../index.html?q=sort%3Atokens"
        page.keyboard.press("Escape")
    go(page, page.locator(".brand"))
    if scripts:
        page.locator(".overview .facet").first.wait_for()
    assert page.locator("#q").is_visible() == page.locator(".overview .facet").first.is_visible() == scripts


# ---------------------------------------------------------------- a host that forbids scripts


class _Host(SimpleHTTPRequestHandler):
    """Serves a folder below a path as Jenkins does."""

    def do_GET(self) -> None:
        if not self.path.startswith(BELOW):
            self.send_error(404)
            return
        self.path = f"/{self.path.removeprefix(BELOW)}"
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", JENKINS)
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@contextmanager
def hosted(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{BELOW}"
        server.shutdown()


def unfold(page: Any) -> None:
    """Open every fold by clicking it, those inside of others too."""
    closed = page.locator("#detail details:not([open]) > summary:visible")
    while closed.count():
        closed.first.click()


HIDDEN = """() => [...document.querySelectorAll("#detail :is(pre, .md, .token-text, .chunk, .message, .usage)")]
  .filter((it) => !it.checkVisibility() || !it.getBoundingClientRect().width).map((it) => it.outerHTML.slice(0, 200))"""
CONTROLS = "button:visible, input:visible, textarea:visible, .needs-js:visible:not(.splitter), a[href*='?q=']:visible"


@pytest.mark.long
def test_jenkins_lets_everything_be_read(exported: Path, long: Path, visit: Visit, witness: Witness) -> None:
    witness.expected = "Blocked script execution|script-src|'allow-scripts'"
    with hosted(exported) as host:
        page = visit(host)
        assert page.locator(".bar").evaluate("it => getComputedStyle(it).height") == "40px", "the style sheet is there"
        assert page.locator(".pane").evaluate("it => it.getBoundingClientRect().width < innerWidth / 2")
        assert page.locator("#list p.no-js").is_visible()
        for address in ("index.html", "find.html", "log.html", "tests.html"):
            page.goto(host + address)
            assert page.locator(CONTROLS).count() == 0, address
            assert page.locator("h1").first.inner_text()
        for said in ("Patient Margaret is due", "Is the lamp lit?", "twenty to two"):
            page.goto(f"{host}e/{name_of(exported, said)}.html")
            for tab in page.locator(".tabs a").all_inner_texts():
                go(page, page.locator(".tabs a", has_text=tab.split()[0]))
                unfold(page)
                assert page.evaluate(HIDDEN) == []
                assert page.locator(CONTROLS).count() == 0
            go(page, page.locator(".tabs a").first)
            unfold(page)
            assert said in page.locator("#detail").inner_text()
            go(page, page.locator("#copy-as"))
            assert page.locator(CONTROLS).count() == 0
            go(page, page.locator("#detail .sheet a").first)
            assert said in page.locator("#detail").inner_text()
    with hosted(long / "site") as host:
        page = visit(host, f"e/{name_of(long / 'site', 'w249')}/stream.html#c3")
        is_reached(page, "c3")
        page.locator("#chunks-after a").click()
        assert page.locator("#c249").is_visible()


# ---------------------------------------------------------------- permalinks


@pytest.mark.long
def test_a_permalink_leads_to_its_place(exported: Path, long: Path, visit: Visit) -> None:
    uid = name_of(long / "site", "w249")
    page = visit(long, "site/index.html")
    page.locator(".failing .last").click()
    is_reached(page, "reply")
    for file, place, leads_to in (
        (f"e/{uid}.html", "m69-p1", f"{uid}.html"),
        (f"e/{uid}.html", "m69", f"{uid}.html"),
        (f"e/{uid}.html", "m3-p0", f"{uid},from="),
        (f"e/{uid}.html", "m0", f"{uid},from="),
        (f"e/{uid}/stream.html", "c3", "stream.html"),
        (f"e/{uid}/stream.html", "c230", "stream,from=200.html"),
    ):
        for start in (f"site/{file}#{place}", f"report.html#{file}:{place}"):
            page.goto("about:blank")
            page.goto(f"{long.as_uri()}/{start}")
            is_reached(page, place)
            assert leads_to in page.url
    for start in (f"site/e/{uid}/stream.html#c9999", f"report.html#e/{uid}/stream.html:c9999"):
        page.goto("about:blank")
        page.goto(f"{long.as_uri()}/{start}")
        page.locator("#c0").wait_for()
        assert page.url.endswith("c9999"), "there is no such place, nor a page of it"
    recorded = next(path.stem for path in sorted(SAMPLES.rglob("recordings/*.json")) if len(path.stem) == 64)
    page = visit(exported, f"find.html#{recorded}")
    page.wait_for_url("**/e/*.html")
    page.locator(".tabs a", has_text="Raw").click()
    assert recorded in page.locator("#detail").inner_text()


# ---------------------------------------------------------------- everybody, and nobody


@pytest.mark.long
@pytest.mark.parametrize(("width", "theme"), [(1400, "light"), (420, "dark")])
def test_axe_finds_nothing_in_an_export(exported: Path, long: Path, visit: Visit, width: int, theme: str) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-playwright-python")
    uid, turn = name_of(long / "site", "w249"), name_of(exported, "Fog until twenty to two")
    only = {} if theme == "light" else {"runOnly": ["color-contrast", "link-in-text-block"]}
    found: dict[str, dict[str, list[str]]] = {}
    for site, addresses in (
        (exported, ("index.html?q=lamp", "log.html", "find.html", f"e/{turn}.html")),
        (long / "site", ("index.html", "tests.html", f"e/{uid}/as.html")),
    ):
        page = visit(site, color_scheme=theme, viewport={"width": width, "height": 850}, bypass_csp=True)
        for address in addresses:
            page.goto(f"{site.as_uri()}/{address}")
            if "?" in address:
                page.locator("#list mark").first.wait_for(state="attached")
            # what a frame shows is a page of its own, and a file may not talk to another
            options = {"resultTypes": ["violations"], "preload": False, "iframes": False, **only}
            result = Axe().run(page, options=options)
            for violation in result.response["violations"]:
                nodes = [f"{node['html'][:160]} {node['any'][:1]}" for node in violation["nodes"][:3]]
                found.setdefault(f"{violation['id']}: {violation['help']}", {})[address] = nodes
    assert not found, json.dumps(found, indent=1)


@pytest.mark.long
def test_what_was_recorded_stays_inert_in_files(exported: Path, visit: Visit) -> None:
    page = visit(exported, "index.html?q=test:bottles")
    page.locator("#list .row").nth(3).wait_for()
    uids = [row.get_attribute("data-uid") for row in page.locator("#list .row").all()]
    tabs = (".html", "/request.html", "/response.html", "/raw.html", "/as.html")
    pages = [f"e/{uid}{tab}" for uid in uids for tab in tabs]
    stories = {file.relative_to(exported).as_posix() for file in (exported / "t").glob("*bottles*")}
    assert stories
    for address in (*pages, *sorted(stories), "index.html"):
        page.goto(f"{exported.as_uri()}/{address}")
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        inert(page)
