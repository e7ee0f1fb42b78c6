"""nock: an array of definitions, each taken away once it has answered.

The rules are those of `lib/interceptor.js` (`match`) and `lib/scope.js` (`define`): the body counts where a definition
has one, and headers only where it has `reqheaders`.
"""

from __future__ import annotations

NAME = "nock"
FORMATS = ("nock",)
RULES = "https://github.com/nock/nock#usage"
MATCHED_BY = ("method", "scheme", "host", "port", "path", "query", "body")
REPEATS = False
"""Unless a definition persists."""
HOW = "the first definition with the same address and body that did not answer yet"
