"""Findings as JSON: `inspector/docs/checks.md` documents it, and fields are only ever added."""

from __future__ import annotations

from typing import Any

from inspector.files.urls import link
from inspector.report.findings.gathered import Checked, Found

VERSION = 1


def findings_json(checked: Checked, base: str) -> dict[str, Any]:
    return {
        "version": VERSION,
        "exchanges": checked.exchanges,
        "rules": [rule.code for rule in checked.rules],
        "known": checked.known,
        "gone": checked.gone,
        "findings": [_finding(one, base) for one in checked.found],
    }


def _finding(one: Found, base: str) -> dict[str, Any]:
    told = {
        "code": one.rule.code,
        "rule": one.rule.name,
        "severity": one.rule.severity,
        "exchange": one.uid or None,
        "place": one.place,
        "why": one.why,
        "path": one.path,
        "file": one.file,
        "entry": one.entry,
        "test": one.test or None,
        "model": one.model or None,
    }
    return {**told, "url": link(base, one.page)} if base and one.page else told
