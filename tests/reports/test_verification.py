"""The verdict of a retest on a finding: its table, walked whole, and what holds for every evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts import NO_RESULT, Try
from reports.statuses import VerdictKind
from reports.verification import (
    Affected,
    Evidence,
    Showing,
    Verdict,
    judge,
    missing_repetitions,
    showing_of,
    shows_fixed,
)
from tracks.statuses import BROKEN_OUTCOMES, Outcome, RunState, Standing

PASSED = Try(Outcome.PASSED)
SKIPPED, XFAILED, XPASSED = (Try(each) for each in (Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED))
SAME, OTHER = Try(Outcome.FAILED, "old"), Try(Outcome.ERROR, "new")
BEFORE = Try(Outcome.FAILED, "old")


def affected(*tries: Try, before: Try | None = BEFORE, edited: str = "", reason: str = "") -> Affected:
    return Affected(1, before, tries, edited, reason)


KINDS = {
    Showing.SAME: affected(SAME),
    Showing.DIFFERENT: affected(OTHER),
    Showing.MIXED: affected(PASSED, SAME, PASSED),
    Showing.GONE: affected(NO_RESULT, reason="deleted from its file"),
    Showing.MUTED: affected(SKIPPED),
    Showing.EDITED: affected(PASSED, edited="its own code"),
    Showing.SHORT: affected(NO_RESULT),
    Showing.PASSED: affected(PASSED),
}
"""A test of each showing where one result is needed."""


def found(*showings: Showing, **rest: object) -> Verdict:
    tests = tuple(
        Affected(number, each.before, each.tries, each.edited, each.reason)
        for number, each in enumerate((KINDS[showing] for showing in showings), start=1)
    )
    return judge(Evidence(RunState.FINISHED, tests, **rest))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("test", "needed", "showing"),
    [
        *((each, 1, showing) for showing, each in KINDS.items()),
        (affected(Try(Outcome.FAILED), before=Try(Outcome.FAILED)), 1, Showing.DIFFERENT),
        (affected(SAME, before=None), 1, Showing.DIFFERENT),
        (affected(OTHER, SAME), 2, Showing.SAME),
        (affected(XFAILED), 1, Showing.MUTED),
        (affected(XPASSED), 1, Showing.MUTED),
        (affected(PASSED, SKIPPED), 2, Showing.MUTED),
        (affected(NO_RESULT, reason="renamed or moved", edited="its own code"), 1, Showing.GONE),
        (affected(SAME, edited="its own code"), 1, Showing.SAME),
        (affected(PASSED), 5, Showing.SHORT),
        (affected(PASSED, PASSED, NO_RESULT), 3, Showing.SHORT),
        (affected(*[PASSED] * 5), 5, Showing.PASSED),
        (affected(*[PASSED] * 4, OTHER), 5, Showing.MIXED),
    ],
)
def test_what_the_tries_show_of_one_test(test, needed, showing):
    assert showing_of(test, needed) is showing


@pytest.mark.parametrize(
    ("showings", "kind", "sentence"),
    [
        ([Showing.SAME], VerdictKind.SAME, "1 of 1 fails with the same error."),
        (
            [Showing.SAME, Showing.SAME, Showing.DIFFERENT],
            VerdictKind.SAME,
            "2 of 3 fail with the same error, 1 of 3 fails with another error.",
        ),
        ([Showing.DIFFERENT], VerdictKind.DIFFERENT, "1 of 1 fails with another error."),
        (
            [Showing.DIFFERENT, Showing.GONE],
            VerdictKind.DIFFERENT,
            "1 of 2 fails with another error, 1 of 2 vanished.",
        ),
        (
            [Showing.PASSED, Showing.SAME],
            VerdictKind.PARTLY,
            "1 of 2 pass; 1 of 2 fails with the same error.",
        ),
        (
            [Showing.PASSED, Showing.DIFFERENT, Showing.EDITED],
            VerdictKind.PARTLY,
            "1 of 3 pass; 1 of 3 fails with another error, 1 of 3 was edited on this branch.",
        ),
        (
            [Showing.EDITED, Showing.SAME],
            VerdictKind.SAME,
            "1 of 2 fails with the same error, 1 of 2 was edited on this branch.",
        ),
        (
            [Showing.PASSED, Showing.MIXED, Showing.GONE],
            VerdictKind.FLAKY,
            "1 of 3 fails and passes at this commit, 1 of 3 vanished: failed in 1 of 3 runs.",
        ),
        ([Showing.MIXED, Showing.SAME], VerdictKind.SAME, None),
        ([Showing.PASSED, Showing.GONE], VerdictKind.CANNOT, "1 of 2 vanished."),
        ([Showing.MUTED, Showing.MUTED], VerdictKind.CANNOT, "2 of 2 were switched off."),
        ([Showing.EDITED, Showing.SHORT], VerdictKind.CANNOT, None),
        (
            [Showing.PASSED, Showing.SHORT],
            VerdictKind.NONE,
            "1 of 2 did not run often enough: 1 result of each is needed.",
        ),
        ([Showing.PASSED], VerdictKind.VERIFIED, "The affected test ran and passed."),
        ([Showing.PASSED] * 3, VerdictKind.VERIFIED, "All 3 affected tests ran and passed."),
    ],
)
def test_the_verdict_is_that_of_the_first_row_that_fits_and_tells_the_figures(showings, kind, sentence):
    verdict = found(*showings)
    assert verdict.kind is kind
    assert sentence is None or verdict.sentence == sentence


@pytest.mark.parametrize("state", sorted(set(RunState) - {RunState.FINISHED}))
def test_a_retest_that_did_not_finish_proves_nothing(state):
    verdict = judge(Evidence(state, (KINDS[Showing.PASSED],)))
    assert verdict.kind is VerdictKind.NONE
    assert state in verdict.sentence
    assert missing_repetitions(Evidence(state, (KINDS[Showing.PASSED],), needed=5)) == 0


@pytest.mark.parametrize(
    ("criterion", "alone", "with_passing_tests"),
    [
        (None, VerdictKind.CANNOT, VerdictKind.VERIFIED),
        (Standing.HOLDS, VerdictKind.VERIFIED, VerdictKind.VERIFIED),
        (Standing.FAILS, VerdictKind.SAME, VerdictKind.PARTLY),
        (Standing.UNKNOWN, VerdictKind.NONE, VerdictKind.NONE),
    ],
)
def test_a_criterion_decides_alone_or_beside_the_tests(criterion, alone, with_passing_tests):
    assert found(criterion=criterion).kind is alone
    assert found(Showing.PASSED, criterion=criterion).kind is with_passing_tests


def test_repetitions_are_told_and_nothing_is_verified_while_git_has_not_told_what_was_edited():
    tests = (affected(*[PASSED] * 5),)
    known = judge(Evidence(RunState.FINISHED, tests, needed=5))
    assert (known.kind, known.sentence) == (
        VerdictKind.VERIFIED,
        "The affected test ran and passed 5 times.",
    )
    unknown = judge(Evidence(RunState.FINISHED, tests, needed=5, unread="git was not asked"))
    assert (unknown.kind, unknown.sentence) == (
        VerdictKind.CANNOT,
        "The affected test ran and passed 5 times, but whether the branch edited its tests is not known: "
        "git was not asked.",
    )


@pytest.mark.parametrize(
    ("tries", "others", "showing"),
    [
        ([PASSED], [SAME], Showing.MIXED),
        ([SAME], [PASSED], Showing.MIXED),
        ([SAME], [SAME], Showing.SAME),
        ([PASSED], [PASSED], Showing.PASSED),
        ([PASSED], [SKIPPED, NO_RESULT], Showing.PASSED),
        ([SKIPPED], [PASSED], Showing.MUTED),
        ([NO_RESULT], [PASSED, SAME], Showing.SHORT),
    ],
)
def test_what_earlier_runs_of_the_same_commit_showed_can_only_speak_against_a_fix(tries, others, showing):
    test = Affected(1, BEFORE, tuple(tries), others=tuple(others))
    assert showing_of(test, 1) is showing


def test_one_that_fails_and_passes_at_one_commit_is_flaky_however_often_it_was_retested():
    verdict = judge(Evidence(RunState.FINISHED, (Affected(1, BEFORE, (PASSED,), others=(SAME,)),)))
    assert (verdict.kind, verdict.sentence) == (
        VerdictKind.FLAKY,
        "1 of 1 fails and passes at this commit: failed in 1 of 2 runs.",
    )


@pytest.mark.parametrize(
    ("test", "needed", "missing"),
    [
        (affected(PASSED), 1, 0),
        (affected(PASSED), 5, 4),
        (affected(PASSED, PASSED), 5, 3),
        (affected(PASSED, NO_RESULT, PASSED), 3, 0),
        (affected(SAME), 5, 0),
        (affected(PASSED, SAME), 5, 0),
        (affected(PASSED, edited="its own code"), 5, 0),
        (affected(SKIPPED), 5, 0),
    ],
)
def test_tests_are_repeated_only_while_that_can_prove_the_fix(test, needed, missing):
    assert missing_repetitions(Evidence(RunState.FINISHED, (test,), needed)) == missing


@pytest.mark.parametrize("kind", VerdictKind)
def test_only_one_verdict_says_fixed(kind):
    assert (shows_fixed(kind) is True) == (kind is VerdictKind.VERIFIED)


tries = st.builds(
    lambda outcome, signature: Try(outcome, signature if outcome in BROKEN_OUTCOMES else ""),
    st.sampled_from(Outcome),
    st.sampled_from(["", "old", "new"]),
)
evidences = st.lists(
    st.tuples(
        st.none() | st.just(BEFORE),
        st.lists(tries, min_size=1, max_size=5).map(tuple),
        st.sampled_from(["", "its own code"]),
        st.sampled_from(["", "deleted from its file"]),
    ),
    max_size=4,
).flatmap(
    lambda rows: st.builds(
        Evidence,
        st.sampled_from(RunState),
        st.just(tuple(Affected(number, *row) for number, row in enumerate(rows))),
        st.integers(1, 5),
        st.none() | st.sampled_from(Standing),
    )
)


@given(evidences)
def test_nothing_is_verified_unless_all_tests_passed_in_all_runs(evidence):
    if judge(evidence).kind is VerdictKind.VERIFIED:
        assert evidence.state is RunState.FINISHED
        assert evidence.tests or evidence.criterion is Standing.HOLDS
        for test in evidence.tests:
            results = [each.outcome for each in test.tries if each.told]
            assert set(results) == {Outcome.PASSED}
            assert test.tries[0].told
            assert len(results) >= evidence.needed
            assert not test.edited


@given(evidences, st.randoms())
def test_the_order_of_the_tests_changes_nothing(evidence, random):
    tests = list(evidence.tests)
    random.shuffle(tests)
    shuffled = Evidence(evidence.state, tuple(tests), evidence.needed, evidence.criterion)
    assert judge(shuffled) == judge(evidence)
    assert missing_repetitions(shuffled) == missing_repetitions(evidence)


@given(evidences)
def test_what_was_repeated_often_enough_is_repeated_no_more(evidence):
    missing = missing_repetitions(evidence)
    repeated = tuple(
        Affected(each.test, each.before, (*each.tries, *[PASSED] * missing), each.edited, each.reason)
        for each in evidence.tests
    )
    assert missing_repetitions(Evidence(evidence.state, repeated, evidence.needed)) == 0
