"""WireMock: mappings say what a request has to be like, and answer as often as they are asked.

The rules are those of `matching/RequestPattern.java` and `stubbing/StoreBackedStubMappings.java` in `wiremock-core`.
"""

from __future__ import annotations

NAME = "WireMock"
FORMATS = ("wiremock",)
RULES = "https://wiremock.org/docs/request-matching/"
MATCHED_BY = ("method", "path", "query", "body")
"""What the `request` of a mapping names, and nothing else."""
REPEATS = True
"""In a scenario, as long as its state stays."""
HOW = "the mapping added last whose `request` is true of what is asked, the one with the highest priority first"
