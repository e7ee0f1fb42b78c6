"""Agents and knowledge bases of Amazon Bedrock: text in chunks, and traces of what the agent did meanwhile.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html and
…_RetrieveAndGenerate.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.deltas import AboutDelta, CitationDelta, Delta, EndDelta, ErrorDelta, PartDelta, SummaryDelta, TextDelta
from inspector.model import Citation, Event, Json, Message, Part, Prompt, ToolDefinition, ToolResult, Usage
from inspector.wire import bedrock_converse, bedrock_invoke, bedrock_traces
from inspector.wire import reading as read
from inspector.wire.clue import Clue

NAME = "bedrock.agent"
OPERATION = "chat"

_PATHS = ("/retrieveAndGenerate", "/retrieveAndGenerateStream", "/retrieve")
_PROMPT_KEYS = ("inputText", "input", "retrievalQuery", "foundationModel", "instruction", "actionGroups")


def recognise(clue: Clue) -> bool:
    if "bedrock-agent-runtime" in clue.host and not clue.path.endswith("/rerank"):
        return True
    if "/agentAliases/" in clue.path and "/sessions/" in clue.path:
        return True
    if clue.path.endswith(_PATHS) and ("input" in clue.body or "retrievalQuery" in clue.body):
        return True
    first = clue.first
    if isinstance(read.obj(first.get("chunk")).get("bytes"), str) or isinstance(first.get("returnControl"), dict):
        return True
    if "sessionId" in first and isinstance(read.obj(first.get("output")).get("text"), str):
        return True
    return isinstance(read.obj(first.get("trace")).get("trace"), dict)


# ---------------------------------------------------------------- the request


def prompt(body: Mapping[str, Any]) -> Prompt:
    state = read.obj(body.get("sessionState"))
    returned = tuple(_returned(item, state) for item in read.seq(state.get("returnControlInvocationResults")))
    asked = (body.get("inputText"), *(read.obj(body.get(key)).get("text") for key in ("input", "retrievalQuery")))
    parts: tuple[Part, ...] = tuple(part for text in asked for part in read.text_parts(text))
    return Prompt(
        model=read.maybe(body.get("foundationModel")) or _model(body.get("retrieveAndGenerateConfiguration")),
        system=read.text_parts(body.get("instruction")),
        messages=(
            *((Message("tool", returned),) if returned else ()),
            *((Message("user", parts),) if parts else ()),
        ),
        tools=tuple(_tools(body.get("actionGroups"))),
        settings=read.settings(dict(body), *_PROMPT_KEYS),
    )


def _model(configuration: Json) -> str | None:
    """The model that answers from a knowledge base or from documents."""
    found = (read.obj(about).get("modelArn") for about in read.obj(configuration).values())
    return next(filter(None, map(read.maybe, found)), None)


def _returned(raw: Json, state: dict[str, Any]) -> ToolResult:
    """What the client answers to a call that an agent left to it."""
    about = read.obj(next(iter(read.obj(raw).values()), None))
    content = read.obj(about.get("responseBody"))
    bodies = [read.obj(value).get("body") for value in content.values()]
    name = read.maybe(about.get("function")) or read.maybe(about.get("apiPath"))
    failed = True if read.string(about.get("responseState")) else None
    return ToolResult(read.maybe(state.get("invocationId")), name, bodies[0] if len(bodies) == 1 else raw, failed)


def _tools(groups: Json) -> Iterator[ToolDefinition]:
    for group in map(read.obj, read.seq(groups)):
        for item in map(read.obj, read.seq(read.obj(group.get("functionSchema")).get("functions"))):
            about = read.maybe(item.get("description"))
            yield ToolDefinition("function", read.maybe(item.get("name")), about, item.get("parameters"))


# ---------------------------------------------------------------- the response


def deltas(event: Event) -> Iterator[Delta]:
    """What one event adds, or a whole answer. A stream has no end of its own: what answers ends it."""
    body = read.obj(event.data)
    for name, value in body.items():
        about = read.obj(value)
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
            yield TextDelta(read.string(about.get("text")))
            yield EndDelta()
        elif name == "citation":
            yield from _citations([about])
        elif name == "retrievalResults":
            yield SummaryDelta({"results": len(read.seq(value))})
        elif name.endswith("Exception"):
            yield ErrorDelta(bedrock_converse.error(name, value))
    yield from _citations(read.seq(body.get("citations")))
    yield AboutDelta(read.maybe(body.get("sessionId")), None)


def _chunk(raw: dict[str, Any]) -> Iterator[Delta]:
    data = read.decoded(read.string(raw.get("bytes")), bedrock_invoke.MAX_CHUNK)
    yield TextDelta((data or b"").decode("utf-8", "replace"))
    yield from _citations(read.seq(read.obj(raw.get("attribution")).get("citations")))
    yield EndDelta()


def _citations(found: list[Json]) -> Iterator[Delta]:
    for raw in map(read.obj, found):
        said = read.obj(read.obj(raw.get("generatedResponsePart")).get("textResponsePart"))
        span = read.obj(said.get("span"))
        start, last = read.count(span.get("start")), read.count(span.get("end"))
        for source in map(read.obj, read.seq(raw.get("retrievedReferences"))):
            quote = read.maybe(read.obj(source.get("content")).get("text"))
            yield CitationDelta(Citation(start, _end(start, last, said.get("text")), _address(source), None, quote))


def _end(start: int | None, last: int | None, said: Json) -> int | None:
    """Where a span ends: it names its last character, but the words that come with it know better."""
    if start is None or last is None:
        return None
    return start + len(said) if isinstance(said, str) and said else last + 1


def _address(source: dict[str, Any]) -> str | None:
    """Where a document is: ``{"type": "S3", "s3Location": {"uri": …}}``; other places have a ``url`` or an ``id``."""
    for place in map(read.obj, read.obj(source.get("location")).values()):
        for key in ("uri", "url", "id"):
            if address := read.maybe(place.get(key)):
                return address
    return None


def _files(raw: dict[str, Any]) -> Iterator[Delta]:
    """What the agent's code wrote."""
    for item in map(read.obj, read.seq(raw.get("files"))):
        if isinstance(item.get("bytes"), str):
            yield PartDelta(read.blob(item["bytes"], read.maybe(item.get("type"))))


def usage(counts: Mapping[str, Any]) -> Usage:
    """The sum of what each of the agent's steps used."""
    used = [read.obj(value) for value in counts.values()]
    return Usage(_sum(used, "inputTokens"), _sum(used, "outputTokens"))


def _sum(used: list[dict[str, Any]], key: str) -> int | None:
    found = [number for about in used if (number := read.count(about.get(key))) is not None]
    return sum(found) if found else None
