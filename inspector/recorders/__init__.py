"""How recorders look up what they have recorded: one module each, declared in one tuple."""

from __future__ import annotations

from inspector.recorders import (
    go_vcr_rules,
    httpmock_rules,
    llama_stack_rules,
    nock_rules,
    polly_rules,
    ruby_vcr_rules,
    vcrpy_rules,
    wiremock_rules,
)
from inspector.recorders.recorder import NoKey, Recorder

__all__ = ["RECORDERS", "NoKey", "Recorder", "recorder_of"]

RECORDERS: tuple[Recorder, ...] = (
    llama_stack_rules,
    vcrpy_rules,
    ruby_vcr_rules,
    go_vcr_rules,
    polly_rules,
    nock_rules,
    httpmock_rules,
    wiremock_rules,
)


def recorder_of(format: str | None) -> Recorder | None:
    """The recorder that writes a format; None where nobody knows which one wrote it."""
    return next((one for one in RECORDERS if format in one.FORMATS), None)
