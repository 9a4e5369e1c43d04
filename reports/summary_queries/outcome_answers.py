"""The figures that hang on what came of each test, counted test by test.

run 3   passed passed failed        ──cell "passed>failed"──>  1
run 12  passed failed passed        ──class "fixed"─────────>  1

Nothing here reads a counter of a run, or a comparison: these are what it proves.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from django.db.models import Max, Sum

from reports.document import Query
from reports.models import Integration
from reports.transitions import DeltaClass, classify
from tracks import queries
from tracks.models import Failure, Run, Shard
from tracks.statuses import BROKEN_OUTCOMES, MUTED_OUTCOMES, Outcome
from tracks.vectors import OUTCOMES

PASSING = frozenset({Outcome.PASSED, Outcome.XPASSED})
RANKS = (PASSING, MUTED_OUTCOMES, frozenset({Outcome.ABSENT}), BROKEN_OUTCOMES)
"""From the best to the worst."""
STILL_BROKEN = (DeltaClass.STILL_BROKEN_SAME, DeltaClass.STILL_BROKEN_DIFFERENT)
"""What outcomes alone cannot tell apart."""


def outcome(query: Query) -> float:
    return _with_outcome(query.head, query.named)


def collected(query: Query) -> float:
    return _collected(query.head)


def seconds(query: Query) -> float:
    longest = Shard.objects.filter(run=query.head).aggregate(longest=Max("test_seconds"))["longest"]
    return round(longest or 0)


def change(query: Query) -> float:
    return _with_outcome(query.head, query.named) - _with_outcome(query.base, query.named)


def change_collected(query: Query) -> float:
    return _collected(query.head) - _collected(query.base)


def share(query: Query) -> float:
    """Raises ZeroDivisionError where the base has none."""
    before = _with_outcome(query.base, query.named)
    exact = Decimal(100 * (_with_outcome(query.head, query.named) - before)) / before
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def cell(query: Query) -> float:
    return [f"{before}>{after}" for before, after in _pairs(query).values()].count(query.named)


def in_class(query: Query) -> float:
    name = DeltaClass(query.named)
    alike = STILL_BROKEN if name in STILL_BROKEN else (name,)
    found = {test for test, pair in _pairs(query).items() if classify(*pair) in alike}
    if name not in STILL_BROKEN:
        return len(found)
    before, after = _errors(query.base), _errors(query.head)
    is_same = [before.get(test) == after.get(test) for test in found]
    return is_same.count(name is DeltaClass.STILL_BROKEN_SAME)


def together(query: Query) -> float:
    """The tests that are broken in the run of the merged tracks though what each of these shows alone is
    better, or one of them makes them pass."""
    found = Integration.objects.get(pk=query.integration or 0)
    merged = {each["key"] for each in found.merged}
    alone = [_outcomes(each["run"]) for each in found.tracks if each["key"] in merged]
    before = _outcomes(found.baseline_id)
    return sum(
        _is_unforeseen(before.get(test, Outcome.ABSENT), [each.get(test, Outcome.ABSENT) for each in alone])
        for test, now in _outcomes(found.run_id).items()
        if now in BROKEN_OUTCOMES
    )


def _is_unforeseen(before: Outcome, alone: list[Outcome]) -> bool:
    """Whether a test should not be broken that was like this in the baseline, and on each track."""
    words = [_rank(each) for each in alone if _rank(each) != _rank(before)] or [_rank(before)]
    broken = _rank(Outcome.FAILED)
    return max(words) < broken or min(words) == _rank(Outcome.PASSED)


def _rank(outcome: Outcome) -> int:
    return next(rank for rank, outcomes in enumerate(RANKS) if outcome in outcomes)


def _pairs(query: Query) -> dict[int, tuple[Outcome, Outcome]]:
    """What each test of either run was in base and in head."""
    before, after = _outcomes(query.base), _outcomes(query.head)
    return {
        test: (before.get(test, Outcome.ABSENT), after.get(test, Outcome.ABSENT))
        for test in before.keys() | after.keys()
    }


def _with_outcome(run: int | None, name: str) -> int:
    return list(_outcomes(run).values()).count(Outcome(name))


def _collected(run: int | None) -> int:
    """Of a run whose books balance each collected test has an outcome; of another one its shards say it."""
    if Run.objects.get(pk=run or 0).balanced:
        return len(_outcomes(run))
    return Shard.objects.filter(run=run).aggregate(all=Sum("collected"))["all"] or 0


def _outcomes(run: int | None) -> dict[int, Outcome]:
    """The outcome of each test of the run, by its number."""
    vector = queries.outcomes_of([Run.objects.only("pk").get(pk=run or 0)])[run or 0]
    return {number: OUTCOMES[code] for number, code in enumerate(vector.tolist()) if code}


def _errors(run: int | None) -> dict[int, str]:
    """What each broken test of the run broke by."""
    return dict(Failure.objects.filter(run=run).values_list("test__number", "signature__digest"))
