"""What the index keeps of an exchange: the columns of a list row, and the messages by their hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple
from urllib.parse import urlsplit

from inspector.analysis import anchors
from inspector.analysis.continuation import NO_LINKS, Links, links
from inspector.analysis.features import BITS, held
from inspector.analysis.fingerprint import digest, number
from inspector.analysis.first_words import address, asked, replied, words
from inspector.analysis.issues import HELPER, Mark, is_helper, marks
from inspector.analysis.measures import moment, total
from inspector.analysis.prefix_hash import chain
from inspector.analysis.recorded_with import sdk
from inspector.analysis.search_text import Piece, pieces, thoughts
from inspector.model import Exchange, Message, ModelCall, ToolCall, jsonio

_GUARDS = ("guard", "shield", "moderation")


class Said(NamedTuple):
    """One message of an exchange: its key in a chain of prompts, and what it says."""

    key: int
    id: int
    """Tells apart what the key leaves out: ids and scores that change with each run."""
    pieces: tuple[Piece, ...] = ()
    """Empty where the index has them already."""
    tools: tuple[str, ...] = ()
    """Names of the tools that it calls."""
    thought: int | None = None
    """The key of its reasoning, which is searched as a message of its own: later prompts do not repeat it."""
    thoughts: str = ""


class Summary(NamedTuple):
    """One exchange as the index keeps it."""

    entry: int
    position: int | None
    test_id: str | None
    session: str | None
    protocol: str | None
    provider: str | None
    operation: str
    host: str
    model: str | None
    response_model: str | None
    sent: bool
    streamed: bool
    events: int
    status: int | None
    finish: str | None
    input_tokens: int | None
    output_tokens: int | None
    total_tokens: int | None
    """As the provider counted, else those of the input and the output together."""
    asked: str
    """First words of the last user message."""
    replied: str
    """First words of the reply, or what stands in its place."""
    odd: str
    """Kinds of marks, joined with commas; empty where nothing is odd."""
    collapsed_under: str | None
    """What the exchange is folded under in a list: ``models``, ``helper call``, a guard's name, or the word
    for what is no LLM traffic; None for the rest."""
    size: int | None
    """Bytes of its entry as JSON; None where its file has no other."""
    duration: int | None
    """Milliseconds."""
    has: int
    """What it holds, as `features.held` has it."""
    request: int
    """A hash of the whole request: who sends the same twice may get other answers."""
    prompt: tuple[Said, ...]
    replies: tuple[Said, ...]
    cached_tokens: int | None = None
    """Those of the input that came from a cache."""
    started: int | None = None
    """Milliseconds since 1970, where the recording says when it was."""
    sdk: str | None = None
    """What asked, and its version: ``openai 2.30.0``."""
    links: Links = NO_LINKS
    findings: str = ""
    """What checks found, as `inspector.checks.finding.packed` has it."""
    title: str | None = None
    """What its session is called, where a recording says so beside it."""


def summarise(
    exchange: Exchange,
    call: ModelCall,
    known: Set[int] = frozenset(),
    size: int | None = None,
    odd: Sequence[Mark] | None = None,
) -> Summary:
    """The summary of an exchange; what is masked in there is masked here. Messages in `known` come without their
    text. `odd` are its marks, where somebody has them already."""
    seen = _Seen(known, set())
    usage = call.usage
    prompt = tuple(_said(message, seen) for _, message in anchors.prompt(call))
    return Summary(
        entry=exchange.entry,
        position=exchange.position,
        test_id=exchange.test_id,
        session=exchange.session,
        protocol=call.protocol,
        provider=call.provider,
        operation=call.operation,
        host=_host(exchange.request.url),
        model=model_name(call.prompt.model or call.response_model),
        response_model=call.response_model,
        sent=exchange.sent,
        streamed=call.streamed,
        events=len(call.steps),
        status=exchange.response.status if exchange.response else None,
        finish=next((reply.finish_reason for reply in call.replies if reply.finish_reason), None),
        input_tokens=usage.input_tokens if usage else None,
        output_tokens=usage.output_tokens if usage else None,
        total_tokens=total(usage) if usage else None,
        asked=asked(call.prompt.messages, bool(exchange.continues)) or address(exchange, call),
        replied=replied(exchange, call),
        odd=",".join(dict.fromkeys(mark.kind for mark in (marks(exchange, call) if odd is None else odd))),
        collapsed_under=_collapsed_under(call),
        size=size,
        duration=None if exchange.duration is None else round(exchange.duration * 1000),
        has=held(exchange, call),
        request=_request(call, prompt),
        prompt=prompt,
        replies=tuple(_said(reply, seen) for reply in call.replies),
        cached_tokens=usage.cache_read_input_tokens if usage else None,
        started=moment(exchange.started_at),
        sdk=sdk(exchange),
        links=links(exchange, call),
        title=words(exchange.title) if exchange.title else None,
    )


def sent_texts(summary: Summary) -> Iterator[int]:
    """What `known` has to have after a summary: its messages, and their reasoning."""
    for said in (*summary.prompt, *summary.replies):
        yield said.id
        if said.thought is not None:
            yield said.thought


def texts(summary: Summary) -> Iterator[str]:
    """All texts that a summary says."""
    yield from (value for value in summary if value and isinstance(value, str))
    for said in (*summary.prompt, *summary.replies):
        yield from (text for _, text in said.pieces)
        yield from said.tools
        yield said.thoughts


def unread(exchange: Exchange) -> Summary:
    """The summary of an exchange that we fail to understand: it is listed, with the reason, its last problem."""
    status = exchange.response.status if exchange.response else None
    why = words(exchange.problems[-1].why)
    return Summary(
        entry=exchange.entry, position=exchange.position, test_id=exchange.test_id, session=exchange.session,
        protocol=None, provider=exchange.provider, operation="unknown", host="", model=None, response_model=None,
        sent=exchange.sent, streamed=False, events=0, status=status, finish=None, input_tokens=None,
        output_tokens=None, total_tokens=None, asked="", replied=why, odd="problem", collapsed_under=None, size=None,
        duration=None, has=BITS["problem"], request=0, prompt=(), replies=(),
    )  # fmt: skip


class _Seen(NamedTuple):
    """Messages whose text was given: before, and in this summary."""

    known: Set[int]
    own: set[int]

    def is_new(self, id: int) -> bool:
        is_new = id not in self.known and id not in self.own
        self.own.add(id)
        return is_new


def _said(message: Message, seen: _Seen) -> Said:
    """A message, with its texts unless they are known already."""
    key, id = digest(message)
    thinks = thoughts(message)
    thought = number(f"reasoning\x1f{thinks}") if thinks else None
    if thought is not None and not seen.is_new(thought):
        thinks = ""
    if not seen.is_new(id):
        return Said(key, id, thought=thought, thoughts=thinks)
    tools = dict.fromkeys(part.name for part in message.parts if isinstance(part, ToolCall) and part.name)
    return Said(key, id, tuple(pieces(message)), tuple(tools), thought, thinks)


def _request(call: ModelCall, prompt: tuple[Said, ...]) -> int:
    """A hash of what was asked, of whom and how."""
    asked = call.prompt
    how = jsonio.dumps([call.operation, asked.model, call.streamed, asked.tools, asked.settings])
    return number(f"{chain(said.key for said in prompt)}\x1f{how}")


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _collapsed_under(call: ModelCall) -> str | None:
    if call.operation == "models" or call.infrastructure:
        return call.infrastructure or "models"
    if is_helper(call):
        return HELPER
    name = (call.prompt.model or "").lower()
    return model_name(call.prompt.model) if any(word in name for word in _GUARDS) else None


def model_name(name: str | None) -> str | None:
    """``gemini-2.0-flash`` of ``publishers/google/models/gemini-2.0-flash``: the path of a resource only says where a
    model lies, and the same model has several."""
    where, _, last = (name or "").rpartition("models/")
    return last if last and (not where or where.endswith("/")) else name
