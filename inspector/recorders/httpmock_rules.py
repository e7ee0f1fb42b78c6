"""httpmock of Rust: each file says what a request has to be like, and answers as often as it is asked.

The rules are those of `src/server/state.rs` (`serve_mock`): the first mock of which every matcher is true.
"""

from __future__ import annotations

NAME = "httpmock"
FORMATS = ("httpmock",)
RULES = "https://httpmock.rs/record-and-playback/playback/"
MATCHED_BY = ("method", "path", "query", "body")
"""What the `when` of a file names, and nothing else."""
REPEATS = True
HOW = "the first file whose `when` is true of the request"
