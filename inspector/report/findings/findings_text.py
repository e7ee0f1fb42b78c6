"""Findings for a terminal: a line each, with what to do at the end."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.files.urls import link
from inspector.output.escape import visible_line
from inspector.output.plural import count
from inspector.report.findings.gathered import Checked, Found, by_rule

_STYLES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "note": "\x1b[1m"}
_PLAIN = "\x1b[0m"


def text(checked: Checked, base: str, *, color: bool) -> str:
    lines = [_line(one, base, color) for one in checked.found]
    if checked.found:
        lines.append("")
    for rule, those in by_rule(checked.found).items():
        lines.append(f"{len(those):6,}  {rule.code} {rule.name}: {rule.means}")
        lines.append(f"        {rule.do}")
    return "\n".join([*lines, *_sums(checked)]) + "\n"


def _line(one: Found, base: str, color: bool) -> str:
    code = f"{_STYLES[one.rule.severity]}{one.rule.code}{_PLAIN}" if color else one.rule.code
    entry = f"#{one.entry}" if one.entry else ""
    where = "" if one.place == "file" else f" ({one.place})"
    at = f"  {link(base, one.page)}" if base and one.page else f"  {one.uid}" if one.uid else ""
    return f"{visible_line(one.path)}{entry}: {code} {one.rule.name}: {visible_line(one.why + where)}{at}"


def _sums(checked: Checked) -> Iterator[str]:
    among = f" in {count(checked.exchanges, 'exchange')}"
    yield f"{count(len(checked.found), 'finding')}{among}" if checked.found else f"Nothing found{among}"
    if checked.known:
        yield f"{count(checked.known, 'more finding')} on the baseline"
    if checked.gone:
        yield f"{count(checked.gone, 'line')} of the baseline found no more: --write-baseline makes it anew"
