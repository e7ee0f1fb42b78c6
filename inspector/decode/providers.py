"""Who answered: by host, headers, marks of a dialect, the recording's own path, and at last by the protocol.

Names are the values of OpenTelemetry's ``gen_ai.provider.name`` where it has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.provider_names import HEADERS, HOSTS, IN_HOSTS, LOCAL, LOOPBACK, MAKERS, NAMES, PORTS
from inspector.model import Exchange, Headers, Json
from inspector.model.expressions import expression

# Fields that only one kind of server adds to its answers, and values that it signs them with.
_MARKS: dict[str, str] = {
    "kv_transfer_params": "vllm",
    "prompt_logprobs": "vllm",
    "prompt_token_ids": "vllm",
    "x_groq": "groq",
    "eval_duration": "ollama",
    "copilot_usage": "copilot",
    "timings": "llamacpp",
    "time_info": "cerebras",
    "venice_parameters": "venice",
    "amazon-bedrock-invocationMetrics": "aws.bedrock",
}
_CHOICE_MARKS: dict[str, str] = {"stop_reason": "vllm", "token_ids": "vllm", "native_finish_reason": "openrouter"}
_USAGE_MARKS: dict[str, str] = {
    "is_byok": "openrouter",
    "cost_in_usd_ticks": "x_ai",
    "num_sources_used": "x_ai",
    "prompt_cache_hit_tokens": "deepseek",
}
_SIGNATURES: tuple[tuple[str, str, str], ...] = (
    ("owned_by", "vllm", "vllm"),
    ("owned_by", "llamacpp", "llamacpp"),
    ("system_fingerprint", "fp_ollama", "ollama"),
)
_SIGNED = frozenset({"owned_by", "system_fingerprint", "choices", "usage", *_MARKS})

_LONGEST = 1 + max(name.count("-") for name in NAMES)

# What a protocol allows for a provider that only a path names, and who it is where nothing does.
_OWN: tuple[tuple[str, frozenset[str], str], ...] = (
    ("bedrock.", frozenset({"aws.bedrock"}), "aws.bedrock"),
    ("gemini.", frozenset({"gcp.gemini", "gcp.vertex_ai"}), "gcp.gemini"),
    ("ollama.", frozenset({"ollama"}), "ollama"),
    ("replicate.", frozenset({"replicate"}), "replicate"),
    ("watsonx.", frozenset({"ibm.watsonx.ai"}), "ibm.watsonx.ai"),
    ("dashscope.", frozenset({"alibaba"}), "alibaba"),
    ("mistral.", frozenset({"mistral_ai"}), "mistral_ai"),
    ("cloudflare.", frozenset({"cloudflare"}), "cloudflare"),
    ("cohere.", frozenset(NAMES.values()), "cohere"),
    ("anthropic.", frozenset(NAMES.values()), "anthropic"),
)

# Models that only their makers serve under these names.
_MODELS = expression(
    r"(?P<openai>gpt-(?!oss)|chatgpt-|o[134]\b|text-embedding-(?:3|ada)|dall-e|whisper-1|tts-1|omni-moderation)"
    r"|(?P<x_ai>grok-)|(?P<deepseek>deepseek-(?:chat|reasoner))|(?P<perplexity>sonar)"
    r"|(?P<mistral_ai>(?:mistral|magistral|codestral|ministral|pixtral|voxtral)-\S*latest)"
)


def provider(exchange: Exchange, evidence: Evidence, protocol: str | None, answers: Iterable[Json]) -> str | None:
    """The provider, or None where nothing tells. A mark may come late in a stream."""
    known = by_host(evidence.host) or _by_headers(exchange)
    if known:
        return known
    marked = next(filter(None, map(_by_dialect, chain((evidence.first,), answers))), None)
    if marked:
        return marked
    own = next((item for item in _OWN if protocol and protocol.startswith(item[0])), None)
    named = _by_path(exchange.hint, evidence.host)
    if named and (own is None or named in own[1]):
        return named
    if own and not (is_loopback(evidence.host) and protocol == "anthropic.messages"):  # many local servers speak it
        return "gcp.vertex_ai" if own[2] == "gcp.gemini" and "/locations/" in evidence.path else own[2]
    return _by_model(evidence) if not evidence.host else None


@lru_cache(256)
def by_host(host: str) -> str | None:
    """The provider that a host name belongs to."""
    name, _, port = host.partition(":")
    for end, provider in HOSTS:
        if name.endswith(end) and name[: -len(end)][-1:] in ("", ".", "-"):
            return provider
    inside = next((provider for part, provider in IN_HOSTS if part in name), None)
    return inside or PORTS.get(port)


def is_loopback(host: str) -> bool:
    """Whether a server of the same machine answered."""
    return host.rpartition(":")[0] in LOOPBACK or host in LOOPBACK


def _by_headers(exchange: Exchange) -> str | None:
    response: Headers = exchange.response.headers if exchange.response else ()
    if not (response or exchange.request.headers):
        return None
    names = {name.lower() for name, _ in chain(response, exchange.request.headers)}
    return next((provider for header, provider in HEADERS if header in names), None)


def _by_dialect(answer: Json) -> str | None:
    """This runs for every event of a stream whose host says nothing: what has no mark is let go at once."""
    if not isinstance(answer, dict) or _SIGNED.isdisjoint(answer):
        return None
    for field, value, name in _SIGNATURES:
        if answer.get(field) == value:
            return name
    choice = lenient.obj(next(iter(lenient.seq(answer.get("choices"))), None))
    marked = ((answer, _MARKS), (choice, _CHOICE_MARKS), (lenient.obj(answer.get("usage")), _USAGE_MARKS))
    return next((name for place, marks in marked if place for mark, name in marks.items() if mark in place), None)


def _by_path(path: str, host: str) -> str | None:
    """A recording's path for what has no host that says anything: ``cassettes/deepseek/…``, ``groq-tools.txt``."""
    local = is_loopback(host)
    if not path or (host and not local and "." in host and "<" not in host):
        return None
    found = _in_path(path)
    return found if found and (not local or found in LOCAL) else None


@lru_cache(64)
def _in_path(path: str) -> str | None:
    """The file's first words, whole folders from the file upwards, then any words of the file's name.

    Makers are asked for in folders first: in a file's name they may be a model that somebody else serves.
    """
    *folders, file = re.split(r"[/\\]", path.lower())
    words = re.split(r"[^a-z0-9]+", file)
    names = (
        *(name for name in _begun(words) if name not in MAKERS),
        *(re.sub(r"[^a-z0-9]+", "-", folder) for folder in reversed(folders)),
        *(name for at in range(len(words)) for name in _begun(words[at:])),
    )
    return next((NAMES[name] for name in names if name in NAMES), None)


def _begun(words: list[str]) -> list[str]:
    """The names that a list of words may begin with, longest first."""
    return ["-".join(words[:count]) for count in range(min(_LONGEST, len(words)), 0, -1)]


def _by_model(evidence: Evidence) -> str | None:
    inner = lenient.obj(evidence.first.get("response"))
    for place in (evidence.first, inner, evidence.body):
        if model := lenient.maybe(place.get("model")):
            found = _MODELS.match(model)
            return found.lastgroup if found else None
    return None
