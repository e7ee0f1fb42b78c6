"""``inspector serve``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inspector.cli.common import look_at_earlier, roots_at, set_recursion_limit
from inspector.cli.terminal import line, out, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.files.roots import Roots

_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with, never bound to


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("--port", default=8808, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Any other than loopback asks for a token.")
@click.option("--allow-host", multiple=True, metavar="NAME", help="A further name that this server goes by.")
@click.option("--open", "open_", is_flag=True, help="Open the page in the browser.")
@click.option("--poll", is_flag=True, help="Look for changes every second: for file systems that report none.")
@click.option("--index", type=click.Path(path_type=Path), help="Keep the index in this file.")
@click.option("--no-index", is_flag=True, help="Keep the index in memory.")
@click.option(
    "--against",
    default="",
    metavar="DIR|ARCHIVE|REVISION",
    help="Show what changed since then; git:NAME is a revision in any case.",
)
def serve(
    paths: tuple[Path, ...],
    port: int,
    host: str,
    allow_host: tuple[str, ...],
    open_: bool,
    poll: bool,
    index: Path | None,
    no_index: bool,
    against: str,
) -> None:
    """Show the recordings below PATH… (directories, files, archives, exports) in a browser, and follow what changes."""

    def ready(app: Any, address: str) -> None:
        if open_:
            browse(address)

    run(
        paths,
        index=index,
        in_memory=no_index,
        poll=poll,
        host=host,
        ports=(port,),
        names=allow_host,
        ready=ready,
        against=against,
    )


def run(
    paths: tuple[Path, ...],
    *,
    ready: Callable[[Any, str], None],
    ports: tuple[int, ...],
    host: str = "127.0.0.1",
    names: tuple[str, ...] = (),
    index: Path | None = None,
    in_memory: bool = False,
    poll: bool = False,
    against: str = "",
) -> None:
    """Serve until it is interrupted, on the first of some ports that is free. `ready` is told the application and its
    address once it answers."""
    import signal

    from inspector.index import index_file
    from inspector.index.cache_place import is_ours
    from inspector.library.keeper import Keeper

    roots = roots_at(paths)
    if against:
        look_at_earlier(against, roots)
    file = None if in_memory else (index.absolute() if index else index_file(*(root.served for root in roots.all)))
    if file is not None and not is_ours(file):
        raise click.UsageError(f"{file} is no index of ours, and would be overwritten")
    set_recursion_limit()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as at Ctrl-C, with everything put away
    keeper = Keeper(roots, file, poll, say=say)
    try:
        _answer(keeper, roots, host, ports, names, ready, against)
    except KeyboardInterrupt:
        pass
    finally:
        keeper.stop()


def _answer(
    keeper: Any,
    roots: Roots,
    host: str,
    ports: tuple[int, ...],
    names: tuple[str, ...],
    ready: Callable[[Any, str], None],
    against: str,
) -> None:
    import secrets

    from inspector.library.instances import noted
    from inspector.web import Settings, create_app
    from inspector.web.http.security import is_loopback

    local = is_loopback(host)
    token = os.environ.get("INSPECTOR_TOKEN") or (None if local else secrets.token_urlsafe(18))
    allowed = tuple(name.lower() for name in (*names, *(() if local else (host,))))
    app = create_app(keeper, settings=Settings(allowed, token), against=against)
    bound = _bound(app, host, ports)
    keeper.start()
    address = _address(host, bound.server_port, token)
    out(f"Reading {line(roots.served)}\nServing on {address}\nCtrl-C stops.\n")
    with noted(_address(host, bound.server_port, None), *(root.served for root in roots.all)):
        ready(app, address)
        bound.serve_forever(poll_interval=0.1)


def browse(address: str) -> None:
    """Open a page of this server, which has yet to answer: some browsers run until they are closed."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _bound(app: Any, host: str, ports: tuple[int, ...]) -> Any:
    from inspector.web.http.server import AddressInUse, server

    for port in ports:
        try:
            return server(app, host, port)
        except AddressInUse as error:
            why = str(error)
    raise click.UsageError(why)


def _address(host: str, port: int, token: str | None) -> str:
    name = f"[{host}]" if ":" in host else "127.0.0.1" if host in _ANYWHERE else host
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")
