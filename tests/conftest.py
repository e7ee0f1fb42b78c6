"""What all tests share. Recordings are made with `tests.making`."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings, strategies

from inspector.model.jsonio import RECURSION_LIMIT
from tests.making import SAMPLES
from tests.scheduling import FewBrowsers

sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell: the servers that tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)  # would never hear that they are to stop

# Examples of what is fuzzed: some each time, many with `-m hypothesis --hypothesis-profile long`. How long one takes
# says nothing on a machine that is busy.
for name, count in {"some": 15, "long": 200}.items():
    settings.register_profile(name, max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("some")

_TURNS = "INSPECTOR_TESTS_TURNS"
"""The environment variable that names the directory where the processes of a run wait for each other."""

gc.disable()  # until all is collected


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or fills the cache of the person who runs it."""
    with pytest.MonkeyPatch.context() as own:
        own.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as a site of files; nobody changes it."""
    from inspector import export
    from inspector.files.roots import roots_of

    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # one for all processes
    out = base / "exported" / "site"
    with FileLock(base / "exported.lock"), pytest.MonkeyPatch.context() as own:
        own.setenv("XDG_CACHE_HOME", str(base / "exported" / "cache"))
        if not out.exists():
            done = export.site(roots_of(SAMPLES), out, "", False, lambda _: None)
            assert not done.refused
            assert done.files == sum(path.is_file() for path in out.rglob("*")), "a page was written twice"
    return out


def pytest_configure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        turns = tempfile.TemporaryDirectory(prefix="inspector-tests-")
        os.environ[_TURNS] = turns.name
        config.add_cleanup(turns.cleanup)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """All processes collect all modules, in the same order: the first one compiles each, and the others read that."""
    if not isinstance(collector, pytest.Module):
        return (yield)
    with FileLock(f"{os.environ[_TURNS]}/{collector.nodeid.replace('/', '.')}"):
        return (yield)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: nobody needs to look whether it is garbage, again and again. And the table
    of characters that texts are drawn from is made once."""
    gc.enable()
    gc.collect()
    gc.freeze()
    with FileLock(f"{os.environ[_TURNS]}/characters"):  # which takes seconds, but for who comes after the first
        strategies.text().validate()


def pytest_xdist_auto_num_workers() -> int:
    """Two processes more than there are cores, for browsers and servers are waited for."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FewBrowsers | None:
    return FewBrowsers(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-goldens", action="store_true", help="write what samples mean into their goldens")
