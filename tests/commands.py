"""The command line, run in the process of the test: what it prints, and how it ends.

A process of its own takes half a second to start: what is about processes (signals, terminals, ports) has one.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from inspector.cli import main


class Done(NamedTuple):
    """A command that has ended: bytes of standard output and standard error, and its exit status."""

    returncode: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        return self.stdout.decode()


def run(*arguments: str | Path, given: bytes = b"", at: Path | None = None) -> Done:
    """Run ``inspector`` in the folder `at`, with `given` on standard input. What the command raises is raised."""
    with chdir(at or Path.cwd()):
        done = CliRunner().invoke(main, [str(one) for one in arguments], input=given, catch_exceptions=False)
    return Done(done.exit_code, done.stdout_bytes, done.stderr_bytes)
