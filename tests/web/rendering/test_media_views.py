"""What messages hold beside words: images, sound, citations, probabilities; bodies that are no text; other traffic."""

from __future__ import annotations

import json

import pytest

from inspector.model import Blob, Body, Citation, Token
from inspector.web.exchange import body_views
from inspector.web.rendering import citations, media_views, token_views
from tests.web.pages import HTMX, Page, Shelf, message, parse, recording, resolved
from tests.web.rich import PNG, SVG, WAV, answer, binary, cassette, cited, encoded, image, interaction, token

SHOWN = {"img", "audio", "video"}


def media_of(page: Page) -> list[tuple[str, dict[str, str | None]]]:
    return [(tag, attributes) for tag, attributes in page.tags if tag in SHOWN]


# ---------------------------------------------------------------- images, audio, files


def test_an_image_is_shown_in_place_and_opens_larger(shelf: Shelf) -> None:
    parts = [{"type": "text", "text": "What is this?"}, image("image/png", PNG)]
    uid = shelf.put("a.json", recording(messages=[message(parts)]))
    page = shelf.page(f"/e/{uid}")
    (tag, shown) = media_of(page)[0]
    assert tag == "img"
    assert "image/png" in (shown["alt"] or "")
    assert shown["src"] in [one["href"] for _, one in page.having("href")], "a link opens it larger"
    got = shelf.client.get(resolved(f"/e/{uid}", shown["src"] or "") or "")
    assert (got.mimetype, got.data) == ("image/png", PNG)
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    got = shelf.client.get(f"/e/{uid}/part/m0-p1?as=file")
    assert (got.headers["Content-Disposition"], got.data) == ("attachment; filename=m0-p1.png", PNG)


def test_sound_has_controls_and_can_be_sought_in(shelf: Shelf) -> None:
    part = {"type": "input_audio", "input_audio": {"data": encoded(WAV), "format": "wav"}}
    uid = shelf.put("a.json", recording(messages=[message([part])]))
    ((tag, shown),) = media_of(shelf.page(f"/e/{uid}"))
    assert (tag, "controls" in shown) == ("audio", True)
    got = shelf.client.get(resolved(f"/e/{uid}", shown["src"] or "") or "", headers={"Range": "bytes=0-3"})
    assert (got.status_code, got.mimetype, got.data) == (206, "audio/wav", b"RIFF")


def test_bare_samples_become_a_sound_that_browsers_play() -> None:
    blob = Blob("audio/L16;codec=pcm;rate=16000", "audio", encoded(bytes(3200)), 3200)
    assert media_views.of_blob(blob) == "audio"
    wave = media_views.playable(blob, bytes(3200))
    assert wave[:4] + wave[8:12] == b"RIFFWAVE"
    assert int.from_bytes(wave[24:28], "little") == 16_000
    assert len(wave) == 3244


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image/svg+xml", SVG),
        ("image/png", SVG),
        ("text/html", b"<script>bottleOpened=1</script>"),
        ("image/png", b"<html><script>bottleOpened=1</script>"),
        ("application/pdf", b"%PDF-1.7"),
        ("image/x\u202egnp", b"???"),
    ],
    ids=["svg", "svg that says png", "html", "html that says png", "pdf", "a name that turns around"],
)
def test_what_is_not_safe_to_show_is_a_card(shelf: Shelf, kind: str, data: bytes) -> None:
    uid = shelf.put("a.json", recording(messages=[message([image(kind, data)])]))
    page = shelf.page(f"/e/{uid}")
    assert not media_of(page)
    assert "\u202e" not in page.text
    assert "download" in page.text
    assert shelf.client.get(f"/e/{uid}/part/m0-p0?as=media").status_code == 404
    got = shelf.client.get(f"/e/{uid}/part/m0-p0?as=file")
    assert got.mimetype == "application/octet-stream"
    assert got.headers["Content-Disposition"].startswith("attachment")


def test_a_type_that_lies_about_a_safe_image_does_no_harm(shelf: Shelf) -> None:
    """The bytes are a PNG, whatever the recording calls them: they are served as what they are."""
    uid = shelf.put("a.json", recording(messages=[message([image("text/html", PNG)])]))
    ((_, shown),) = media_of(shelf.page(f"/e/{uid}"))
    assert shelf.client.get(resolved(f"/e/{uid}", shown["src"] or "") or "").mimetype == "image/png"


@pytest.mark.parametrize(
    ("address", "linked"),
    [("https://light.example/a.png", True), ("javascript:bottleOpened=1", False), ("file:///etc/passwd", False)],
)
def test_what_is_elsewhere_is_never_loaded(shelf: Shelf, address: str, linked: bool) -> None:
    part = {"type": "image_url", "image_url": {"url": address}}
    uid = shelf.put("a.json", recording(messages=[message([part])]))
    page = shelf.page(f"/e/{uid}")
    assert not media_of(page)
    assert address in page.text
    links = [one for tag, one in page.having("href") if one["href"] == address]
    assert bool(links) is linked
    assert all("noreferrer" in (one["rel"] or "") for one in links)


