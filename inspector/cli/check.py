"""``inspector check``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click

from inspector.cli.common import check as check_query
from inspector.cli.common import end_as_at_ctrl_c, link_base, roots_at
from inspector.cli.terminal import Reached, line, out, say

if TYPE_CHECKING:
    from inspector.checks.finding import Finding
    from inspector.checks.project_settings import Settings
    from inspector.checks.rules import Rule
    from inspector.files.roots import Roots
    from inspector.report.findings.gathered import Checked, Found

FORMATS = ("text", "github", "sarif", "junit", "json")


class _Asked(NamedTuple):
    """What is checked, from the command line or the project's own settings."""

    paths: tuple[Path, ...]
    rules: tuple[Rule, ...]
    baseline: Path | None
    max_age: int
    """Seconds from which on a recording is stale; 0 for no age."""


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH…", type=click.Path(path_type=Path))
@click.option("-q", "--query", default="", help="Only exchanges that the query finds.")
@click.option(
    "--select", multiple=True, metavar="CODE…", help="Only these rules: codes, beginnings of codes, names, ALL."
)
@click.option("--ignore", multiple=True, metavar="CODE…", help="Not these rules.")
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Findings that are known: only new ones fail."
)
@click.option(
    "--write-baseline",
    "new_baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Make all findings known ones.",
)
@click.option("--max-age", metavar="AGE", default="", help="What is older is stale (K907): 36h, 90d, 12w, 1y.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--rules", "only_rules", is_flag=True, help="Say which rules there are.")
@link_base
def check(
    paths: tuple[Path, ...], query: str, select: tuple[str, ...], ignore: tuple[str, ...], baseline: Path | None,
    new_baseline: Path | None, max_age: str, form: str, only_rules: bool, link_base: str,
) -> None:  # fmt: skip
    """Check recordings: credentials, failures, streams and calls that break their rules.

    Without PATH, those are checked that [tool.inspector] in pyproject.toml names. The exit status is 0 where nothing is
    found that the baseline has not, 1 where something is, 2 where it cannot be checked.
    """
    if only_rules:
        out(_rules())
        return
    check_query(query)
    end_as_at_ctrl_c()
    asked = _asked(paths, select, ignore, baseline, max_age)
    roots = roots_at(asked.paths)
    checked = _checked(roots, query, asked.rules, asked.max_age)
    if new_baseline is not None:
        _write(new_baseline, checked.found)
        return
    checked = _without_known(checked, asked.baseline)
    out(_laid_out(roots, checked, form, link_base))
    sys.exit(int(bool(checked.found)))


def _trouble(why: str) -> NoReturn:
    raise click.UsageError(why)


def _asked(
    paths: tuple[Path, ...], select: tuple[str, ...], ignore: tuple[str, ...], baseline: Path | None, max_age: str
) -> _Asked:
    from inspector.checks.project_settings import BadSettings, age, settings_for
    from inspector.checks.rules import NoRule, chosen

    try:
        known: Settings = settings_for(paths[0] if paths else Path())
        oldest = age(max_age) if max_age else known.max_age
        rules = chosen(_codes(select) or known.select, (*known.ignore, *_codes(ignore)), ("K907",) if oldest else ())
    except (BadSettings, NoRule) as error:
        _trouble(str(error))
    asked = paths or known.paths
    if not asked:
        _trouble("name a PATH, or paths of [tool.inspector] in pyproject.toml")
    return _Asked(asked, rules, baseline or known.baseline, oldest)


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for one in given for code in one.replace(",", " ").split())


def _checked(roots: Roots, query: str, rules: tuple[Rule, ...], max_age: int) -> Checked:
    from inspector.cli import gather
    from inspector.report.findings.gathered import Checked, gathered, of_marks

    since = time.time() - max_age if max_age else 0.0
    is_around = any(rule.around for rule in rules)
    rows, files, around = gather.checkable(roots, query, Reached(), around=is_around, since=since)
    if not rows and not files:
        _trouble(gather.nothing(roots, query))
    others = [] if all(rule.is_kept for rule in rules) else list(_personal(roots, query))
    return Checked(rules, len(rows), tuple(gathered(roots, rules, rows, files, [*of_marks(around), *others])))


def _personal(roots: Roots, query: str) -> Iterator[tuple[str, Finding]]:
    """What is looked for in the files themselves, where somebody asks for it."""
    from inspector.checks.personal import personal
    from inspector.cli import gather

    for shown in gather.exchanges(roots, query, say, Reached()):
        yield from ((shown.place["id"], finding) for finding in personal(shown.exchange, shown.call))


def _without_known(checked: Checked, baseline: Path | None) -> Checked:
    from inspector.checks.baseline import NoBaseline, read, split

    if baseline is None:
        return checked
    try:
        known = read(baseline)
    except NoBaseline as error:
        _trouble(f"--baseline {baseline}: {error}")
    on = {rule.code for rule in checked.rules}
    new, seen, gone = split(checked.found, lambda one: one.key, known)
    missing = gone if all(code in on for _, code, _ in known) else 0
    return checked._replace(found=tuple(new), known=seen, gone=missing)


def _write(file: Path, found: tuple[Found, ...]) -> None:
    from inspector.checks.baseline import Line, written
    from inspector.output.escape import json_text
    from inspector.output.plural import count

    try:
        text = json_text(written(Line(one.key, one.file) for one in found))
        file.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        _trouble(f"--write-baseline {file}: {error.strerror or error}")
    say(f"{count(len(found), 'finding')} written to {line(str(file))}")


def _laid_out(roots: Roots, checked: Checked, form: str, base: str) -> str:
    if form in ("sarif", "json"):
        from inspector.output.escape import json_page
        from inspector.report.findings.entry_lines import EntryLines
        from inspector.report.findings.findings_json import findings_json
        from inspector.report.findings.sarif import sarif

        lines = EntryLines(roots)
        return json_page(sarif(checked, base, lines.line) if form == "sarif" else findings_json(checked, base))
    if form == "junit":
        from inspector.report.findings.junit import junit

        return junit(checked, base)
    if form == "github":
        from inspector.report.findings.github_annotations import annotated

        return annotated(checked, base)
    from inspector.report.findings.findings_text import text

    return text(checked, base, color=sys.stdout.isatty())


def _rules() -> str:
    from inspector.checks.rules import RULES

    return "".join(
        f"{rule.code}  {rule.severity:<8} {'' if rule.default else 'off  '}{rule.name}: {rule.means}\n"
        for rule in RULES
    )
