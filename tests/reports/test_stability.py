"""The verdict on a newly broken test from its tries, and what is tried next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts import NO_RESULT, Try
from reports.ordering import Breakers
from reports.stability import ROUNDS, Evidence, Round, Side, Stability, Verdict, judge, next_round
from tracks.statuses import Outcome

BROKEN = Try(Outcome.FAILED, "a")
LETTERS = {
    "!": BROKEN,
    "o": Try(Outcome.ERROR, "b"),
    ".": Try(Outcome.PASSED),
    "s": Try(Outcome.SKIPPED),
    "-": NO_RESULT,
}
AFTER_TWO = Breakers(confirmed=True, tests=(4, 7), minimal=True, runs=9)
AFTER_ONE_OR_LESS = Breakers(confirmed=True, tests=(4,), minimal=False, runs=9)
NOT_AGAIN = Breakers(confirmed=False, tests=(), minimal=False, runs=1)


def side(letters: str, *, unable: str = "") -> Side:
    """Tries by a letter each, see ``LETTERS``; ``o`` is another error than the full run's."""
    return Side(tuple(LETTERS[letter] for letter in letters), unable)


def evidence(
    head: str = "",
    base: str = "",
    *,
    order: Breakers | None = None,
    baseline: Try | None = None,
    head_unable: str = "",
    base_unable: str = "",
    test: int = 1,
) -> Evidence:
    return Evidence(
        test=test,
        full_run=BROKEN,
        baseline=baseline,
        head=side(head, unable=head_unable),
        base=side(base, unable=base_unable),
        order=order,
    )


@pytest.mark.parametrize(
    ("known", "kind", "sentence"),
    [
        (evidence("!!!", "..."), Stability.REAL, "Fails 3 of 3 at the head, 0 of 3 at the base."),
        (evidence("!!!", "sss"), Stability.REAL, "Fails 3 of 3 at the head, 0 of 3 at the base."),
        (evidence("!-!", "..-"), Stability.REAL, "Fails 2 of 2 at the head, 0 of 2 at the base."),
        (
            evidence("ooo", "..."),
            Stability.REAL,
            "Fails 3 of 3 at the head, 0 of 3 at the base, never with the error of the full run.",
        ),
        (
            evidence("!.", "."),
            Stability.FLAKY,
            "Fails 1 of 2 at the head, at one commit and alone each time.",
        ),
        (
            evidence("!!!", "..!"),
            Stability.FLAKY,
            "Fails 1 of 3 at the base, at one commit and alone each time.",
        ),
        (
            evidence("...", ".", order=NOT_AGAIN),
            Stability.FLAKY,
            "Fails 0 of 3 alone; failed in the full run, not when its order was repeated.",
        ),
        (
            evidence("...", ".", order=AFTER_TWO),
            Stability.ORDER_DEPENDENT,
            "Fails 0 of 3 alone, but fails after 2 other tests.",
        ),
        (
            evidence("...", ".", order=AFTER_ONE_OR_LESS),
            Stability.ORDER_DEPENDENT,
            "Fails 0 of 3 alone, but fails after another test; fewer may do.",
        ),
        (
            evidence("!!!", "!!!"),
            Stability.BROKEN_AT_BASE,
            "Fails 3 of 3 at the head, 3 of 3 at the base.",
        ),
        (
            evidence("!!!", "!!!", baseline=BROKEN),
            Stability.BROKEN_AT_BASE,
            "Fails 3 of 3 at the head, 3 of 3 at the base.",
        ),
        (
            evidence("!!!", "!!!", baseline=Try(Outcome.PASSED)),
            Stability.ENVIRONMENT,
            "Fails 3 of 3 at the head, 3 of 3 at the base. "
            "It did not fail in the baseline's run of that very commit.",
        ),
        (
            evidence("!!!", base_unable="the set-up command failed"),
            Stability.ENVIRONMENT,
            "Could not be run at the base: the set-up command failed.",
        ),
        (
            evidence(head_unable="the set-up command failed"),
            Stability.ENVIRONMENT,
            "Could not be run at the head: the set-up command failed.",
        ),
        (evidence(), Stability.UNDECIDED, "Tried 0 of 3 times at the head."),
        (evidence("!!!", ".."), Stability.UNDECIDED, "Tried 2 of 3 times at the base."),
        (
            evidence("--!", "..."),
            Stability.UNDECIDED,
            "Gave a result in only 1 of 3 tries at the head.",
        ),
        (
            evidence("...", "."),
            Stability.UNDECIDED,
            "Fails 0 of 3 alone; the order in which it failed is to be repeated.",
        ),
    ],
)
def test_the_tries_have_their_verdict(known: Evidence, kind: Stability, sentence: str) -> None:
    verdict = judge(known)
    assert (verdict.kind, verdict.sentence) == (kind, sentence)


