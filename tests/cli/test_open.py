"""Whatever somebody has in the hand leads to its page, on a server that runs or on one that is started."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspector.cli.handles import handles
from inspector.cli.open import _around, _asked, _of_running
from inspector.files.urls import link
from inspector.index.cache_place import cache_directory
from inspector.library.instances import noted, servers
from inspector.web import Settings, create_app
from inspector.web.http.server import server
from tests.making import chat, put, wait_until

ID = "0123456789abcdef"
TEST = "tests/integration/a/test_x.py::test_y[p/q=r-::]"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (ID, f"e/{ID}"),
        (f"{ID}#m3-p1", f"e/{ID}#m3-p1"),
        (f"e/{ID}", f"e/{ID}"),
        (f"/e/{ID}.html#reply", f"e/{ID}#reply"),
        (f" `{ID}`, ", f"e/{ID}"),
        (f"http://127.0.0.1:8808/e/{ID}/stream?at=15000#c15000", f"e/{ID}/stream?at=15000#c15000"),
        (f"https://proxy.example/below/e/{ID}?text=plain", f"e/{ID}?text=plain"),
        (f"https://ci.example/t/a/site/e/{ID}.html#m3", f"e/{ID}#m3"),
        (f"file:///home/me/site/e/{ID}.html#m3", f"e/{ID}#m3"),
        (f"site/e/{ID}.html#m3", f"e/{ID}#m3"),
        (f"report.html#e/{ID}.html:reply", f"e/{ID}#reply"),
        (link("https://ci.example/site", f"e/{ID}/stream?at=7#c7"), f"e/{ID}/stream?at=7#c7"),
        (link("https://ci.example/report.html", f"e/{ID}/stream?at=7#c7"), f"e/{ID}/stream?at=7#c7"),
        (link("https://ci.example/report.html", f"e/{ID}#m3-p1"), f"e/{ID}#m3-p1"),
        ("https://ci.example/t/tests/a.py%3A%3Atest_b", "t/tests/a.py%3A%3Atest_b"),
        ("https://ci.example/t/?id=a//b", "t/?id=a%2F%2Fb"),
        ("https://ci.example/?q=fog+horn", "?q=fog+horn"),
        (link("https://ci.example/site", "tests"), "tests"),
        (link("https://ci.example/report.html", "tests"), "tests"),
        ("https://ci.example/below/tests", "tests"),
        ("tests.html", "tests"),
        (TEST, "t/tests/integration/a/test_x.py%3A%3Atest_y%5Bp/q%3Dr-%3A%3A%5D"),
        ("(tests/a.py::test_b[c])", "t/tests/a.py%3A%3Atest_b%5Bc%5D"),
        ("tests/a.py::test_b - AssertionError", "t/tests/a.py%3A%3Atest_b%20-%20AssertionError"),
        ("a//b::c", "t/?id=a%2F%2Fb%3A%3Ac"),
        ("deadbeef", "h/deadbeef"),
        ("deadbeef.json", "h/deadbeef"),
        ("some/where/x.json:12", "p/some/where/x.json"),
        ("./some/x.json:12:3", "p/some/x.json"),
    ],
)
def test_what_people_hold_is_an_address(text: str, first: str) -> None:
    assert handles(text)[0] == first


@pytest.mark.parametrize(
    "text", ["", " ", "::", "http://", "http://[", "x://y", "\0", "~nobody/x", "a" * 5000, "#", "/"]
)
def test_anything_may_be_asked(text: str) -> None:
    assert all(isinstance(one, str) for one in handles(text))


FILES = {
    "tests/a/recordings/deadbeef01.json": chat("one", test="tests/a/test_x.py::test_y[p/q=r]"),
    "tests/a/recordings/deadbeef02.json": chat("two", test="tests/a/test_x.py::test_z[1]"),
    "tests/a/recordings/feed0001.json": chat("three", test="tests/a/test_x.py::test_z[2]"),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "checkout" / ".git").mkdir(parents=True)
    for path, data in FILES.items():
        put(tmp_path / "checkout" / path, data)
    return tmp_path / "checkout"


@contextmanager
def running(*paths: Path, token: str | None = None) -> Iterator[tuple[str, dict[str, str]]]:
    """A server that noted itself: its address, and the ids by what was asked."""
    app = create_app(list(paths), in_memory=True, settings=Settings(token=token))
    bound = server(app, "127.0.0.1", 0)
    threading.Thread(target=bound.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{bound.server_port}/"
    keeper = app.extensions["keeper"]()
    try:
        keeper.library.refresh()
        with noted(address, *paths):
            yield address, {row.asked: row.uid for row in keeper.library.index.rows()}
    finally:
        bound.shutdown()
        bound.server_close()
        keeper.stop()


def test_a_server_that_runs_is_asked(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "other" / "deadbeef03.json", chat("elsewhere"))
    monkeypatch.chdir(checkout)
    with running(tmp_path / "other"), running(checkout / "tests") as (address, uids):
        one = f"{address}e/{uids['one']}"
        file = checkout / "tests/a/recordings/deadbeef01.json"
        for wanted, found in {
            uids["one"]: one,
            f"https://ci.example/e/{uids['one']}.html#m1": f"{one}#m1",
            "deadbeef01": one,
            "deadbeef01.json": one,
            "recordings/deadbeef01.json:3": one,
            "tests/a/recordings/deadbeef01.json": one,
            str(file): one,
            f"{file}:3": one,
            "tests/a/test_x.py::test_y[p/q=r]": f"{address}t/tests/a/test_x.py%3A%3Atest_y%5Bp/q%3Dr%5D",
            "test_y": f"{address}t/test_y",
            "test_z": f"{address}t/test_z",
            "deadbeef": f"{address}h/deadbeef",
            str(checkout / "tests"): address,
            "nothing": None,
            "0" * 16: None,
        }.items():
            assert _asked(wanted, ()) == found, wanted
        assert _asked("deadbeef01", (checkout,)) is None, "it shows but a part of what was asked for"
        assert _asked("deadbeef01", (checkout / "tests" / "a",)) == one
        assert _asked("deadbeef03", ()) is None, "another one shows that"
        assert _of_running(f"{one}#m1") == f"{one}#m1"
        assert _of_running("https://ci.example/e/1") is None
    assert servers() == []


def test_a_token_is_in_no_note_and_nothing_is_found_out_without_it(checkout: Path) -> None:
    with running(checkout, token="hush") as (address, uids):
        notes = [file.read_text() for file in (cache_directory() / "running").iterdir()]
        assert [json.loads(note)["address"] for note in notes] == [address]
        assert "hush" not in notes[0]
        assert _asked(uids["one"], (checkout,)) == f"{address}e/{uids['one']}"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"address": 1}',
        '{"pid": 0, "address": "ADDRESS", "served": []}',
        '{"pid": PID, "address": "http://192.0.2.1:80/", "served": ["/"]}',
        '{"pid": PID, "address": "http://localhost:x/", "served": ["/"]}',
        '{"pid": PID, "address": "ADDRESS", "served": ["/"]}',
    ],
)
def test_a_note_that_nobody_stands_for_is_removed(note: str) -> None:
    """What listens there is no server of ours."""
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{stranger.getsockname()[1]}/"
        file = put(cache_directory() / "running" / "1.json", b"")
        file.write_text(note.replace("PID", str(os.getpid())).replace("ADDRESS", address))
        assert servers() == []
        assert not file.exists()


def test_where_it_is_looked_for(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(checkout / "site" / "inspector-export.json", b"{}")
    page = put(checkout / "site" / "e" / f"{ID}.html", b"")
    archive = put(tmp_path / "ci.zip", b"")
    monkeypatch.chdir(checkout / "tests" / "a")
    for wanted, place in {
        "deadbeef": checkout,
        "recordings/deadbeef01.json": checkout / "tests" / "a" / "recordings",
        "recordings/deadbeef01.json:7": checkout / "tests" / "a" / "recordings",
        "recordings": checkout / "tests" / "a" / "recordings",
        str(archive): archive,
        f"{page}#m3": checkout / "site",
        f"file://{page}#m3": checkout / "site",
    }.items():
        assert _around(wanted) == place, wanted
    monkeypatch.chdir(tmp_path)
    assert _around("deadbeef") == tmp_path


def test_one_is_started_where_none_runs(checkout: Path, tmp_path: Path) -> None:
    """From the command line to the browser, and back: the note goes with the server."""
    opened = tmp_path / "opened"
    browser = tmp_path / "browser.sh"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(0o755)
    env = os.environ | {"BROWSER": f"{browser} %s"}
    command = [sys.executable, "-m", "inspector", "open"]
    asked = [*command, "deadbeef01", str(checkout)]
    alone = subprocess.run([*asked, "--print"], env=env, capture_output=True, timeout=120, text=True)
    assert (alone.returncode, alone.stdout) == (1, "")
    assert "no running server" in alone.stderr
    lost = subprocess.run([*command, "zzzz", str(checkout)], env=env, capture_output=True, timeout=120, text=True)
    assert (lost.returncode, lost.stderr.count("\n")) == (1, 1)
    assert f"nothing below {checkout} is zzzz" in lost.stderr
    with subprocess.Popen(asked, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            *_, page = [process.stdout.readline().strip() for _ in range(4)]
            wait_until(opened.exists)
            wait_until(lambda: opened.read_text() == f"{page}\n")
            again = subprocess.run([*asked, "--print"], env=env, capture_output=True, timeout=120, text=True)
            assert again.stdout == f"{page}\n"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=120)
    assert process.returncode == 0
    assert servers() == []
    assert opened.read_text() == f"{page}\n", "--print opens nothing"
