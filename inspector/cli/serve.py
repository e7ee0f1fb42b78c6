"""``inspector serve``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inspector.cli.common import roots_at, set_recursion_limit
from inspector.terminal import line, out, say

if TYPE_CHECKING:
    from inspector.roots import Roots

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

    roots = roots_at(paths)
    file = None if no_index else (index.absolute() if index else index_file(*(root.served for root in roots.all)))
    if file is not None and not is_ours(file):
        raise click.UsageError(f"{file} is no index of ours, and would be overwritten")
    set_recursion_limit()
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
