"""The modules that the how-to pages give as examples are run, and keep the laws of all others."""

from __future__ import annotations

import json
import sys
from types import ModuleType

import pytest
from jinja2 import ChoiceLoader, DictLoader

from inspector import search
from inspector.analysis.issues import Mark
from inspector.decode import recognise
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, Message, Request, Text, Usage
from inspector.search import fields
from inspector.web import create_app
from tests.decode.protocols import test_protocol_laws as laws
from tests.decode.protocols import test_samples as samples
from tests.decode.protocols.samples.sample import Sample, said
from tests.docs.generate import MANUAL
from tests.docs.pages import blocks, code, run
from tests.making import SAMPLES


def page(name: str) -> str:
    return (MANUAL / f"{name}.md").read_text(encoding="utf-8")


def test_the_example_of_a_format_works() -> None:
    proxylog = run(code(page("adding-a-format"), 'NAME = "proxylog"'))
    good = {"to": "http://a/b", "sent": '{"q": 1}', "status": 200, "got": "data: {}\n\n", "ms": 812, "at": None}
    source = Source("a.json", json.dumps({"proxylog": 1, "calls": [good, {"to": 7}]}).encode())
    assert proxylog.sniff(source)
    one, other = proxylog.read(source)
    assert (one.request.body.value, one.response.status, one.duration, one.problems) == ('{"q": 1}', 200, 0.812, ())
    assert other.problems
    assert not proxylog.sniff(Source("a.json", b'{"calls": []}'))


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> Sample:
    """The sample of the protocol that the manual adds, which is asked first."""
    name = "inspector.decode.protocols.acme_example"
    module = ModuleType(name)
    exec(code(page("adding-a-protocol"), 'NAME = "acme.chat"'), module.__dict__)
    monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(recognise, "PROTOCOLS", ("acme_example", *recognise.PROTOCOLS))
    given = {"Sample": Sample, "said": said, "Message": Message, "Text": Text, "Usage": Usage}
    sample: Sample = run(code(page("adding-a-protocol"), "ACME = Sample("), **given).ACME
    return sample


def _is_of_a_sample(law: object) -> bool:
    """Whether a test is one that every sample has to pass."""
    given = [mark.args[0] for mark in getattr(law, "pytestmark", ()) if mark.name == "parametrize"]
    return given == ["sample"]


@pytest.mark.parametrize(
    "law",
    [law for module in (samples, laws) for law in vars(module).values() if _is_of_a_sample(law)],
    ids=lambda law: law.__name__,
)
def test_the_example_of_a_protocol_keeps_the_laws(law: object, acme: Sample) -> None:
    assert callable(law)
    law(acme)


def test_the_example_of_a_query_field_is_a_row_of_the_table() -> None:
    added = run(code(page("adding-a-query-field"), "Field("), **vars(fields)).FIELDS[-1]
    assert added.name not in fields.BY_NAME
    assert added.where(">0").sql
    assert search.parse(added.example.replace(added.name, "tokens"))


def test_the_example_of_a_page_answers() -> None:
    made = run(code(page("adding-a-page"), "blueprint ="))
    template = next(text for language, text in blocks(page("adding-a-page")) if language == "html")
    app = create_app(SAMPLES / "keeper.hurl", in_memory=True)
    app.register_blueprint(made.blueprint)
    loader = app.jinja_env.loader
    assert loader
    app.jinja_env.loader = ChoiceLoader([DictLoader({"providers/providers.html": template}), loader])
    answer = app.test_client().get("/providers")
    assert answer.status_code == 200
    assert "<h1>Providers</h1>" in answer.text
    app.extensions["keeper"]().stop()


def test_the_example_of_an_issue_finds_it() -> None:
    names = {"Exchange": Exchange, "Iterator": object, "Mark": Mark}
    made = run("from __future__ import annotations\n" + code(page("adding-an-issue"), "def _retried"), **names)
    request = Request("POST", "http://a/b", (("X-Stainless-Retry-Count", "1"),), Body("text", ""))
    (mark,) = made._retried(Exchange(entry=0, request=request, response=None))
    assert mark.kind == "retried"
