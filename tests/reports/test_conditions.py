"""Whether two runs were made under the same conditions."""

from dataclasses import asdict, replace

import pytest

from reports.conditions import LIMITS, differences, surroundings
from tracks.execution.spec import Limits, RunSpec, Service
from tracks.statuses import Network, ServiceKind

ALIKE = {
    "python": "3.12.1",
    "pytest": "9.2.0",
    "lock": "1f",
    "tier": "bubblewrap",
    "test": "python -m pytest",
}
FORK, TIP = "a" * 40, "b" * 40


def test_runs_made_alike_have_nothing_to_say():
    assert differences(ALIKE, dict(ALIKE), merge_base=TIP, base_sha=TIP) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"python": "3.13.0"}, "Python differs: 3.12.1 in the base, 3.13.0 here."),
        ({"tier": "none"}, "The sandbox differs: bubblewrap in the base, none here."),
        ({"test": ""}, "The test command differs: python -m pytest in the base, none here."),
        ({"lock": "2e"}, "The files that say what is installed differ."),
    ],
)
def test_what_differs_is_said_with_both_sides(change, said):
    assert differences(ALIKE, ALIKE | change) == (said,)


def test_a_branch_that_left_before_the_baseline_is_said_to():
    (said,) = differences(ALIKE, ALIKE, merge_base=FORK, base_sha=TIP)
    assert said.startswith("The branch left the base branch at aaaaaaa, not at the baseline's bbbbbbb")


def test_what_is_not_known_of_one_side_is_no_difference():
    assert differences({}, ALIKE, base_sha=TIP) == ()


SPEC = RunSpec(run="r", project="p", repository="r", sha=FORK)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"limits": Limits(memory_bytes=1024, test_seconds=90)},
            (
                "The limit of seconds of the tests differs: 3,600 in the base, 90 here.",
                "The limit of bytes of memory differs: 8,589,934,592 in the base, 1,024 here.",
            ),
        ),
        (
            {"services": (Service(ServiceKind.REDIS), Service(ServiceKind.POSTGRES))},
            ("What is started beside the tests differs: none in the base, postgres, redis here.",),
        ),
        ({"network": Network.HOST}, ("The network of the tests differs: none in the base, host here.",)),
        ({"subdir": "backend"}, ("The folder of the tests differs: none in the base, backend here.",)),
        ({"env": {"A": "1"}, "sha": TIP}, ()),
    ],
    ids=["limits", "services", "network", "folder", "what is told elsewhere"],
)
def test_what_was_frozen_on_the_runs_is_compared(change, said):
    assert differences(surroundings(SPEC), surroundings(replace(SPEC, **change))) == said


def test_every_limit_has_a_name():
    assert LIMITS.keys() == asdict(Limits()).keys()
