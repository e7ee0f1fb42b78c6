"""``inspector index list`` and ``inspector index remove``."""

from __future__ import annotations

from pathlib import Path

import click

from inspector.cli.common import Failure
from inspector.cli.terminal import line, out, say


@click.group("index")
def index() -> None:
    """The indexes that `serve` keeps in the cache directory. Each is safe to delete at any time."""


@index.command("list")
def index_list() -> None:
    """List them: size, last use, file."""
    from datetime import datetime

    from inspector.index.cache_place import cache_directory, index_files

    files = index_files()
    for file in files:
        used = datetime.fromtimestamp(file.modified).strftime("%Y-%m-%d %H:%M")
        out(f"{file.size / 1e6:8.1f} MB  {used}  {file.path}\n")
    if not files:
        out(f"no index in {cache_directory()}\n")


@index.command("remove")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--all", "all_", is_flag=True, help="Remove every index.")
def index_remove(paths: tuple[Path, ...], all_: bool) -> None:
    """Remove the indexes of these directories, alone and together (or these index files)."""
    from inspector.index import index_file, index_files
    from inspector.index.cache_place import indexes_of, is_ours, remove_unused

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
        raise Failure("nothing was removed")


def _is_index(path: Path) -> bool:
    return path.suffix == ".sqlite" and not path.is_dir()
