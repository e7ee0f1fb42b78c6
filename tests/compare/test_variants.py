"""Variants of a test: what is a variant of what, and what one is beside another."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.compare.siblings import beside, turns
from inspector.compare.variants import best_way, variants
from inspector.index import Row

_EMPTY: dict[str, Any] = dict.fromkeys(Row._fields) | {
    "odd": "", "replies": (), "operation": "chat", "streamed": False, "asked": "", "replied": "",
}  # fmt: skip


def row(id: int, prompt: int = 1, reply: int = 0, **more: Any) -> Row:
    said = {"prompt": tuple(range(prompt)), "chain": prompt, "replies": (reply,), "uid": f"u{id}", "id": id}
    return Row(**(_EMPTY | said | more))


@pytest.mark.parametrize(
    ("parameters", "model", "provider", "column", "kept"),
    [
        ("client-txt=azure/gpt-4o-earth", "gpt-4o", "openai", "azure/gpt-4o", "client · earth"),
        ("txt=bedrock/openai.gpt-oss-20b-1:0", "openai.gpt-oss-20b-1:0", "", "bedrock/openai.gpt-oss-20b-1:0", ""),
        ("c-txt=vertex/publishers/x/models/gem-2-True", "gem-2", "x", "vertex/gem-2", "c · True"),
        ("gpt-4o-True", "gpt-4o", "openai", "openai/gpt-4o", "True"),
        ("True-gpt-4o", "gpt-4o", "openai", "openai/gpt-4o", "True"),
        ("fog", "gpt-4o", "openai", "openai/gpt-4o", "fog"),
        ("fog", "", "", "", "fog"),
    ],
)
def test_a_variant_is_told_by_its_parameters(
    parameters: str, model: str, provider: str, column: str, kept: str
) -> None:
    (one,) = variants([(f"tests/a.py::test_b[{parameters}]", model, provider, 3)])
    assert (one.base, one.column("model"), one.row("model")[1]) == ("tests/a.py::test_b", column, kept)
    assert one.column("parameters") == parameters


def test_columns_are_what_differs() -> None:
    models = variants([(f"a.py::t[c-txt=p/{name}]", name, "p", 1) for name in ("one", "two")])
    clients = variants([(f"a.py::t[{name}-txt=p/one]", "one", "p", 1) for name in ("c", "d")])
    others = variants([(f"a.py::t[{name}]", "one", "p", 1) for name in ("x", "y")])
    assert [best_way(each) for each in (models, clients, others)] == ["model", "client", "parameters"]


@pytest.mark.parametrize(
    ("before", "after", "calls", "state"),
    [
        ([row(1)], [row(2)], {}, "same"),
        ([row(1)], [row(2, reply=9)], {}, "other words"),
        ([row(1)], [row(2, reply=9)], {1: ("f {}",), 2: ("f {}",)}, "same calls"),
        ([row(1)], [row(2, reply=9)], {1: ("f {}",), 2: ("g {}",)}, "other calls"),
        ([row(1)], [row(2), row(3, 3)], {}, "other turns"),
        ([row(1)], [row(2), row(3)], {}, "same"),
        ([row(1)], [row(2, status=500)], {}, "error"),
        ([row(1)], [row(2), row(3, status=500)], {}, "error"),
        ([], [row(3, status=500)], {}, "error"),
        ([], [row(3)], {}, "other turns"),
        ([row(1)], [], {}, "none"),
        ([row(1, operation="generate_content")], [row(2)], {}, "same"),
    ],
)
def test_a_variant_is_told_by_its_answers(before: Any, after: Any, calls: Any, state: str) -> None:
    assert beside(before, after, calls).state == state


def test_turns_are_paired_by_their_place_in_the_conversation() -> None:
    before = [row(1, 3, chain=30, asked="b"), row(2, 1, chain=10, asked="a")]
    after = [row(4, 1, chain=10, asked="a"), row(5, 3, chain=31, asked="other")]
    assert [(pair.before and pair.before.id, pair.after and pair.after.id) for pair in turns(before, after)] == [
        (2, 4), (1, 5),
    ]  # fmt: skip
