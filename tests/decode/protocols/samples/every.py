"""The samples of every protocol."""

from __future__ import annotations

from tests.decode.protocols.samples import bedrock, cohere, google, main, responses, small

SAMPLES = (
    *main.SAMPLES,
    *bedrock.SAMPLES,
    *cohere.SAMPLES,
    *google.SAMPLES,
    *responses.SAMPLES,
    *small.SAMPLES,
)
