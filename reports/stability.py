"""Whether a newly broken test is really broken: the verdict on its tries; pure.

    head  ! ! !   base  . . .                        ──>  REAL             fails 3 of 3 … 0 of 3
    head  ! . !   base  . . .                        ──>  FLAKY            mixed at the head
    head  . . .   base  .       in the order …  !    ──>  ORDER_DEPENDENT  passes alone, fails after 2 others
    head  . . .   base  .       in the order …  .    ──>  FLAKY            the same order, another result
    head  ! ! !   base  ! ! !                        ──>  BROKEN_AT_BASE
    head  ! ! !   base  ! ! !   the baseline  .      ──>  ENVIRONMENT      one commit, broken today only
    head  ! ! !   base  could not be run             ──>  ENVIRONMENT
    anything less                                    ──>  UNDECIDED        see ``next_round``

A try runs the test alone, in a fresh process. A test that breaks in the full run and passes alone is
not flaky for that: the conditions differ. Flaky takes a mixed result at one commit under the same
conditions. Breaking counts whatever the error; where it is never that of the full run, the sentence
says so. A test that is skipped did not break.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reports.facts import Try
from reports.ordering import Breakers

ROUNDS = 3
"""The highest number of tries at one commit."""
ENOUGH = 2
"""Results at one commit; a single one is no proof."""


class Stability(StrEnum):
    """What the tries of a newly broken test show."""

    REAL = "real"
    FLAKY = "flaky"
    ORDER_DEPENDENT = "order_dependent"
    BROKEN_AT_BASE = "broken_at_base"
    ENVIRONMENT = "environment"
    UNDECIDED = "undecided"


_Judged = tuple[Stability, str]


@dataclass(frozen=True, slots=True)
class Side:
    """The tries at one commit; ``unable`` says why it could not be run there at all, if so."""

    tries: tuple[Try, ...] = ()
    unable: str = ""

    @property
    def results(self) -> int:
        return sum(each.told for each in self.tries)

    @property
    def broken(self) -> int:
        return sum(each.is_broken for each in self.tries)

    @property
    def is_mixed(self) -> bool:
        return 0 < self.broken < self.results

    @property
    def is_spent(self) -> bool:
        """Whether it is not to be tried there again."""
        return bool(self.unable) or len(self.tries) >= ROUNDS

    @property
    def count(self) -> str:
        return f"{self.broken} of {self.results}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of one newly broken test.

    ``full_run`` is what it did in the head's whole run. ``baseline`` is what it did in the
    baseline's run if that was at the very commit where the base's tries are made, else None.
    ``order`` is how the search for the tests that break it ended, None before that.
    """

    test: int
    full_run: Try
    baseline: Try | None
    head: Side = Side()
    base: Side = Side()
    order: Breakers | None = None
    order_unknown: str = ""
    """Why its order cannot be repeated, or was not, if so."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tries show, with their counts; ``after`` are the tests that break it, if found."""

    test: int
    kind: Stability
    sentence: str
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """Which tests to run alone once more at the head and at the base, and whose order to search."""

    head: tuple[int, ...]
    base: tuple[int, ...]
    order: tuple[int, ...]


def next_round(evidence: Iterable[Evidence]) -> Round:
    """What is still to be tried; all empty once every test is settled."""
    needs = sorted(evidence, key=lambda each: each.test)
    return Round(
        head=tuple(each.test for each in needs if _needs_head(each)),
        base=tuple(each.test for each in needs if _needs_base(each)),
        order=tuple(each.test for each in needs if _needs_order(each)),
    )


def judge(evidence: Evidence) -> Verdict:
    """The verdict on a test that broke in the head's full run; UNDECIDED while tries are missing."""
    kind, sentence = _flaky(evidence) or _unable(evidence) or _missing(evidence) or _settled(evidence)
    after = evidence.order.tests if evidence.order and kind is Stability.ORDER_DEPENDENT else ()
    return Verdict(evidence.test, kind, sentence, after)


