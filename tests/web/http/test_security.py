"""Who may ask, and what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from inspector.web import Settings
from inspector.web.http.security import HEADERS, is_loopback
from tests.making import SAMPLES
from tests.web.pages import TABS, Shelf, parse

ELSEWHERE = "https://evil.example"


@pytest.fixture
def guarded(shelf: Shelf) -> Iterator[Shelf]:
    """As behind a bind outside loopback: a name of its own, and a token."""
    other = Shelf(shelf.path, Settings(("night.example",), "the-word"))
    yield other
    other.close()


# ---------------------------------------------------------------- Host


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:8808", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8808", "127.8.9.1:80", "[::1]",
        "[::1]:8808", "localhost.", "inspector.localhost:99", "localhost.localdomain",
    ],
)  # fmt: skip
def test_loopback_names_are_ours(samples: Shelf, host: str) -> None:
    assert samples.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:8808", "127.0.0.1.evil.example", "localhost.evil.example", "notlocalhost",
        "10.0.0.1", "0.0.0.0", "[2001:db8::1]", "192.168.1.10:8808", "::1:evil", "[::1", "127.0.0.1,evil.example",
        "localhost, localhost", "local host", "evil.example@localhost", "localhost/@evil", "localhost?x", "localhost#x",
        "localhost\\evil", " ", "",
    ],
)  # fmt: skip
def test_other_names_are_refused(samples: Shelf, host: str) -> None:
    answer = samples.client.get("/", headers={"Host": host})
    assert answer.status_code == 403
    assert "Margaret" not in answer.text


def test_no_host_is_refused(samples: Shelf) -> None:
    environ = EnvironBuilder(path="/").get_environ()
    del environ["HTTP_HOST"]
    _, status, _ = run_wsgi_app(samples.app, environ, buffered=True)
    assert status.startswith("403")


def test_a_name_that_was_allowed(shelf: Shelf) -> None:
    other = Shelf(shelf.path, Settings(("night.example",)))
    for host, status in [("night.example:8808", 200), ("Night.Example", 200), ("day.example", 403), ("localhost", 200)]:
        assert other.client.get("/", headers={"Host": host}).status_code == status, host
    other.close()


@pytest.mark.parametrize("path", ["/static/js/server/app.js", "/live", "/e/0123456789abcdef", "/help", "/nowhere"])
def test_the_host_is_checked_everywhere(samples: Shelf, path: str) -> None:
    assert samples.client.get(path, headers={"Host": "evil.example"}).status_code == 403


def test_who_is_refused_learns_nothing_of_what_is_served(guarded: Shelf, samples: Shelf) -> None:
    for answer, status in (
        (samples.client.get("/", headers={"Host": "evil.example"}), 403),
        (samples.client.get("/", headers={"Origin": ELSEWHERE}), 403),
        (guarded.client.get("/"), 401),
        (samples.client.get("/?q=" + "x" * 9_000), 414),
    ):
        assert answer.status_code == status
        assert SAMPLES.name not in answer.text
        assert str(guarded.path) not in answer.text
        assert len(answer.data) < 200


def test_loopback() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("::")


# ---------------------------------------------------------------- Origin and Sec-Fetch-*

NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "none", **NAVIGATION}, True),
        ({"Sec-Fetch-Site": "cross-site", **NAVIGATION}, True),
        ({"Sec-Fetch-Site": "same-site", **NAVIGATION}, True),
        ({**SAME_ORIGIN, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, False),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, False),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "empty"}, False),
        ({"Origin": ELSEWHERE}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://localhost:9999"}, False),
        ({"Origin": "http://[::"}, False),
        ({"Origin": ELSEWHERE, "Sec-Fetch-Site": "cross-site", **NAVIGATION}, False),
    ],
)
@pytest.mark.parametrize("path", ["/", "/static/js/server/app.js", "/help"])
def test_where_a_request_comes_from(samples: Shelf, path: str, headers: dict[str, str], allowed: bool) -> None:
    answer = samples.client.get(path, headers=headers)
    assert (answer.status_code == 200) is allowed, answer.status
    assert allowed or answer.status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"Origin": ELSEWHERE}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", **NAVIGATION}, 403),
    ],
)
def test_a_secret_is_shown_to_our_own_page_only(samples: Shelf, headers: dict[str, str], status: int) -> None:
    uid = samples.uid("keeper.hurl")
    answer = samples.client.post(f"/e/{uid}/secret/0", headers=headers)
    assert answer.status_code == status
    assert ("sk-example" in answer.text) is (status == 200)


def test_nothing_changes_by_asking(samples: Shelf) -> None:
    """A secret is opened and a recording pasted by POST, and POST does nothing else."""
    uid = samples.uid("keeper.hurl")
    assert samples.client.get(f"/e/{uid}/secret/0").status_code == 405
    posts = [rule.rule for rule in samples.app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert sorted(posts) == ["/changes", "/e/<uid>/secret/<int:number>", "/log", "/paste", "/why"]
    for number in ("99", "-1", "x"):
        assert samples.client.post(f"/e/{uid}/secret/{number}").status_code == 404
    assert samples.client.post("/e/0123456789abcdef/secret/0").status_code == 404


# ---------------------------------------------------------------- token


def test_a_token_becomes_a_cookie(guarded: Shelf) -> None:
    guarded.put("a.json", _sample())
    client = guarded.client
    assert client.get("/").status_code == 401
    assert client.get("/?token=wrong").status_code == 401
    answer = client.get("/?token=the-word")
    assert answer.status_code == 302
    assert "the-word" not in answer.headers["Location"]
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Path=/" in cookie
    assert "SameSite=Lax" in cookie, "a link in a CI page brings the cookie along"
    page = client.get("/")
    assert page.status_code == 200
    assert "the-word" not in page.text
    for address in ("/live", "/static/js/server/app.js", "/help"):
        assert client.get(address, buffered=False).status_code == 200
        assert guarded.app.test_client().get(address).status_code == 401


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/?token=the-word", "./"),
        ("/help?token=the-word", "./help"),
        ("/e/0123/stream?token=the-word&at=7", "./stream?at=7"),
        ("/?q=is%3Aodd+%22a+b%22&token=the-word", "./?q=is%3Aodd+%22a+b%22"),
        ("/t/a%20b%3Fc%23d?token=the-word", "./a%20b%3Fc%23d"),
        ("/x/https:evil.example?token=the-word", "./https%3Aevil.example"),
        ("/x//evil.example?token=the-word", "./evil.example"),
    ],
)
def test_the_token_leaves_the_address_as_it_is(guarded: Shelf, address: str, to: str) -> None:
    assert guarded.client.get(address).headers["Location"] == to


def test_a_token_is_compared_whole(guarded: Shelf) -> None:
    for wrong in ("", "the-wor", "the-word-", "THE-WORD", "wörd"):
        assert guarded.app.test_client().get("/", query_string={"token": wrong}).status_code == 401
        client = guarded.app.test_client()
        client.set_cookie("inspector-token", wrong)
        assert client.get("/").status_code == 401


def test_without_a_token_an_address_with_one_is_just_an_address(samples: Shelf) -> None:
    assert samples.client.get("/?token=x").status_code == 200


# ---------------------------------------------------------------- headers


def test_every_answer_is_protected(samples: Shelf) -> None:
    uid = samples.uid("keeper.hurl")
    asked = [
        "/", "/help", *(f"/e/{uid}{tab}" for tab in TABS), f"/e/{uid}/file", f"/e/{uid}/show.json",
        f"/e/{uid}/part/m0-p0?as=text", f"/e/{uid}/part/m0-p0?as=file", "/static/js/server/app.js",
        "/static/nothing.js",
        "/favicon.ico", "/nowhere", "/e/0123456789abcdef", f"/e/{uid}/secret/0", "/h/keeper", "/h/k", "/live",
    ]  # fmt: skip
    for address in asked:
        with samples.client.get(address, buffered=False) as answer:
            _assert_protected(answer.headers, address)
    _assert_protected(samples.client.get("/", headers={"Host": "evil.example"}).headers, "a refusal")
    _assert_protected(samples.client.post(f"/e/{uid}/secret/0").headers, "a secret")


def test_an_answer_that_fails_is_protected(samples: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(samples.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("inspector.web.list.routes.list_view", lambda *_: 1 / 0)
    monkeypatch.setattr(samples.app.logger, "disabled", True)
    answer = samples.client.get("/")
    assert answer.status_code == 500
    assert "division" not in answer.text
    _assert_protected(answer.headers, "a failure")


def _assert_protected(headers: object, what: str) -> None:
    for name, value in HEADERS.items():
        assert headers.get(name) == value, f"{what}: {name}"  # type: ignore[attr-defined]
    named = [name.lower() for name, _ in headers.items()]  # type: ignore[attr-defined]
    assert not [name for name in named if name.startswith("access-control-")], what
    assert "cache-control" in named, what


def test_the_policy_lets_nothing_in() -> None:
    policy = HEADERS["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in policy


def test_no_cors_for_a_preflight(samples: Shelf) -> None:
    asks = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "GET", "Sec-Fetch-Site": "cross-site"}
    answer = samples.client.options("/", headers=asks)
    assert answer.status_code == 403
    _assert_protected(answer.headers, "a preflight")


def test_a_token_is_in_no_page(tmp_path: Path) -> None:
    shelf = Shelf(SAMPLES, Settings((), "the-word"))
    client = shelf.app.test_client()
    client.get("/?token=the-word")
    for address in ("/", "/help", f"/e/{shelf.uid('keeper.hurl')}"):
        text = client.get(address).text
        assert parse(text).tags
        assert "the-word" not in text
    shelf.close()


def _sample() -> str:
    from tests.web.pages import recording

    return recording()


def test_the_app_is_a_plain_wsgi_application(samples: Shelf) -> None:
    assert isinstance(samples.app, Flask)
