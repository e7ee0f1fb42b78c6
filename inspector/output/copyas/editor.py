"""Path and line, as editors and terminals take them."""

from __future__ import annotations

from inspector.output.copyas.form import File, Form, Subject


def write(subject: Subject) -> str | None:
    file = subject.file
    if file is None or file.inner:
        return None
    return f"{file.path}:{line(file)}\n"


def line(file: File) -> int:
    """The line that an entry begins with, from 1; 1 where its format keeps no place."""
    return 1 + file.read()[: file.position].count(b"\n") if file.position else 1


FORM = Form("editor", "path:line", "", "For an editor: `code -g`, or “go to file”.", write)
