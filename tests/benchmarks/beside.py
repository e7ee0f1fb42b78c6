"""Beside the tools that people use today, on the same exchanges in one run.

``python -m tests.benchmarks.beside [COUNT]``. For finding, ripgrep and jq; for loading, listing and filtering, mitmweb.
A tool that is not installed is left out, with a line that says so; nothing is installed.
"""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import orjson

from tests.benchmarks import beside_mitmweb
from tests.benchmarks.figure import Figure, seconds, side_by_side, written
from tests.benchmarks.generate import generate
from tests.benchmarks.served import Visitor, memory, started, until_read

_COUNT = 3_000
_TIMES = 5

_MODEL_AND_TEST = "[input_filename, .request.model, .test_id] | @tsv"
_ASKED = ".request.body.messages[]?.content | tostring"
_REPLIED = '[.response.body | arrays | .[].__data__.choices[]?.delta.content | strings] | add // ""'
_RESULTS = '.request.body.messages[]? | select(.role == "tool") | .content | tostring'


class Question(NamedTuple):
    """What one wants to know, as a query, and as a shell command that prints model and test of each hit."""

    what: str
    query: str
    command: str


def _grep(options: str, pattern: str, choose: str = "") -> str:
    """ripgrep finds files, and jq prints what they are, or chooses among them too."""
    program = f"{choose} | {_MODEL_AND_TEST}" if choose else _MODEL_AND_TEST
    return f"rg -l {options} {shlex.quote(pattern)} . | xargs -r jq -r {shlex.quote(program)}"


QUESTIONS = (
    Question("a rare word", "phosphorescence", _grep("-w", "phosphorescence")),
    Question("a common word", "lamp", _grep("-iw", "lamp")),
    Question("a phrase", '"fog bell"', _grep("-i", "fog bell")),
    Question("a part of a code-like word", "exp_00", _grep("", "exp_00")),
    Question(
        "a word, of one model",
        "barnacle model:gpt-4o",
        _grep("-iw", "barnacle", 'select(.request.model | strings | contains("gpt-4o"))'),
    ),
    Question("what was cut by length", "finish:length", _grep("", '"finish_reason": "length"')),
    Question(
        "who called a tool and got admin",
        "tool:get_keeper_permissions in:result admin",
        _grep("", "get_keeper_permissions", f'select(any({_RESULTS}; test("admin")))'),
    ),
    Question(
        "a phrase, also in the words of streams",
        '"fog bell"',
        "rg --files . -0 | xargs -0 jq -r "
        + shlex.quote(f'select(any({_ASKED}, ({_REPLIED}); test("fog bell"; "i"))) | {_MODEL_AND_TEST}'),
    ),
)


def main() -> None:
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else _COUNT
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "recordings")
        generate(count, root)
        _make_easy(root)
        ours, visitor_table = _ours(root, Path(folder, "index.sqlite"))
        print(f"{sum(1 for _ in root.rglob('*.json')):,} exchanges, {os.cpu_count()} cores\n\n{visitor_table}\n")
        theirs = beside_mitmweb.figures(root, Path(folder))
        print(side_by_side({"inspector": ours, **({"mitmweb": theirs} if theirs else {})}))


def _make_easy(root: Path) -> None:
    """Leave only one format, and no torn file: jq would end there."""
    for file in root.rglob("*"):
        if file.is_file() and not _is_whole_json(file):
            file.unlink()


def _is_whole_json(file: Path) -> bool:
    try:
        orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError:
        return False
    return True


def _ours(root: Path, index: Path) -> tuple[list[Figure], str]:
    """Loading and asking our server, and the table of the questions."""
    began = time.perf_counter()
    with started(root, index) as (address, pid):
        loaded = until_read(address) - began
        visitor = Visitor(address)
        table = "\n".join(_finding(visitor, root))
        figures = [
            Figure(beside_mitmweb.LOADED, loaded, "s", None, ""),
            Figure(beside_mitmweb.LISTED, _median(visitor, ""), "s", None, ""),
            Figure(beside_mitmweb.FILTERED, _median(visitor, "?q=model:gpt-4o"), "s", None, ""),
            Figure(beside_mitmweb.SEARCHED, _median(visitor, "?q=barnacle"), "s", None, ""),
            Figure(beside_mitmweb.MEMORY, memory(pid), "MB", None, ""),
        ]
    return figures, table


def _median(visitor: Visitor, path: str) -> float:
    return statistics.median(visitor.seconds(path) for _ in range(_TIMES))


# ---------------------------------------------------------------- finding


def _finding(visitor: Visitor, root: Path) -> Iterator[str]:
    missing = [tool for tool in ("rg", "jq") if shutil.which(tool) is None]
    if missing:
        print(f"not installed, and so left out: {', '.join(missing)}", file=sys.stderr)
    yield "| question | query | the page | `inspector ls -q` | ripgrep and jq | hits | theirs |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for question in QUESTIONS:
        page = _median(visitor, f"?q={quote(question.query)}")
        listing = [sys.executable, "-m", "inspector", "ls", str(root), "-q", question.query]
        alone, hits = _run(listing, root, 1)
        cells = [question.what, f"`{question.query}`", written(page, "s"), written(alone, "s")]
        if missing:
            yield f"| {' | '.join(cells)} | | {hits:,} | |"
            continue
        taken, found = _run(["sh", "-c", question.command], root, 3)
        ratio = f"{written(taken, 's')} ({taken / page:,.0f} ×)"
        yield f"| {' | '.join([*cells, ratio, f'{hits:,}', f'{found:,}'])} |"


def _run(command: list[str], root: Path, times: int) -> tuple[float, int]:
    """The median time of a command, and the lines that it prints."""
    printed = ""

    def run() -> None:
        nonlocal printed
        done = subprocess.run(command, cwd=root, env=_ENVIRONMENT, capture_output=True, text=True)
        printed = done.stdout

    return seconds(run, times), printed.count("\n")


_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


if __name__ == "__main__":
    main()
