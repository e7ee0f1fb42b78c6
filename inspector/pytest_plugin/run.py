"""One run of tests: what each opened and how it ended. Under pytest-xdist the workers send with their reports what was
opened, and the one that started them puts everything together."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from inspector.files.roots import repository
from inspector.files.scan import named
from inspector.model import jsonio
from inspector.output.escape import visible_line
from inspector.output.plural import count
from inspector.pytest_plugin.caught_requests import caught
from inspector.pytest_plugin.opened_files import Opened, unwatched, watched
from inspector.pytest_plugin.report_of_miss import Misses
from inspector.pytest_plugin.report_section import Links, recordings_of, section
from inspector.pytest_plugin.unplayed_entries import unplayed
from inspector.redaction.mask import text as without_secrets
from inspector.testruns import missed_request, results
from inspector.testruns.results import LastRun, Outcomes

_NARROWED = ("keyword", "markexpr", "lf", "deselect", "collectonly", "ignore", "ignore_glob")
"""Options of pytest with which not all tests of a file run."""

_SENT, _UNPLAYED = "inspector_opened", "inspector_unplayed"
"""What a worker sends with the report of a teardown."""

_MISSED, _LEFT_OUT = "inspector_missed", "inspector_left_out"
"""What it sends with the report of a failure, and at its end."""


class Run:
    """The plugin, once it is asked for."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._began = round(time.time(), 3)
        self._rootdir = config.rootpath.resolve()
        self._top = repository(self._rootdir)
        self._folder = "" if self._rootdir == self._top else self._rootdir.relative_to(self._top).as_posix()
        self._folders: Sequence[Path] = config.getini("inspector_recordings")
        self._links = Links(self._top, self._rootdir, self._folders, _link_base(config))
        self._misses = Misses(self._links)
        self._is_worker = hasattr(config, "workerinput")
        self._left_out = 0
        self._opened: Opened | None = None
        self._tests: dict[str, LastRun] = {}
        self._trouble = ""

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Nothing of ours makes a run fail, nor counts as what a test did."""
        try:
            with unwatched(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        except Exception as error:
            self._trouble = self._trouble or f"{type(error).__name__}: {error}"

    # ------------------------------------------------------------ where tests run

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        self._opened = Opened(self._top, self._folders)
        with watched(self._opened):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        with self._quietly():
            opened = self._opened.recordings if self._opened else {}
            if report.when == "teardown":
                setattr(report, _SENT, {self._path_of(place): how for place, how in opened.items()})
                setattr(report, _UNPLAYED, unplayed(getattr(item, "funcargs", None) or {}, self._path_of))
            if report.failed:
                self._tell(report, item.nodeid, opened, call.excinfo)
        return report

    def _tell(
        self,
        report: pytest.TestReport,
        id: str,
        opened: Mapping[str, str],
        error: pytest.ExceptionInfo[BaseException] | None,
    ) -> None:
        """What the report of a failure takes along, and says."""
        found = caught(error.value, id, self._path_of) if error else []
        missed = [missed_request.without_secrets(one) for one in found]
        setattr(report, _MISSED, jsonio.dumps([missed_request.as_json(one) for one in missed]))
        if said := section(self._links, id, opened):
            report.sections.append(("inspector", said))
        if told := self._misses.told(missed, recordings_of(self._links, id, opened)):
            report.sections.append(("inspector: no recording", told))

    def _path_of(self, place: str) -> str:
        """Of a file on the disk, relative to the repository."""
        return named(os.path.relpath(place, self._top).replace(os.sep, "/"))

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._left_out += len(items)

    # ------------------------------------------------------------ where everything comes together

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not self._is_worker:
            with self._quietly():
                self._note(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._left_out += getattr(node, "workeroutput", {}).get(_LEFT_OUT, 0)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self._is_worker:
            self._config.workeroutput[_LEFT_OUT] = self._left_out  # type: ignore[attr-defined]
            return
        with self._quietly():
            stopped = exitstatus not in (0, 1) or session.shouldstop or session.shouldfail
            run = Outcomes(self._tests, {} if stopped else dict.fromkeys(self._whole(), self._began))
            if self._tests and (file := self._config.getoption("--inspector-map")):
                results.keep(run, self._top, self._config.invocation_params.dir / file)
            if self._tests:
                results.keep(run, self._top)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        with self._quietly():
            if self._tests and not self._trouble:
                used = sum(bool(test.recordings) for test in self._tests.values())
                where = self._links.link("tests") or "inspector open tests.html"
                terminalreporter.write_line(
                    f"inspector: {used:,} of {count(len(self._tests), 'test')} opened recordings · {where}"
                )
        if self._trouble:
            terminalreporter.write_line(visible_line(f"inspector: {self._trouble}"), yellow=True)

    def _note(self, report: pytest.TestReport) -> None:
        """A phase of a test; a test that begins anew replaces what is known of it."""
        id = without_secrets(report.nodeid)
        key = f"{self._folder}/{id}" if self._folder else id
        known = None if report.when == "setup" else self._tests.get(key)
        if known is None:
            known = LastRun(key, id, "passed", "", "", 0.0, self._began, {})
        known = known._replace(duration=round(known.duration + report.duration, 3))
        outcome = _outcome(report)
        if not known.is_failing and outcome != "passed":
            known = known._replace(outcome=outcome, message=results.short(_why(report)))
            known = known._replace(phase=report.when or "" if known.is_failing else "")
            known = known._replace(missed=missed_request.read(jsonio.loads(getattr(report, _MISSED, "[]").encode())))
        self._tests[key] = known._replace(
            recordings=getattr(report, _SENT, known.recordings), unplayed=getattr(report, _UNPLAYED, known.unplayed)
        )

    def _whole(self) -> Iterator[str]:
        """The folders and files whose tests all ran, relative to the repository."""
        if self._left_out or any(getattr(self._config.option, name, None) for name in _NARROWED):
            return
        for argument in self._config.args:
            place = (self._config.invocation_params.dir / argument).resolve()
            if "::" not in argument and place.exists() and place.is_relative_to(self._top):
                inner = named(place.relative_to(self._top).as_posix())
                yield "" if inner == "." else inner


def _link_base(config: pytest.Config) -> str:
    given = (
        config.getoption("inspector_link_base"),
        os.environ.get("INSPECTOR_LINK_BASE"),
        config.getini("inspector_link_base"),
    )
    return next((base for base in given if base), "")


def _outcome(report: pytest.TestReport) -> str:
    is_expected = hasattr(report, "wasxfail")
    if report.failed:
        return "error" if report.when in ("setup", "teardown") else "failed"
    if report.skipped:
        return "xfailed" if is_expected else "skipped"
    return "xpassed" if is_expected and report.when == "call" else "passed"


def _why(report: pytest.TestReport) -> str:
    """Why a test failed, or was skipped, without the code that did."""
    said = report.longrepr
    if isinstance(said, tuple):
        return str(said[2])
    crash = getattr(said, "reprcrash", None)
    return str(getattr(report, "wasxfail", "") or (crash.message if crash else said or ""))
