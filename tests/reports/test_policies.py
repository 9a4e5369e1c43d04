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
    ids=[
        "nothing",
        "bounds",
        "every gate",
        "fewer passed",
        "more failed",
        "a milder severity",
        "a gate less",
    ],
)
def test_a_track_may_ask_for_more_and_not_for_less(changes, said):
    assert loosened(replace(MINE, **changes), SPRINT) == said


def test_no_track_allows_more_errors_than_its_sprint():
    sprint = replace(SPRINT, max_errors=0)
    assert loosened(replace(MINE, max_errors=1), sprint) == {
        "max_errors": "The sprint allows at most 0 errors."
    }


def test_what_the_sprint_asks_more_of_since_is_no_fault_of_a_tracks_policy_that_was_not_touched():
    track = replace(MINE, min_passed=640, max_failed=9, max_errors=1, severity=Severity.CRITICAL)
    sprint = replace(SPRINT, max_errors=0)
    assert loosened(track, sprint, track) == {}
    assert list(loosened(replace(track, max_failed=8), sprint, track)) == ["max_failed"]


@pytest.mark.parametrize(
    ("changes", "is_milder"),
    [
        ({}, False),
        ({"gates": SPRINT.gates | {GateKind.HEAD}, "min_passed": 660, "max_errors": 3}, False),
        ({"severity": Severity.LOW}, False),
        ({"gates": frozenset({GateKind.RUN})}, True),
        ({"gates": frozenset({GateKind.RUN, GateKind.HEAD})}, True),
        ({"min_passed": 649}, True),
        ({"min_passed": None}, True),
        ({"max_failed": 6}, True),
        ({"max_failed": None}, True),
        ({"severity": Severity.CRITICAL}, True),
        ({"severity": None}, True),
        ({"max_failed": 6, "min_passed": 700}, True),
    ],
)
def test_a_policy_that_asks_less_of_anything_is_milder(changes, is_milder):
    assert replace(SPRINT, **changes).is_milder_than(SPRINT) is is_milder
