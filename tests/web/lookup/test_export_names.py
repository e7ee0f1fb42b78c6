"""The names that pages have as files of an export lead to the same pages on a server."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.files.urls import address_of, file_of, link, slug
from tests.web.pages import Shelf

UID = "0123456789abcdef"


def same(one: str, other: str) -> bool:
    a, b = urlsplit(one), urlsplit(other)
    return (unquote(a.path), sorted(parse_qsl(a.query))) == (unquote(b.path), sorted(parse_qsl(b.query)))


@pytest.mark.parametrize(
    "address",
    [
        f"e/{UID}", f"e/{UID}/stream", f"e/{UID}/stream?from=200", f"e/{UID}?from=m50&from=reply-p50", f"e/{UID}/as",
        f"e/{UID}/part/m0-p1", f"e/{UID}/part/m0-p1?from=64000", f"e/{UID}/beside?of=ways", f"e/{UID}?text=tokens",
        f"e/{UID}/raw?from=1&until=22",
    ],
)  # fmt: skip
def test_a_file_of_an_exchange_tells_its_address(address: str) -> None:
    told = address_of(file_of(address))
    assert told is not None
    assert same(told, address)


@given(st.text(max_size=80), st.text(max_size=80))
def test_two_names_are_never_one_file(one: str, other: str) -> None:
    """Also on file systems that tell capitals from small letters no more."""
    assert (slug(one).lower() == slug(other).lower()) == (one == other)
    assert slug(one) == slug(one).lower()


def test_every_page_of_a_server_is_found_by_the_name_of_its_file(samples: Shelf) -> None:
    groups = [f"{row.group_kind[0]}/{row.group_id}" for row in samples.rows if row.group_kind in ("test", "session")]
    exchanges = [f"e/{row.uid}{tab}" for row in samples.rows[:20] for tab in ("", "/request", "/raw", "/as")]
    alone = ("help", "help/searching", "log", "tests", "find", "matrix", "checks")
    for address in (*alone, *dict.fromkeys(groups), *exchanges):
        answer = samples.client.get("/" + file_of(address))
        assert answer.status_code == 302, address
        assert same(urljoin(f"/{file_of(address)}", answer.headers["Location"]).lstrip("/"), address)


@pytest.mark.parametrize("name", ["index.html", "index.html?q=lamp", "index,page=3.html"])
def test_the_list_is_found_too(samples: Shelf, name: str) -> None:
    answer = samples.client.get(f"/{name}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == ("./?q=lamp" if "q=" in name else "./")


@pytest.mark.parametrize("name", ["t/nothing-0123456789.html", "a/b/c.html", "e/../../etc/passwd.html"])
def test_no_other_name_is(samples: Shelf, name: str) -> None:
    assert samples.client.get(f"/{name}").status_code == 404


@pytest.mark.parametrize(
    ("base", "whole"),
    [
        ("https://me.example/site", f"https://me.example/site/e/{UID}.html#m3"),
        ("https://me.example/site/", f"https://me.example/site/e/{UID}.html#m3"),
        ("https://me.example/run/report.html", f"https://me.example/run/report.html#e/{UID}.html:m3"),
    ],
)
def test_links_below_a_base(base: str, whole: str) -> None:
    assert link(base, f"e/{UID}#m3") == whole
