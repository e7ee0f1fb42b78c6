"""The events of a sample of Inspect AI: calls of models, with what the provider was sent where that was kept, and of
tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from inspector.decode.provider_names import NAMES
from inspector.formats.reading import bodies
from inspector.formats.reading.times import between
from inspector.formats.reading.unread import unread
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, Problem, ProviderError, Request, Response

KINDS = ("model", "tool")
QUIET = frozenset({
    "approval", "branch", "checkpoint", "compaction", "error", "info", "input", "interrupt", "logger", "sample_init",
    "sample_limit", "sandbox", "score", "score_edit", "span_begin", "span_end", "state", "step", "store", "subtask",
    "anchor",
})  # fmt: skip
"""Events that say nothing to a model: what happened around the calls, and copies of the state."""

_POINTERS = ("attachment://", "tc://")
_MODEL = frozenset({
    "event", "uuid", "span_id", "timestamp", "working_start", "completed", "working_time", "pending", "model", "role",
    "input", "input_refs", "tools", "tool_choice", "config", "output", "retries", "error", "traceback",
    "traceback_ansi", "cache", "call", "metadata", "model_role",
})  # fmt: skip
_TOOL = frozenset({
    "event", "uuid", "span_id", "timestamp", "working_start", "completed", "working_time", "pending", "type", "id",
    "function", "arguments", "view", "result", "truncated", "error", "events", "agent", "agent_span_id", "failed",
    "message_id", "metadata",
})  # fmt: skip
_CALL = frozenset({"request", "response", "time", "error", "call_refs", "call_key"})
_OUTPUT = frozenset({"model", "choices", "completion", "usage", "time", "metadata", "error", "stop_reason", "purpose"})
_COUNTS = {
    "input_tokens": "input_tokens", "output_tokens": "output_tokens", "total_tokens": "total_tokens",
    "input_tokens_cache_read": "cache_read_input_tokens", "input_tokens_cache_write": "cache_creation_input_tokens",
    "reasoning_tokens": "reasoning_tokens",
}  # fmt: skip
_MOST_DEEP = 60


class Sample:
    """A sample, with its pieces that are kept once put back where they are named."""

    def __init__(self, raw: dict[str, Any], log: str | None) -> None:
        self.raw = raw
        self.session = f"{log}/{raw.get('id')}_epoch_{raw.get('epoch')}" if log else None
        """Which sample of which log; None for one that has a file of its own."""
        began = next((bodies.text(event.get("timestamp")) for event in self.events()), "")
        self._unique = bodies.text(raw.get("uuid")) or began
        self._attachments = bodies.obj(raw.get("attachments"))
        pools = bodies.obj(raw.get("events_data"))
        self._messages = pools.get("messages") or raw.get("message_pool") or []
        self._calls = pools.get("calls") or raw.get("call_pool") or []

    def link(self, id: str) -> str:
        """What a tool call goes by. Ids of calls are not unique: logs of the same tests have the same."""
        return link_name(self._unique, str(self.raw.get("id")), id)

    def events(self) -> Iterator[dict[str, Any]]:
        """All events, those within others after them, as older logs nest what tools and subtasks did."""
        found = self.raw.get("events", bodies.obj(self.raw.get("transcript")).get("events"))
        pending = [*reversed(found)] if isinstance(found, list) else []
        while pending:
            event = bodies.obj(pending.pop())
            yield event
            inner = event.get("events")
            pending += reversed(inner) if isinstance(inner, list) else ()

    def resolved(self, value: Json, depth: int = 0) -> Json:
        """A value with the texts that its pointers lead to; a pointer that leads nowhere stays."""
        if isinstance(value, str):
            pointer = next((len(start) for start in _POINTERS if value.startswith(start)), 0)
            return self._attachments.get(value[pointer:], value) if pointer else value
        if depth < _MOST_DEEP and isinstance(value, dict):
            return {key: self.resolved(one, depth + 1) for key, one in value.items()}
        if depth < _MOST_DEEP and isinstance(value, list):
            return [self.resolved(one, depth + 1) for one in value]
        return value

    def input(self, event: dict[str, Any]) -> list[Any]:
        """The messages of a call, which newer logs keep once for all calls."""
        said = event.get("input")
        return [*(said if isinstance(said, list) else []), *_ranges(event.get("input_refs"), self._messages)]

    def request(self, call: dict[str, Any]) -> Json:
        """What the provider was sent."""
        sent, key = call.get("request"), call.get("call_key")
        pooled = _ranges(call.get("call_refs"), self._calls)
        return {**bodies.obj(sent), key: pooled} if pooled and isinstance(key, str) else sent

    def answered_by(self, made: Sequence[Exchange]) -> int:
        """The place of the exchange whose answer is the sample's; of the last one where none says so."""
        answer = self._said(self.raw)
        of_models = [at for at, one in enumerate(made) if bodies.obj(one.raw).get("event") == "model"]
        same = (at for at in reversed(of_models) if answer and self._said(made[at].raw) == answer)
        return next(same, (of_models or [len(made) - 1])[-1])

    def _said(self, raw: dict[str, Any]) -> Json:
        """What the output of a sample or of a call says."""
        message = bodies.obj(_first(bodies.obj(raw.get("output")).get("choices")).get("message"))
        return self.resolved(message.get("content"))


