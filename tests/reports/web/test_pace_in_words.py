"""What is said of two machines' speed."""

import pytest

from reports.pace import Pace
from reports.web.pace_in_words import in_words


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (
            1.31,
            "The head's machine took 1.3 times as long; beside that, tests differ by 8 % from run to",
        ),
        (1.01, "The head's machine was as fast as the base's; beside that"),
        (0.5, "The head's machine was faster: it took 0.5 of the time; beside that"),
    ],
)
def test_the_machine_and_the_noise_are_told_apart(shift, said):
    assert in_words(Pace(579, shift, 1.08, ())).startswith(said)


def test_where_nothing_passed_in_both_nothing_is_told():
    assert in_words(Pace(0, 1.0, 1.0, ())) == "No test passed in both runs: their durations say nothing."
