from __future__ import annotations

import pytest

from inspector.formats.reading.test_name import go_id, name_below, pytest_id


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/cassettes/test_a/test_b.yaml", "tests/test_a.py::test_b"),
        ("tests/cassettes/test_a/TestC.test_b[x.y].yaml.gz", "tests/test_a.py::TestC::test_b[x.y]"),
        ("tests/cassettes/sub/chat_test/test_b.json", "tests/sub/chat_test.py::test_b"),
        ("tests/cassettes/test_b.yaml", "tests::test_b"),
        ("cassettes/test_b.yml", ".::test_b"),
        ("tests/cassettes/test_a/lamp.yaml", None),
        ("tests/test_b.yaml", "tests::test_b"),
        ("tests/_vcr/test_a/test_b.yaml", "tests/test_a.py::test_b"),
    ],
)
def test_pytest(path: str, test: str | None) -> None:
    assert pytest_id(path) == test


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("keeper/testdata/TestKeeper/fog/bell.yaml", "keeper.TestKeeper/fog/bell"),
        ("llms/openai/testdata/TestChat-sub.httprr.gz", "llms/openai.TestChat-sub"),
        ("testdata/TestChat.httprr", "TestChat"),
        ("fixtures/chat.yaml", None),
        ("testdata/Testimony.yaml", None),
        ("testdata/ExampleClient.yaml", "ExampleClient"),
    ],
)
def test_go(path: str, test: str | None) -> None:
    assert go_id(path) == test


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("spec/vcr_cassettes/chat/fog.yml", "chat/fog"),
        ("a/vcr_cassettes/b/vcr_cassettes/fog.yml.gz", "fog"),
        ("spec/fog.yml", None),
    ],
)
def test_name_below(path: str, name: str | None) -> None:
    assert name_below(path, "vcr_cassettes") == name
