"""The samples of every protocol."""

from __future__ import annotations

from tests.decode.protocols.samples import bedrock, cohere, google, hosts, main, responses, small, spans

SAMPLES = (
    *main.SAMPLES,
    *bedrock.SAMPLES,
    *cohere.SAMPLES,
    *google.SAMPLES,
    *responses.SAMPLES,
    *hosts.SAMPLES,
    *small.SAMPLES,
    *spans.SAMPLES,
)
