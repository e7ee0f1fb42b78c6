"""What a report in one file holds: files as they were, each fragment once, and scripts by their hashes."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector import export
from inspector.export import one_file
from inspector.export import packing as packed
from inspector.export.chunking import LEAST, LONG, fragments
from inspector.files import export_bundle
from inspector.files.roots import roots_of
from tests.export.sites import files, site
from tests.making import chat, examples, put

LINES = st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([b"x" * LONG, b" ," * LONG, b"", b'  "said",'])))
CONTENTS = LINES.map(b"\n".join)


def packing(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    packing = packed.Packing(out)
    for name, content in contents.items():
        packing.add(name, content, one_file.companions(name))
    packing.close()
    return out.getvalue()


def report(folder: Path) -> bytes:
    """The report of a site that was written to a folder."""
    held = {name: content for name, content in files(folder).items() if not name.startswith("static/")}
    out = io.BytesIO()
    one_file.write([("index.html", held.pop("index.html")), *sorted(held.items())], out)
    return out.getvalue()


def blocks(page: bytes) -> dict[str, bytes]:
    found = re.findall(rb'<script type="application/octet-stream" id="([\w-]+)">([^<]*)</script>', page)
    return {id.decode(): zlib.decompress(b64decode(content)) for id, content in found}


class _Attributes(HTMLParser):
    """The names of all attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [name for name, _ in attrs]


# ---------------------------------------------------------------- fragments


@examples(40)
@given(CONTENTS)
def test_fragments_are_their_content_again(content: bytes) -> None:
    found = list(fragments(content))
    assert b"".join(found) == content
    assert all(found)


def test_what_is_said_is_the_same_fragment_wherever_it_is_quoted() -> None:
    said = b'"content": "' + b"word " * LONG + b'"'
    quoted = [b"{\n  %b,\n}", b"[[{\n        %b\n}]]", b"<pre>\n%b</pre>"]
    for one in quoted[:2]:
        assert said in list(fragments(one % said))
    assert said not in list(fragments(quoted[2] % said))  # only what stands beside it on its line tells them apart


@examples(40)
@given(CONTENTS, CONTENTS)
def test_what_follows_a_long_line_is_cut_alike(one: bytes, other: bytes) -> None:
    rest = b"<b>" + b"x" * LONG + b"</b>\n" + b"\n".join(b"line %d" % number for number in range(50))
    tails = [list(fragments(begin + b"\n" + rest)) for begin in (one, other)]
    at = [tail.index(b"<b>" + b"x" * LONG + b"</b>") for tail in tails]
    assert tails[0][at[0] :] == tails[1][at[1] :]


# ---------------------------------------------------------------- packing


@examples(40)
@given(st.dictionaries(st.text("abc/.", min_size=1), CONTENTS))
def test_what_is_packed_comes_out_again(contents: dict[str, bytes]) -> None:
    page = packing(contents)
    assert packed.unpacked(page) == contents
    assert packing(contents) == page


def test_large_files_and_many_fragments_come_out_again() -> None:
    many = b"".join(b"%064d\n" % number for number in range(3 * packed.MOST))
    contents = {"a": bytes(range(256)) * 8000, "e/many": many, "b": b"", "e/again": many[100:] + many}
    page = packing(contents)
    assert packed.unpacked(page) == contents
    assert len(blocks(page)) > 6
    assert all(len(block) < 2_048_000 + packed.SIZE * 2 for block in blocks(page).values())


@examples(40)
@given(st.lists(CONTENTS))
def test_each_fragment_is_stored_once(contents: list[bytes]) -> None:
    stored: Counter[bytes] = Counter()
    named = {f"{number % 3}/{number}": content for number, content in enumerate(contents)}
    page = packing(named)
    recipes = packed.unpacked(page)
    expected = {fragment for content in contents for fragment in fragments(content)}
    for id, block in blocks(page).items():
        if id != "files":
            stored.update(packed._opened(block))
    assert recipes == named
    assert expected <= set(stored)
    assert all(stored[fragment] == 1 for fragment in expected if len(fragment) > LEAST)


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**20, 2**31])
def test_numbers_are_read_as_they_were_written(number: int) -> None:
    written = packed._numbers([7, number])
    assert packed._number(written, 1) == (number, len(written))


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("file", "link", "target"),
    [
        ("e/0123456789abcdef.html", 'href="../index.html"', 'href="#index.html"'),
        ("e/0123456789abcdef.html", 'href="0123456789abcdef/stream,from=200.html#c250"',
         'href="#e/0123456789abcdef/stream,from=200.html:c250"'),
        ("help.html", 'data-copy-link="#keys"', 'data-copy-link="#help.html:keys"'),
        ("e/0123456789abcdef/raw.html", 'href="../../t/a-b.html"', 'href="#t/a-b.html"'),
        ("t/a.html", 'href="../index.html?q=is%3Aodd&amp;x=1"', 'href="#index.html?q=is%3Aodd&amp;x=1"'),
        ("e/0123456789abcdef.html", 'src="0123456789abcdef/part/m0-p0,as=media.png"',
         'data-src="e/0123456789abcdef/part/m0-p0,as=media.png"'),
        ("index.html", 'href="https://example.com/#a"', 'href="https://example.com/#a"'),
        ("index.html", 'href="#detail"', 'href="#detail"'),
        ("index.html", 'title="a" data-value="../x"', 'title="a" data-value="../x"'),
    ],
)  # fmt: skip
def test_links_lead_to_places_in_the_report(file: str, link: str, target: str) -> None:
    assert one_file.linked(file, f"<a {link}>".encode()) == f"<a {target}>".encode()


