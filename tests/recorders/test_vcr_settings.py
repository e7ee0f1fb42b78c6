"""What a conftest.py sets for VCR.py, read without running it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.recorders.vcr_settings import NOTHING, settings_for
from tests.making import put

FIXTURE = "import pytest\n@pytest.fixture(scope='module')\ndef vcr_config():\n    {}\n"
CASSETTE = "tests/lamp/cassettes/test_lamp/test_lit.yaml"


def told(body: str) -> str:
    return FIXTURE.format(body)


@pytest.mark.parametrize(
    ("conftest", "match_on", "repeats", "mode"),
    [
        (told("return {'match_on': ['method', 'body'], 'filter_headers': [hidden()]}"), ("method", "body"), None, ""),
        (told("yield dict(match_on=('uri',), allow_playback_repeats=True)"), ("uri",), True, ""),
        (told("return {'record_mode': 'none', **more, 'allow_playback_repeats': LATER}"), (), None, "none"),
        (told("return {'match_on': [name for name in 'ab']}"), (), None, ""),
        (told("return {'match_on': ['uri'], 'additional_matchers': ['fog']}"), ("uri", "fog"), None, ""),
        (told("return compute()"), (), None, ""),
    ],
    ids=["returned", "yielded", "some of it", "computed", "matchers of its own", "all computed"],
)
def test_what_a_fixture_says(
    tmp_path: Path, conftest: str, match_on: tuple[str, ...], repeats: bool | None, mode: str
) -> None:
    put(tmp_path / "tests" / "conftest.py", conftest.encode())
    found = settings_for(tmp_path / CASSETTE)
    assert found[:3] == (match_on, repeats, mode)
    assert found.file == tmp_path / "tests" / "conftest.py"


@pytest.mark.parametrize(
    "conftest",
    [
        b"raise SystemExit('vcr_config')",
        b"def vcr_config(:",
        b"def vcr_config(): return {'match_on': " + b"[" * 100_000,
        b"\x00vcr_config",
        b"\xff\xfevcr_config",
        b"#vcr_config" + b" " * 400_000,
    ],
    ids=["run", "no Python", "deep", "zeros", "no text", "large"],
)
def test_a_file_of_anybody_says_nothing(tmp_path: Path, conftest: bytes) -> None:
    put(tmp_path / "tests" / "conftest.py", conftest)
    assert settings_for(tmp_path / CASSETTE) == NOTHING


def test_the_nearest_counts_and_none_outside_of_the_repository(tmp_path: Path) -> None:
    top = tmp_path / "top"
    put(tmp_path / "conftest.py", told("return {'match_on': ['port']}").encode())
    put(top / ".git" / "config", b"")
    assert settings_for(top / CASSETTE) == NOTHING
    put(top / "conftest.py", told("return {'match_on': ['uri']}").encode())
    assert settings_for(top / CASSETTE).match_on == ("uri",)
    put(top / "tests/lamp/conftest.py", told("return {'match_on': ['body']}").encode())
    assert settings_for(top / CASSETTE).match_on == ("body",)
