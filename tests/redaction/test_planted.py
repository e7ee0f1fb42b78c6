"""The law: what is a secret stands nowhere, whatever kind it is and wherever it was put."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.decode import decoder
from inspector.library.safe_summary import summary_of
from inspector.model import Body, Exchange, ModelCall, Request, Response, Text, jsonio
from inspector.model.delta import ArgumentDelta, TokensDelta
from inspector.output import otel_json
from inspector.redaction import decoded, mask
from tests.redaction.planted import Planted, all_planted

PLANTED: dict[str, list[Planted]] = {}
"""By the place where they are put."""
for one in all_planted(1):
    PLANTED.setdefault(one.id.partition(" in ")[2], []).append(one)


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
    summary = summary_of(planted.exchange, set())
    return "\n".join([repr(exchange), repr(call), spelled(call), jsonio.dumps(shown), repr(summary)])


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_secret_stands_nowhere(place: str) -> None:
    for planted in PLANTED[place]:
        shown = everything(planted)
        assert planted.secret not in shown, planted.id
        assert planted.secret[-12:] not in shown, planted.id


@pytest.mark.parametrize("place", PLANTED)
def test_what_is_quiet_says_no_secret(place: str) -> None:
    for planted in PLANTED[place]:
        call = decoder.decode(planted.exchange)
        if decoded.is_quiet(planted.exchange, call):
            asked = planted.exchange.request
            told = repr((asked.url, asked.headers, replace(call, steps=(), problems=())))
            assert planted.secret not in told, planted.id
        if decoded.holds_nothing(planted.exchange, call):
            assert planted.secret not in repr((planted.exchange, call)), planted.id


@pytest.mark.parametrize("said", ["The keeper counts tokens.", "My password is a secret that nobody wrote down."])
def test_what_only_sounds_like_a_secret_is_quiet(said: str) -> None:
    asked = Body("value", {"model": "lamp-1", "messages": [{"role": "user", "content": "What counts?"}]})
    body = Body("value", {"choices": [{"message": {"role": "assistant", "content": said}, "finish_reason": "stop"}]})
    request = Request("POST", "/v1/chat/completions", body=asked)
    exchange = Exchange(entry=0, request=request, response=Response(status=200, body=body))
    call = decoder.decode(exchange)
    assert said in repr(call.replies)
    assert decoded.is_quiet(exchange, call)
    assert decoded.masked(exchange) == (exchange, call)


@pytest.mark.parametrize("place", PLANTED)
def test_the_neighbours_of_a_mask_stay(place: str) -> None:
    """Outside of masks a text is what it was, and a mask's number is the place of its secret."""
    for planted in PLANTED[place][::5]:
        _check_neighbours(planted)


def _check_neighbours(planted: Planted) -> None:
    plain = [part.content for part in _texts(decoder.decode(planted.exchange))]
    masked = [part.content for part in _texts(decoded.masked(planted.exchange).call)]
    assert [text.replace(mask.MASK, planted.secret) for text in masked] == plain
    secrets = decoded.secrets(planted.exchange)
    numbered = repr(decoded.masked(planted.exchange, mask.numbered()))
    assert {int(number) for number in mask.NUMBERED.findall(numbered)} <= {*range(len(secrets))}


def _texts(call: ModelCall) -> list[Text]:
    return [part for reply in call.replies for part in reply.parts if isinstance(part, Text)]