def test_an_image_that_a_tool_answered_with_is_shown_beside_its_text() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": encoded(PNG)}
    response = [{"type": "text", "text": "The lamp:"}, {"type": "image", "source": source}]
    (view,) = media_views.views(response)
    assert (view.shown, view.mime_type, view.size) == ("image", "image/png", len(PNG))
    (view,) = media_views.views({"deep": [{"url": f"data:image/png;base64,{encoded(PNG)}"}]})
    assert view.shown == "image"
    assert media_views.views("data:image/png;base64,") == ()
    assert media_views.views([{"media_type": "text/plain", "data": "The log of the lamp"}]) == ()
    assert media_views.views([{"type": "image", "source": {**source, "data": encoded(PNG)[:-9] + "…"}}]) == ()
    assert len(media_views.views([response[1]] * 100)) < 100


# ---------------------------------------------------------------- citations

SAID = "The lamp is **lit.** It burns [oil](https://oil.example/a_b)."
SOURCES = [
    cited("https://lamp.example/log", "The log", 0, 20),
    cited("https://oil.example/", "Oil", 21, 40),
    cited("https://lamp.example/log", "The log", 21, len(SAID)),
    cited("javascript:bottleOpened=1", "Free oil", 0, len(SAID)),
]


@pytest.mark.parametrize("mode", ["", "?text=plain"])
def test_citations_are_numbered_and_lead_to_their_sources(shelf: Shelf, mode: str) -> None:
    uid = shelf.put("a.json", answer(SAID, annotations=SOURCES))
    page = shelf.page(f"/e/{uid}{mode}")
    marks = [one["href"] or "" for _, one in page.having("href") if "-s" in (one["href"] or "") and "#" in one["href"]]
    assert marks[0] == "#reply-p0-s1"
    assert {mark[1:] for mark in marks} <= set(page.ids)
    assert page.ids.count("reply-p0-s1") == 1, "what is cited twice is one source"
    assert "3 sources" in page.text
    outside = {one["href"] for tag, one in page.having("rel") if tag == "a"}
    assert {"https://lamp.example/log", "https://oil.example/"} <= outside
    assert not [one for one in outside if (one or "").startswith("javascript")]
    assert "javascript:bottleOpened=1" in page.text


def test_marks_stand_where_the_words_end_and_break_no_markdown() -> None:
    found = citations.cited(SAID, [Citation(0, 20, "https://a.test", "A"), Citation(21, 45, "https://b.test", "B")])
    html = citations.rendered(SAID, found.marks, "r")
    assert "<strong>lit.</strong><sup class='cite'><a href='#r-s1'" in html
    assert "href='https://oil.example/a_b'" in html, "an address keeps its characters"
    assert "</a><sup class='cite'><a href='#r-s2'" in html, "the mark stands behind the link, not in its address"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("```py\nx = 1\n```\nDone.", 15),
        ("```py\nx\n```", 4),
        ("<https://a.test/b>", 9),
        ("[a]: https://x.test\n\n[a]", 12),
        ("a" * 30_000, 12),
        ("\u2045\U0010f8e07\U0010f8e1\u2046 said", 4),
        ('![x](https://a.test/i.png "t")', 27),
    ],
    ids=["behind a fence", "a fence's language", "an address", "a reference", "no markdown", "our own sign", "title"],
)
def test_where_a_mark_would_change_the_text_it_is_left_to_the_sources(text: str, end: int) -> None:
    html = citations.rendered(text, ((end, (1,)),), "r")
    rest = html.replace("<sup class='cite'><a href='#r-s1' title='source 1'>1</a></sup>", "")
    assert rest == citations.rendered(text, (), "r")


def test_a_mark_never_lands_inside_of_a_tag() -> None:
    text = '**a** `c` [l](https://x.test "t") | <b> &amp; ~~s~~\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |'
    without = citations.rendered(text, (), "r")
    for end in range(1, len(text) + 1):
        html = citations.rendered(text, ((end, (1,)),), "r")
        parse(html)
        assert html.replace("<sup class='cite'><a href='#r-s1' title='source 1'>1</a></sup>", "") == without


def test_a_text_that_is_cut_shows_no_marks_of_the_rest(shelf: Shelf) -> None:
    text = "The lamp is lit. " * 1_000
    uid = shelf.put("a.json", answer(text, annotations=[cited("https://a.test", "A", 0, 16_000)]))
    page = shelf.page(f"/e/{uid}")
    assert "1 source" in page.text
    assert ("sup", {"class": "cite"}) not in page.tags


