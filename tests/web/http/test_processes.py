"""Several processes, one directory, one index: a WSGI server with workers, and servers beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from inspector.web import create_app
from tests.making import chat, put, wait_until

pytest.importorskip("gunicorn")

WORKERS = 3


class Page:
    """An open page: a stream of events from one of the processes."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        self._socket = socket.create_connection((where.hostname, where.port), timeout=120)
        self._socket.sendall(b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self._file = self._socket.makefile("rb")
        head = {
            name: value for name, _, value in (line.partition(b": ") for line in iter(self._file.readline, b"\r\n"))
        }
        self.process = int(head[b"X-Process"])
        self.heard: list[str] = []
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        with suppress(OSError):
            for line in self._file:
                if line.startswith(b"data:"):
                    self.heard.append(line.decode())

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._listener.join()
        self._file.close()
        self._socket.close()


_APP = """
import os
from inspector.web import from_environment

def app():
    inner = from_environment()
    @inner.after_request
    def told(response):
        response.headers["X-Process"] = str(os.getpid())
        return response
    return inner
"""


@contextmanager
def _served(tmp_path: Path, *options: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Gunicorn with some processes, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    put(tmp_path / "served.py", _APP.encode())
    command = [
        sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--threads", "8", "--bind", f"127.0.0.1:{port}",
        "--graceful-timeout", "1", "--log-level", "warning", *options, "served:app()",
    ]  # fmt: skip
    paths = os.pathsep.join((str(tmp_path), str(Path(__file__).parents[3])))
    settings = {"INSPECTOR_PATHS": str(tmp_path / "r"), "INSPECTOR_INDEX": str(tmp_path / "x.sqlite"), **environment}
    env = {**os.environ, "PYTHONPATH": paths, **settings}
    with subprocess.Popen(command, cwd=tmp_path, env=env) as process:
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_until(lambda: _answers(address))
            yield address, process
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}static/css/style.css", timeout=120).close()
    except urllib.error.HTTPError as refused:
        refused.close()
    except OSError:
        return False
    return True


@contextmanager
def _open_pages(address: str) -> Iterator[list[Page]]:
    """An open page at each of the processes: one that has its page is stopped until the others have theirs."""
    pages: list[Page] = []
    try:
        for _ in range(WORKERS):
            pages.append(Page(address))
            os.kill(pages[-1].process, signal.SIGSTOP)
        for page in pages:
            os.kill(page.process, signal.SIGCONT)
        yield pages
    finally:
        for page in pages:
            with suppress(ProcessLookupError):
                os.kill(page.process, signal.SIGCONT)
            page.close()


def _listed(address: str) -> str:
    with urllib.request.urlopen(address, timeout=120) as answer:
        return answer.read().decode()


def _hear(pages: list[Page], uid: str) -> bool:
    return all(any(uid in line for line in page.heard) for page in pages)


def _uid(path: Path, root: Path) -> str:
    from inspector.files.roots import roots_of
    from inspector.library.identity import uid

    return uid(roots_of(root), path.relative_to(root).as_posix(), 0)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param((), id="each on its own"),
        pytest.param(("--preload",), id="forked from one", marks=pytest.mark.long),
    ],
)
def test_one_writes_and_the_pages_of_all_follow(tmp_path: Path, options: tuple[str, ...]) -> None:
    root = tmp_path / "r"
    put(root / "a.json", chat("the first question"))
    with _served(tmp_path, *options) as (address, _), _open_pages(address) as pages:
        wait_until(lambda: "the first question" in _listed(address))
        assert (tmp_path / "x.sqlite").exists()
        new = put(root / "b.json", chat("another question"))
        wait_until(lambda: _hear(pages, _uid(new, root)))
        writer = _holder(tmp_path / "x.sqlite.lock", [page.process for page in pages])
        os.kill(writer, signal.SIGKILL)
        left = [page for page in pages if page.process != writer]
        assert len(left) == WORKERS - 1
        last = put(root / "c.json", chat("the last question"))
        wait_until(lambda: _hear(left, _uid(last, root)))
        assert _holder(tmp_path / "x.sqlite.lock", [page.process for page in left])
        for _ in range(2 * WORKERS):
            page = _listed(address)
            assert all(word in page for word in ("the first question", "another question", "the last question"))


def _holder(lock: Path, processes: list[int]) -> int:
    """The one process that holds the lock."""
    inode = str(lock.stat().st_ino)
    locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    (holder,) = {int(line[4]) for line in locks if line[5].split(":")[2] == inode} & set(processes)
    return holder


@pytest.mark.long
def test_servers_on_one_host_share_an_index(tmp_path: Path) -> None:
    """One behind a WSGI server, one from the command line."""
    root = tmp_path / "r"
    put(root / "a.json", chat("the first question"))
    index = str(tmp_path / "x.sqlite")
    command = [sys.executable, "-m", "inspector", "serve", str(root), "--port", "0", "--index", index]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as alone, _served(tmp_path) as (address, _):
        assert alone.stdout
        own = [alone.stdout.readline(), alone.stdout.readline()][1].split()[-1]
        for place in (own, address):
            wait_until(lambda place=place: "the first question" in _listed(place))
        put(root / "b.json", chat("another question"))
        for place in (own, address):
            wait_until(lambda place=place: "another question" in _listed(place))
        alone.kill()
        put(root / "c.json", chat("after its end"))
        wait_until(lambda: "after its end" in _listed(address))


def test_a_token_and_names_come_from_the_environment(tmp_path: Path) -> None:
    put(tmp_path / "r" / "a.json", chat("asked"))
    with _served(tmp_path, INSPECTOR_TOKEN="let-me-in", INSPECTOR_HOSTS="traces.example.org") as (address, _):
        for headers, status in (
            ({}, 401),
            ({"Host": "elsewhere.example.org"}, 403),
            ({"Host": "traces.example.org"}, 401),
        ):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(address, headers=headers))
            assert refused.value.code == status
            refused.value.close()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(f"{address}?token=let-me-in") as answer:
            assert answer.status == 200


def test_a_process_that_answered_is_not_to_be_forked(tmp_path: Path) -> None:
    put(tmp_path / "a.json", chat("asked"))
    code = (
        "import os, sys; from inspector.web import create_app; app = create_app(sys.argv[1], in_memory=True)\n"
        "client = app.test_client(); app.testing = True; assert client.get('/').status_code == 200\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    try: client.get('/')\n"
        "    except RuntimeError as error: os.write(1, str(error).encode())\n"
        "    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, str(tmp_path)], capture_output=True, timeout=120)
    assert done.stdout.startswith(b"this process was forked"), done


def test_nothing_is_begun_before_the_first_request(tmp_path: Path) -> None:
    """A server may load the application, and fork afterwards."""
    put(tmp_path / "r" / "a.json", chat("asked"))
    app = create_app([str(tmp_path / "r")], index=tmp_path / "x.sqlite")
    assert not (tmp_path / "x.sqlite").exists()
    assert {thread.name for thread in threading.enumerate()}.isdisjoint({"watcher", "follower"})
    client = app.test_client()
    wait_until(lambda: "asked" in client.get("/").text)
    assert (tmp_path / "x.sqlite").exists()
    app.extensions["keeper"]().stop()
