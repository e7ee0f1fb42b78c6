"""Logs of Inspect AI (https://inspect.aisi.org.uk/eval-logs.html): the samples of an evaluation in one JSON file, or as
files of their own in an `.eval` archive. What each sample asked of models, the tools that ran, and how it was scored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.llm.inspect_events import KINDS, QUIET, Sample, exchange, whole_sample
from inspector.formats.reading import bodies
from inspector.formats.reading.entries import unreadable
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread, unread_lines
from inspector.model import Assertion, Exchange, Expectation, Json
from inspector.model.expressions import expression
from inspector.model.jsonio import dumps

NAME = "inspect-ai"
FILES = "logs of Inspect AI: `*.eval`, and `*.json` of an evaluation"

_LOG = expression(rb'\s*\{\s*"version"\s*:\s*\d+\s*,\s*"status"\s*:\s*"\w+"\s*,')
_SAMPLE = expression(rb'\s*\{\s*"id"\s*:\s*(?:"[^"\n]{0,500}"|-?\d+)\s*,\s*"epoch"\s*:\s*\d+\s*,')
_OF_LOGS = frozenset({
    "version", "status", "eval", "plan", "results", "stats", "samples", "reductions", "location", "etag", "error",
    "invalidated", "tags", "metadata", "log_updates",
})  # fmt: skip
_OF_SAMPLES = frozenset({
    "id", "epoch", "input", "choices", "target", "sandbox", "files", "setup", "messages", "output", "scores",
    "metadata", "store", "events", "timelines", "model_usage", "role_usage", "started_at", "completed_at",
    "total_time", "working_time", "uuid", "invalidation", "error", "error_retries", "attachments", "message_pool",
    "events_data", "limit", "transcript", "turn_count",
})  # fmt: skip


def sniff(source: Source) -> bool:
    """A sample is told by how it begins: what it says may be long."""
    start = source.start_of_text
    if _LOG.match(start) is None and _SAMPLE.match(start) is None:
        return False
    document = bodies.obj(source.json.value)
    is_log = isinstance(document.get("samples"), list) and "task" in bodies.obj(document.get("eval"))
    return is_log or _is_sample(document)


def _is_sample(document: dict[str, Any]) -> bool:
    said = (document.get(key) for key in ("events", "messages"))
    return {"epoch", "input"} <= document.keys() and any(isinstance(one, list) for one in said)


def read(source: Source) -> Iterator[Exchange]:
    document = source.json.value
    samples = document["samples"] if isinstance(document.get("samples"), list) else [document]
    log = source.name.rpartition("/")[2].removesuffix(".json") if "samples" in document else None
    noted = [*source.json.problems]
    if "samples" in document:
        noted += unread(document, _OF_LOGS, "log", is_answered=True)
    number = 0
    for place, raw in enumerate(samples):
        for made in _of_sample(raw, log, place):
            yield replace(made, entry=number, problems=(*noted, *made.problems))
            noted, number = [], number + 1


def _of_sample(raw: Json, log: str | None, place: int) -> list[Exchange]:
    """The exchanges of a sample; what is wrong with one costs the others nothing."""
    if not isinstance(raw, dict):
        return [unreadable(place, ValueError("an object is expected"), raw)]
    sample = Sample(raw, log)
    kinds: Counter[str] = Counter()
    made: list[Exchange] = []
    for event in sample.events():
        kind = bodies.text(event.get("event"))
        if kind in KINDS:
            made.append(_read(sample, event))
        elif kind not in QUIET:
            kinds[kind[:80]] += 1
    if not any(bodies.obj(one.raw).get("event") == "model" for one in made):
        made += whole_sample(sample)
    noted = (*unread(raw, _OF_SAMPLES, "sample", is_answered=bool(made)), *unread_lines(kinds))
    return _judged(raw, [replace(made[0], problems=(*noted, *made[0].problems)), *made[1:]] if made else [], sample)


def _read(sample: Sample, event: dict[str, Any]) -> Exchange:
    try:
        return exchange(sample, event)
    except Exception as error:
        return unreadable(0, error, event)


def _judged(raw: dict[str, Any], made: list[Exchange], sample: Sample) -> list[Exchange]:
    """The exchanges, with what was made of the sample beside the answer that it ended with."""
    said = [*_judgements(raw, sample)]
    if not said or not made:
        return made
    at = sample.answered_by(made)
    judged = replace(made[at], expectation=Expectation(None, tuple(said)))
    return [*made[:at], judged, *made[at + 1 :]]


def _judgements(raw: dict[str, Any], sample: Sample) -> Iterator[Assertion]:
    """The scores, what was wanted, and why a sample stopped."""
    for scorer, told in bodies.obj(raw.get("scores")).items():
        score = bodies.obj(told)
        value = score.get("value", told)
        said = sample.resolved(score.get("explanation"))
        yield Assertion(f"{scorer}: {_word(value)}", said if isinstance(said, str) and said else None)
    target = sample.resolved(raw.get("target"))
    if target not in (None, "", []):
        yield Assertion(f"target: {_word(target)}")
    for name in ("error", "limit", "invalidation"):
        if told := raw.get(name):
            inner = bodies.obj(told)
            yield Assertion(f"{name}: {_word(inner.get('message') or inner.get('type') or told)}")


def _word(value: Json) -> str:
    return value if isinstance(value, str) else dumps(value)
