"""Agents and knowledge bases of Amazon Bedrock: text in chunks, and traces of what the agent did meanwhile.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html and
…_RetrieveAndGenerate.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.bedrock import converse as bedrock_converse
from inspector.decode.protocols.bedrock import invoke as bedrock_invoke
from inspector.decode.protocols.bedrock import traces as bedrock_traces
from inspector.model import Citation, Event, Json, Message, Part, Prompt, ToolDefinition, ToolResult, Usage
from inspector.model.delta import (
    AboutDelta,
    CitationDelta,
    Delta,
    EndDelta,
    ErrorDelta,
    PartDelta,
    SummaryDelta,
    TextDelta,
)

NAME = "bedrock.agent"
OPERATION = "chat"

NEUTRAL = frozenset(
    {
        ".trace.trace.guardrailTrace.action", ".trace.trace.orchestrationTrace.modelInvocationInput.overrideLambda",
        "__type", "actionGroupName",
        "agentAliasArn", "agentCollaboratorAliasArn", "agentVersion", "callerChain", "chunk.bytes", "endTime",
        "executionType", "invocationType", "startTime", "stopSequences", "x-amz-bedrock-kb-data-source-id",
        "x-amz-bedrock-kb-source-uri"
    }
)  # fmt: skip

_PATHS = ("/retrieveAndGenerate", "/retrieveAndGenerateStream", "/retrieve")
_PROMPT_KEYS = ("inputText", "input", "retrievalQuery", "foundationModel", "instruction", "actionGroups")


def recognise(evidence: Evidence) -> bool:
    if "bedrock-agent-runtime" in evidence.host and not evidence.path.endswith("/rerank"):
        return True
    if "/agentAliases/" in evidence.path and "/sessions/" in evidence.path:
        return True
    if evidence.path.endswith(_PATHS) and ("input" in evidence.body or "retrievalQuery" in evidence.body):
        return True
    first = evidence.first
    if isinstance(lenient.obj(first.get("chunk")).get("bytes"), str) or isinstance(first.get("returnControl"), dict):
        return True
    if "sessionId" in first and isinstance(lenient.obj(first.get("output")).get("text"), str):
        return True
    return isinstance(lenient.obj(first.get("trace")).get("trace"), dict)


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    state = lenient.obj(body.get("sessionState"))
    returned = tuple(_returned(item, state) for item in lenient.seq(state.get("returnControlInvocationResults")))
    asked = (body.get("inputText"), *(lenient.obj(body.get(key)).get("text") for key in ("input", "retrievalQuery")))
    parts: tuple[Part, ...] = tuple(part for text in asked for part in lenient.text_parts(text))
    return Prompt(
        model=lenient.maybe(body.get("foundationModel")) or _model(body.get("retrieveAndGenerateConfiguration")),
        system=lenient.text_parts(body.get("instruction")),
        messages=(
            *((Message("tool", returned),) if returned else ()),
            *((Message("user", parts),) if parts else ()),
        ),
        tools=tuple(_tools(body.get("actionGroups"))),
        settings=lenient.settings(dict(body), *_PROMPT_KEYS),
    )


def _model(configuration: Json) -> str | None:
    """The model that answers from a knowledge base or from documents."""
    found = (lenient.obj(about).get("modelArn") for about in lenient.obj(configuration).values())
    return next(filter(None, map(lenient.maybe, found)), None)


def _returned(raw: Json, state: dict[str, Any]) -> ToolResult:
    """What the client answers to a call that an agent left to it."""
    about = lenient.obj(next(iter(lenient.obj(raw).values()), None))
    content = lenient.obj(about.get("responseBody"))
    bodies = [lenient.obj(value).get("body") for value in content.values()]
    name = lenient.maybe(about.get("function")) or lenient.maybe(about.get("apiPath"))
    failed = True if lenient.string(about.get("responseState")) else None
    return ToolResult(lenient.maybe(state.get("invocationId")), name, bodies[0] if len(bodies) == 1 else raw, failed)


def _tools(groups: Json) -> Iterator[ToolDefinition]:
    for group in map(lenient.obj, lenient.seq(groups)):
        for item in map(lenient.obj, lenient.seq(lenient.obj(group.get("functionSchema")).get("functions"))):
            about = lenient.maybe(item.get("description"))
            yield ToolDefinition("function", lenient.maybe(item.get("name")), about, item.get("parameters"))


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer. A stream has no end of its own: what answers ends it."""
    body = lenient.obj(event.data)
    for name, value in body.items():
        about = lenient.obj(value)
        if name == "chunk":
            yield from _chunk(about)
        elif name == "trace":
            yield from bedrock_traces.deltas(about)
        elif name == "returnControl":
            yield from bedrock_traces.left_to_client(about)
            yield EndDelta()
        elif name == "files":
            yield from _files(about)
        elif name == "output":
            yield TextDelta(lenient.string(about.get("text")))
            yield EndDelta()
        elif name == "citation":
            yield from _citations([about])
        elif name == "retrievalResults":
            yield PartDelta(ToolResult(None, None, value))
            yield SummaryDelta({"results": len(lenient.seq(value))})
        elif name.endswith("Exception"):
            yield ErrorDelta(bedrock_converse.error(name, value))
    yield from _citations(lenient.seq(body.get("citations")))
    yield AboutDelta(lenient.maybe(body.get("sessionId")), None)


