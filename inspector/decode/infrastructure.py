"""What an exchange is that no wire protocol recognises: most recordings hold more than talk with a model.

A word for the list, which folds such exchanges away: ``auth``, ``telemetry``, ``packages``, ``vector store``,
``search``, ``documents``, ``agents``, ``account``, ``web``. None is what may still be a model's answer: shown like any
other, raw.
"""

from __future__ import annotations

from functools import lru_cache

from inspector.decode import lenient
from inspector.decode.evidence import Evidence
from inspector.decode.providers import is_loopback
from inspector.model import Exchange
from inspector.model.expressions import expression

# The end of a host name, after a dot, a hyphen, or from its beginning.
_HOSTS: dict[str, tuple[str, ...]] = {
    "auth": (
        "oauth2.googleapis.com", "accounts.google.com", "sts.googleapis.com", "iamcredentials.googleapis.com",
        "metadata.google.internal", "169.254.169.254", "169.254.170.2", "login.microsoftonline.com",
        "login.windows.net", "iam.cloud.ibm.com", "auth.openai.com", "auth0.com", "okta.com", "console.anthropic.com",
        "signin.aws.amazon.com",
    ),
    "telemetry": (
        "posthog.com", "langfuse.com", "smith.langchain.com", "segment.io", "segment.com", "sentry.io", "traceloop.com",
        "datadoghq.com", "datadoghq.eu", "honeycomb.io", "arize.com", "wandb.ai", "mixpanel.com", "amplitude.com",
        "statsig.com", "statsigapi.net", "featureassets.org", "growthbook.io", "scarf.sh", "logrocket.io",
        "braintrust.dev", "agentops.ai", "newrelic.com", "nr-data.net", "rollbar.com", "bugsnag.com", "grafana.net",
        "google-analytics.com", "applicationinsights.azure.com", "services.visualstudio.com",
        "logfire-api.pydantic.dev", "logfire-us.pydantic.dev", "logfire-eu.pydantic.dev",
    ),
    "vector store": (
        "pinecone.io", "weaviate.cloud", "weaviate.network", "semi.network", "qdrant.io", "trychroma.com",
        "zillizcloud.com", "marqo.ai", "turbopuffer.com", "upstash.io", "search.windows.net", "astra.datastax.com",
        "mongodb-api.com", "es.io", "elastic-cloud.com",
    ),
    "search": (
        "tavily.com", "exa.ai", "serper.dev", "serpapi.com", "search.brave.com", "duckduckgo.com", "bing.microsoft.com",
        "customsearch.googleapis.com", "r.jina.ai", "s.jina.ai", "firecrawl.dev", "wikipedia.org", "wolframalpha.com",
        "linkup.so", "you.com", "searchapi.io", "export.arxiv.org",
    ),
    "documents": (
        "cloud.llamaindex.ai", "cloud.eu.llamaindex.ai", "unstructuredapp.io", "unstructured.io", "reducto.ai",
    ),
}  # fmt: skip

_BY_END = tuple((end, word) for word, ends in _HOSTS.items() for end in ends)

# A first label of a host name, whoever it belongs to.
_LABELS = {
    "telemetry": "telemetry",
    "otel": "telemetry",
    "otel-collector": "telemetry",
    "sts": "auth",
    "oauth": "auth",
    "oauth2": "auth",
    "weaviate": "vector store",
    "qdrant": "vector store",
    "chroma": "vector store",
    "milvus": "vector store",
}

