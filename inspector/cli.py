"""The command line. Each command imports what it needs when it runs, so that ``--version`` is quick."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from inspector import __version__

if TYPE_CHECKING:
    from inspector.index import Row
    from inspector.reader import Root

_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with, never bound to


class _Group(click.Group):
    """``inspector PATH`` is ``inspector serve PATH``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["serve", *args]
        return super().parse_args(ctx, args)


class _Failure(click.ClickException):
    """One clear line, and exit status 1: nothing could be read."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(f"inspector: {self.format_message()}", err=True)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="inspector", message="%(prog)s %(version)s")
def main() -> None:
    """Read recorded LLM traffic: llama-stack test recordings, Hurl files, and more."""


# ---------------------------------------------------------------- serve


@main.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--port", default=8808, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Any other than loopback asks for a token.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A further name that this server goes by.")
@click.option("--open", "open_", is_flag=True, help="Open the page in the browser.")
@click.option("--poll", is_flag=True, help="Look for changes every second: for file systems that report none.")
@click.option("--index", type=click.Path(path_type=Path), help="Keep the index in this file.")
@click.option("--no-index", is_flag=True, help="Keep the index in memory.")
def serve(
    path: Path,
    port: int,
    host: str,
    allow_host: tuple[str, ...],
    open_: bool,
    poll: bool,
    index: Path | None,
    no_index: bool,
) -> None:
    """Show the recordings below PATH (a directory or a file) in a browser, and follow what changes."""
    from inspector.index import index_file
    from inspector.keeper import Keeper
    from inspector.library import Workers

    root = _root(path)
    file = None if no_index else (index.absolute() if index else index_file(root.path))
    _set_recursion_limit()
    workers = Workers(root)  # before anything starts a thread
    keeper = Keeper(root, file, poll, say=lambda line: click.echo(f"inspector: {line}", err=True))
    try:
        _answer(keeper, workers, root, host, port, allow_host, open_)
    finally:
        keeper.stop()
        workers.close()


def _answer(
    keeper: Any, workers: Any, root: Root, host: str, port: int, allow_host: tuple[str, ...], open_: bool
) -> None:
    import secrets

    from inspector.web import Settings, create_app
    from inspector.web.guard import is_loopback
    from inspector.web.server import AddressInUse, server

    local = is_loopback(host)
    token = None if local else secrets.token_urlsafe(18)
    names = tuple(name.lower() for name in (*allow_host, *(() if local else (host,))))
    app = create_app(keeper, settings=Settings(names, token))
    try:
        bound = server(app, host, port)
    except AddressInUse as error:
        raise click.UsageError(str(error)) from None
    keeper.start(workers)
    address = _address(host, bound.server_port, token)
    click.echo(f"Reading {root.path}\nServing on {address}\nCtrl-C stops.")
    if open_:
        import webbrowser

        webbrowser.open(address)
    try:
        bound.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        click.echo()


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
    from inspector import jsonio

    _set_recursion_limit()
    shown = 0
    for place, exchange, call in _exchanges(paths, query):
        if form == "text":
            _print_transcript(place, exchange, call, first=shown == 0)
        else:
            from inspector.show import exchange_json

            text = jsonio.dumps(exchange_json(place, exchange, call, blobs=blobs))
            lead = "" if form == "jsonl" else "[\n" if shown == 0 else ",\n"
            _out(lead + text + ("\n" if form == "jsonl" else ""))
        shown += 1
    if form == "json":
        _out("\n]\n" if shown else "[]\n")
    if not shown:
        raise _Failure("no exchange found" + (f" for {query}" if query else ""))


def _print_transcript(place: dict[str, Any], exchange: Any, call: Any, first: bool) -> None:
    import shutil

    from inspector.transcript import transcript

    color = sys.stdout.isatty()
    width = min(shutil.get_terminal_size().columns, 120) if color else 100
    where = f"{place['id']}  {place['recording']['path']}"
    _out(("" if first else "\n") + transcript(where, exchange, call, color=color, width=width))


def _exchanges(paths: tuple[str, ...], query: str) -> Iterator[tuple[dict[str, Any], Any, Any]]:
    """Every exchange of the paths with its place, masked and decoded; what cannot be read is said on the way."""
    from inspector import redact, wire
    from inspector.reader import group_of, uid
    from inspector.show import place

    for root, path, recording in _recordings(paths, query):
        wanted = None if recording is None else recording.exchanges
        if recording is not None and recording.broken:
            click.echo(f"inspector: {path}: {recording.broken}", err=True)
        for exchange in wanted or ():
            kind, group = group_of(exchange, path)
            masked = redact.exchange(exchange)
            where = place(uid(root, path, exchange.entry), path, exchange.entry, recording.format, kind, group)
            yield where, masked, wire.decode(masked)


def _recordings(paths: tuple[str, ...], query: str) -> Iterator[tuple[Root, str, Any]]:
    from inspector import formats, reader
    from inspector.reader import Root

    for name in paths:
        if name == "-":
            yield Root(Path.cwd(), ""), "-", formats.read("-", sys.stdin.buffer.read())
            continue
        root = _root(Path(name))
        for path in _found(root, query):
            yield root, path, reader.load(root, path)


def _found(root: Root, query: str) -> Iterator[str]:
    """Paths of the recordings below a root, in order; with a query, those that hold what it finds."""
    from inspector import formats
    from inspector.scan import scan

    if query:
        yield from dict.fromkeys(row.path for row in _rows(root, query))
    elif root.only:
        yield root.only
    else:
        yield from sorted(found.path for found in scan(root.path) if found.path.endswith(formats.SUFFIXES))


# ---------------------------------------------------------------- ls


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
def ls(paths: tuple[str, ...], query: str) -> None:
    """List exchanges, one line each."""
    from inspector.listing import columns, line

    _set_recursion_limit()
    rows = [row for path in paths for row in _rows(_root(Path(path)), query, say=True)]
    if not rows:
        raise _Failure("no exchange found" + (f" for {query}" if query else ""))
    widths = columns(rows)
    for row in rows:
        _out(line(row, widths, color=sys.stdout.isatty()) + "\n")


def _rows(root: Root, query: str, say: bool = False) -> list[Row]:
    """The exchanges below a root that a query finds, by path. Files in trouble are said."""
    from inspector import search
    from inspector.index import Index
    from inspector.library import Library, Workers
    from inspector.scan import scan

    try:
        where = search.where(query)
    except search.QueryError as error:
        raise click.UsageError(str(error)) from None
    many = root.only is None and sum(1 for _ in zip(scan(root.path), range(_MANY), strict=False)) == _MANY
    workers = Workers(root) if many else None
    library = Library(root, Index(None))
    try:
        library.refresh(workers=workers)
    finally:
        if workers:
            workers.close()
    for file in library.index.files_in_state("broken", "writing") if say else ():
        click.echo(f"inspector: {file.path}: {file.why}", err=True)
    return library.index.rows(where, "file.path, exchange.entry")


_MANY = 400


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
        click.echo(f"{file.size / 1e6:8.1f} MB  {used}  {file.path}")
    if not files:
        click.echo(f"no index in {cache_directory()}")


@index_.command("remove")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "all_", is_flag=True, help="Remove every index.")
def index_remove(paths: tuple[Path, ...], all_: bool) -> None:
    """Remove the indexes of these directories (or these index files)."""
    from inspector.index import index_file, index_files
    from inspector.index.place import remove

    if not paths and not all_:
        raise click.UsageError("name a directory, or say --all")
    files = [file.path for file in index_files()] if all_ else []
    files += [path if path.suffix == ".sqlite" else index_file(path.resolve()) for path in paths]
    for file in files:
        if not file.exists():
            click.echo(f"inspector: there is no index {file}", err=True)
            continue
        remove(file)
        click.echo(f"removed {file}")


# ---------------------------------------------------------------- helpers


def _root(path: Path) -> Root:
    from inspector.reader import root_of

    try:
        return root_of(path)
    except FileNotFoundError:
        _usage(f"{path} does not exist")
    except PermissionError:
        _usage(f"{path}: no permission to read it")
    except (OSError, RuntimeError) as error:  # a loop of links
        _usage(f"{path}: {error}")


def _usage(why: str) -> NoReturn:
    raise click.UsageError(why)


def _set_recursion_limit() -> None:
    from inspector.jsonio import RECURSION_LIMIT

    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))


def _out(text: str) -> None:
    """Write to standard output as UTF-8 wherever that leads. A reader that has seen enough ends us quietly."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
