"""What decisions amount to, what one freezes, and what moved since."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.decisions import Given, differences, digest, frozen_of, stand_of
from reports.gates import CriterionFact, Dependency, FindingFact, WaiverFact
from reports.statuses import DecisionKind, GateKind
from tests.factories import NOON
from tests.reports.deciding import HEAD, MOVED, NEWER, a_run, facts, gate
from tracks.finding_statuses import Severity
from tracks.statuses import Standing

APPROVED, CONDITIONAL, REJECTED = DecisionKind.APPROVED, DecisionKind.CONDITIONAL, DecisionKind.REJECTED
LENA, LEO = 1, 2
CRITERION = CriterionFact(7, "The page exists", Standing.HOLDS, "1", is_blocking=True)
FINDING = FindingFact(9, "A-1", "Prices are missing", Severity.LOW, "open")
WAIVER = WaiverFact(3, GateKind.ERRORS, HEAD, "known", "Tess", NOON)
B = Dependency("B", is_approved=True, reason="", sha=NEWER)


def given_by(*whos: tuple, sha: str = HEAD, stale: tuple[str, ...] = ()) -> list[Given]:
    """Newest first: ``(who, kind)`` of each."""
    return [
        Given(len(whos) - at, kind, sha, by, f"person {by}", NOON - timedelta(hours=at), stale)
        for at, (by, kind) in enumerate(whos)
    ]


@pytest.mark.parametrize(
    ("decisions", "approvals"),
    [
        ([], 0),
        (given_by((LENA, APPROVED)), 1),
        (given_by((LENA, APPROVED), (LENA, APPROVED)), 1),
        (given_by((LENA, APPROVED), (LEO, CONDITIONAL)), 2),
        (given_by((None, APPROVED), (None, APPROVED)), 1),
        (given_by((LENA, APPROVED), (LEO, REJECTED), (LEO, APPROVED)), 1),
        (given_by((LEO, REJECTED), (LENA, APPROVED)), 0),
        ([*given_by((LENA, APPROVED)), *given_by((LEO, APPROVED), sha=NEWER)], 1),
        ([*given_by((LENA, APPROVED)), *given_by((LEO, APPROVED), stale=("the base moved",))], 1),
    ],
)
def test_approvals_are_counted_by_people_on_one_commit_without_another_word(decisions, approvals):
    standing = stand_of(decisions, needed=2)
    assert standing.approvals == approvals
    assert standing.is_approved is (approvals == 2)


def test_a_stale_approval_opens_nothing_and_says_why():
    standing = stand_of(given_by((LENA, APPROVED), stale=("The base moved.",)), needed=1)
    assert (standing.is_approved, standing.counts, standing.stale) == (False, False, ("The base moved.",))


def test_an_approval_that_dropped_out_says_why_where_it_is_missed():
    row = [*given_by((LENA, APPROVED)), *given_by((LEO, CONDITIONAL), stale=("A condition was due.",))]
    assert stand_of(row, needed=2).stale == ("A condition was due.",)
    assert stand_of(row, needed=1).stale == ()
    again = [*given_by((LEO, APPROVED)), *row]
    assert (stand_of(again, needed=2).stale, stand_of(again, needed=2).is_approved) == ((), True)


def test_a_refusal_counts_as_a_decision_and_not_as_an_approval():
    standing = stand_of(given_by((LENA, REJECTED)), needed=1)
    assert (standing.is_approved, standing.counts, standing.who) == (False, True, ("person 1",))


def frozen(**other: object) -> dict:
    known = facts(criteria=(CRITERION,), findings=(FINDING,), waivers=(WAIVER,), **other)
    return frozen_of(known, [gate()], [B], recommended="approve", decision=None)


def test_what_is_frozen_is_plain_json_with_one_digest():
    content = frozen()
    assert json.loads(json.dumps(content)) == content
    assert digest(content) == digest(dict(reversed(content.items())))
    assert digest(content) != digest(content | {"run": 3})
    assert differences(content, frozen()) == ()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (frozen(head=NEWER), "The branch is at ccccccc; you saw aaaaaaa."),
        (frozen(head=""), "The branch is at none"),
        (frozen(base_head=MOVED), "The base is at ddddddd"),
        (frozen(run=a_run(5, HEAD)), "The last test is run 5; you saw run 2."),
        (frozen(baseline=a_run(6, "b" * 40)), "The baseline is run 6"),
        (frozen() | {"gates": []}, "Gate “tests failed” is gone."),
        (
            frozen_of(facts(), [gate(standing=Standing.FAILS)], [B], recommended="approve", decision=None)
            | {key: frozen()[key] for key in ("criteria", "findings", "waivers")},
            "Gate “tests failed”: fails, 0; you saw holds, 0.",
        ),
        (
            frozen() | {"criteria": [frozen()["criteria"][0] | {"standing": "fails"}]},
            "Criterion “The page exists”: fails, 1; you saw holds, 1.",
        ),
        (
            frozen() | {"findings": [frozen()["findings"][0] | {"severity": "critical"}]},
            "A-1 “Prices are missing”: critical, open; you saw low, open.",
        ),
        (
            frozen() | {"findings": [frozen()["findings"][0] | {"title": "{0} {gate}"}]},
            "A-1 “{0} {gate}” changed.",
        ),
        (frozen() | {"findings": []}, "A-1 “Prices are missing” is gone."),
        (frozen() | {"waivers": []}, "The waiver of “tests with errors” is gone."),
        (
            frozen() | {"dependencies": [{"key": "B", "is_approved": False, "sha": ""}]},
            "Track B, which it waits for: not approved; you saw approved at ccccccc.",
        ),
        (frozen() | {"recommended": "wait"}, "The recommendation is “wait”; it was “approve”."),
        (frozen() | {"decision": 4}, "Somebody else has decided"),
        (frozen(patch_id="f" * 40), "Something that the decision rests on has changed."),
    ],
)
def test_what_moved_is_said(now, said):
    found = differences(frozen(), now)
    assert any(said in each for each in found), found


@given(st.text(), st.sampled_from(sorted(Severity)))
def test_whatever_moves_has_a_sentence_and_another_digest(title, severity):
    other = replace(FINDING, title=title, severity=severity)
    now = frozen_of(facts(findings=(other,)), [gate()], [B], recommended="approve", decision=None)
    seen = frozen_of(facts(findings=(FINDING,)), [gate()], [B], recommended="approve", decision=None)
    assert bool(differences(seen, now)) is (digest(seen) != digest(now)) is (other != FINDING)
