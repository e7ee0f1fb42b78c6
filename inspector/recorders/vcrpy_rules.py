"""VCR.py: a cassette has the requests of a test, and each answers once, in the order in which they were recorded.

The rules are those of `vcr/cassette.py` (`can_play_response_for`, `play_response`), `vcr/matchers.py` and
`vcr/config.py`.
"""

from __future__ import annotations

NAME = "VCR.py"
FORMATS = ("vcr",)
RULES = "https://vcrpy.readthedocs.io/en/latest/configuration.html#request-matching"
MATCHED_BY = ("method", "scheme", "host", "port", "path", "query")
"""`match_on` of a project may add ``body``, ``headers``, ``raw_body``, ``uri`` or functions of its own."""
REPEATS = False
"""Unless `allow_playback_repeats` is set."""
HOW = (
    "the first entry of the cassette that is the same in all of `match_on` and was not played yet; in record mode "
    "`none`, and in `once` where there is a cassette, a request without one is an error"
)

ON_A_MISS = {
    "none": "in record mode none it is an error; in new_episodes it would be recorded",
    "once": "in record mode once nothing new goes into a cassette that is there; in new_episodes it would be recorded",
    "new_episodes": "in record mode new_episodes it is recorded",
    "all": "in record mode all nothing is played, and every request is recorded anew",
}
"""What becomes of a request without a recording, by record mode (`vcr/record_mode.py`)."""

_FORBIDDEN = str.maketrans(dict.fromkeys("<>?%*:|\"'/\\", "-"))


def cassette_of(test_id: str) -> str:
    """Where pytest-recording keeps the cassette of a test: ``tests/test_lamp.py::TestLamp::test_it`` is
    ``tests/cassettes/test_lamp/TestLamp.test_it.yaml``. Empty for what is no test of a module."""
    plain, bracket, parameters = test_id.partition("[")
    module, *names = plain.split("::")
    if not names or not module.endswith(".py"):
        return ""
    folder, _, name = module.removesuffix(".py").rpartition("/")
    cassette = f"{'.'.join(names[-2:])}{bracket}{parameters}".translate(_FORBIDDEN)
    return "/".join(part for part in (folder, "cassettes", name, f"{cassette}.yaml") if part)
