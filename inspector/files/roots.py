"""What is served: directories, files and archives, each below a name of its own.

The index knows a recording by its path: within the root where there is one root, and led by the root's name where there
are several. What a path means on the disk, and what the id of an exchange counts from, is known here alone.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from inspector.files import archives, export_bundle
from inspector.files.repository_paths import Home, homes_of
from inspector.files.scan import ScannedFile, Unreadable, find, is_passed_over, named, on_disk, opened_plain, scan
from inspector.files.urls import MARKER

__all__ = ["Home", "RecordingPlace", "Root", "Roots", "Unreadable", "roots_of"]

Say = Callable[[str], None]

_FEW = 3
"""Names that stand in a title."""


class Root(NamedTuple):
    """A served directory, or one file in it. `prefix` leads from the enclosing repository to it, so that ids do not
    depend on which of the repository's folders is served."""

    path: Path
    prefix: str
    only: str | None = None
    """The one file that is served, where the root was given as a file."""
    mount: str = ""
    """What its paths begin with in the index."""
    mark: str = ""
    """What tells its ids from those of another repository with the same paths."""
    homes: tuple[Home, ...] = ()
    """Where the files of a given archive or export belong: they are of a repository of their own."""

    @property
    def name(self) -> str:
        """What its recordings' paths in the index are, or lie below; empty for all."""
        return self.mount + self.only if self.only else self.mount.rstrip("/")

    @property
    def title(self) -> str:
        """What a person calls it: an export by its directory."""
        name = self.name.removesuffix(f"/{export_bundle.CARRIED}")
        return name if name not in ("", export_bundle.CARRIED) else self.path.name or str(self.path)

    @property
    def belonging(self) -> tuple[Home, ...]:
        """What its paths in the index stand for in repositories."""
        own = Home(self.only or "", self.prefix + (self.only or ""))
        return tuple(Home(self.mount + home.below, home.path, self.mark + home.mark) for home in self.homes or (own,))

    @property
    def served(self) -> Path:
        """What was given: the directory, or the one file."""
        return self.path / on_disk(self.only) if self.only else self.path

    def found(self, inner: str | None = None) -> Iterator[ScannedFile]:
        """The files of the root, or those at and below a path within it; in the order of their paths."""
        for found in self._found(inner):
            yield found._replace(path=self.mount + found.path) if self.mount else found

    def _found(self, inner: str | None) -> Iterable[ScannedFile]:
        start = self.only if inner is None else inner
        if start is None:
            return scan(self.path)
        if (file := find(self.path, start, given=self.only is not None)) is not None:
            return (file,)
        return () if self.only or is_passed_over(start) else scan(self.path, start)

    def missing(self) -> str | None:
        """Why the root cannot be read."""
        try:
            os.scandir(self.path).close()
        except (FileNotFoundError, NotADirectoryError):
            return f"{named(str(self.path))} is not there any more"
        except OSError as error:
            return f"{named(str(self.path))} cannot be read: {error.strerror or error}"
        if self.only and not os.path.lexists(self.served):
            return f"{named(str(self.served))} is not there any more"
        return None


class RecordingPlace(NamedTuple):
    """Where a recording lies: its root, and the path within it."""

    root: Root
    inner: str

    @property
    def file(self) -> str:
        """The file on the disk."""
        return os.path.join(self.root.path, on_disk(self.inner))

    @property
    def in_repository(self) -> str:
        """The path from the repository that encloses it, or that the archive which it lies in was made of."""
        return archives.inside(self._at_home[1])

    @property
    def id(self) -> str:
        """What the ids of its exchanges are made of: the same whichever of a repository's folders are served, and
        however many."""
        mark, whole = self._at_home
        return self.root.mark + mark + whole

    @property
    def _at_home(self) -> tuple[str, str]:
        """What tells its ids from others, and the path, in the repository that it belongs to."""
        for home in self.root.homes:
            if home.holds(self.inner):
                return home.mark, home.path + self.inner[len(home.below) :]
        return "", self.root.prefix + self.inner


class Roots:
    """All that is served together. Paths are those of the index."""

    def __init__(self, *roots: Root) -> None:
        self.all = roots
        self._by_name = {root.name: root for root in roots}
        self._by_place = {str(root.served): root for root in roots}

    @property
    def name(self) -> str:
        """What a person calls it."""
        names = [root.title for root in self.all]
        return ", ".join(names) if len(names) <= _FEW else f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"

    @property
    def belonging(self) -> tuple[Home, ...]:
        """What all paths stand for in repositories."""
        return tuple(home for root in self.all for home in root.belonging)

    @property
    def served(self) -> str:
        """The places on the disk, as text."""
        return ", ".join(named(str(root.served)) for root in self.all)

    def place(self, path: str) -> RecordingPlace:
        """Where a recording lies. Raises `Unreadable` for what is not served."""
        name = path if len(self.all) > 1 or self.all[0].name else ""
        while (root := self._by_name.get(name)) is None:
            if not name:
                raise Unreadable("it is not served any more")
            name = name.rpartition("/")[0]
        return RecordingPlace(root, path[len(root.mount) :])

    def found(self, below: str | None = None) -> Iterator[ScannedFile]:
        """Every file, or those at and below a path; in the order of their paths, one root after the other."""
        if below is None:
            for root in self.all:
                yield from root.found()
            return
        with suppress(Unreadable):
            root, inner = self.place(below)
            yield from root.found(inner or None)

    def path_of(self, place: str) -> str | None:
        """The path of what lies somewhere on the disk; None for what is not served. A root's own is its name."""
        above = place
        while (root := self._by_place.get(above)) is None:
            if above == (above := os.path.dirname(above)):
                return None
        inner = named(place[len(above) :].replace(os.sep, "/").strip("/"))
        if root.only or not inner:
            return None if inner else root.name
        return None if is_passed_over(inner.rpartition("/")[0]) else root.mount + inner

    def paths_of(self, place: str) -> Iterator[str]:
        """The paths of what has a path in the repository, one a root at most."""
        for root in self.all:
            home = next((home for home in root.belonging if place.startswith(home.path)), None)
            if home is not None:
                yield home.below + place[len(home.path) :]

    def missing(self) -> str | None:
        """Which roots cannot be read, and why."""
        return "; ".join(why for root in self.all if (why := root.missing())) or None