def test_many_sources_are_folded(shelf: Shelf) -> None:
    many = [cited(f"https://a.test/{number}", f"Page {number}", 0, 16) for number in range(30)]
    page = shelf.page(f"/e/{shelf.put('a.json', answer('The lamp is lit.', annotations=many))}")
    assert "18 more" in page.text
    assert len([one for one in page.ids if one.startswith("reply-p0-s")]) == 30


# ---------------------------------------------------------------- token by token


def test_a_text_token_by_token(shelf: Shelf) -> None:
    likely = [token("The", -0.001, ("The", -0.001), ("<b>A", -7.0)), token(" lamp", -1.2), token("\n", -9.0)]
    uid = shelf.put("a.json", answer("The lamp\n", logprobs=likely))
    page = shelf.page(f"/e/{uid}")
    assert "text=tokens" in "".join(one["href"] or "" for _, one in page.having("href"))
    assert not [one for _, one in page.having("tabindex") if "tok" in (one.get("class") or "").split()]
    page = shelf.page(f"/e/{uid}?text=tokens")
    shaded = [one["class"] for _, one in page.having("tabindex") if "tok" in (one.get("class") or "").split()]
    assert shaded == ["tok p0", "tok p4", "tok p6"]
    assert "99.9 %" in page.text
    assert "30 %" in page.text
    assert "<b>A" in page.text, "an alternative, as text"
    assert "as Markdown" in page.text
    assert not page.having("style")


def test_a_long_text_shows_its_first_tokens_and_leads_to_the_rest(shelf: Shelf) -> None:
    uid = shelf.put("a.json", answer("x" * 3000, logprobs=[token("x", -0.5)] * 3000))
    page = shelf.page(f"/e/{uid}?text=tokens")
    assert len([tag for tag, one in page.tags if one.get("class") == "tip"]) == token_views.FIRST
    address = f"/e/{uid}/part/reply-p0?text=tokens"
    assert address in {resolved(f"/e/{uid}", one["href"] or "") for _, one in page.having("href")}
    first, last = shelf.page(address), shelf.page(f"{address}&from=2000")
    assert len([1 for _, one in first.tags if one.get("class") == "tip"]) == token_views.WINDOW
    assert "tokens 2,000 to 2,999 of 3,000" in last.text


def test_a_text_without_probabilities_offers_no_such_view(shelf: Shelf) -> None:
    page = shelf.page(f"/e/{shelf.put('a.json', recording())}")
    assert "token by token" not in page.text
    assert "The lamp is lit." in shelf.page(f"/e/{shelf.uid('a.json')}?text=tokens").text


@pytest.mark.parametrize(
    ("logprob", "said"),
    [(0.0, "100 %"), (-0.0101, "99.0 %"), (-0.7, "50 %"), (-4.0, "1.8 %"), (-9999.0, "< 0.1 %"), (3.0, "100 %")],
)
def test_probabilities_in_words(logprob: float, said: str) -> None:
    assert token_views.percent(logprob) == said


def test_odd_tokens_are_harmless() -> None:
    odd = (Token("<i>\x1b[2J\u202e", float("nan")), Token("", float("-inf"), (("\n ", -1.0),)))
    html = str(token_views.tokens_view(odd).html)
    assert "<i>" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "(nothing)" in html
    assert "↵␣" in html


# ---------------------------------------------------------------- calls written as text


def test_a_call_written_as_text_stands_beside_its_result(shelf: Shelf) -> None:
    written = '<tool_call>\n{"name": "light", "arguments": {"lamp": 1}}\n</tool_call>'
    tools = [{"type": "function", "function": {"name": "light", "parameters": {"type": "object"}}}]
    messages = [message("Light it"), message(written, "assistant"), message("It is lit.", "tool", tool_call_id="c1")]
    document = json.loads(recording(messages=messages))
    document["request"]["body"]["tools"] = tools
    page = shelf.page(f"/e/{shelf.put('a.json', json.dumps(document))}")
    assert "written as text" in page.text
    assert "m1-p0-c0" in page.ids
    assert page.ids.index("m1-p0-c0") < page.ids.index("m2-p0")
    assert "answers no call" not in page.text


# ---------------------------------------------------------------- what is no talk with a model

LOGIN = interaction("POST", "https://oauth2.googleapis.com/token", "grant_type=refresh", '{"access_token":"x"}')
TRACE = interaction("POST", "https://us.i.posthog.com/batch/", '{"batch":[]}', "")
PAGE = interaction("GET", "https://light.example/", None, "<html><script>bottleOpened=1</script>")
PICTURE = interaction("GET", "https://light.example/a.png", None, binary(PNG))


