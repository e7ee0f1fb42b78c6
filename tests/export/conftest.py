"""The samples, exported once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sites import site

from tests.making import SAMPLES


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "site"
    done = site(SAMPLES, out)
    assert not done.refused
    return out
