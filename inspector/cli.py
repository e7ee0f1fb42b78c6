"""The command line. Each command imports what it needs when it runs, so that ``--version`` is quick."""

from __future__ import annotations

import os
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from inspector import __version__
from inspector.terminal import Reached, line, out, say

if TYPE_CHECKING:
    from inspector.gather import Shown
    from inspector.roots import Roots

_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with, never bound to


class _Group(click.Group):
    """``inspector PATH`` is ``inspector serve PATH``. Whatever goes wrong is one line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help", "--version"):
            args = ["serve", *args]
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **settings: Any) -> NoReturn:
        try:
            status = super().main(*args, **{**settings, "standalone_mode": False})
        except click.ClickException as error:
            say(" ".join(error.format_message().split()))
            status = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            status = 130
        sys.exit(status if isinstance(status, int) else 0)


class _Failure(click.ClickException):
    """Nothing could be read."""

    exit_code = 1


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="inspector", message="%(prog)s %(version)s")
def main() -> None:
    """Read recorded LLM traffic: llama-stack test recordings, Hurl files, and more."""


# ---------------------------------------------------------------- serve


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("--port", default=8808, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Any other than loopback asks for a token.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A further name that this server goes by.")
@click.option("--open", "open_", is_flag=True, help="Open the page in the browser.")
@click.option("--poll", is_flag=True, help="Look for changes every second: for file systems that report none.")
@click.option("--index", type=click.Path(path_type=Path), help="Keep the index in this file.")
@click.option("--no-index", is_flag=True, help="Keep the index in memory.")
def serve(
    paths: tuple[Path, ...],
    port: int,
    host: str,
    allow_host: tuple[str, ...],
    open_: bool,
    poll: bool,
    index: Path | None,
    no_index: bool,
) -> None:
    """Show the recordings below PATH… (directories, files, archives) in a browser, and follow what changes."""
    import signal

    from inspector.index import index_file
    from inspector.index.place import is_ours
    from inspector.keeper import Keeper

    roots = _roots(paths)
    file = None if no_index else (index.absolute() if index else index_file(*(root.served for root in roots.all)))
    if file is not None and not is_ours(file):
        raise click.UsageError(f"{file} is no index of ours, and would be overwritten")
    _set_recursion_limit()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as at Ctrl-C, with everything put away
    keeper = Keeper(roots, file, poll, say=say)
    try:
        _answer(keeper, roots, host, port, allow_host, open_)
    except KeyboardInterrupt:
        pass
    finally:
        keeper.stop()


def _answer(keeper: Any, roots: Roots, host: str, port: int, allow_host: tuple[str, ...], open_: bool) -> None:
    import secrets

    from inspector.web import Settings, create_app
    from inspector.web.guard import is_loopback
    from inspector.web.server import AddressInUse, server

    local = is_loopback(host)
    token = os.environ.get("INSPECTOR_TOKEN") or (None if local else secrets.token_urlsafe(18))
    names = tuple(name.lower() for name in (*allow_host, *(() if local else (host,))))
    app = create_app(keeper, settings=Settings(names, token))
    try:
        bound = server(app, host, port)
    except AddressInUse as error:
        raise click.UsageError(str(error)) from None
    keeper.start()
    address = _address(host, bound.server_port, token)
    out(f"Reading {line(roots.served)}\nServing on {address}\nCtrl-C stops.\n")
    if open_:
        import webbrowser

        webbrowser.open(address)
    bound.serve_forever(poll_interval=0.1)


def _address(host: str, port: int, token: str | None) -> str:
    name = f"[{host}]" if ":" in host else "127.0.0.1" if host in _ANYWHERE else host
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


# ---------------------------------------------------------------- show


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…|-")
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
@click.option("--blobs", is_flag=True, help="JSON with the bytes of images and files.")
def show(paths: tuple[str, ...], query: str, form: str, blobs: bool) -> None:
    """Print exchanges: a transcript, or JSON for scripts. `-` reads one recording from standard input."""
    from inspector import gather

    if query and "-" in paths:
        raise click.UsageError("a query needs files: standard input is shown as it is")
    _check(query)
    files = tuple(Path(path) for path in paths if path != "-")
    roots = _roots(files) if files else None
    given = gather.unnamed(sys.stdin.buffer.read(), say) if "-" in paths else ()
    found = gather.exchanges(roots, query, say, Reached()) if roots else ()
    shown = 0
    for one in chain(given, found):
        _print(one, form, blobs, first=shown == 0)
        shown += 1
    if form == "json":
        out("\n]\n" if shown else "[]\n")
    if not shown:
        raise _Failure("no exchange found" + (f" for {query}" if query else ""))


def _print(one: Shown, form: str, blobs: bool, first: bool) -> None:
    from inspector import jsonio
    from inspector.show import exchange_json

    if form == "text":
        _print_transcript(one, first)
        return
    text = jsonio.dumps(exchange_json(*one, blobs=blobs))
    lead = "" if form == "jsonl" else "[\n" if first else ",\n"
    out(lead + text + ("\n" if form == "jsonl" else ""))


def _print_transcript(one: Shown, first: bool) -> None:
    import shutil

    from inspector.transcript import transcript

    color = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, 120) if color else 100
    where = f"{one.place['id']}  {one.place['recording']['path']}"
    out(("" if first else "\n") + transcript(where, one.exchange, one.call, color=color, width=width))


# ---------------------------------------------------------------- ls


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
def ls(paths: tuple[Path, ...], query: str) -> None:
    """List exchanges, one line each."""
    from inspector import gather
    from inspector.listing import columns
    from inspector.listing import line as row_line

    _check(query)
    rows = gather.rows(_roots(paths), query, say, Reached())
    if not rows:
        raise _Failure("no exchange found" + (f" for {query}" if query else ""))
    widths = columns(rows)
    for row in rows:
        out(row_line(row, widths, color=sys.stdout.isatty()) + "\n")


# ---------------------------------------------------------------- index


@main.group("index")
def index_() -> None:
    """The indexes that `serve` keeps in the cache directory. Each is safe to delete at any time."""


@index_.command("list")
def index_list() -> None:
    """List them: size, last use, file."""
    from datetime import datetime

    from inspector.index.place import cache_directory, index_files

    files = index_files()
    for file in files:
        used = datetime.fromtimestamp(file.modified).strftime("%Y-%m-%d %H:%M")
        out(f"{file.size / 1e6:8.1f} MB  {used}  {file.path}\n")
    if not files:
        out(f"no index in {cache_directory()}\n")


@index_.command("remove")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "all_", is_flag=True, help="Remove every index.")
def index_remove(paths: tuple[Path, ...], all_: bool) -> None:
    """Remove the indexes of these directories, alone and together (or these index files)."""
    from inspector.index import index_file, index_files
    from inspector.index.place import indexes_of, is_ours, remove_unused

    if not paths and not all_:
        raise click.UsageError("name a directory, or say --all")
    files = [file.path for file in index_files()] if all_ else []
    files += [path for path in paths if _is_index(path)]
    served = [path.resolve() for path in paths if not _is_index(path)]
    together = indexes_of(*served) if len(served) > 1 else []
    files += together
    for path in served:
        files += indexes_of(path) or ([] if together else [index_file(path)])
    removed = 0
    for file in files:
        if not file.exists() or not is_ours(file):
            say(f"{file} is no index of ours" if file.exists() else f"there is no index {file}")
            continue
        unused = remove_unused(file)
        out(f"removed {line(str(file))}" + ("" if unused else "; a server uses it and makes it again") + "\n")
        removed += 1
    if paths and not removed:
        raise _Failure("nothing was removed")


def _is_index(path: Path) -> bool:
    return path.suffix == ".sqlite" and not path.is_dir()


# ---------------------------------------------------------------- helpers


def _check(query: str) -> None:
    """What is wrong with a query is said before work begins."""
    from inspector import search

    try:
        search.read(query)
    except search.QueryError as error:
        raise click.UsageError(str(error)) from None


def _roots(paths: tuple[Path, ...]) -> Roots:
    """The roots of paths. What is wrong with any of them is said before work begins."""
    from inspector.roots import roots_of

    _set_recursion_limit()
    for path in paths:
        _look(path)
    return roots_of(*paths, say=say)


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


def _set_recursion_limit() -> None:
    from inspector.jsonio import RECURSION_LIMIT

    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