def test_a_page_is_its_panes_and_does_not_name_its_own_exchange() -> None:
    page = b'<html><title>One</title><main id="panes"><a href="../e/0123456789abcdef.html#m1">\x01</a></main></html>'
    kept = one_file.panes("e/0123456789abcdef.html", page).decode()
    assert kept == '<title>One</title>\n<main id="panes"><a href="#e/\x01.html:m1">\ufffd</a></main>'


def test_json_is_packed_without_its_colours() -> None:
    coloured = b'<main><pre class="code"><span class="p">{</span><span class="nt">"a&lt;"</span></pre></main>'
    assert one_file.panes("help.html", coloured).endswith(b'<main><pre class="code" data-json>{"a&lt;"</pre></main>')
    program = b'<main><pre class="code"><span class="kn">import</span> a</pre></main>'
    assert one_file.panes("help.html", program).endswith(b'<main><pre class="code">import a</pre></main>')
    marked = b'<main><pre class="code">a <mark class="hit">b</mark></pre></main>'
    assert one_file.panes("help.html", marked).endswith(marked)


# ---------------------------------------------------------------- reports


@pytest.fixture(scope="module")
def samples(exported: Path) -> bytes:
    return report(exported)


@pytest.mark.long
def test_only_scripts_and_styles_with_a_hash_of_the_policy_stand_in_a_report(samples: bytes) -> None:
    policy = unescape(re.findall(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', samples)[0].decode())
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    for tag in ("script", "style"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), samples, re.DOTALL)
        hashes = {f"'sha256-{b64encode(sha256(text).digest()).decode()}'" for text in inside}
        assert hashes == set(re.search(rf"{tag}-src ([^;]*)", policy)[1].split())  # type: ignore[index]
    kinds = re.findall(rb"<script[^>]*>", samples)
    assert all(re.fullmatch(rb'<script(?: type="application/octet-stream" id="[\w-]+")?>', kind) for kind in kinds)
    document = _Attributes()
    document.feed(samples[: samples.index(b"octet-stream")].decode())
    assert not [name for name in document.names if name == "src" or name == "style" or name.startswith("on")]
    assert samples.rstrip().endswith(b"</html>")
    assert samples.count(b"<!--") == 0


@pytest.mark.long
def test_every_link_of_a_report_leads_to_something_in_it(samples: bytes) -> None:
    held = packed.unpacked(samples)
    pages = {name: text.replace(one_file.OWN, name[2:18].encode()) for name, text in held.items() if ".html" in name}
    assert len(pages) > 50
    for name, page in pages.items():
        for link in re.findall(rb'\s(?:href|data-copy-link)="#([^"]*)"', page):
            file, _, place = unescape(link.decode()).partition("?")[0].partition(":")
            assert file in held, (name, link)
            assert not place or f'id="{place}"'.encode() in pages[file], (name, link)


def test_a_message_that_ten_turns_repeat_is_stored_once_in_each_form(tmp_path: Path) -> None:
    """As it is shown, as JSON, as text to search: however many exchanges and pages hold it."""
    words = " ".join(f"word{number} <b>" for number in range(60))
    before: list[dict[str, str]] = [{"role": "system", "content": f"Be kind. {words} SYSTEM"}]
    for turn in range(10):
        said, answer = f"Question {turn}? {words} ASKED{turn}", f"Answer {turn}. {words} REPLIED{turn}"
        put(tmp_path / "rec" / f"{turn}.json", chat(said, answer, before=before))
        before += [{"role": "user", "content": said}, {"role": "assistant", "content": answer}]
    site(tmp_path / "rec", tmp_path / "site")
    written = b"".join(files(tmp_path / "site").values())
    stored = b"".join(blocks(report(tmp_path / "site")).values())
    shown = words.replace("<", "&lt;").replace(">", "&gt;")
    for mark in ("SYSTEM", "ASKED0", "REPLIED0", "ASKED4"):
        forms = [f"{shown} {mark}</p>", f'{shown} {mark}"', f'{words} {mark}"']
        assert all(written.count(form.encode()) > 5 for form in forms[:2])
        for form in forms[:2]:
            assert stored.count(form.encode()) == 1, form
        assert stored.count(f"{words} {mark}".encode()) <= 2  # JSON of `show`, and what is searched


def test_a_report_is_the_same_each_time_and_takes_the_place_of_a_report_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    put(tmp_path / "rec" / "a.json", chat())
    out = tmp_path / "there" / "report.html"

    def written(query: str = "") -> bytes:
        done = export.report(roots_of(tmp_path / "rec"), out, query, False, lambda _: None)
        assert done.exchanges == 1
        return out.read_bytes()

    first = written()
    assert written() == first
    assert b"2023-11-14 22:13 UTC" in first
    assert [path.name for path in out.parent.iterdir()] == ["report.html"]
    with pytest.raises(export.Nothing):
        written("nobody-said-this")
    assert out.read_bytes() == first
    out.write_text("<!doctype html><title>Mine</title>")
    with pytest.raises(export.NotOurs):
        written()
    assert out.read_text() == "<!doctype html><title>Mine</title>"


@pytest.mark.long
def test_a_report_carries_its_recordings(exported: Path) -> None:
    lines = [export_bundle.HEADER + b"1}\n", b'{"exported":"har","path":"a.har"}\n']
    out = io.BytesIO()
    home = (exported / "index.html").read_bytes()
    one_file.write([("index.html", home)], out, gzip.compress(b"".join(lines), mtime=0))
    assert export_bundle.is_export("report.html", out)
    assert [line for _, line in export_bundle.members(out, 1000)] == lines
    assert packed.unpacked(out.getvalue()).keys() == {"index.html"}