def _needs_head(evidence: Evidence) -> bool:
    return not _is_decided_early(evidence) and not evidence.head.is_spent


def _needs_base(evidence: Evidence) -> bool:
    return not _is_decided_early(evidence) and not evidence.base.is_spent and _concerns_base(evidence)


def _needs_order(evidence: Evidence) -> bool:
    is_open = evidence.order is None and not evidence.order_unknown
    return is_open and not _is_decided_early(evidence) and _passes_alone(evidence)


def _is_decided_early(evidence: Evidence) -> bool:
    return bool(_flaky(evidence) or _unable(evidence))


def _passes_alone(evidence: Evidence) -> bool:
    head = evidence.head
    return head.is_spent and head.results >= ENOUGH and not head.broken


def _concerns_base(evidence: Evidence) -> bool:
    """What did not break at the head when tried alone needs no proof at the base."""
    return bool(evidence.head.broken) or not evidence.head.results


def _sides(evidence: Evidence) -> list[tuple[str, Side]]:
    """The sides that the verdict rests on, by name."""
    sides = [("head", evidence.head)]
    return [*sides, ("base", evidence.base)] if _concerns_base(evidence) else sides


def _flaky(evidence: Evidence) -> _Judged | None:
    for name, side in (("head", evidence.head), ("base", evidence.base)):
        if side.is_mixed:
            return Stability.FLAKY, f"Fails {side.count} at the {name}, at one commit and alone each time."
    return None


def _unable(evidence: Evidence) -> _Judged | None:
    for name, side in _sides(evidence):
        if side.unable:
            return Stability.ENVIRONMENT, f"Could not be run at the {name}: {side.unable}."
    return None


def _missing(evidence: Evidence) -> _Judged | None:
    """Why there is no verdict yet, or why there will be none."""
    for name, side in _sides(evidence):
        if not side.is_spent:
            return Stability.UNDECIDED, f"Tried {len(side.tries)} of {ROUNDS} times at the {name}."
        if side.results < ENOUGH:
            sentence = f"Gave a result in only {side.results} of {len(side.tries)} tries at the {name}."
            return Stability.UNDECIDED, sentence
    return None


def _settled(evidence: Evidence) -> _Judged:
    """The verdict on a test that does the same in all of its tries at a commit."""
    head, base = evidence.head, evidence.base
    if not head.broken:
        return _ordered(evidence)
    counts = f"Fails {head.count} at the head, {base.count} at the base{_other_error(evidence)}."
    if not base.broken:
        return Stability.REAL, counts
    if evidence.baseline is not None and evidence.baseline.told and not evidence.baseline.is_broken:
        return Stability.ENVIRONMENT, f"{counts} It did not fail in the baseline's run of that very commit."
    return Stability.BROKEN_AT_BASE, counts


def _ordered(evidence: Evidence) -> _Judged:
    """The verdict on a test that broke in the full run and never alone."""
    alone = f"Fails {evidence.head.count} alone"
    if evidence.order_unknown:
        return Stability.UNDECIDED, f"{alone}, and failed in the full run: {evidence.order_unknown}."
    if evidence.order is None:
        return Stability.UNDECIDED, f"{alone}; the order in which it failed is to be repeated."
    if not evidence.order.runs:
        return Stability.FLAKY, f"{alone}, and failed in the full run, where no test had run before it."
    if not evidence.order.confirmed:
        return Stability.FLAKY, f"{alone}; failed in the full run, not when its order was repeated."
    others = len(evidence.order.tests)
    which = "another test" if others == 1 else f"{others} other tests"
    fewer = "" if evidence.order.minimal else "; fewer may do"
    return Stability.ORDER_DEPENDENT, f"{alone}, but fails after {which}{fewer}."


def _other_error(evidence: Evidence) -> str:
    shown = {each.signature for each in evidence.head.tries if each.is_broken}
    return "" if evidence.full_run.signature in shown else ", never with the error of the full run"
