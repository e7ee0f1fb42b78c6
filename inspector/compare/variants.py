"""The variants of a test: which tests are the same function with another client, provider or model, told by the
parameters in their ids and by who answered.

A recorder's own form of parameters is known, ``client-kind=provider/model-more`` (llama-stack's); in any others the
name of the model is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from inspector.testruns.node_id import parse

_NAMED = re.compile(r"(?:(?P<client>\w+)-)?(?P<kind>[A-Za-z]\w*)=(?P<provider>[\w.]+(?:-[\w.]+)*?)/(?P<model>.+)")
_EDGES = "-_/ ,"

MOST_COLUMNS = 30

WAYS = ("model", "client", "parameters")
"""What columns can be; ``model`` is the provider with the model."""


class Variant(NamedTuple):
    """One test, and what it is a variant of."""

    id: str
    base: str
    """The id without parameters."""
    client: str
    provider: str
    model: str
    rest: str
    """The parameters without these."""
    parameters: str
    exchanges: int

    def column(self, by: str) -> str:
        """What stands above it in the matrix."""
        if by == "model":
            return f"{self.provider}/{self.model}" if self.provider else self.model
        return self.client if by == "client" else self.parameters

    def row(self, by: str) -> tuple[str, str]:
        """The test function that it is a variant of, and the parameters that its row has in common."""
        if by == "parameters":
            return self.base, ""
        others = (self.client, self.rest) if by == "model" else (f"{self.provider}/{self.model}", self.rest)
        return self.base, " · ".join(one.strip(_EDGES) for one in others if one.strip(_EDGES))


def variants(tests: Iterable[tuple[str, str, str, int]]) -> list[Variant]:
    """Every test with its variant; given are ids with a model, a provider, and how many exchanges those answered, the
    most frequent of a test first."""
    answered: dict[str, list[tuple[str, str, int]]] = {}
    for id, model, provider, count in tests:
        answered.setdefault(id, []).append((model, provider, count))
    return [_variant(id, own) for id, own in answered.items()]


def _variant(id: str, answered: Sequence[tuple[str, str, int]]) -> Variant:
    test = parse(id)
    total = sum(count for _, _, count in answered)
    found = _NAMED.fullmatch(test.parameters)
    text = found["model"] if found else test.parameters
    named = [one for one in answered if one[0] and one[0] in text]
    model, provider, _ = max(named, key=lambda one: len(one[0])) if named else answered[0]
    if found:
        provider = found["provider"]
        model, rest = (model, _without(text, model)) if named else (text, "")
        kind = "" if found["kind"] == "txt" else found["kind"]
        return Variant(
            id, test.base, found["client"] or "", provider, model, f"{kind} {rest}".strip(), text, total
        )._replace(parameters=test.parameters)
    rest = _without(text, model) if named else text
    return Variant(id, test.base, "", provider, model, rest, test.parameters, total)


def _without(text: str, model: str) -> str:
    """The parameters beside a model; of the path that the model lies under nothing is left."""
    at = text.index(model)
    before = text[:at]
    before = before if "/" not in before else before[: before.rfind("-") + 1] if "-" in before else ""
    return f"{before}{text[at + len(model) :]}".strip(_EDGES)


def best_way(found: Sequence[Variant]) -> str:
    """Which columns put the most variants beside each other: what differs."""

    def beside(by: str) -> int:
        cells: dict[tuple[str, str], set[str]] = {}
        for one in found:
            cells.setdefault(one.row(by), set()).add(one.column(by))
        return sum(len(columns) - 1 for columns in cells.values())

    scores = {by: beside(by) for by in WAYS[:2]}
    by = max(scores, key=lambda one: scores[one])
    return by if scores[by] else WAYS[2]
