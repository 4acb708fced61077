"""Every area, some cases of each: right or refused, and nothing else. `pytest --fuzz 1000` tries more."""

from __future__ import annotations

import pytest
from tests.fuzz.area import AREAS
from tests.fuzz.run import counts, defects, fuzz
from tests.fuzz.self_test import ENDS

pytestmark = pytest.mark.slow

COUNT = 60
"""Cases of each area where no option asks for another number."""


@pytest.mark.parametrize("area", AREAS)
def test_hostile_input_is_answered_right_or_refused_in_one_sentence(area: str, request: pytest.FixtureRequest) -> None:
    count: int = request.config.getoption("--fuzz") or COUNT
    verdicts = fuzz(area, count)
    assert defects(verdicts) == []
    found = counts(verdicts)
    assert found["right"] + found["refused"] == count
    assert found["refused"] > 0


def test_the_suite_sees_each_way_in_which_a_case_can_end() -> None:
    assert [verdict.end for verdict in fuzz("self_test", len(ENDS))] == list(ENDS)
