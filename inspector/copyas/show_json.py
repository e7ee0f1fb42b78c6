"""The JSON of ``inspector show``."""

from __future__ import annotations

from inspector import jsonio, show
from inspector.copyas.form import Form, Subject
from inspector.copyas.variables import plain


def write(subject: Subject) -> str:
    value = show.exchange_json(subject.place, subject.exchange, subject.call)
    return plain(jsonio.dumps(value, indent=True)) + "\n"


FORM = Form("show", "JSON", "json", "What `inspector show --format json` prints of it.", write)