def test_other_traffic_is_folded_by_what_it_is(shelf: Shelf) -> None:
    shelf.put("test_a/test_b.yaml", cassette(LOGIN, LOGIN, TRACE, PAGE))
    page = shelf.page("/")
    assert len([tag for tag, one in page.tags if one.get("class") == "fold"]) == 3
    for line in ("2 × auth", "1 × telemetry", "1 × other web traffic"):
        assert line in " ".join(page.text.split())
    assert "POST /token" in page.text
    assert "oauth2.googleapis.com" in page.text


def test_a_page_of_other_traffic_shows_both_bodies(shelf: Shelf) -> None:
    shelf.put("test_a/test_b.yaml", cassette(LOGIN, PAGE, PICTURE))
    login, html, picture = (shelf.page(f"/e/{row.uid}") for row in shelf.rows)
    assert "Signing in" in login.text
    assert "grant_type=refresh" in login.text
    assert "access_token" in login.text
    assert "holds no messages" not in login.text
    assert "<html><script>" in html.text
    assert not html.inline_scripts or "bottleOpened" not in "".join(html.inline_scripts)
    assert [tag for tag, _ in media_of(picture)] == ["img"]
    assert "89 50 4e 47" in picture.text


# ---------------------------------------------------------------- bodies


@pytest.mark.parametrize("tab", ["request", "response"])
def test_bytes_are_a_card_with_their_first_ones(shelf: Shelf, tab: str) -> None:
    data = b"\x00\x01\xfe\xff" * 100
    both = interaction("POST", "https://light.example/x", binary(data), binary(data))
    uid = shelf.put("test_a/test_b.yaml", cassette(both))
    page = shelf.page(f"/e/{uid}/{tab}")
    assert "400 B" in page.text
    assert "00 01 fe ff" in page.text
    assert "None" not in page.text
    got = shelf.client.get(f"/e/{uid}/body/{tab}")
    assert (got.data, got.mimetype) == (data, "application/octet-stream")
    assert got.headers["Content-Disposition"] == f"attachment; filename={tab}.bin"
    assert shelf.client.get(f"/e/{uid}/body/{tab}?as=media").status_code == 404
    assert shelf.client.get(f"/e/{uid}/body/elsewhere").status_code == 404


def test_frames_have_their_way_and_their_order() -> None:
    frames = [("sent", {"type": "a"}), ("received", {"type": "b", "delta": "x" * 5_000}), ("received", "text")] * 100
    view = body_views.body_view(Body("frames", frames))
    assert view is not None
    assert view.total == 300
    assert len(view.frames) == body_views.FRAMES
    assert [frame.is_sent for frame in view.frames[:3]] == [True, False, False]
    assert view.frames[1].left > 0


def test_frames_on_the_pages(shelf: Shelf) -> None:
    sent = {"type": "session.update", "session": {"instructions": "Be brief."}}
    received = {"type": "response.done", "response": {"id": "r1", "status": "completed", "output": []}}
    entries = [
        {"direction": "sent", "data": json.dumps(sent)},
        {"direction": "received", "data": json.dumps(received)},
    ]
    uid = shelf.put("test_a/test_ws.yaml", cassette(*entries))
    stream, response = shelf.page(f"/e/{uid}/stream"), shelf.page(f"/e/{uid}/response")
    for page in (stream, response):
        assert "→ sent" in page.text
        assert "← received" in page.text
        assert page.text.index("→ sent") < page.text.index("← received")
    asked = shelf.page(f"/e/{uid}/request").text
    assert "→ sent" in asked
    assert "← received" not in asked
    for tab in ("", "/request", "/raw"):
        assert "None" not in shelf.page(f"/e/{uid}{tab}").text


def test_json_in_one_line_is_laid_out_and_can_be_seen_as_it_was_sent(shelf: Shelf) -> None:
    uid = shelf.put("test_a/test_b.yaml", cassette(interaction("POST", "https://light.example/x", '{"a":{"b":1}}')))
    page = shelf.page(f"/e/{uid}/request")
    assert '"a": {' in page.text
    as_sent = next(one["href"] or "" for _, one in page.having("href") if "as=sent" in (one["href"] or ""))
    assert '{"a":{"b":1}}' in shelf.page(resolved(f"/e/{uid}/request", as_sent) or "").text


def test_an_exchange_without_an_address_has_a_title_and_no_empty_fields(shelf: Shelf) -> None:
    uid = shelf.put("test_a/test_b.yaml", cassette(interaction("", "", '{"x":1}', '{"y":2}')))
    for tab in ("", "/request", "/response", "/raw", "/stream"):
        page = shelf.page(f"/e/{uid}{tab}")
        assert "None" not in page.text, tab
        title = page.text.partition(" · inspector")[0].strip()
        assert title, tab
    assert "were recorded" in shelf.page(f"/e/{uid}/request").text
    partial = shelf.client.get(f"/e/{uid}", headers=HTMX)
    assert partial.status_code == 200
