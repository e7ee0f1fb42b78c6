"""The test that a cassette belongs to, by where it lies."""

from __future__ import annotations

from pathlib import PurePosixPath

_FOLDERS = ("cassettes", "recordings", "fixtures", "testdata")
_ENDINGS = (".yaml", ".yml", ".json")


def pytest_id(path: str) -> str | None:
    """The pytest node id for a path below a folder of cassettes, None where the name is no test's.

    ``tests/cassettes/test_chat/TestChat.test_hello[a].yaml`` (pytest-recording) is
    ``tests/test_chat.py::TestChat::test_hello[a]``. Where no folder names the module (pytest-vcr), the folder stands in
    its place.
    """
    where = PurePosixPath(path.removesuffix(".gz"))
    name = where.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    plain, bracket, parameters = name.partition("[")
    if not any(word.lower().startswith("test") for word in plain.split(".")):
        return None
    folders = [*where.parts[:-1]]
    at = next((at for at in reversed(range(len(folders))) if folders[at] in _FOLDERS), None)
    if at is not None:
        module = folders[at + 1 :]
        folders = folders[:at] + ([*module[:-1], f"{module[-1]}.py"] if _is_module(module) else module)
    return "::".join(("/".join(folders) or ".", *plain.split("."))) + bracket + parameters


def _is_module(folders: list[str]) -> bool:
    return bool(folders) and (folders[-1].startswith("test_") or folders[-1].endswith("_test"))