def _chunk(raw: dict[str, Any]) -> Iterator[Delta]:
    data = lenient.decoded(lenient.string(raw.get("bytes")), bedrock_invoke.MAX_CHUNK)
    yield TextDelta((data or b"").decode("utf-8", "replace"))
    yield from _citations(lenient.seq(lenient.obj(raw.get("attribution")).get("citations")))
    yield EndDelta()


def _citations(found: list[Json]) -> Iterator[Delta]:
    for raw in map(lenient.obj, found):
        said = lenient.obj(lenient.obj(raw.get("generatedResponsePart")).get("textResponsePart"))
        span = lenient.obj(said.get("span"))
        start, last = lenient.count(span.get("start")), lenient.count(span.get("end"))
        for source in map(lenient.obj, lenient.seq(raw.get("retrievedReferences"))):
            quote = lenient.maybe(lenient.obj(source.get("content")).get("text"))
            yield CitationDelta(Citation(start, _end(start, last, said.get("text")), _address(source), None, quote))


def _end(start: int | None, last: int | None, said: Json) -> int | None:
    """Where a span ends: it names its last character, but the words that come with it know better."""
    if start is None or last is None:
        return None
    return start + len(said) if isinstance(said, str) and said else last + 1


def _address(source: dict[str, Any]) -> str | None:
    """Where a document is: ``{"type": "S3", "s3Location": {"uri": …}}``; other places have a ``url`` or an ``id``."""
    for place in map(lenient.obj, lenient.obj(source.get("location")).values()):
        for key in ("uri", "url", "id"):
            if address := lenient.maybe(place.get(key)):
                return address
    return None


def _files(raw: dict[str, Any]) -> Iterator[Delta]:
    """What the agent's code wrote."""
    for item in map(lenient.obj, lenient.seq(raw.get("files"))):
        if isinstance(item.get("bytes"), str):
            yield PartDelta(lenient.blob(item["bytes"], lenient.maybe(item.get("type"))))


def usage(counts: Mapping[str, Any]) -> Usage:
    """The sum of what each of the agent's steps used."""
    used = [lenient.obj(value) for value in counts.values()]
    return Usage(_sum(used, "inputTokens"), _sum(used, "outputTokens"))


def _sum(used: list[dict[str, Any]], key: str) -> int | None:
    found = [number for about in used if (number := lenient.count(about.get(key))) is not None]
    return sum(found) if found else None
