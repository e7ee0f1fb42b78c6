"""The law: what is a secret stands nowhere, whatever kind it is and wherever it was put."""

from __future__ import annotations

import pytest

from inspector.library import reader
from inspector.model import ModelCall, jsonio
from inspector.model.delta import ArgumentDelta, TokensDelta
from inspector.output import otel_json
from inspector.redaction import decoded
from tests.redaction.planted import Planted, all_planted

PLANTED = list(all_planted(1))


def spelled(call: ModelCall) -> str:
    """What a stream says in pieces, put together, and its tokens."""
    texts: dict[object, str] = {}
    for step in call.steps:
        for delta in step.deltas:
            if isinstance(delta, TokensDelta):
                texts["tokens"] = texts.get("tokens", "") + "".join(token.text for token in delta.tokens)
            elif isinstance(delta, ArgumentDelta):
                texts[delta.path] = texts.get(delta.path, "") + str(delta.value)
            elif delta and isinstance(delta[0], str):
                texts[type(delta)] = texts.get(type(delta), "") + delta[0]
    return repr(texts)


def everything(planted: Planted) -> str:
    exchange, call = decoded.masked(planted.exchange)
    shown = otel_json.exchange_json({}, exchange, call)
    summary = reader.summary_of(planted.exchange, set())
    return "\n".join([repr(exchange), repr(call), spelled(call), jsonio.dumps(shown), repr(summary)])


@pytest.mark.parametrize("planted", PLANTED, ids=[one.id for one in PLANTED])
def test_a_planted_secret_stands_nowhere(planted: Planted) -> None:
    assert planted.secret in repr(planted.exchange) or planted.id  # streams spell it
    shown = everything(planted)
    assert planted.secret not in shown
    assert planted.secret[-12:] not in shown