def _first(items: Json) -> dict[str, Any]:
    return bodies.obj(items[0]) if isinstance(items, list) and items else {}


def _ranges(refs: Json, pool: Json) -> list[Any]:
    """The items that ranges of a pool name."""
    found: list[Any] = []
    for ref in refs if isinstance(refs, list) else ():
        if isinstance(pool, list) and isinstance(ref, list) and [type(one) for one in ref] == [int, int]:
            found += pool[max(ref[0], 0) : max(ref[1], 0)]
    return found


def exchange(sample: Sample, event: dict[str, Any]) -> Exchange:
    """The exchange of an event that calls a model or a tool. Raises for what is none."""
    return _of_model(sample, event) if event["event"] == "model" else _of_tool(sample, event)


def _of_model(sample: Sample, event: dict[str, Any]) -> Exchange:
    call, output = bodies.obj(event.get("call")), bodies.obj(event.get("output"))
    sent, received = sample.request(call), call.get("response")
    is_raw = isinstance(sent, dict) and bool(sent) and bool(received)
    asked = sample.resolved(sent) if is_raw else _asked(sample, event)
    answered = sample.resolved(received if is_raw else _answered(output))
    error = _error(event, output)
    body = Body("value", answered) if answered else None
    problems = unread(event, _MODEL, "event", is_answered=body is not None)
    problems += unread(call, _CALL, "call", is_answered=body is not None)
    problems += unread(output, _OUTPUT, "output", is_answered=body is not None)
    if body is None and error is None and not event.get("pending"):
        problems.append(Problem("output", "not understood: it holds no choices"))
    calls = _calls_of(output)
    return Exchange(
        entry=0,
        request=Request("POST", "", (), Body("value", asked)),
        response=Response(error.status if error else None, (), body, error) if body or error else None,
        session=sample.session,
        started_at=bodies.moment(event.get("timestamp")),
        duration=_duration(event, call, output),
        provider=_provider(event),
        known_as=tuple(sample.link(id) for id in calls),
        problems=tuple(problems),
        raw=event,
    )


def _provider(event: dict[str, Any]) -> str | None:
    """The provider is the first word of a model's name."""
    word = bodies.text(event.get("model")).partition("/")[0].lower()
    return NAMES.get(word.replace("_", "-"), word) or None


def _duration(event: dict[str, Any], call: dict[str, Any], output: dict[str, Any]) -> float | None:
    told = (event.get("working_time"), call.get("time"), output.get("time"))
    known = next((one for one in map(bodies.seconds, told) if one is not None), None)
    return known if known is not None else between(event.get("timestamp"), event.get("completed"))


def _error(event: dict[str, Any], output: dict[str, Any]) -> ProviderError | None:
    said = event.get("error") or output.get("error")
    if not said:
        return None
    text = said if isinstance(said, str) else bodies.text(bodies.obj(said).get("message")) or None
    return ProviderError(None, text, None, said)


def _calls_of(output: dict[str, Any]) -> list[str]:
    """The ids of the tool calls of an answer."""
    said = bodies.obj(_first(output.get("choices")).get("message")).get("tool_calls")
    ids = (bodies.text(bodies.obj(one).get("id")) for one in (said if isinstance(said, list) else ()))
    return [id for id in ids if id]


# ---------------------------------------------------------------- what Inspect made of it, where the call was not kept


def _asked(sample: Sample, event: dict[str, Any]) -> dict[str, Any]:
    """The request in the words of OpenTelemetry's conventions."""
    settings = {key: one for key, one in bodies.obj(event.get("config")).items() if one is not None}
    tools = event.get("tools")
    asked = {
        "model": bodies.text(event.get("model")).partition("/")[2] or event.get("model"),
        "gen_ai.input.messages": [_message(one) for one in sample.resolved(sample.input(event))],
        "gen_ai.tool.definitions": sample.resolved(tools) if isinstance(tools, list) and tools else None,
        "tool_choice": event.get("tool_choice"),
        **settings,
    }
    return {key: one for key, one in asked.items() if one is not None}


