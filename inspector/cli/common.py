"""What several commands share: paths that can be read, queries that mean something, failures that are one line."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from inspector.cli.terminal import line, say

if TYPE_CHECKING:
    from inspector.compare.states.change import Since
    from inspector.files.roots import Roots


F = TypeVar("F", bound=Callable[..., Any])


class Failure(click.ClickException):
    """Nothing could be read."""

    exit_code = 1


def check(query: str) -> None:
    """Raises `click.UsageError` for a query that means nothing, before work begins."""
    from inspector import search

    try:
        known = search.read(query)
    except search.QueryError as error:
        raise click.UsageError(str(error)) from None
    if known.is_of_verdicts:
        raise click.UsageError("verdict: and is:changed are for the pages of what --against compares with")


def roots_at(paths: tuple[Path, ...]) -> Roots:
    """The roots of paths. What is wrong with any of them is said before work begins."""
    from inspector.files.roots import roots_of

    set_recursion_limit()
    for path in paths:
        _look(path)
    return roots_of(*paths, say=say)


def look_at_earlier(against: str, roots: Roots) -> None:
    """The same of the state that some roots are compared with."""
    from inspector.compare.states.given import REVISION, is_path
    from inspector.compare.states.revisions import NoRevision, revision

    if is_path(against):
        roots_at((Path(against),))
        return
    try:
        revision(str(roots.all[0].path), against.removeprefix(REVISION))
    except NoRevision as error:
        raise click.UsageError(f"--against {against}: {error}") from None


def is_in_part(since: Since) -> bool:
    """Whether nobody knows what changed in some files, which is said then."""
    from inspector.output.plural import count

    unknown = sum(one.hides for one in since.unread)
    if unknown:
        say(f"what changed is not known of {count(unknown, 'file')} that could not be read")
    return unknown > 0


def _look(path: Path) -> None:
    name = line(str(path))
    try:
        if not path.resolve(strict=True).is_file():
            os.scandir(path).close()
    except FileNotFoundError:
        _usage(f"{name} does not exist")
    except NotADirectoryError:
        _usage(f"{name} is neither a directory nor a file")
    except PermissionError:
        _usage(f"{name}: no permission to read it")
    except RuntimeError:  # before Python 3.13
        _usage(f"{name}: too many levels of symbolic links")
    except (OSError, ValueError) as error:
        _usage(f"{name}: {getattr(error, 'strerror', None) or error}")


def _usage(why: str) -> NoReturn:
    raise click.UsageError(why)


def end_as_at_ctrl_c() -> None:
    """A command that is told to end puts away what it has on the disk."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def set_recursion_limit() -> None:
    from inspector.model.jsonio import RECURSION_LIMIT

    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))


def link_base(command: F) -> F:
    """The option that makes a command print links."""
    return click.option(
        "--link-base",
        metavar="URL",
        envvar="INSPECTOR_LINK_BASE",
        default="",
        callback=_checked_base,
        help="Print links to a published export or a shared server (or INSPECTOR_LINK_BASE).",
    )(command)


def link_changes(command: F) -> F:
    """The option that says that links may lead to pages of changes."""
    return click.option(
        "--link-changes",
        is_flag=True,
        help="Also link to the pages of changes: what --link-base names was made, or is served, with --against.",
    )(command)


def _checked_base(_: click.Context, __: click.Parameter, base: str) -> str:
    if base and not base.startswith(("http://", "https://", "file://")):
        raise click.BadParameter("it begins with neither http:// nor https:// nor file://")
    return base
