"""Writes the parts of the manual and of README.md that the code knows better: ``python -m tests.docs.generate``.

Each stands between two comments, ``<!-- name -->`` and ``<!-- /name -->``. Between ``<!-- $ command -->``
and ``<!-- /$ -->`` stands what the command prints.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inspector import formats as kept
from inspector.analysis.issues import KINDS, name_of
from inspector.checks.rules import RULES
from inspector.decode.decoder import modules as wires
from inspector.output.copyas import FORMS
from inspector.output.table_rows import COLUMNS, Type
from inspector.recorders import RECORDERS
from inspector.search import FIELDS, Field
from inspector.search.examples import EXAMPLES
from inspector.web.help.tables import GRAMMAR, KEYS
from tests.commands import run

TESTS = Path(__file__).resolve().parents[1]
README = TESTS.parent / "README.md"
MANUAL = TESTS.parent / "inspector" / "docs"
PAGES = (README, *sorted(MANUAL.glob("*.md")))

_PART = re.compile(
    r"(?P<open><!-- (?P<name>\$|\w+)(?: (?P<command>inspector [^\n]*))? -->\n).*?(?P<close><!-- /(?P=name) -->)",
    re.DOTALL,
)
_LINK = re.compile(r"https?://[^\s)]+[^\s).,]")
_WIDTH = 110


def table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    columns = head.split("|")
    lines = [columns, ["---"] * len(columns), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cell.strip() for cell in line)} |" for line in lines)


def formats() -> str:
    return table("format|files", ((f"`{format.NAME}`", format.FILES) for format in kept.modules()))


def protocols() -> str:
    known = sorted(wires(), key=lambda wire: wire.NAME)
    rows = ((f"`{wire.NAME}`", f"`{wire.OPERATION}`", about(wire)) for wire in known)
    return table("protocol|operation|what it is", rows)


def recorders() -> str:
    rows = ((one.NAME, ", ".join(one.MATCHED_BY), one.HOW) for one in RECORDERS)
    return table("recorder|compares|finds", rows)


def about(wire: Any) -> str:
    """The first sentence of a module's description, with a link to what it describes."""
    text = " ".join((wire.__doc__ or "").split())
    sentence = re.split(r"(?<=[a-z)`])[.:](?: |$)", re.sub(r" ?\(https?://[^)]*\)", "", text))[0].strip()
    link = _LINK.search(text)
    return f"{sentence} ([reference]({link.group()}))" if link else sentence


def fields() -> str:
    rows = ((f"`{field.name}:`", _finds(field), f"`{field.example}`") for field in FIELDS)
    return table("field|finds|example", rows)


def _finds(field: Field) -> str:
    """What a field is for, and which values it takes."""
    ways = [value for value in field.values if not value.endswith("-asc")]
    values = f": {', '.join(f'`{value}`' for value in ways)}" if ways else ""
    return field.help + values


def grammar() -> str:
    return table("written|means", ((f"`{form}`", what) for form, what in GRAMMAR))


def questions() -> str:
    return table("question|query", ((question, f"`{query}`") for question, query in EXAMPLES))


def issues() -> str:
    return table("issue|meaning", ((f"`{name_of(kind)}`", why) for kind, why in KINDS.items()))


def rules() -> str:
    rows = (
        (
            f"`{rule.code}`",
            f"`{rule.name}`",
            rule.severity if rule.default else f"{rule.severity}, off",
            rule.means,
            rule.do,
        )
        for rule in RULES
    )
    return table("code|name|how bad|what it means|what to do", rows)


def keys() -> str:
    return table("key|does", ((" ".join(f"`{key}`" for key in pressed.split(", ")), does) for pressed, does in KEYS))


def copies() -> str:
    return table("copy as|what it is", ((f"`{form.name}`", form.about) for form in FORMS))


def columns() -> str:
    return table("column|type|holds", ((f"`{one.name}`", _type_of(one.type), one.about) for one in COLUMNS))


def _type_of(of: Type) -> str:
    """A type of a column, in words of SQL."""
    if isinstance(of, str):
        words = {"moment": "timestamp", "whole": "bigint", "number": "double", "flag": "boolean", "texts": "text[]"}
        return words.get(of, of)
    return f"list of {', '.join(f'`{name}`' for name in of[0])}"


GENERATED: dict[str, Callable[[], str]] = {
    "formats": formats,
    "protocols": protocols,
    "fields": fields,
    "grammar": grammar,
    "questions": questions,
    "issues": issues,
    "rules": rules,
    "keys": keys,
    "copies": copies,
    "recorders": recorders,
    "columns": columns,
}


def printed(command: str, checkout: Path) -> str:
    """A fenced block with a command and its output. One JSON object is laid out for reading."""
    program, *arguments = shlex.split(command)
    assert program == "inspector", command
    done = run(*arguments, at=checkout)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr.decode()}")
    if "jsonl" in arguments:
        return f"```json\n{laid_out(json.loads(done.text))}\n```"
    return f"```console\n$ {command}\n{done.text.rstrip()}\n```"


def laid_out(value: Any, indent: str = "") -> str:
    """JSON with what is short on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= _WIDTH or not isinstance(value, (dict, list)):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {laid_out(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + laid_out(item, inner) for item in value) + f"\n{indent}]"


def written(text: str) -> str:
    """The text of a page with its generated parts made anew."""
    with TemporaryDirectory() as folder:
        checkout = Path(folder)
        (checkout / ".git").mkdir()  # ids begin at the repository's root
        shutil.copytree(TESTS / "recordings", checkout / "tests" / "recordings")

        def part(found: re.Match[str]) -> str:
            made = printed(found["command"], checkout) if found["command"] else GENERATED[found["name"]]()
            return f"{found['open']}{made}\n{found['close']}"

        return _PART.sub(part, text)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(written(page.read_text(encoding="utf-8")), encoding="utf-8")