def _answered(output: dict[str, Any]) -> dict[str, Any]:
    choices = output.get("choices")
    made = [
        {**_message(bodies.obj(one).get("message")), "finish_reason": bodies.obj(one).get("stop_reason")}
        for one in (choices if isinstance(choices, list) else ())
    ]
    if not made:
        return {}
    usage = _usage(bodies.obj(output.get("usage")))
    told = {"model": output.get("model"), "gen_ai.output.messages": made, "usage": usage or None}
    return {key: one for key, one in told.items() if one is not None}


def _usage(counts: dict[str, Any]) -> dict[str, Json]:
    """Counts in common words. Newer logs count input from the cache apart, which only the total tells."""
    usage = {name: counts[key] for key, name in _COUNTS.items() if counts.get(key) is not None}
    asked, answered = _count(usage, "input_tokens"), _count(usage, "output_tokens")
    cached = _count(usage, "cache_read_input_tokens") + _count(usage, "cache_creation_input_tokens")
    if cached and usage.get("total_tokens") == asked + answered + cached:
        usage["input_tokens"] = asked + cached
    return usage


def _count(usage: dict[str, Json], name: str) -> int:
    value = usage.get(name)
    return value if type(value) is int else 0


def _message(raw: Json) -> dict[str, Any]:
    """A message of Inspect's as one of Chat Completions. Its `view` shows a call's arguments again, for people."""
    message = bodies.obj(raw)
    made: dict[str, Any] = {key: message[key] for key in ("role", "content", "tool_call_id") if key in message}
    if isinstance(made.get("content"), list):
        made["content"] = [_part(one) for one in made["content"]]
    if isinstance(message.get("tool_calls"), list):
        made["tool_calls"] = [_tool_call(one) for one in message["tool_calls"]]
    if message.get("role") == "tool" and isinstance(message.get("function"), str):
        made["name"] = message["function"]
    failed = bodies.obj(message.get("error")).get("message")
    return {**made, "content": made.get("content") or failed} if failed else made


def _part(raw: Json) -> Json:
    part = bodies.obj(raw)
    kind = part.get("type")
    held = part.get(kind) if isinstance(kind, str) else None
    if kind == "reasoning":
        return {"type": "reasoning", "reasoning": held or part.get("summary") or ""}
    return {"type": "image_url", "image_url": {"url": held}} if kind == "image" and isinstance(held, str) else raw


def _tool_call(raw: Json) -> Json:
    call = bodies.obj(raw)
    return {"id": call.get("id"), "function": {"name": call.get("function"), "arguments": call.get("arguments")}}


def whole_sample(sample: Sample) -> list[Exchange]:
    """The one exchange of a sample whose events were not kept: its messages, and the answer that it ended with."""
    said, output = sample.resolved(sample.raw.get("messages")), bodies.obj(sample.resolved(sample.raw.get("output")))
    answered = _answered(output)
    messages = said if isinstance(said, list) else []
    if not messages and not answered:
        return []
    if answered and messages and bodies.obj(messages[-1]).get("role") == "assistant":
        messages = messages[:-1]
    asked = {"model": output.get("model"), "gen_ai.input.messages": [_message(one) for one in messages]}
    return [
        Exchange(
            entry=0,
            request=Request("POST", "", (), Body("value", {key: one for key, one in asked.items() if one is not None})),
            response=Response(body=Body("value", answered)) if answered else None,
            session=sample.session,
            started_at=bodies.moment(sample.raw.get("started_at")),
            duration=bodies.seconds(sample.raw.get("working_time")),
            problems=tuple(unread(output, _OUTPUT, "output", is_answered=bool(answered))),
            raw=sample.raw,
        )
    ]


# ---------------------------------------------------------------- tools


def _of_tool(sample: Sample, event: dict[str, Any]) -> Exchange:
    """A tool that ran. It hangs on the answer that called it, where the call's result stands too."""
    id = bodies.text(event.get("id"))
    asked = {
        "gen_ai.tool.name": event.get("function"),
        "gen_ai.tool.call.id": id or None,
        "gen_ai.tool.call.arguments": sample.resolved(event.get("arguments")),
    }
    failed = bodies.obj(event.get("error"))
    result = sample.resolved(event.get("result"))
    answered = {"gen_ai.tool.call.result": result} if result not in (None, "") or not failed else None
    error = ProviderError(failed.get("type"), failed.get("message"), None, failed) if failed else None
    problems: list[Problem] = unread(event, _TOOL, "event", is_answered=True)
    return Exchange(
        entry=0,
        request=Request("POST", "", (), Body("value", {key: one for key, one in asked.items() if one is not None})),
        response=Response(None, (), Body("value", answered) if answered else None, error),
        session=sample.session,
        started_at=bodies.moment(event.get("timestamp")),
        duration=bodies.seconds(event.get("working_time")) or between(event.get("timestamp"), event.get("completed")),
        called_from=sample.link(id) if id else "",
        problems=tuple(problems),
        raw=event,
    )
