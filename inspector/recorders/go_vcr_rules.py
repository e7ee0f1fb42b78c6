"""go-vcr: a cassette has the requests of a test in their order.

The rules are those of `pkg/cassette/cassette.go`: `getInteraction`, and `defaultMatcher.matcher` since version 4.
"""

from __future__ import annotations

NAME = "go-vcr"
FORMATS = ("go-vcr",)
RULES = "https://github.com/dnaeon/go-vcr, `pkg/cassette/cassette.go`"
MATCHED_BY = ("method", "uri")
"""Since version 4 also headers and body; a project often sets a `MatcherFunc` of its own."""
REPEATS = False
"""Unless the recorder is told that interactions are replayable."""
HOW = (
    "the first entry of the cassette that its matcher takes and that was not played yet; by default that compares "
    "method and address, since version 4 headers, body and length too"
)
