"""Searching an export in a browser, from files: it finds what a server finds, and looks and acts as its list does."""

from __future__ import annotations

import random
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from inspector import search
from inspector.export import bundle
from inspector.export.pages import Pages, assets_used
from inspector.export.search_index import scripts
from inspector.export.selection import gathered
from inspector.export.settings_and_tools import SettingsAndTools
from inspector.export.writers import Job, application
from inspector.files.roots import roots_of
from inspector.index import Index, Row
from inspector.index.conditions import marks_around
from inspector.library import identity
from inspector.model import ModelCall
from inspector.output.plural import duration, size
from inspector.search import BY_NAME, FIELDS, QueryError, edits, suggest
from inspector.search.full_text import Wanted, marker
from inspector.search.grammar import Clause, Node, all_of, any_of, none_of, write
from inspector.testruns.last_run import NOTHING
from inspector.testruns.replay_marks import Asked, replay_marks
from tests.browser.driver import Tabs, Witness, until
from tests.making import SAMPLES

Opens = Callable[..., Any]


WORD = "lamp"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    library = gathered(roots_of(SAMPLES), tmp_path_factory.mktemp("offline") / "index", "", lambda _: None)
    with marks_around(cache(lambda: replay_marks(library.index, Asked(NOTHING)))):
        yield library.index
    library.index.close()


