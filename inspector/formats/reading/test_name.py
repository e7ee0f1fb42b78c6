"""The test that a recording belongs to, by where it lies."""

from __future__ import annotations

from pathlib import PurePosixPath

from inspector.model.expressions import expression

_FOLDERS = ("cassettes", "recordings", "fixtures", "testdata", "_vcr")
_ENDINGS = (".yaml", ".yml", ".json", ".httprr")
_GO_TEST = expression(r"(?:Test|Benchmark|Example|Fuzz)(?![a-z])").match


def pytest_id(path: str) -> str | None:
    """The pytest node id for a path below a folder of cassettes, None where the name is no test's.

    ``tests/cassettes/test_chat/TestChat.test_hello[a].yaml`` (pytest-recording) is
    ``tests/test_chat.py::TestChat::test_hello[a]``. Where no folder names the module (pytest-vcr), the folder stands in
    its place.
    """
    folders, name = _divided(path)
    plain, bracket, parameters = name.partition("[")
    if not any(word.lower().startswith("test") for word in plain.split(".")):
        return None
    at = next((at for at in reversed(range(len(folders))) if folders[at] in _FOLDERS), None)
    if at is not None:
        module = folders[at + 1 :]
        folders = folders[:at] + ([*module[:-1], f"{module[-1]}.py"] if _is_module(module) else module)
    return "::".join(("/".join(folders) or ".", *plain.split("."))) + bracket + parameters


def go_id(path: str) -> str | None:
    """The name of a Go test: ``agents/testdata/TestKeeper/fog/tool.yaml`` is ``agents.TestKeeper/fog/tool``."""
    folders, name = _divided(path)
    parts = [*folders, name]
    at = next((at for at, part in enumerate(parts) if _is_go_test(part)), None)
    if at is None:
        return None
    package = "/".join(part for part in parts[:at] if part not in _FOLDERS)
    test = "/".join(parts[at:])
    return f"{package}.{test}" if package else test


def name_below(path: str, *kept: str) -> str | None:
    """The path below one of the folders that cassettes are `kept` in, without its ending: a cassette's own name."""
    folders, name = _divided(path)
    at = next((at for at in reversed(range(len(folders))) if folders[at] in kept), None)
    return "/".join((*folders[at + 1 :], name)) if at is not None else None


def _divided(path: str) -> tuple[list[str], str]:
    """Folders and name, without endings."""
    where = PurePosixPath(path.removesuffix(".gz"))
    name = where.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return [*where.parts[:-1]], name


def _is_module(folders: list[str]) -> bool:
    return bool(folders) and (folders[-1].startswith("test_") or folders[-1].endswith("_test"))


def _is_go_test(name: str) -> bool:
    return _GO_TEST(name) is not None
