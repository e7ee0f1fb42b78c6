from __future__ import annotations

import pytest

from inspector.analysis.measures import moment, total
from inspector.model import Usage


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (Usage(input_tokens=8, output_tokens=1, total_tokens=12), 12),
        (Usage(input_tokens=8, output_tokens=1), 9),
        (Usage(input_tokens=8), 8),
        (Usage(output_tokens=0), 0),
        (Usage(), None),
    ],
)
def test_a_total_that_no_provider_sends_is_added_up(usage: Usage, tokens: int | None) -> None:
    assert total(usage) == tokens


def test_a_time_without_its_zone_is_none() -> None:
    assert moment("2026-02-01T21:00:00.250Z") == moment("2026-02-01T22:00:00.250+01:00") == 1769979600250
    assert [moment(one) for one in ("2026-02-01T21:00:00", "soon", "", None)] == [None] * 4
