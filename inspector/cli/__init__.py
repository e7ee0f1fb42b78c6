"""The command line: one module a command, loaded when it is asked for, so that ``--version`` is quick."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from inspector import __version__
from inspector.cli.terminal import say

COMMANDS = {
    "serve": "Show the recordings below PATH… in a browser, and follow what changes.",
    "open": "Open the page of a link, an id, a hash, a path or a test in the browser.",
    "show": "Print exchanges: a transcript, or JSON for scripts.",
    "ls": "List exchanges, one line each.",
    "export": "Write the same pages as files, for a static host, a CI artifact or a folder.",
    "summary": "Sum up recordings: errors, issues, what changed since an earlier state, and counts.",
    "diff": "Say what changed between two states of recordings: which answers, which requests, and what is noise.",
    "check": "Check recordings by rules, for CI: credentials, failures, broken streams and calls.",
    "find-log": "Find the requests that a CI log says have no recording, and what is left of their tests.",
    "why": "Say why a request found no recording: what its hash proves, or what is most like it.",
    "index": "The indexes that `serve` keeps in the cache directory.",
}
"""Each a function in the module of its name, with what it does in one line."""


_ASKS_FOR_HELP: type[click.ClickException] | tuple[()] = getattr(click.exceptions, "NoArgsIsHelpError", ())
"""What is raised where no command is given: its lines are the help. Click before 8.2 prints that itself."""


class _Group(click.Group):
    """``inspector PATH`` is ``inspector serve PATH``. Whatever goes wrong is one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"inspector.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in COMMANDS and args[0] not in ("-h", "--help", "--version"):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **settings: Any) -> NoReturn:
        try:
            status = super().main(*args, **{**settings, "standalone_mode": False})
        except click.ClickException as error:
            if isinstance(error, _ASKS_FOR_HELP):
                error.show()
            else:
                say(" ".join(error.format_message().split()))
            status = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            status = 130
        sys.exit(status if isinstance(status, int) else 0)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="inspector", message="%(prog)s %(version)s")
def main() -> None:
    """Read recorded LLM traffic: llama-stack test recordings, VCR cassettes, HAR files, and more."""
