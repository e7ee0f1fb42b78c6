"""The JSON of ``inspector show``."""

from __future__ import annotations

from inspector.model import jsonio
from inspector.output import otel_json
from inspector.output.copyas.form import Form, Subject
from inspector.output.copyas.variables import plain


def write(subject: Subject) -> str:
    value = otel_json.exchange_json(subject.place, subject.exchange, subject.call)
    return plain(jsonio.dumps(value, indent=True)) + "\n"


FORM = Form("show", "JSON", "json", "What `inspector show --format json` prints of it.", write)
