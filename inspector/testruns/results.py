"""Which test read and wrote which recordings, and how it ended: the map that the pytest plugin keeps.

It is kept beside the indexes, one file a repository. A map that lies among the recordings, as CI artifacts bring it,
counts as well. Only what ran is replaced: a map goes on growing over partial runs.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from inspector.files.private import own_folder
from inspector.files.roots import Roots
from inspector.files.scan import opened_plain
from inspector.index.cache_place import tests_file, tests_files
from inspector.model import jsonio
from inspector.redaction.mask import text as without_secrets
from inspector.testruns import missed_request
from inspector.testruns.last_run import NOTHING, OUTCOMES, LastRun, Outcomes, is_below, short
from inspector.testruns.node_id import parse

__all__ = ["MAX_SIZE", "NOTHING", "OUTCOMES", "LastRun", "Outcomes", "keep", "load", "short"]

MAX_SIZE = 64 * 1024 * 1024
"""Bytes of a map that is read."""

_VERSION = 1
_PATIENCE = 10.0
"""Seconds to wait for another run that writes the same map."""

# ---------------------------------------------------------------- a map as a file


def written(outcomes: Outcomes) -> str:
    """A map as JSON: the head in one line, and a line a test."""
    head = {"inspector_tests": _VERSION, "top": outcomes.top, "whole": dict(sorted(outcomes.whole.items()))}
    tests = (f"{json.dumps(key)}: {json.dumps(_as_json(test))}" for key, test in sorted(outcomes.tests.items()))
    return f'{json.dumps(head)[:-1]}, "tests": {{\n' + ",\n".join(tests) + "\n}}\n"


def _as_json(test: LastRun) -> dict[str, Any]:
    told = test._replace(missed=tuple(missed_request.as_json(one) for one in test.missed))  # type: ignore[misc]
    return {name: value for name, value in told._asdict().items() if name != "key" and value not in ("", (), {})}


def read(data: bytes) -> Outcomes:
    """A map from its file; what is none of a test's is passed over. Raises `ValueError` for what is no map."""
    known = jsonio.loads(data)
    if not isinstance(known, dict) or known.get("inspector_tests") != _VERSION:
        raise ValueError("it is no map of tests, or another version's")
    tests, whole = known.get("tests"), known.get("whole")
    read = [_tested(without_secrets(key), value) for key, value in tests.items()] if isinstance(tests, dict) else []
    return Outcomes(
        {test.key: test for test in read if test},
        {scope: _number(at) for scope, at in whole.items()} if isinstance(whole, dict) else {},
        _words(known.get("top")),
    )


def _tested(key: str, value: Any) -> LastRun | None:
    if not isinstance(value, dict) or value.get("outcome") not in OUTCOMES or not isinstance(value.get("id"), str):
        return None
    used, lost = value.get("recordings"), value.get("lost")
    return LastRun(
        key=key,
        id=without_secrets(value["id"]),
        outcome=value["outcome"],
        phase=_words(value.get("phase")),
        message=short(_words(value.get("message"))),
        duration=_number(value.get("duration")),
        at=_number(value.get("at")),
        recordings={path: _words(how) for path, how in used.items()} if isinstance(used, dict) else {},
        lost=tuple(path for path in lost if isinstance(path, str)) if isinstance(lost, list) else (),
        missed=missed_request.read(value.get("missed")),
        unplayed=_entries(value.get("unplayed")),
    )


def _entries(value: Any) -> Mapping[str, Sequence[int]]:
    found = value.items() if isinstance(value, dict) else ()
    return {
        path: [entry for entry in entries if type(entry) is int] for path, entries in found if type(entries) is list
    }


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e11 else 0.0


# ---------------------------------------------------------------- keeping


def merged(before: Outcomes, run: Outcomes, is_there: Callable[[str], bool]) -> Outcomes:
    """A map after a run. Tests that did not run stay, unless all of their file ran and their function is no more."""
    tests = {
        key: test
        for key, test in before.tests.items()
        if parse(key).base in run.functions or not run.is_whole(parse(key).file)
    }
    tests |= {key: _going_on(before.tests.get(key), test, is_there) for key, test in run.tests.items()}
    return Outcomes(tests, {**before.whole, **run.whole}, run.top)