def test_the_tests_that_break_it_are_named() -> None:
    assert judge(evidence("...", ".", order=AFTER_TWO)).after == (4, 7)


def test_a_base_that_cannot_be_run_does_not_matter_to_what_passes_alone() -> None:
    known = evidence("...", base_unable="the set-up command failed", order=AFTER_TWO)
    assert judge(known).kind is Stability.ORDER_DEPENDENT


@pytest.mark.parametrize(
    ("known", "head", "base", "order"),
    [
        (evidence(), True, True, False),
        (evidence("!", "."), True, True, False),
        (evidence(".", "."), True, False, False),
        (evidence("-", "."), True, True, False),
        (evidence("...", "."), False, False, True),
        (evidence("...", ".", order=NOT_AGAIN), False, False, False),
        (evidence("!.", "."), False, False, False),
        (evidence("!!!", ".."), False, True, False),
        (evidence("!!!", "..."), False, False, False),
        (evidence("!", base_unable="no"), False, False, False),
        (evidence("---", "..."), False, False, False),
    ],
)
def test_only_what_is_not_settled_is_tried_again(
    known: Evidence, head: bool, base: bool, order: bool
) -> None:
    chosen = next_round([known])
    assert (bool(chosen.head), bool(chosen.base), bool(chosen.order)) == (head, base, order)


def test_a_round_names_its_tests_in_order() -> None:
    chosen = next_round([evidence("!", ".", test=9), evidence(test=2), evidence(".", ".", test=5)])
    assert chosen == Round(head=(2, 5, 9), base=(2, 9), order=())


def test_a_retry_that_passes_is_not_called_flaky_while_the_conditions_differ() -> None:
    """It failed in the full run and passes alone; nothing was mixed under the same conditions."""
    for tries in (".", "..", "..."):
        assert judge(evidence(tries, ".")).kind is Stability.UNDECIDED


sides = st.text(alphabet=sorted(LETTERS), max_size=ROUNDS)
all_evidence = st.builds(
    lambda head, base, order, baseline: evidence(head, base, order=order, baseline=baseline),
    sides,
    sides,
    st.sampled_from([None, AFTER_TWO, NOT_AGAIN]),
    st.sampled_from([None, BROKEN, Try(Outcome.PASSED)]),
)


@given(all_evidence)
def test_what_is_to_be_tried_again_is_undecided(known: Evidence) -> None:
    if next_round([known]) != Round((), (), ()):
        assert judge(known).kind is Stability.UNDECIDED


@given(sides.filter(lambda letters: len(letters) == ROUNDS), sides, st.sampled_from([AFTER_TWO, NOT_AGAIN]))
def test_the_rounds_come_to_an_end(head: str, base: str, order: Breakers) -> None:
    """Whatever the tries show, three rounds and one search of the order leave nothing to ask."""
    base = base.ljust(ROUNDS, "-")
    tried_head, tried_base = "", ""
    for done in range(ROUNDS):
        chosen = next_round([evidence(tried_head, tried_base)])
        tried_head += head[done] * len(chosen.head)
        tried_base += base[done] * len(chosen.base)
    assert next_round([evidence(tried_head, tried_base, order=order)]).order == ()
    assert next_round([evidence(tried_head, tried_base, order=order)]).head == ()


@given(all_evidence)
def test_flaky_rests_on_a_mixed_result_under_the_same_conditions(known: Evidence) -> None:
    verdict: Verdict = judge(known)
    mixed_alone = known.head.is_mixed or known.base.is_mixed
    mixed_in_order = known.order is NOT_AGAIN and not known.head.broken
    assert (verdict.kind is not Stability.FLAKY) or mixed_alone or mixed_in_order