@pytest.fixture(scope="module")
def site(index: Index, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the samples, of which only those pages are written that are opened here."""
    out = tmp_path_factory.mktemp("site")
    assert index.file is not None
    app = application(Job(roots_of(SAMPLES), index.file, out, None))
    pages = Pages(app)
    wanted = ("", "find", *(f"e/{uid}" for uid in _finds(index, WORD)))
    files = [*assets_used(), *(page for address in wanted if (page := pages.page(address)))]
    for name, content in [*files, *scripts(app, _asked(index))]:
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return out


def _asked(index: Index) -> SettingsAndTools:
    """What every exchange asks for."""
    asked, roots = SettingsAndTools(), roots_of(SAMPLES)

    def note(path: str, entry: int, call: ModelCall) -> None:
        asked.note(identity.uid(roots, path, entry), call)

    deque(bundle.carried(roots, sorted({row.path for row in index.rows()}), seen=note), maxlen=0)
    return asked


@pytest.fixture
def opens(tabs: Tabs, site: Path, witness: Witness) -> Iterator[Opens]:
    def open_page(address: str = "index.html", root: Path = site) -> Any:
        page = tabs.open()
        witness.watch(page, root.as_uri())
        page.goto(f"{root.as_uri()}/{address}")
        return page

    yield open_page
    witness.verdict()


def found(page: Any, count: int) -> None:
    until(page, "document.querySelector('#list').dataset.shown === String(arg)", count)


# ---------------------------------------------------------------- laws

QUERIES = (
    "", "lamp", "lamp -bell", '"is the lamp"', "LAMP", "lam", "naively", "in:reply lamp", "lamp in:user", "in:call set",
    "(lamp OR fog) -model:gpt-4o", "model:gpt-4o", "model:=gpt-4o", "model:gpt-4o*", "model:models/gpt-4o", "model:*",
    "provider:OPENAI", "test:*::test_lamp*", "test:keeper", "session:night", "file:*.jsonl", "file:har", "group:other/",
    "tool:set_lamp", "tool:*_lamp", "finish:stop", "status:4xx", "status:200", "status:>=400", "host:localhost*",
    "has:tool_call -has:tool_result", "has:reasoning", "is:odd", "is:unsent OR is:streamed", "is:repeated",
    "is:infrastructure", 'is:"cut off"', "tokens:>20", "tokens:10..20", "tokens:..20", "size:>1kB", "events:>=3",
    "duration:<10s", "sort:tokens", "sort:size-asc lamp", "sort:events", "sort:place", "sort:duration-asc",
    "sort:input",     "!!!", '"', "NOT lamp", "NOT (lamp OR bell)", "*", "天", "getUser", "user get", "a", "e\u0301",
    "in:name keeper", "test_lamp gpt", "sort:started lamp",
)  # fmt: skip

WRONG = (
    "(lamp", "(lamp))", "a OR", "NOT", "is:od", "modle:gpt", "has:tool-cal", "tokens:>x", "tokens:..", "size:5q",
    "in:call", "in:nowhere lamp", "-in:call lamp", "sort:tokns", "-sort:tokens", "sort:tokens sort:size",
    "in:call in:user lamp", "x" * 501, "x " * 41, "(" * 13 + "x" + ")" * 13, "is:odd (is:empt", "quite:unknown",
    "reasoning:lamp bell", "role:user lamp", "error:400", 'error:"no lamp"', "role:user",
)  # fmt: skip

_FOUND = """async (queries) => {
  const all = [];
  for (const query of queries) all.push((await SearchIndex.find(query)).map((at) => SearchIndex.index().uids[at]));
  return all;
}"""


def _finds(index: Index, query: str) -> list[str]:
    known = search.read(query)
    rows = index.in_order(known.where, known.order, 10_000)[0] if known.order else index.rows(known.where)
    return [row.uid for row in rows]


@pytest.mark.long
def test_it_finds_what_a_server_finds(index: Index, opens: Opens) -> None:
    queries = [*QUERIES, *_made(index, random.Random(7), 250)]
    met = opens().evaluate(_FOUND, queries)
    some = 0
    for query, uids in zip(queries, met, strict=True):
        expected = _finds(index, query)
        some += 0 < len(expected) < index.totals().exchanges
        assert (uids if "sort:" in query else sorted(uids)) == (expected if "sort:" in query else sorted(expected)), (
            query
        )
    assert some > 150


def _made(index: Index, chance: random.Random, count: int) -> Iterator[str]:
    """Queries of all kinds, of what the recordings say and are."""
    rows = index.rows()
    texts = sorted(text for _, _, text in index.texts({one.message for one in index.said(rows)}) if text.split())
    fields = [field for field in FIELDS if field.name not in ("in", "sort", "changed")]
    sorts = [name for name in BY_NAME["sort"].values if not name.startswith("changed")]

    def clause() -> Node:
        if chance.random() < 0.5:
            words = chance.choice(texts).split()
            at, size = chance.randrange(len(words)), chance.choice((1, 1, 2, 3))
            text = " ".join(words[at : at + size])[:60]
            text = chance.choice((text, text, text.upper(), text[: len(text) // 2 + 1], text[1:] or text))
            return Clause(None, text, chance.choice((None, None, "user", "reply", "call", "result", "reasoning")))
        field = chance.choice(fields)
        return Clause(field.name, _value(index, chance, field, chance.choice(rows)))

    def tree(depth: int) -> Node:
        way = chance.random()
        if not depth or way < 0.4:
            return clause()
        if way < 0.6:
            return none_of(tree(depth - 1))
        return (all_of if way < 0.8 else any_of)([tree(depth - 1) for _ in range(chance.choice((2, 2, 3)))])

    for _ in range(count):
        query = write(all_of([tree(2)]))
        yield f"{query} sort:{chance.choice(sorts)}" if chance.random() < 0.3 else query


def _value(index: Index, chance: random.Random, field: search.Field, row: Row) -> str:
    if field.values:
        return chance.choice(list(field.values))
    own = {"file": row.path, "group": row.list_group, "test": row.test_id, "session": row.group_id}
    if field.column is None and field.name not in own:
        number = chance.choice(("0", "1", "3", "12", "20", "200", "404", "1500"))
        return chance.choice((number, f">{number}", f"<={number}", f"..{number}", f"1..{number}"))
    name = own[field.name] if field.name in own else chance.choice(index.counts(field.column or ""))[0]
    name = name or "none"
    at = chance.randrange(len(name))
    return chance.choice((name, f"={name}", name[at : at + 6], f"{name[:at]}*{name[at + 2 :]}", name.swapcase()))


def test_what_is_wrong_is_said_in_the_same_words(opens: Opens) -> None:
    said = opens().evaluate(
        """async (queries) => {
          await SearchIndex.ready();
          return queries.map((query) => {
            try { Queries.read(query); } catch (error) { return [error.message, Queries.mended(query)]; }
          });
        }""",
        list(WRONG),
    )
    for query, answer in zip(WRONG, said, strict=True):
        with pytest.raises(QueryError) as error:
            search.read(query)
        assert answer == [str(error.value), edits.mended(query)], query


def test_what_narrows_and_what_is_offered_is_a_servers(index: Index, opens: Opens) -> None:
    page = opens()
    for query in (
        "",
        "lamp",
        "model:gpt-4o lamp",
        "(model:gpt-4o OR model:gpt-4.1) -provider:openai",
        "-is:error is:odd",
    ):
        facets = page.evaluate("(query) => Narrow.facets(query)", query)
        told = {
            facet.field.name: {(v.name, v.number, v.is_on, v.is_off, v.only, v.either, v.without) for v in facet.values}
            for facet in suggest.facets(index, query)
        }
        keys = ("name", "number", "isOn", "isOff", "only", "either", "without")
        assert {one["name"]: {tuple(v[key] for key in keys) for v in one["values"]} for one in facets} == told, query
    for query in ("", "mo", "is:", "is:fil", "model:gpt", "lamp tool:", "-prov", 'test:"', "gpt", "size:", "nothing:x"):
        offered = page.evaluate("(query) => Narrow.suggestions(query)", query)
        told_of = {tuple(one) for one in suggest.suggestions(index, query) if not one.text.startswith("changed")}
        assert {tuple(one.values()) for one in offered if not one["text"].startswith("changed")} == told_of, query


TEXTS = (
    "Is the lamp lit? The lamps, a clamp, LAMP-oil.", "getUserName, get_user_name, HTTPServer, getuser",
    "Crème brûlée, creme", "cafe\u0301 na\u00efve", "\U0001d400\U0001d41b\U0001d41c and abc", "天気がいい lamp天lamp",
    "ok 👍🏽 fine 👍", "ΣΊΣΥΦΟΣ σίσυφος",
    "İstanbul ıstanbul", "שָׁלוֹם shalom", "so\u00adft hyphen", "a\ue000b", "one two\n\nthree",
    "𝔘𝔫𝔦 code", "x" * 90 + "Lamp lamp", "myGetUser someNEwks",
)  # fmt: skip
SOUGHT = (
    "lamp", "user name", "getUserName", "userName", "server", "creme brulee", "cafe", "abc", "天気",
    "天", "lamp 天", "👍", "σισυφοσ", "istanbul", "שלום", "soft", "a b", "two three",
    "uni", "a", "ok 👍 fine", "Name", "LAMP oil", "new", "getuser",
)  # fmt: skip


def test_the_same_letters_are_marked(opens: Opens) -> None:
    spans = """([texts, sought]) => sought.map((one) => texts.map((text) =>
      (Words.marker([{ text: one, place: null }])?.spans(text) ?? []).map(([from, to]) => text.slice(from, to))))"""
    marked = opens().evaluate(spans, [list(TEXTS), list(SOUGHT)])
    some = 0
    for one, all in zip(SOUGHT, marked, strict=True):
        finds = marker([Wanted(one, None)])
        assert finds is not None
        for text, got in zip(TEXTS, all, strict=True):
            expected = [text[start:end] for start, end in finds.spans(text)]
            some += bool(expected)
            assert got == expected, (one, text)
    assert some > 20


# ---------------------------------------------------------------- what a person does


def test_a_search_from_the_field_to_the_words_and_on(index: Index, opens: Opens) -> None:
    lamps = len(_finds(index, "lamp"))
    page = opens()
    plain = page.locator("#list .row").count()
    page.fill("#q", "lamp")
    found(page, lamps)
    assert page.url.endswith("index.html?q=lamp")
    assert f"{lamps} exchanges of {index.totals().exchanges}" in (page.text_content("#counts") or "")
    assert page.locator("#suggestions [role=option]").count()
    first = page.locator("#list .row").first.get_attribute("data-uid")
    beside = page.frame_locator("#preview iframe")
    beside.locator(f"#view[data-uid='{first}'] mark#hit").wait_for()  # what it found first is read beside the list
    assert not beside.locator("#pane, .bar").locator("visible=true").count()
    assert page.evaluate("document.activeElement.id") == "q"
    page.press("#q", "Enter")
    row = page.locator("#list .row.has-hit", has=page.locator("mark")).first  # so that it has the room of a server's
    assert row.locator("mark").first.inner_text().lower() == "lamp"
    uid = row.get_attribute("data-uid")
    page.keyboard.press("j")
    page.wait_for_url(f"**/e/{uid}.html?q=lamp#hit")
    found(page, lamps)
    assert page.locator("#list .row[aria-current]").get_attribute("data-uid") == uid
    assert page.locator("mark#hit.current").inner_text().lower() == "lamp"
    assert page.locator("#hits output").inner_text().startswith("1 of ")
    page.keyboard.press("j")
    page.wait_for_url(lambda url: uid not in url)
    found(page, lamps)
    page.fill("#q", "")
    page.wait_for_url(lambda url: "q=" not in url)
    assert not page.locator("mark.hit").count()
    page.go_back()
    page.goto(page.url.partition("/e/")[0] + "/index.html")
    assert page.locator("#list .row").count() == plain


TREE = """() => [...document.querySelectorAll('#list :is(.tree-branch, .group)')].map((one) =>
  [one.className, one.dataset.path,
   [...one.querySelectorAll('.dot:not(.tree-branch > :is(.is-none, .is-issue))')].map((dot) => dot.className).join(' '),
   one.matches('.level-2') && one.querySelector('.number').textContent])"""

ALL_FAILED = """() => {
  const groups = [...SearchIndex.index().groups.keys()].sort();
  const grow = ResultTree.grown(groups);
  const box = document.createElement('div');
  for (const group of groups) {
    const section = document.createElement('section');
    section.innerHTML = '<h2><span class="dot is-failed"></span><span class="parameters"></span></h2>';
    box.append(...grow(group, section));
  }
  return [...box.querySelectorAll('.tree-branch.level-1')].map((one) =>
    [one.querySelector(':scope > .dot').className, one.querySelector('.outcome').textContent,
     one.querySelectorAll('.dots > .dot').length]);
}"""


def test_what_is_found_is_the_tree_of_a_server(index: Index, opens: Opens) -> None:
    """Branches, parameters below their test, dots: a query that finds all, and the list of the page itself."""
    page = opens()
    page.wait_for_selector("#list .tree-branch.level-1")
    own = {tuple(one) for one in page.evaluate(TREE)}
    page.evaluate("delete document.querySelector('#list').dataset.shown")
    page.fill("#q", "-model:nobody")
    found(page, index.totals().exchanges)
    assert {tuple(one) for one in page.evaluate(TREE)} >= own
    failed = page.evaluate(ALL_FAILED)
    assert {kind for kind, _, _ in failed} == {"dot is-failed"}
    assert [said for _, said, _ in failed] == [f"✗ {below}" for _, _, below in failed]
    numbers = [0, 7, 999, 1000, 1249, 1250, 1251, 1750, 9949, 9950, 59_949, 59_950, 60_500, 61_500, 120_000, 3_599_600]
    numbers += [3_600_000, 4_200_000, 36_000_000_000, 100_500, 1_250_000, 999_960, 320_000_000, 5_000_000_000]
    told = page.evaluate("numbers => numbers.map((one) => [View.duration(one), View.size(one)])", numbers)
    assert told == [[duration(one), size(one)] for one in numbers]


def test_chips_filters_and_orders_change_the_list_in_place(index: Index, opens: Opens) -> None:
    page = opens("index.html?q=model:gpt-4%20is:isue")
    page.wait_for_selector("#wrong .query-error")
    assert page.inner_text("#wrong") == "is:isue is not known; did you mean issue?"
    page.click("#wrong a")
    both = len(_finds(index, "model:gpt-4 is:odd"))
    found(page, both)
    page.locator(".chip", has_text="is:issue").click()
    found(page, len(_finds(index, "model:gpt-4")))
    page.click("#narrowing > summary")
    page.locator("[aria-labelledby=all-facet-provider] .value").get_by_text("openai", exact=True).click()
    found(page, len(_finds(index, "model:gpt-4 provider:=openai")))
    page.go_back()
    found(page, len(_finds(index, "model:gpt-4")))
    page.click("#order summary")
    page.locator("#order a", has_text="Total tokens").first.click()
    page.wait_for_url("**sort%3Atokens")
    until(page, "!document.querySelector('#list .group')")
    expected = _finds(index, "model:gpt-4 sort:tokens")
    assert page.eval_on_selector_all("#list .row", "rows => rows.map((row) => row.dataset.uid)") == expected
    page.fill("#q", "model:gtp-4o")
    page.wait_for_selector("#list .empty")
    assert "did you mean gpt-4o?" in page.inner_text("#wrong")


def test_it_says_where_scripts_are_not_allowed(site: Path, opens: Opens, witness: Witness, tmp_path: Path) -> None:
    shutil.copytree(site, tmp_path / "bare", ignore=shutil.ignore_patterns("search", "e"))
    witness.expected = "ERR_FILE_NOT_FOUND|cannot be loaded"
    page = opens(root=tmp_path / "bare")
    page.fill("#q", WORD)
    page.wait_for_selector("#list .empty b")
    assert page.inner_text("#list b") == "The search does not work here."


def test_whatever_somebody_has_in_hand_leads_to_its_page(index: Index, opens: Opens) -> None:
    row = next(row for uid in _finds(index, WORD) if (row := index.row(uid)) and row.group_kind == "test")
    stem = row.path.rpartition("/")[2].rpartition(".")[0]
    page = opens(f"find.html#{row.uid}")
    page.wait_for_url(f"**/e/{row.uid}.html")
    lookup = "(text) => Site.lookup(text).then((found) => found.map(({ href }) => href))"
    for text in (row.path, row.path.split("/", 1)[1], f"h/{stem[:12]}", f"p/{row.path}", f"e/{row.uid}"):
        assert f"../e/{row.uid}.html" in page.evaluate(lookup, text), text
    test = page.evaluate(lookup, row.group_id)
    assert len(test) == 1
    assert test[0].startswith("../t/")
    assert test[0] in page.evaluate(lookup, row.group_id.rpartition("::")[2])
    assert page.evaluate(lookup, "nothing goes by this") == []
    page.goto(page.url.partition("/e/")[0] + "/find.html#keeper")
    page.wait_for_selector("#found li a")
    page.fill("#what", row.uid)
    page.press("#what", "Enter")
    page.wait_for_url(f"**/e/{row.uid}.html")


_SHOWN = """kind => [...document.querySelectorAll('.compare .message .now')].map((text) => {
  const copy = text.cloneNode(true);
  for (const other of copy.querySelectorAll(kind)) other.remove();
  return copy.textContent;
}).filter(Boolean).sort()"""

_SAID = """([uid, other]) => {
  const { numberOf } = SearchIndex.index();
  const { of, messages } = SearchIndex.said();
  const texts = (one) => of[numberOf.get(one)].flatMap((message) => messages[message])
    .filter(({ place }) => place !== 'name');
  const theirs = new Set(texts(other).map(({ place, text }) => place + text));
  return texts(uid).filter(({ place, text }) => !theirs.has(place + text)).map(({ text }) => View.visible(text)).sort();
}"""


_MODEL = """(uid) => {
  const { names: { model }, numberOf } = SearchIndex.index();
  return model.names[model.of[numberOf.get(uid)]] ?? 'none';
}"""


_ASKED = """async (uids) => {
  const [{ numberOf }, asked] = [await SearchIndex.ready(), await Site.data('asked')];
  const ways = uids.map((uid) => asked.ways[asked.of[numberOf.get(uid)]]);
  const named = (number) => [`tool ${asked.tools[number][0]}`, number];
  const [before, after] = ways.map(([first, ...tools]) => ({
    ...asked.settings[first], ...Object.fromEntries(tools.map(named)) }));
  const isOther = (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(isOther);
}"""


def test_two_rows_that_are_ticked_are_compared(opens: Opens) -> None:
    page = opens(f"index.html?q={WORD}")
    page.locator("#list .pick").nth(5).wait_for(state="attached")
    first, *others = page.evaluate("[...document.querySelectorAll('#list .pick')].map((one) => one.value)")
    both = ((a, b) for a, b in permutations(others, 2) if page.evaluate(_SAID, [a, b]) and page.evaluate(_SAID, [b, a]))
    models = {uid: page.evaluate(_MODEL, uid) for uid in others}
    uids = [first, *next((a, b) for a, b in both if models[a] != models[b] and page.evaluate(_ASKED, [a, b]))]
    for uid in uids:  # of three, the last two
        page.locator(f"#list .pick[value='{uid}']").check()
    assert page.locator("#list .pick:checked").count() == 2
    page.locator("#picked button").first.click()
    page.locator(".compare h1").wait_for()
    assert page.evaluate(_SHOWN, "ins") == page.evaluate(_SAID, [uids[1], uids[2]])
    assert page.evaluate(_SHOWN, "del") == page.evaluate(_SAID, [uids[2], uids[1]])
    assert page.evaluate(_SHOWN, "del")
    lines = [" ".join(line.split()) for line in page.locator(".differences .side-request").all_inner_texts()]
    assert f"request model: {models[uids[1]]} → {models[uids[2]]}" in lines
    for key in page.evaluate(_ASKED, uids[1:]):
        assert any(line.startswith(f"request {key}") for line in lines), key
    page.get_by_role("button", name="‹ back").click()
    assert page.locator(".compare").count() == 0