def _going_on(old: LastRun | None, new: LastRun, is_there: Callable[[str], bool]) -> LastRun:
    """A test that ran again. One that did not come to its end has not shown what it uses: what is known of that
    stays."""
    if old is None or new.outcome in ("passed", "xpassed"):
        return new
    kept = {path: how for path, how in old.recordings.items() if path not in new.recordings and is_there(path)}
    gone = (path for path in (*old.lost, *old.recordings) if path not in new.recordings and not is_there(path))
    return new._replace(recordings={**kept, **new.recordings}, lost=tuple(dict.fromkeys(gone)))


def keep(run: Outcomes, top: Path, file: Path | None = None) -> Path:
    """Put a run into the map of its repository, or into a `file`, which then says nothing of the place on the disk.
    Raises `OSError`."""
    run = replace(run, top="" if file else str(top))
    file = file.resolve() if file else tests_file(top)
    file.parent.mkdir(0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        with suppress(OSError):  # who cannot lock writes all the same
            lock = tests_file(file)
            own_folder(lock.parent)
            stack.enter_context(FileLock(lock.with_suffix(".lock"), timeout=_PATIENCE))
        before = _opened(file) or NOTHING
        _replace(file, written(merged(before, run, lambda path: (top / path).exists())))
    return file


def _replace(file: Path, text: str) -> None:
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as opened:
            opened.write(text)
        os.replace(name, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _opened(file: Path) -> Outcomes | None:
    try:
        with opened_plain(file) as opened:
            return read(opened.read(MAX_SIZE))
    except (OSError, ValueError):
        return None


# ---------------------------------------------------------------- loading


Stamp = tuple[tuple[str, int, int], ...]
"""The files of some maps, with their times and sizes: as long as it is the same, so are the maps."""


def stamp(roots: Roots) -> Stamp:
    """The maps of the repositories around, and below, what is served."""
    found = []
    for file, top in tests_files():
        if any(_is_around(top, str(root.path)) for root in roots.all):
            with suppress(OSError):
                stats = file.stat()
                found.append((str(file), stats.st_mtime_ns, stats.st_size))
    return tuple(sorted(found))


def _is_around(top: str, place: str) -> bool:
    return is_below(place, top.rstrip(os.sep)) or is_below(top, place.rstrip(os.sep))


def load(roots: Roots, lying: Iterable[Outcomes] = ()) -> Outcomes:
    """What is known of the tests of what is served: from the maps of the repositories, and from those that lie among
    the recordings and have the paths of the index already. Of a test that several know, the latest counts."""
    kept = [read for path, _, _ in stamp(roots) if (read := _opened(Path(path))) is not None]
    known = [*(_served(outcomes, roots) for outcomes in kept), *lying]
    tests: dict[str, LastRun] = {}
    whole: dict[str, float] = {}
    for outcomes in known:
        for key, test in outcomes.tests.items():
            if key not in tests or tests[key].at < test.at:
                tests[key] = test
        for scope, at in outcomes.whole.items():
            whole[scope] = max(at, whole.get(scope, 0.0))
    return Outcomes(tests, whole)


def _served(outcomes: Outcomes, roots: Roots) -> Outcomes:
    """A repository's map with the paths of the index."""

    def path_of(path: str) -> str | None:
        return roots.path_of(os.path.normpath(os.path.join(outcomes.top, *path.split("/"))))

    return with_paths(outcomes, path_of)


def with_paths(outcomes: Outcomes, path_of: Callable[[str], str | None]) -> Outcomes:
    """A map with other paths, and without recordings that have none."""

    def moved(test: LastRun) -> LastRun:
        used = {new: how for path, how in test.recordings.items() if (new := path_of(path)) is not None}
        lost = tuple(new for path in test.lost if (new := path_of(path)) is not None)
        unplayed = {new: entries for path, entries in test.unplayed.items() if (new := path_of(path)) is not None}
        missed = missed_request.moved(test.missed, path_of)
        return test._replace(recordings=used, lost=lost, missed=missed, unplayed=unplayed)

    return replace(outcomes, tests={key: moved(test) for key, test in outcomes.tests.items()})
