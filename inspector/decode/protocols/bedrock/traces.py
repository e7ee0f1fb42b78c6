"""Traces of a Bedrock agent: what it thought, which tools it called, and what they answered.

https://docs.aws.amazon.com/bedrock/latest/userguide/trace-events.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.decode import lenient
from inspector.model import Json, Part, ProviderError, Reasoning, ToolResult, Unknown
from inspector.model.delta import AboutDelta, Delta, ErrorDelta, PartDelta, ReasoningDelta, UsageDelta

_ASSESSED = ("inputAssessments", "outputAssessments")
_QUIET = ("traceId", "metadata")


def deltas(raw: dict[str, Any]) -> Iterator[Delta]:
    """A trace: ``{agentId, …, trace: {orchestrationTrace: {rationale: {…}}}}``, of one step in one phase."""
    for phase, steps in lenient.obj(raw.get("trace")).items():
        if phase == "failureTrace":
            about = lenient.obj(steps)
            yield ErrorDelta(ProviderError(phase, lenient.maybe(about.get("failureReason")), None, {phase: steps}))
        elif phase == "guardrailTrace":
            about = lenient.obj(steps)
            if about.get("action") == "INTERVENED" or any(about.get(key) for key in _ASSESSED):
                yield PartDelta(Unknown({phase: steps}))
        else:
            for name, step in lenient.obj(steps).items():
                yield from _step(name, lenient.obj(step), {phase: {name: step}})


def _step(name: str, step: dict[str, Any], raw: Json) -> Iterator[Delta]:
    if name == "rationale":
        yield from _thought(step.get("text"))
    elif name == "modelInvocationInput":
        yield AboutDelta(None, lenient.maybe(step.get("foundationModel")))
        yield from _inside(name, step, "text")
    elif name == "modelInvocationOutput":
        yield from _model_output(step)
    elif name == "invocationInput":
        yield PartDelta(_call(step) or Unknown(raw))
    elif name == "observation":
        yield from _observed(step)
    elif name not in _QUIET:
        yield PartDelta(Unknown(raw))


def _thought(text: Json) -> Iterator[Delta]:
    if thought := lenient.maybe(text):
        yield PartDelta(Reasoning(thought))


def _model_output(step: dict[str, Any]) -> Iterator[Delta]:
    """Tokens that one step used, by its id; some models' reasoning; and what the model said to the agent alone."""
    counts = lenient.obj(step.get("metadata")).get("usage")
    if isinstance(counts, dict):
        yield UsageDelta({lenient.string(step.get("traceId")): counts})
    thought = lenient.obj(lenient.obj(step.get("reasoningContent")).get("reasoningText"))
    yield from _thought(thought.get("text"))
    yield from _inside("modelInvocationOutput", step, "rawResponse")


def _inside(name: str, step: dict[str, Any], key: str) -> Iterator[Delta]:
    """What the agent and its model said to each other: as it is, beside what the agent made of it."""
    if step.get(key):
        yield PartDelta(Unknown({name: {key: step[key]}}))


def _call(step: dict[str, Any]) -> Part | None:
    id = step.get("traceId")
    for name, value in step.items():
        about = lenient.obj(value)
        if name == "actionGroupInvocationInput":
            return lenient.call(id, about.get("function") or about.get("apiPath"), _arguments(about))
        if name == "knowledgeBaseLookupInput":
            return lenient.call(id, "knowledge_base", about)
        if name == "codeInterpreterInvocationInput":
            return lenient.call(id, "code_interpreter", about)
        if name == "agentCollaboratorInvocationInput":
            return lenient.call(id, about.get("agentCollaboratorName"), lenient.obj(about.get("input")))
    return None


def _arguments(about: dict[str, Any]) -> dict[str, Any]:
    """``[{name, type, value}]`` as an object; a request body beside it."""
    arguments = {lenient.string(item.get("name")): item.get("value") for item in _items(about.get("parameters"))}
    content = about.get("requestBody")
    return {**arguments, "requestBody": content} if content else arguments


def _items(value: Json) -> list[dict[str, Any]]:
    return [item for item in lenient.seq(value) if isinstance(item, dict)]


def _observed(step: dict[str, Any]) -> Iterator[Delta]:
    """What a call led to. The final response is what the chunks bring, or the result of a collaborator."""
    id = lenient.maybe(step.get("traceId"))
    for name, value in step.items():
        about = lenient.obj(value)
        if name in ("actionGroupInvocationOutput", "codeInterpreterInvocationOutput"):
            failed = True if about.get("executionError") else None
            text = about.get("text") or about.get("executionOutput") or about.get("executionError")
            yield PartDelta(ToolResult(id, None, text if lenient.maybe(text) else value, failed))
        elif name == "agentCollaboratorInvocationOutput":
            said = lenient.obj(about.get("output")).get("text")
            yield PartDelta(ToolResult(id, lenient.maybe(about.get("agentCollaboratorName")), said or value))
        elif name == "knowledgeBaseLookupOutput":
            yield PartDelta(ToolResult(id, "knowledge_base", about.get("retrievedReferences")))
        elif name == "repromptResponse":
            yield ReasoningDelta(lenient.string(about.get("text")))


def left_to_client(raw: dict[str, Any]) -> Iterator[Delta]:
    """Calls that the client shall make: ``{invocationId, invocationInputs: [{functionInvocationInput: {…}}]}``."""
    for item in _items(raw.get("invocationInputs")):
        about = lenient.obj(next(iter(item.values()), None))
        name = about.get("function") or about.get("apiPath")
        yield PartDelta(lenient.call(raw.get("invocationId"), name, _arguments(about)))
