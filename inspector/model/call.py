"""An exchange, understood: what was asked, what was answered, and which event added what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from typing import Any, NamedTuple, TypeVar

from inspector.model.delta import Delta
from inspector.model.exchange import Event, Json, Problem, ProviderError
from inspector.model.frozen import dataclass
from inspector.model.message import Message, Part

Row = TypeVar("Row", bound=tuple[Any, ...])


def made(kind: type[Row], *columns: Iterable[object]) -> Iterator[Row]:
    """Named tuples from their columns, as many as the shortest has; for the thousands that a stream consists of."""
    return map(partial(tuple.__new__, kind), zip(*columns, strict=False))


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool that the model may call; `parameters` is its JSON Schema."""

    type: str
    name: str | None
    description: str | None
    parameters: Json


@dataclass(frozen=True, slots=True)
class Prompt:
    """What was asked: the request, understood."""

    model: str | None = None
    stream: bool | None = None
    system: tuple[Part, ...] = ()
    """Instructions from a field of their own; those among the messages stay there."""
    messages: tuple[Message, ...] = ()
    tools: tuple[ToolDefinition, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the provider reports them. `input_tokens` includes cached input."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    reasoning_tokens: int | None = None


class Step(NamedTuple):
    """An event of a response, and what it added to the reply."""

    event: Event
    deltas: Sequence[Delta]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """An exchange, understood."""

    protocol: str | None
    provider: str | None
    operation: str
    prompt: Prompt
    infrastructure: str | None = None
    """What the exchange is where it is no LLM traffic: ``auth``, ``telemetry``, ``packages``, ``vector store``, …"""
    replies: tuple[Message, ...] = ()
    usage: Usage | None = None
    response_id: str | None = None
    response_model: str | None = None
    created_at: str | None = None
    summary: Mapping[str, Json] | None = None
    error: ProviderError | None = None
    streamed: bool = False
    complete: bool = True
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
