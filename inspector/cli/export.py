"""``inspector export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import Failure, check, end_as_at_ctrl_c, is_in_part, look_at_earlier, roots_at
from inspector.cli.export_data import write_data, write_spans, write_table
from inspector.cli.terminal import Reached, line, out, say

if TYPE_CHECKING:
    from inspector.compare.states.change import Since

_FEW = 10


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Write the pages to this folder.")
@click.option(
    "--single-file",
    "single",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write one file that holds them all.",
)
@click.option(
    "--otlp",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write spans as OTLP/JSON, for a collector.",
)
@click.option("--parquet", type=click.Path(path_type=Path), metavar="FILE", help="Write a table, a row an exchange.")
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@click.option("--unmasked", is_flag=True, help="Leave secrets as they were recorded.")
@click.option(
    "--against",
    default="",
    metavar="DIR|ARCHIVE|REVISION",
    help="Also the pages of what changed since then; git:NAME is a revision in any case.",
)
def export(
    paths: tuple[Path, ...],
    output: Path | None,
    single: Path | None,
    otlp: Path | None,
    parquet: Path | None,
    query: str,
    unmasked: bool,
    against: str,
) -> None:
    """Write the same pages as files, that open from any static host, a CI artifact or a folder; or what they show, for
    other systems."""
    from inspector import export as exporting
    from inspector.index import IndexBroken
    from inspector.output.plural import count

    targets = [one for one in (output, single, otlp, parquet) if one is not None]
    if len(targets) != 1:
        few = "one at a time of" if targets else "say where to:"
        raise click.UsageError(f"{few} -o DIR, --single-file FILE, --otlp FILE, --parquet FILE")
    data = otlp or parquet
    if data is not None and (unmasked or against):
        raise click.UsageError("--unmasked and --against are for pages")
    check(query)
    end_as_at_ctrl_c()
    (target,) = targets
    try:
        if data is not None:
            form = (write_spans, "as spans") if otlp else (write_table, "in a table")
            write_data(roots_at(paths), data.absolute(), query, *form)
            return
        write = exporting.site if single is None else exporting.report
        roots = roots_at(paths)
        if against:
            look_at_earlier(against, roots)
        done = write(roots, target.absolute(), query, unmasked, Reached(), against)
    except exporting.Nothing as error:
        raise Failure(str(error)) from None
    except exporting.NoRevision as error:
        raise click.UsageError(f"--against {against}: {error}") from None
    except exporting.NotOurs as error:
        raise click.UsageError(str(error)) from None
    except (OSError, IndexBroken) as error:  # no room, no permission
        raise Failure(f"{target} could not be written: {getattr(error, 'strerror', None) or error}") from None
    for address in sorted(done.refused)[:_FEW]:
        say(f"a link leads nowhere, and was taken out: {address}")
    if done.since is not None:
        _say_of_changes(done.since)
    if single is not None:
        out(f"{count(done.exchanges, 'exchange')} in one file: {line(str(single))}\n")
        return
    changed = f"{count(done.files, 'file')}, {done.changed:,} changed"
    out(f"{count(done.exchanges, 'exchange')} in {changed}: {line(str(target / 'index.html'))}\n")


def _say_of_changes(since: Since) -> None:
    """What the pages of changes cannot tell."""
    if not since.total:
        say(f"{since.name} has nothing to compare with, so that everything is new")
    is_in_part(since)
