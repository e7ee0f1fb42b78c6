"""Findings as JUnit XML, as test reports of CI services read it
(https://docs.gitlab.com/ci/testing/unit_test_reports/): an exchange with findings is a test that failed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import quoteattr

from inspector.files.urls import link
from inspector.output.escape import visible_line
from inspector.report.findings.gathered import Checked, Found


def junit(checked: Checked, base: str) -> str:
    cases = [list(those) for _, those in groupby(checked.found, lambda one: (one.uid, one.path))]
    passed = max(checked.exchanges - sum(bool(those[0].uid) for those in cases), 0)
    total = len(cases) + (1 if passed or not cases else 0)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites tests="{total}" failures="{len(cases)}">',
        f'<testsuite name="inspector check" tests="{total}" failures="{len(cases)}" errors="0" skipped="0">',
        *(line for those in cases for line in _case(those, base)),
    ]
    if total > len(cases):
        lines.append(f'<testcase classname="inspector check" name="{passed} exchanges without findings"/>')
    return "\n".join([*lines, "</testsuite>", "</testsuites>"]) + "\n"


def _case(those: list[Found], base: str) -> Iterator[str]:
    first = those[0]
    name = f"{first.path}#{first.entry}" if first.uid else first.path
    yield f"<testcase classname={_attribute(first.test or first.path)} name={_attribute(name)} " + (
        f"file={_attribute(first.file)}>"
    )
    told = "; ".join(f"{one.rule.code} {one.rule.name}: {one.why} ({one.place})" for one in those)
    page = link(base, first.page) if base and first.page else ""
    yield f"<failure type={_attribute(first.rule.code)} message={_attribute(f'{told} {page}'.rstrip())}/>"
    yield "</testcase>"


def _attribute(text: str) -> str:
    """A text in quotes. XML has neither control characters nor these two, in whatever way they are written."""
    return quoteattr(visible_line(text).replace("\ufffe", "?").replace("\uffff", "?"))
