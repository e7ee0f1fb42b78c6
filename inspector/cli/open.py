"""``inspector open``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inspector.cli.common import Failure
from inspector.cli.terminal import line, out, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inspector.library.instances import Get

_LOOK = 0.2
"""Seconds between two looks while the recordings are being read."""


@click.command("open")
@click.argument("wanted", metavar="WHAT")
@click.argument("paths", nargs=-1, metavar="[PATH…]", type=click.Path(path_type=Path))
@click.option("--print", "print_", is_flag=True, help="Print the address, and open and start nothing.")
def open(wanted: str, paths: tuple[Path, ...], print_: bool) -> None:  # a command has the name of its function
    """Open the page of WHAT: a link (to a server, an export or a report in one file), an id, a recorder's hash or its
    first characters, a path or the end of one, a test id or a part of one.

    It is looked for in PATH…, else where WHAT lies on the disk, else in the repository around the current directory.
    A server that shows that already is asked; without one, one is started."""
    import webbrowser

    from inspector.cli.handles import file_named, handles
    from inspector.cli.serve import browse, run

    if (address := _of_running(wanted)) or (address := _asked(wanted, paths)):
        out(f"{line(address)}\n")
        if not print_:
            webbrowser.open(address)
        return
    if print_:
        raise Failure(f"no running server shows {line(wanted)}: start one with inspector serve")
    served = paths or (_around(wanted),)
    whole = file_named(wanted) in {place.resolve() for place in served}

    def ready(app: Any, address: str) -> None:
        addresses = handles(wanted, *(place.resolve() for place in served))
        found = "" if whole else _looked_up(app, address, addresses)
        if found is None:
            raise Failure(f"nothing below {line(', '.join(map(str, served)))} is {line(wanted)}")
        page = _joined(address, found)
        out(f"{line(page)}\n")
        browse(page)

    run(served, ports=(8808, 0), ready=ready)


def _around(wanted: str) -> Path:
    """Where to look for something: the directory of a recording, the export of a page, or the repository that one is
    in."""
    from inspector.cli.handles import file_named
    from inspector.files.archives import may_be
    from inspector.files.roots import repository
    from inspector.files.urls import MARKER

    file = file_named(wanted)
    if file is not None:
        for above in (file, *file.parents):
            if (above / MARKER).is_file():
                return above
        return file if file.is_dir() or may_be(file.name) else file.parent
    return repository(Path.cwd())


def _of_running(wanted: str) -> str | None:
    """The link itself, where it is one of a server that runs here."""
    from urllib.parse import urlsplit

    from inspector.library.instances import is_ours

    try:
        parts = urlsplit(wanted.strip())
        server = f"{parts.scheme}://{parts.netloc}/"
    except ValueError:
        return None
    return wanted.strip() if parts.netloc and is_ours(server) else None


def _asked(wanted: str, paths: tuple[Path, ...]) -> str | None:
    """The page of a server that runs and knows what is wanted."""
    from inspector.cli.handles import file_named, handles
    from inspector.library.instances import get, servers

    places = [path.resolve() for path in paths or (_around(wanted),)]
    known = servers()
    showing = [one for one in known if all(map(one.shows, places))]
    partly = [one for one in known if not paths and one not in showing and any(map(one.lies_in, places))]
    for one in (*showing, *partly):
        if file_named(wanted) in one.served:
            return one.address
        try:
            found = _first(get, one.address, handles(wanted, *one.served))
        except OSError as error:
            say(f"{one.address} does not answer: {error}")
            continue
        if found is not None:
            return one.address + found
    return None


def _looked_up(app: Any, own: str, addresses: list[str]) -> str | None:
    """The page that the application has for the first of some addresses, which it may still have to read."""
    from inspector.cli.terminal import Reached
    from inspector.library.instances import Answer

    client, reached = app.test_client(), Reached()
    client.get(f"/?{own.partition('?')[2]}")  # for the cookie, where there is a token
    library = app.extensions["keeper"]().library

    def get(url: str) -> Answer:
        answer = client.get(url)
        return Answer(answer.status_code, answer.headers.get("Location"), "X-Alike" in answer.headers)

    while True:
        is_done = library.looked
        found = _first(get, "http://localhost/", addresses, patient=not is_done)
        reached(library.progress if not is_done else library.progress._replace(done=library.progress.total))
        if found is not None or is_done:
            return found
        time.sleep(_LOOK)


def _first(get: Get, root: str, addresses: Iterable[str], patient: bool = False) -> str | None:
    """The first address that leads somewhere, else the first whose page offers what may be meant; that only once there
    is no need to be `patient`. A server that asks for a token is taken at the first."""
    from inspector.library.instances import followed

    choice = None
    for address in addresses:
        led, answer = followed(get, root, address)
        if answer.status in (200, 401, 410):
            return led
        choice = choice or (led if answer.is_choice else None)
    return None if patient else choice


def _joined(address: str, page: str) -> str:
    """A page's address below that of a server, which may carry a token."""
    root, _, token = address.partition("?")
    path, mark, place = page.partition("#")
    return root + path + (f"{'&' if '?' in path else '?'}{token}" if token else "") + mark + place
