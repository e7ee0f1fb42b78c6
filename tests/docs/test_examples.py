"""The modules that the how-to pages give as examples are run, and keep the laws of all others."""

from __future__ import annotations

import json

from inspector import model
from inspector.decode.evidence import Evidence
from inspector.formats.reading.source import Source
from inspector.model.delta import EndDelta, FinishDelta, TextDelta, UsageDelta
from tests.docs.generate import MANUAL
from tests.docs.pages import module

FORMAT = (MANUAL / "adding-a-format.md").read_text(encoding="utf-8")
PROTOCOL = (MANUAL / "adding-a-protocol.md").read_text(encoding="utf-8")


def test_the_example_of_a_format_works() -> None:
    proxylog = module(FORMAT, "proxylog")
    good = {"to": "http://a/b", "sent": '{"q": 1}', "status": 200, "got": "data: {}\n\n", "ms": 812, "at": None}
    source = Source("a.json", json.dumps({"proxylog": 1, "calls": [good, {"to": 7}]}).encode())
    assert proxylog.sniff(source)
    one, other = proxylog.read(source)
    assert (one.request.body.value, one.response.status, one.duration, one.problems) == ('{"q": 1}', 200, 0.812, ())
    assert other.problems
    assert not proxylog.sniff(Source("a.json", b'{"calls": []}'))


def test_the_example_of_a_protocol_works() -> None:
    acme = module(PROTOCOL, "acme.chat")
    assert acme.recognise(Evidence("a", "/acme/chat", {}, {}, None))
    assert acme.prompt({"question": "Who?"}).messages[0].parts == (model.Text("Who?"),)
    last = {"token": "me", "last": True}
    assert list(acme.deltas(model.Event(0, last))) == [
        TextDelta("me"), FinishDelta("stop"), UsageDelta(last), EndDelta()
    ]  # fmt: skip
    assert acme.usage({"tokens": 3}).output_tokens == 3