_PATHS: dict[str, tuple[str, ...]] = {
    "auth": (
        r"/(?:oauth2?|openid-connect)/", r"/oauth2?$", r"/identity/token$", r"/computeMetadata/", r"/latest/meta-data",
        r"/token$", r"/copilot_internal/v\d/token", r":generateAccessToken$", r"/tokens?/refresh$",
        r"/federation/credentials$",
    ),
    "telemetry": (
        r"/v1/(?:traces|metrics|logs)$", r"/traces/ingest$", r"/public/ingestion$", r"/runs/(?:batch|multipart)$",
        r"/telemetry\b", r"/tracing/", r"/event_logging/", r"/claude_code/metrics", r"/otel/", r"/rgstr$",
        r"/api/\d+/envelope",
    ),
    "packages": (
        r"/api/(?:models|datasets|spaces)/[^/]+/[^/]+", r"/resolve/[^/]+/", r"^/simple/", r"^/\w+/[^/]+/json$",
        r"/api/v1/(?:crates|gems)/", r"/@v/", r"/repodata\.json", r"^/v2/.+/manifests/",
        r"\.(?:whl|tgz|gem|crate|conda|tiktoken)$",
    ),
    "vector store": (
        r"^/indexes(?:/|$)", r"^/collections(?:/|$)", r"/api/v[12]/(?:collections|tenants|heartbeat)", r"/points/",
        r"^/vectors/", r"^/v1/(?:schema|objects|graphql|batch/objects)$",
    ),
    "agents": (r"^/\.well-known/agent(?:-card)?\.json$",),
    "web": (r"^/api/hello$",),  # whether Anthropic is there
}  # fmt: skip

_IN_PATH = tuple((expression("|".join(patterns)), word) for word, patterns in _PATHS.items())

_OTLP = ("resourceSpans", "resourceMetrics", "resourceLogs")
_ASKED = frozenset({"prompt", "messages", "input", "inputs", "instances", "contents", "text", "texts", "inputText"})
"""What requests to models have; a request with one of them may be one that nothing here knows."""


_ACCOUNT = expression(r"/v1/organizations?/\w")


def is_of_an_account(path: str) -> bool:
    """Whether an address is of the administration of OpenAI or Anthropic: what an account used, its projects and keys.
    Its ends (``/organization/usage/completions``) are those of other endpoints."""
    return "/organization" in path and _ACCOUNT.search(path) is not None


def infrastructure(exchange: Exchange, evidence: Evidence, provider: str | None) -> str | None:
    """The word for an exchange that no protocol recognised, None where it may be a model's."""
    if is_of_an_account(evidence.path):
        return "account"
    word = _by_shape(evidence) or _by_path(evidence.path)
    if word:
        return word
    if not evidence.host and _is_file(exchange):
        return "web"
    if not evidence.host or provider or exchange.provider:
        return None
    word = _by_host(evidence.host)
    if word:
        return word
    if _is_search(evidence):
        return "search"
    if "Marqo" in lenient.string(evidence.first.get("message")):
        return "vector store"
    here = is_loopback(evidence.host) or "<" in evidence.host or "." not in evidence.host
    asked = exchange.request.method.upper() == "POST" and _ASKED & evidence.body.keys()
    return None if here or asked else "web"


def _by_shape(evidence: Evidence) -> str | None:
    body, first = evidence.body, evidence.first
    if "access_token" in first and ("token_type" in first or "expires_in" in first):
        return "auth"
    if "grant_type" in body or ("AssumeRole" in str(body.get("Action", ""))):
        return "auth"
    if any(key in body for key in _OTLP):
        return "telemetry"
    if "batch_ingest_config" in first or first.get("message") == "Runs batch ingested":  # LangSmith
        return "telemetry"
    if body.get("jsonrpc") == "2.0":
        return "agents"
    if "topK" in body or ("vector" in body and ("limit" in body or "filter" in body)):
        return "vector store"
    return None


@lru_cache(256)
def _by_host(host: str) -> str | None:
    name = host.partition(":")[0]
    for end, word in _BY_END:
        if name.endswith(end) and name[: -len(end)][-1:] in ("", ".", "-"):
            return word
    return _LABELS.get(name.partition(".")[0])


def _by_path(path: str) -> str | None:
    return next((word for pattern, word in _IN_PATH if pattern.search(path)), None)


def _is_file(exchange: Exchange) -> bool:
    """An image, a document: something that a request would hold, fetched from wherever it is."""
    answered = exchange.response.body if exchange.response else None
    return exchange.request.method.upper() == "GET" and answered is not None and answered.kind == "bytes"


def _is_search(evidence: Evidence) -> bool:
    if evidence.path.endswith("/search") and ("query" in evidence.body or "q" in evidence.body):
        return True
    return "topk" in evidence.first and "latency" in evidence.first  # ColBERT's server
