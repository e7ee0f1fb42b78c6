"""VCR of Ruby: a cassette has the requests of a test, and each answers once.

The rules are those of `lib/vcr/request_matcher_registry.rb` (`DEFAULT_MATCHERS`) and
`lib/vcr/cassette/http_interaction_list.rb` (`response_for`): an answer is taken off the list, and used again only where
repeats are allowed.
"""

from __future__ import annotations

NAME = "VCR (Ruby)"
FORMATS = ("ruby-vcr",)
RULES = "https://benoittgt.github.io/vcr/#/request_matching/"
MATCHED_BY = ("method", "uri")
"""`match_requests_on` of a project may add ``body``, ``headers``, ``host``, ``path``, ``query``."""
REPEATS = False
"""Unless `allow_playback_repeats` is set."""
HOW = "the first entry of the cassette that is the same in all of `match_requests_on` and was not played yet"
