"""Trajectories in the Agent Trajectory Interchange Format, which Harbor, Terminal-Bench, OpenHands and others write
(https://github.com/laude-institute/harbor, docs/rfcs/0001-trajectory-format.md): one JSON value with a step for each
message of the user and for each response, the results of its calls in the step of the response.

A response is an exchange, and its request holds what is new since the response before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.formats.reading import bodies
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import Source
from inspector.formats.reading.times import between
from inspector.formats.reading.unread import unread, unread_lines
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, Request, Response
from inspector.model.jsonio import dumps

NAME = "atif"
FILES = "trajectories of agents in ATIF, as of Harbor, Terminal-Bench, OpenHands: `trajectory.json`"

_KNOWN = frozenset(
    {
        "agent", "continued_trajectory_ref", "final_metrics", "schema_version", "session_id", "steps",
        "subagent_trajectories", "trajectory_id",
    }
)  # fmt: skip
_STEP = frozenset(
    {
        "is_copied_context", "llm_call_count", "message", "metrics", "model_name", "observation", "reasoning_content",
        "reasoning_effort", "source", "step_id", "timestamp", "tool_calls",
    }
)  # fmt: skip
_ROLES = {"agent": "assistant", "system": "system", "user": "user"}
_AGENT = "atif agent"


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or b"ATIF-v" not in source.head:
        return False
    return any(bodies.text(record.get("schema_version")).startswith("ATIF-v") for record in first_records(source)[:1])


def read(source: Source) -> Iterator[Exchange]:
    whole = bodies.obj(source.json.value)
    made = [*_trajectory(whole, "", 0)]
    problems = (*source.json.problems, *unread(whole, _KNOWN, "trajectory", is_answered=bool(made)))
    for number, one in enumerate(made):
        more = problems if number == (len(made) - 1 if source.cut else 0) else ()
        yield replace(one, problems=(*more, *one.problems))


def _trajectory(told: dict[str, Any], caller: str, start: int) -> Iterator[Exchange]:
    """The exchanges of a trajectory, numbered from `start` on, and those of the agents within it. `caller` is the
    session of what called it."""
    own = bodies.text(told.get("session_id")) or bodies.text(told.get("trajectory_id"))
    steps = told.get("steps")
    steps = steps if isinstance(steps, list) else []
    turn = _Turn(told, caller or own, start, is_agent=bool(caller))
    for number, step in enumerate(steps, start):
        if turn.takes(number, step):
            yield turn.exchange(step)
            turn = turn.following(number)
    if turn.asked or turn.others:
        yield turn.exchange(None)
    inner = told.get("subagent_trajectories")
    number = start + len(steps) + 1
    for agent in map(bodies.obj, inner if isinstance(inner, list) else ()):
        yield from _trajectory(agent, caller or own, number)
        within = agent.get("steps")
        number += (len(within) if isinstance(within, list) else 0) + 1


class _Turn:
    """A response with what is new in its request."""

    def __init__(self, told: dict[str, Any], session: str, number: int, before: str = "", *, is_agent: bool) -> None:
        self._told = told
        self._session = session
        self._before = before
        """What the response before is known as."""
        self._is_agent = is_agent
        self._number = number
        self._raw: list[Json] = []
        self._began: Json = None
        self.asked: list[Json] = []
        self.others = 0
        """Steps that are none, or nobody's."""

    def takes(self, number: int, step: Json) -> bool:
        """Add a step; True where it is the response."""
        if not isinstance(step, dict):
            self.others += 1
            return False
        if not self._raw and not self.asked:
            self._number = number
        self._raw.append(step)
        if step.get("source") == "agent" and not step.get("is_copied_context"):
            return True
        role = _ROLES.get(bodies.text(step.get("source")), "user")
        self.others += bodies.text(step.get("source")) not in _ROLES
        self.asked.append({"role": role, **_said(step)} if role == "assistant" else _message(role, step))
        self.asked += _results(step)
        self._began = step.get("timestamp") or self._began
        return False

    def exchange(self, step: dict[str, Any] | None) -> Exchange:
        agent = bodies.obj(self._told.get("agent"))
        answer = step or {}
        model = answer.get("model_name") or agent.get("model_name")
        asked = {"model": model, "messages": self.asked, "tools": [] if self._before else agent.get("tool_definitions")}
        began = self._began if bodies.text(self._began) else None
        own = bodies.text(self._told.get("trajectory_id")) or bodies.text(self._told.get("session_id"))
        problems = [one for raw in self._raw for one in unread(raw, _STEP, "step", is_answered=True)]
        return Exchange(
            entry=self._number,
            request=Request("POST", "/v1/chat/completions", (), Body("value", {k: v for k, v in asked.items() if v})),
            response=Response(body=Body("value", _response(answer, model))) if step else None,
            session=self._session or None,
            started_at=bodies.moment(began or answer.get("timestamp")),
            duration=between(began, answer.get("timestamp")) if began else None,
            sdk=" ".join(filter(None, (bodies.text(agent.get("name")), bodies.text(agent.get("version"))))),
            continues=self._before,
            known_as=(self._known_as, *(link_name(_AGENT, name) for name in _called(answer))),
            called_from=link_name(_AGENT, own) if self._is_agent and not self._before else "",
            problems=(*problems, *unread_lines({"no step": self.others} if self.others else {})),
            raw=self._raw,
        )

    @property
    def _known_as(self) -> str:
        return link_name(self._session, bodies.text(self._told.get("trajectory_id")), str(self._number))

    def following(self, number: int) -> _Turn:
        """The turn after the response of a step, with the results of its calls."""
        turn = _Turn(self._told, self._session, number, self._known_as, is_agent=self._is_agent)
        turn.asked += _results(self._raw[-1])
        turn._number = number + 1
        return turn


