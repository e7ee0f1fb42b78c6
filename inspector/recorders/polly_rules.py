"""Polly.js: entries of an archive in HAR carry an id, a hash of what they are matched by."""

from __future__ import annotations

NAME = "Polly.js"
FORMATS = ()
"""Its files are HAR."""
RULES = "https://netflix.github.io/pollyjs/#/configuration"
MATCHED_BY = ("method", "uri", "headers", "body")
"""`matchRequestsBy` of a project switches each of them, and the parts of the address."""
REPEATS = False
"""The order counts too: the second of the same requests has the second answer."""
HOW = "the entry whose `_id` and `_order` are those of the request; the id hashes headers that an archive may lack"
