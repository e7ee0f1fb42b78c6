"""Results of promptfoo (https://www.promptfoo.dev/docs/configuration/outputs/): what each provider answered to each
prompt of a test, and how that was judged. JSON of one evaluation, or a result a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.reading import bodies, times
from inspector.formats.reading.entries import each, each_line
from inspector.formats.reading.halves import parsed
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.reading.unread import unread
from inspector.model import Assertion, Body, Exchange, Expectation, Json, ProviderError, Request, Response
from inspector.model.jsonio import dumps

NAME = "promptfoo"
FILES = "results of promptfoo: `promptfoo eval -o results.json`, `*.jsonl`"

_OF_FILES = frozenset({"evalId", "results", "config", "shareableUrl", "metadata", "version", "vars", "author"})
_KNOWN = frozenset({
    "id", "evalId", "prompt", "promptId", "promptIdx", "testIdx", "testCase", "vars", "response", "error",
    "failureReason", "success", "score", "namedScores", "latencyMs", "provider", "gradingResult", "cost", "metadata",
    "description", "tokenUsage", "persisted", "pluginId", "traceId", "evaluationId",
})  # fmt: skip
_ANSWER = frozenset({
    "output", "tokenUsage", "cached", "cost", "error", "raw", "logProbs", "finishReason", "metadata", "isRefusal",
    "guardrails", "latencyMs", "sessionId", "cachedAt", "conversationEnded", "prompt",
})  # fmt: skip


def sniff(source: Source) -> bool:
    head = source.head
    if b'"prompt' not in head or not any(key in head for key in (b'"evalId"', b'"testIdx"', b'"vars"', b'"results"')):
        return False
    records = first_records(source)
    if any(map(_is_one, records)):
        return True
    if not records or "results" not in records[0]:
        return False
    return any(map(_is_one, _rows(source.json.value)))


def _is_one(value: Json) -> bool:
    row = bodies.obj(value)
    judged = not row.keys().isdisjoint(("success", "gradingResult", "score"))
    return judged and "raw" in bodies.obj(row.get("prompt")) and "provider" in row and "vars" in row


def _rows(value: Json) -> list[Any]:
    held = bodies.obj(value).get("results")
    rows = held.get("results") if isinstance(held, dict) else held
    return rows if isinstance(rows, list) else []


def read(source: Source) -> Iterator[Exchange]:
    value = source.json.value
    if value is None:
        yield from each_line(
            source, lambda line, row: replace(_exchange(line.number, row, {}), position=line.position), _KNOWN
        )
        return
    rows = _rows(value) or ([value] if _is_one(value) else [])
    about = bodies.obj(value)
    noted = unread(about, _OF_FILES, "file", is_answered=True) if rows and rows[0] is not value else []
    for made in each(source, rows, lambda number, row: _exchange(number, row, about), _KNOWN):
        yield replace(made, problems=(*noted, *made.problems)) if noted else made
        noted = []


def _exchange(number: int, row: dict[str, Any], about: dict[str, Any]) -> Exchange:
    prompt, answer = bodies.obj(row["prompt"]), bodies.obj(row.get("response"))
    told = bodies.obj(row.get("provider"))
    provider = bodies.text(told.get("id") or row.get("provider"))
    test = bodies.obj(row.get("testCase"))
    problems = unread(answer, _ANSWER, "response", is_answered="output" in answer)
    return Exchange(
        entry=number,
        request=Request("POST", "/v1/chat/completions", (), Body("value", _request(prompt.get("raw"), provider, told))),
        response=_response(row, answer, provider),
        test_id=bodies.text(row.get("description") or test.get("description")) or None,
        session=bodies.text(row.get("evalId") or about.get("evalId")) or None,
        title=bodies.text(bodies.obj(about.get("config")).get("description")),
        duration=times.of_milliseconds(row.get("latencyMs")),
        expectation=_expectation(row),
        hint=provider.replace(":", "/"),
        problems=tuple(problems),
        raw=row,
    )


def _request(raw: Json, provider: str, told: dict[str, Any]) -> dict[str, Any]:
    """What was asked: messages where the prompt is JSON of such, else one text."""
    said = parsed(raw)
    held = bodies.obj(said)
    messages = said if isinstance(said, list) else held.get("messages")
    if not isinstance(messages, list) or not all("role" in bodies.obj(one) for one in messages):
        held, messages = {}, [{"role": "user", "content": raw if isinstance(raw, str) else dumps(raw)}]
    settings = bodies.obj(told.get("config"))
    return {"model": provider.rpartition(":")[2] or None, **settings, **held, "messages": messages}


def _response(row: dict[str, Any], answer: dict[str, Any], provider: str) -> Response | None:
    failed = bodies.text(answer.get("error"))
    output = answer.get("output")
    if output in (None, "") and (failed or bodies.text(row.get("error"))):
        failed = failed or bodies.text(row.get("error"))
        return Response(error=ProviderError(None, failed, None, failed))
    if not answer:
        return None
    reason = answer.get("finishReason")
    choice = {"index": 0, "message": _message(output), **({"finish_reason": reason} if reason else {})}
    model = provider.rpartition(":")[2] or None
    said = {"object": "chat.completion", "model": model, "choices": [choice]}
    counts = _usage(bodies.obj(answer.get("tokenUsage")))
    return Response(body=Body("value", {**said, "usage": counts} if counts else said))


def _message(output: Json) -> dict[str, Any]:
    """The answer, which may be calls of tools, as of OpenAI, or any JSON."""
    calls = (
        output if isinstance(output, list) and output and all("function" in bodies.obj(one) for one in output) else None
    )
    if calls:
        return {"role": "assistant", "content": None, "tool_calls": calls}
    if isinstance(output, dict) and isinstance(output.get("tool_calls"), list):
        return {"role": "assistant", **output}
    return {"role": "assistant", "content": output if isinstance(output, str) else dumps(output)}


def _usage(told: dict[str, Any]) -> dict[str, Json]:
    """Tokens. Of an answer from the cache only their sum is kept, as that."""
    names = {"prompt": "prompt_tokens", "completion": "completion_tokens", "total": "total_tokens"}
    counts: dict[str, Json] = {names[key]: told[key] for key in names if isinstance(told.get(key), int)}
    thought = bodies.obj(told.get("completionDetails")).get("reasoning")
    return {**counts, **({"completion_tokens_details": {"reasoning_tokens": thought}} if thought else {})}


def _expectation(row: dict[str, Any]) -> Expectation | None:
    said = tuple(_judgements(row))
    return Expectation(None, said) if said else None


def _judgements(row: dict[str, Any]) -> Iterator[Assertion]:
    """What was asserted of the answer and how it went; of a row without such, whether it passed."""
    graded = bodies.obj(row.get("gradingResult"))
    parts = graded.get("componentResults")
    for part in map(bodies.obj, parts if isinstance(parts, list) else ()):
        wanted = bodies.obj(part.get("assertion"))
        value = wanted.get("value")
        shown = "" if value is None else f" {value if isinstance(value, str) else dumps(value)}"
        yield Assertion(
            f"{_word(part.get('pass'))}: {wanted.get('type')}{shown}", bodies.text(part.get("reason")) or None
        )
    if not parts and "success" in row:
        yield Assertion(_word(row["success"]), bodies.text(graded.get("reason") or row.get("error")) or None)


def _word(passed: Json) -> str:
    return "passed" if passed else "failed"
