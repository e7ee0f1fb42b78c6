"""Expressions that are compiled when they are used, and values that are made quickly, are what Python's own are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from inspector.model import Body, Request, Text
from inspector.model.expressions import expression


def test_an_expression_is_compiled_when_it_is_used() -> None:
    bad = expression("(")
    with pytest.raises(re.error):
        bad.match("x")


def test_an_expression_is_what_python_compiles() -> None:
    later, now = expression("b+", re.IGNORECASE), re.compile("b+", re.IGNORECASE)
    assert (later.pattern, later.flags, later.groups) == (now.pattern, now.flags, now.groups)
    for _ in range(2):
        assert later.sub("-", "aBBc") == now.sub("-", "aBBc")
        assert later.search("xbb", 2) is not None
    assert expression(rb"\d").findall(b"a1b2") == [b"1", b"2"]


def test_values_compare_and_hash_by_what_they_hold() -> None:
    request = Request("POST", "/v1", (), Body("text", "fog"))
    assert request == Request("POST", "/v1", (), Body("text", "fog"))
    assert hash(request) == hash(replace(request))
    assert len({Text("fog"), Text("fog"), Text("bell")}) == 2
