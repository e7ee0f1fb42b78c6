"""Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html), with what GitHub's
code scanning asks for beyond that
(https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from inspector import __version__
from inspector.checks.rules import Rule
from inspector.files.urls import link
from inspector.output.escape import visible_line
from inspector.report.findings.gathered import Checked, Found

MOST = 25_000
"""Results of one run that code scanning takes."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SECURITY = {"error": "8.0", "warning": "5.0", "note": "2.0"}
"""How bad a finding of a security rule is, as code scanning counts it: from 0 to 10."""


def sarif(checked: Checked, base: str, line_of: Callable[[Found], int] = lambda _: 1) -> dict[str, Any]:
    """`line_of` tells the line that a finding's entry begins on, from 1."""
    numbers = {rule.code: at for at, rule in enumerate(checked.rules)}
    seen: Counter[tuple[str, str, str]] = Counter()
    results = []
    for one in checked.found[:MOST]:
        results.append(_result(one, numbers[one.rule.code], seen[one.key], base, line_of(one)))
        seen[one.key] += 1
    rules = [_rule(rule) for rule in checked.rules]
    driver = {"name": "inspector", "semanticVersion": __version__, "rules": rules}
    run: dict[str, Any] = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if len(checked.found) > MOST:
        run["properties"] = {"left_out": len(checked.found) - MOST}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    properties: dict[str, Any] = {"tags": ["security"] if _is_security(rule) else ["recordings"]}
    if _is_security(rule):
        properties["security-severity"] = _SECURITY[rule.severity]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _sentence(rule.means)},
        "fullDescription": {"text": _sentence(rule.means)},
        "help": {"text": rule.do, "markdown": rule.do},
        "defaultConfiguration": {"level": rule.severity},
        "properties": properties,
    }


def _is_security(rule: Rule) -> bool:
    return rule.code[0] in "CP"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _result(one: Found, number: int, before: int, base: str, line: int) -> dict[str, Any]:
    """`before` counts the findings with the same exchange, rule and place that stand before it."""
    said = f"{one.why} ({one.place})"
    page = link(base, one.page) if base and one.page else ""
    print_ = blake2b("\n".join([*one.key, str(before)]).encode("utf-8", "replace"), digest_size=16).hexdigest()
    place: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": quote(one.file)}, "region": {"startLine": line}},
    }
    if one.uid:
        place["logicalLocations"] = [{"name": one.uid, "fullyQualifiedName": f"{one.uid}/{one.place}"}]
    return {
        "ruleId": one.rule.code,
        "ruleIndex": number,
        "level": one.rule.severity,
        "message": {"text": visible_line(f"{said} {page}".rstrip())},
        "locations": [place],
        "partialFingerprints": {"primaryLocationLineHash": f"{print_}:1", "inspectorFinding/v1": print_},
    }
