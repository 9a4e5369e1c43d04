"""Which gates a track has to pass: the sprint's rules and its own."""

from dataclasses import replace

import pytest

from reports.policies import DEFAULT, NOTHING_MORE, Policy, loosened
from reports.statuses import GateKind
from tracks.finding_statuses import Severity

SPRINT = Policy(frozenset({GateKind.RUN, GateKind.LOST}), 650, 5, None, Severity.HIGH)
MINE = replace(NOTHING_MORE, gates=SPRINT.gates)


@pytest.mark.parametrize("policy", [DEFAULT, NOTHING_MORE, SPRINT], ids=["default", "nothing", "some"])
def test_a_policy_is_read_as_it_was_written(policy):
    assert Policy.from_json(policy.to_json()) == policy


def test_of_two_policies_the_narrower_bounds_and_all_gates_count():
    track = Policy(frozenset({GateKind.HEAD}), 660, 9, 3, Severity.LOW)
    both = Policy(frozenset({GateKind.RUN, GateKind.LOST, GateKind.HEAD}), 660, 5, 3, Severity.LOW)
    assert SPRINT.tighten(track) == track.tighten(SPRINT) == both


def test_a_track_that_asks_for_nothing_more_is_held_against_the_sprints_policy():
    assert SPRINT.tighten(NOTHING_MORE) == SPRINT


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, {}),
        ({"min_passed": 650, "max_failed": 5, "max_errors": 100, "severity": Severity.MEDIUM}, {}),
        ({"gates": frozenset(GateKind)}, {}),
        ({"min_passed": 640}, {"min_passed": "The sprint asks for at least 650 passed."}),
        ({"max_failed": 6}, {"max_failed": "The sprint allows at most 5 failed."}),
        (
            {"severity": Severity.CRITICAL},
            {"severity": "The sprint counts findings of severity high already."},
        ),
        (
            {"gates": frozenset({GateKind.RUN})},
            {"gates": f"The sprint asks for '{GateKind.LOST}': a track cannot leave it out."},
        ),
    ],
    ids=["nothing", "bounds", "every gate", "fewer passed", "more failed", "a milder severity", "a gate less"],
)
def test_a_track_may_ask_for_more_and_not_for_less(changes, said):
    assert loosened(replace(MINE, **changes), SPRINT) == said


def test_no_track_allows_more_errors_than_its_sprint():
    sprint = replace(SPRINT, max_errors=0)
    assert loosened(replace(MINE, max_errors=1), sprint) == {
        "max_errors": "The sprint allows at most 0 errors."
    }
