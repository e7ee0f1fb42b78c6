"""An exchange to be taken elsewhere: as a command, a program, a transcript, or a place in a file. One module a form."""

from __future__ import annotations

from typing import NamedTuple

from inspector.output.copyas import curl, editor, jq, markdown, python_anthropic, python_httpx, python_openai, show_json
from inspector.output.copyas.form import File, Form, Subject

__all__ = ["FORMS", "Copy", "File", "Form", "Subject", "copies"]

FORMS: tuple[Form, ...] = (
    curl.FORM,
    python_openai.FORM,
    python_anthropic.FORM,
    python_httpx.FORM,
    show_json.FORM,
    markdown.FORM,
    editor.FORM,
    jq.FORM,
)
"""In the order in which they are offered."""


class Copy(NamedTuple):
    form: Form
    text: str


def copies(subject: Subject) -> list[Copy]:
    """The forms that an exchange can be put in."""
    written = ((form, form.write(subject)) for form in FORMS)
    return [Copy(form, text) for form, text in written if text is not None]
