"""``inspector diff``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.common import check, end_as_at_ctrl_c, is_in_part, link_base, link_changes, roots_at
from inspector.cli.terminal import Reached, line, out, say

if TYPE_CHECKING:
    from inspector.compare.states.change import Since
    from inspector.compare.states.given import Compared
    from inspector.files.urls import Links

_FAILS = {
    "answer": frozenset({"answer"}),
    "request": frozenset({"answer", "request", "new", "gone"}),
    "any": frozenset({"answer", "request", "new", "gone", "moved", "noise"}),
}
"""The verdicts that matter."""


@click.command()
@click.argument("old", default="git:HEAD", metavar="[OLD]")
@click.argument("new", default="", metavar="[NEW]")
@click.option("-q", "--query", default="", help="Only exchanges that the query finds, in either state.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.option("--stat", is_flag=True, help="Only the counts.")
@click.option(
    "--fail-on",
    type=click.Choice([*_FAILS]),
    default="request",
    show_default=True,
    help="What makes the exit status 1: other answers; also other requests, new and gone exchanges; any change.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    help="At most so many lines of each list (text: 10; markdown: as many as a comment holds).",
)
@link_base
@link_changes
def diff(
    old: str, new: str, query: str, form: str, stat: bool, fail_on: str, limit: int | None, link_base: str,
    link_changes: bool,
) -> None:  # fmt: skip
    """Say what changed between two states of recordings, by what was said.

    OLD and NEW are directories, files, archives, exports, or git revisions (git:REVISION). Without NEW, the working
    tree is compared; without OLD, with HEAD. The exit status is 0 where nothing but noise changed, 1 where something
    did that matters, 2 where they cannot be compared, or not all of them.
    """
    from inspector.compare.states.given import NoRevision, compared, is_path
    from inspector.files.urls import Links

    check(query)
    end_as_at_ctrl_c()
    for given in (old, new):
        if given and is_path(given):
            roots_at((Path(given),))  # says what is wrong with it
    try:
        with compared(old, new, query, Reached(), is_brief=stat) as both:
            _say_what_is_empty(both)
            out(_laid_out(both, query, form, limit, Links(link_base, link_changes), is_brief=stat))
            status = 2 if is_in_part(both.since) else int(_matters(both.since, fail_on))
    except NoRevision as error:
        raise click.UsageError(f"{line(error.given)}: {error}" if error.given else str(error)) from None
    sys.exit(status)


def _matters(since: Since, fail_on: str) -> bool:
    return any(change.verdict in _FAILS[fail_on] for change in since.changes)


def _say_what_is_empty(both: Compared) -> None:
    """A state without recordings compares with anything: everything is new, or gone."""
    states = ((both.since.name, _has_any(both)), (both.name, bool(both.after.rows)))
    for name, has_any in states:
        if not has_any:
            say(f"{name} has no recordings")
    if not any(has_any for _, has_any in states):
        raise click.UsageError("there is nothing to compare")


def _has_any(both: Compared) -> bool:
    return bool(both.before.rows or both.since.same)


def _laid_out(both: Compared, query: str, form: str, limit: int | None, links: Links, *, is_brief: bool) -> str:
    if form == "json":
        from inspector.output.escape import json_page
        from inspector.report.as_json_changes import diff_json, stat_json

        told = (stat_json if is_brief else diff_json)(both.since, both.name, query, links)
        return json_page(told)
    from inspector.report.changes_page import diff_page

    page = diff_page(both.since, both.name, query, links, is_brief=is_brief)
    if form == "markdown":
        from inspector.report.as_markdown import markdown

        return markdown(page, limit)
    from inspector.report.as_text import MOST, text

    return text(page, limit or MOST, color=sys.stdout.isatty())
