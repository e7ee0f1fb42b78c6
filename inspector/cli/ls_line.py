"""One line an exchange, for ``inspector ls``."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.analysis.first_words import words
from inspector.analysis.issues import name_of
from inspector.index import Row
from inspector.output.escape import visible_line

Widths = tuple[int, int, int]
"""Characters of the columns id, model and tokens."""

_WIDEST_MODEL = 32
_ISSUE = "\x1b[33m"
_DIM = "\x1b[2m"
_PLAIN = "\x1b[0m"


def columns(rows: Sequence[Row]) -> Widths:
    return (16, min(max(len(_model(row)) for row in rows), _WIDEST_MODEL), max(len(_tokens(row)) for row in rows))


def line(row: Row, widths: Widths, *, color: bool) -> str:
    """Id, model, finish reason, tokens, what was asked and replied, issues, and the path."""
    id_width, model_width, token_width = widths
    issues = f"[{', '.join(map(name_of, row.marks))}]" if row.odd else ""
    said = " → ".join(words(visible_line(text), 48) for text in (row.asked, row.replied) if text)
    left = (
        f"{row.uid:{id_width}}  {_model(row)[:model_width]:{model_width}}  {row.finish or '-':14}  "
        f"{'stream' if row.streamed else '-':6}  {_tokens(row):>{token_width}}  {said}"
    )
    if not color:
        return f"{left}{'  ' + issues if issues else ''}  {visible_line(row.path)}"
    return f"{left}{f'  {_ISSUE}{issues}{_PLAIN}' if issues else ''}  {_DIM}{visible_line(row.path)}{_PLAIN}"


def _model(row: Row) -> str:
    return visible_line(row.model or row.operation)


def _tokens(row: Row) -> str:
    if row.input_tokens is None and row.output_tokens is None:
        return "-"
    return "→".join("?" if count is None else str(count) for count in (row.input_tokens, row.output_tokens))
