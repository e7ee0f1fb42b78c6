"""What is asked of a server at every size: one table of addresses."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from tests.benchmarks.words import COMMON

PAGE = "50 ms"
"""The aim for a page of the list."""


class Asked(NamedTuple):
    """A row of the table. `path` may name ``{middle}`` and ``{oldest}``, exchanges by their place in the list."""

    what: str
    path: str
    aim: str = PAGE


def _query(what: str, query: str) -> Asked:
    return Asked(f"{what}: `{query}`", f"?q={quote(query)}")


ASKED = (
    Asked("list, first window", ""),
    Asked("list, window in the middle", "?at={middle}"),
    Asked("list, last window", "?at={oldest}"),
    _query("filter", "model:gpt-4o"),
    _query("filter", "provider:azure"),
    _query("filter", "is:issue"),
    _query("filter", "is:error"),
    _query("filter", "is:unreachable"),
    _query("filter", "is:duplicate"),
    _query("filter", "test:get_tide"),
    _query("filter", "finish:length"),
    _query("filter", "tool:get_keeper_permissions"),
    _query("filter", "tokens:>1k events:>100"),
    _query("filter", "has:image changed:<30d"),
    _query("filter", "model:gpt-4o provider:azure is:streamed"),
    _query("filter", "(model:llama3* OR model:qwen*) -is:issue"),
    _query("order", "sort:tokens"),
    _query("order, filter", "sort:size provider:openai"),
    _query("search, rare word", "phosphorescence"),
    _query("search, common word", COMMON),
    _query("search, the commonest word", "the"),
    _query("search, first letters", "phos"),
    _query("search, phrase", '"fog bell"'),
    _query("search, part of a code-like word", "exp_00"),
    _query("search, name of a tool", "get_keeper_permissions"),
    _query("search, two words", f"barnacle {COMMON}"),
    _query("search, one or the other", f"phosphorescence OR {COMMON}"),
    _query("search, script without spaces", "霧笛"),
    _query("search, in replies", "in:reply barnacle"),
    _query("search, in results of a tool", "tool:get_keeper_permissions in:result admin"),
    _query("search, word and filter", "barnacle model:gpt-4o"),
    _query("search, common word and filter", f"{COMMON} is:issue"),
    _query("search, without a word", f"{COMMON} -barnacle"),
    _query("search, ordered", f"{COMMON} sort:tokens"),
    _query("search, nothing found", "unspokenword"),
    Asked("values to filter by", "facets", "100 ms"),
    Asked("what checks found", "checks", "100 ms"),
)
