"""The command `inspector`, and ``python -m inspector``."""

from __future__ import annotations

import sys

from inspector import __version__


def main() -> None:
    """Say the version, which takes nothing; anything else is for the command line, which takes ten times as long."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"inspector {__version__}\n")
        return
    from inspector.cli import main as command

    command()


if __name__ == "__main__":
    main()
