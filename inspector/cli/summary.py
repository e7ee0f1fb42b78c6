"""``inspector summary``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import Failure, check, end_as_at_ctrl_c, link_base, link_changes, roots_at
from inspector.cli.terminal import Reached, out

if TYPE_CHECKING:
    from inspector.files.urls import Links
    from inspector.report import Report


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@click.option(
    "--since",
    "earlier",
    default="",
    metavar="DIR|ARCHIVE|REVISION",
    help="Also what is new, changed and gone since then; git:NAME is a revision in any case.",
)
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="At most so many lines of each list (text: 10; markdown: as many as a comment holds).",
)
@link_base
@link_changes
def summary(
    paths: tuple[Path, ...], query: str, earlier: str, form: str, limit: int | None, link_base: str, link_changes: bool
) -> None:
    """Sum up recordings: errors, issues, what changed since an earlier state, and counts."""
    from inspector.files.urls import Links
    from inspector.output.plural import count
    from inspector.report import NoRevision, report

    check(query)
    end_as_at_ctrl_c()
    roots = roots_at(paths)
    if earlier and Path(earlier).exists():
        roots_at((Path(earlier),))  # says what is wrong with it
    try:
        made = report(roots, query, earlier, Reached())
    except NoRevision as error:
        raise click.UsageError(f"--since {earlier}: {error}") from None
    if not made.rows and not made.broken and not (made.since and made.since.changes):
        from inspector.cli import gather

        raise Failure(gather.nothing(roots, query))
    out(_laid_out(made, form, limit, Links(link_base, link_changes)))
    if not made.rows and not query and not made.since:
        raise Failure(f"no exchange found: {count(len(made.broken), 'file')} cannot be read")


def _laid_out(made: Report, form: str, limit: int | None, links: Links) -> str:
    if form == "json":
        from inspector.output.escape import json_page
        from inspector.report.as_json import report_json

        return json_page(report_json(made, links))
    from inspector.report.sections import page

    if form == "markdown":
        from inspector.report.as_markdown import markdown

        return markdown(page(made, links), limit)
    from inspector.report.as_text import MOST, text

    return text(page(made, links), limit or MOST, color=sys.stdout.isatty())
