"""The query language by example: what the help lists, and what the empty search field offers."""

from __future__ import annotations

EXAMPLES = (
    ("Who called this tool, and what came back?", "tool:get_weather in:result sunny"),
    ("Which streams reached the token limit?", "is:streamed finish:length"),
    ("Which exchanges took the most tokens?", "sort:tokens"),
    ("Where did the model refuse?", 'is:refusal OR in:reply ("I cannot" OR "I can\'t")'),
    ("Everything that failed with a 4xx from OpenAI", "provider:=openai status:4xx"),
    ("What changed in the last hour?", "changed:1h"),
    ("Tool arguments that break the schema, without one noisy test", 'is:"bad arguments" -test:fuzz'),
    ("Two models beside each other", "(model:gpt-4o OR model:claude*) lamp"),
    ("Long streams that were slow", "events:>500 duration:>30s sort:duration"),
    ("Where did an agent run a command?", 'tool:Bash in:call "rm -rf"'),
    ("What the system prompt says about a word", 'in:system "never mention"'),
)
"""Questions, and the queries that answer them."""

OFFERED = 4
"""Examples that the empty search field offers, the first ones."""