def _message(role: str, step: dict[str, Any]) -> Json:
    said = step.get("message")
    return {"role": role, "content": said if isinstance(said, (str, list)) else dumps(said)}


def _said(step: dict[str, Any]) -> dict[str, Any]:
    """What the agent said and called."""
    called = step.get("tool_calls")
    calls = [_call(bodies.obj(call)) for call in (called if isinstance(called, list) else ())]
    return {
        "content": step.get("message"),
        **({"reasoning_content": step["reasoning_content"]} if step.get("reasoning_content") else {}),
        **({"tool_calls": calls} if calls else {}),
    }


def _call(call: dict[str, Any]) -> Json:
    arguments = call.get("arguments")
    said = arguments if isinstance(arguments, str) else dumps(arguments)
    function = {"name": call.get("function_name"), "arguments": said}
    return {"id": call.get("tool_call_id"), "type": "function", "function": function}


def _results(step: dict[str, Any]) -> list[Json]:
    """What came of the calls of a step, or of a command in its text."""
    return [_result(one, bool(step.get("tool_calls"))) for one in _observed(step)]


def _result(result: dict[str, Any], is_called: bool) -> Json:
    said, refs = result.get("content"), result.get("subagent_trajectory_ref")
    content = said if isinstance(said, (str, list)) else dumps(refs if said is None and refs else said)
    if not is_called and not result.get("source_call_id"):
        return {"role": "user", "content": content}
    return {"role": "tool", "tool_call_id": result.get("source_call_id"), "content": content}


def _observed(step: dict[str, Any]) -> list[dict[str, Any]]:
    results = bodies.obj(step.get("observation")).get("results")
    return [bodies.obj(one) for one in results] if isinstance(results, list) else []


def _called(step: dict[str, Any]) -> Iterator[str]:
    """The agents whose trajectories the results of a step name."""
    for result in _observed(step):
        refs = result.get("subagent_trajectory_ref")
        for ref in map(bodies.obj, refs if isinstance(refs, list) else [refs]):
            yield from filter(None, [bodies.text(ref.get("trajectory_id")) or bodies.text(ref.get("session_id"))])


def _response(step: dict[str, Any], model: Json) -> Json:
    message = {"role": "assistant", **_said(step)}
    counts = bodies.obj(step.get("metrics"))
    cached = counts.get("cached_tokens")
    usage = {
        **{key: counts[key] for key in ("prompt_tokens", "completion_tokens") if counts.get(key) is not None},
        **({"prompt_tokens_details": {"cached_tokens": cached}} if cached is not None else {}),
    }
    answer = {"object": "chat.completion", "model": model, "choices": [{"index": 0, "message": message}]}
    return {**answer, "usage": usage} if usage else answer
