"""A plugin for pytest, which does nothing unless it is asked: with ``--inspector``, or ``inspector = true`` in the
configuration. Until then nothing else of the program is loaded."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("inspector", "recorded LLM traffic (inspector)")
    group.addoption(
        "--inspector", action="store_true", help="map tests to their recordings, and show those of a test that fails"
    )
    group.addoption(
        "--inspector-map",
        metavar="FILE",
        help="write that map to FILE too, for a CI artifact (implies --inspector)",
    )
    for names in (("--inspector-link-base", "--link-base"), ("--inspector-link-base",)):
        try:
            group.addoption(
                *names,
                dest="inspector_link_base",
                metavar="URL",
                help="print links to a published export or a shared server (or INSPECTOR_LINK_BASE)",
            )
            break
        except ValueError:  # another plugin has the short one
            continue
    parser.addini("inspector", "as --inspector", type="bool", default=False)
    parser.addini("inspector_link_base", "as --link-base", default="")
    parser.addini(
        "inspector_recordings",
        "where recordings are kept (by default in folders called recordings or cassettes)",
        type="paths",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    if not (config.getoption("--inspector") or config.getoption("--inspector-map") or config.getini("inspector")):
        return
    try:
        from inspector.pytest_plugin.run import Run

        config.pluginmanager.register(Run(config), "inspector-run")
    except Exception as error:  # a test run never fails for us
        trouble = f"inspector: {type(error).__name__}: {error}"
        config.pluginmanager.register(_Said(trouble), "inspector-run")


class _Said:
    """Says what kept us from working."""

    def __init__(self, trouble: str) -> None:
        self._trouble = trouble

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(" ".join(self._trouble.split()))