def roots_of(*paths: Path, say: Say = lambda _: None) -> Roots:
    """The roots for paths given on the command line, in the order of their places. Each must exist, and a directory be
    readable. One that lies within another is not listed twice: it is left out, and that is said."""
    roots = sorted((_root(path.resolve(strict=True)) for path in paths), key=lambda root: root.served.parts)
    kept: dict[Path, Root] = {}
    for root in roots:
        around = next((kept[above] for above in (root.served, *root.served.parents) if _shows(kept, above, root)), None)
        if around is None:
            kept[root.served] = root
        elif around.served != root.served:
            say(f"{named(str(root.served))} lies within {named(str(around.served))}, and is shown there")
    return Roots(*(_told_apart(_with_names(list(kept.values()))) if len(kept) > 1 else kept.values()))


def _shows(kept: dict[Path, Root], above: Path, root: Root) -> bool:
    if above not in kept:
        return False
    return above == root.served or not is_passed_over(root.path.relative_to(above).as_posix())


def _root(full: Path) -> Root:
    if full.is_file():
        return Root(full.parent, _prefix(full.parent), named(full.name), homes=_homes(full))
    os.scandir(full).close()
    carried = full / export_bundle.CARRIED
    if (full / MARKER).is_file() and (homes := _homes(carried)):
        return Root(full, "", export_bundle.CARRIED, homes=homes)
    return Root(full, _prefix(full))


def _homes(file: Path) -> tuple[Home, ...]:
    """Where the files of an archive or an export belong; empty for any other file."""
    name = named(file.name)
    if not archives.may_be(name):
        return ()
    with suppress(OSError), opened_plain(file) as opened:
        if archives.is_archive(name) or export_bundle.is_export(name, opened):
            return homes_of(name, opened)
    return (Home(f"{name}/", ""),) if archives.is_archive(name) else ()


def repository(folder: Path) -> Path:
    """The repository that encloses a folder; the folder itself where none does."""
    return next((parent for parent in (folder, *folder.parents) if os.path.exists(parent / ".git")), folder)


def _prefix(folder: Path) -> str:
    prefix = named(folder.relative_to(repository(folder)).as_posix())
    return "" if prefix == "." else f"{prefix}/"


def _with_names(roots: list[Root]) -> list[Root]:
    """Each with the shortest end of its place for a name that is no other's, nor lies below another's."""
    parts = [[part for part in _parts(root.served) if part] for root in roots]
    length = [1] * len(roots)
    while True:
        names = ["/".join(part[-long:]) for part, long in zip(parts, length, strict=True)]
        alike = [at for at in _alike(names) if length[at] < len(parts[at])]
        if not alike:
            return [
                root._replace(mount=name.removesuffix(root.only) if root.only else f"{name}/")
                for root, name in zip(roots, names, strict=True)
            ]
        for at in alike:
            length[at] += 1


def _parts(place: Path) -> list[str]:
    return [place.drive.strip("\\/:"), *map(named, place.parts[1:])]


def _alike(names: list[str]) -> list[int]:
    """Which names are another's too, lie below another, or have another below them."""
    count = Counter(names)
    below = {name: [above for above in _above(name) if above in count] for name in count}
    taken = {name for name, above in below.items() if count[name] > 1 or above}
    taken.update(above for all in below.values() for above in all)
    return [at for at, name in enumerate(names) if name in taken]


def _above(name: str) -> Iterator[str]:
    while name := name.rpartition("/")[0]:
        yield name


def _told_apart(roots: list[Root]) -> Iterator[Root]:
    """Roots of two repositories may hold the same paths: then the first keeps its ids, and those of the others count
    from their names. Directories come before archives."""
    claimed: list[tuple[Path, Home]] = []
    marked: dict[str, str] = {}
    for root in sorted(roots, key=lambda root: bool(root.homes)):
        top = root.served if root.homes else repository(root.path)
        own = root.belonging
        if any(top != other and home.meets(mine) for other, home in claimed for mine in own):
            marked[root.name] = f"/{root.name}/" if root.homes else f"{root.name}: "
        else:
            claimed += ((top, home) for home in own)
    return (root._replace(mark=marked.get(root.name, "")) for root in roots)
