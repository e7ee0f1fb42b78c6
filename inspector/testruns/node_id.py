"""Test ids: ``tests/integration/<suite>/<file>.py::[<Class>::]<function>[<parameters>]``.

Parameters hold ``/``, ``:`` and ``[`` themselves, so everything after the first ``[`` is theirs.
"""

from __future__ import annotations

from typing import NamedTuple


class TestId(NamedTuple):
    """The parts of a test id; empty where an id has no such part."""

    suite: str
    file: str
    function: str
    parameters: str

    @property
    def base(self) -> str:
        """The id without its parameters: what the variants of one test share."""
        return f"{self.file}::{self.function}" if self.file else self.function


TestId.__test__ = False  # type: ignore[attr-defined]  # pytest collects what is called Test…


def parse(test_id: str) -> TestId:
    """Take a test id apart. Anything is one: what has no ``::`` is all function."""
    name, _, parameters = test_id.partition("[")
    file, _, function = name.partition("::")
    if not function:
        file, function = "", name
    folders = file.split("/")[:-1]
    return TestId(folders[-1] if folders else "", file, function, parameters.removesuffix("]"))
