"""The figures of one run, and of one run against another; pure.

<prefix>.passed            .collected            .seconds        .errors        .error.<signature>
<prefix>.change.passed     .change.collected     .share.passed   .fixed         .vanished
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from reports.document import Asked, Figure, Query
from reports.summary.facts import ClusterTold, RunTold
from reports.summary.figures import shown
from reports.summary.pairs import Pair
from reports.transitions import DeltaClass
from tracks.statuses import Outcome

COUNTED = tuple(outcome for outcome in Outcome if outcome is not Outcome.ABSENT)
CLASS_WORDS = {
    DeltaClass.NEWLY_FAILING: "newly failing",
    DeltaClass.NEWLY_ERRORING: "newly erroring",
    DeltaClass.FIXED: "fixed",
    DeltaClass.STILL_BROKEN_SAME: "still broken by the same error",
    DeltaClass.STILL_BROKEN_DIFFERENT: "still broken by another error",
    DeltaClass.VANISHED: "vanished",
    DeltaClass.ADDED: "added",
    DeltaClass.MUTED: "muted",
    DeltaClass.UNCHANGED: "unchanged",
}


def of_run(prefix: str, said: str, run: RunTold) -> Iterator[Figure]:
    """``said`` is where: "A, retest 1"."""
    for outcome in COUNTED:
        value = run.counts.get(outcome, 0)
        query = Query(Asked.OUTCOME, head=run.run, named=outcome.value)
        yield Figure(f"{prefix}.{outcome}", f"{_plural(outcome)} in {said}", value, shown.count(value), query)
    total = Query(Asked.COLLECTED, head=run.run)
    yield Figure(f"{prefix}.collected", f"tests in {said}", run.collected, shown.count(run.collected), total)
    different = Query(Asked.ERRORS, head=run.run)
    yield Figure(
        f"{prefix}.errors", f"different errors in {said}", run.errors, shown.count(run.errors), different
    )
    if run.seconds is not None:
        took = round(run.seconds)
        asked = Query(Asked.SECONDS, head=run.run)
        yield Figure(
            f"{prefix}.seconds", f"duration of the tests in {said}", took, shown.seconds(took), asked
        )


def of_errors(prefix: str, said: str, clusters: Sequence[ClusterTold]) -> Iterator[Figure]:
    for each in clusters:
        query = Query(Asked.ERROR, head=each.run, named=each.signature)
        label = f"tests in {said} broken by “{each.title}”"
        yield Figure(f"{prefix}.error.{each.signature}", label, each.tests, shown.count(each.tests), query)


def of_pair(prefix: str, said: str, against: str, pair: Pair) -> Iterator[Figure]:
    """``against`` is what the run is held against: "the baseline"."""
    yield from _changes(prefix, said, against, pair)
    if pair.comparison is None:
        return
    base, head = pair.base.run, pair.head.run
    for kind, words in CLASS_WORDS.items():
        value = pair.comparison.figures.get(kind, 0)
        query = Query(Asked.CLASS, head=head, base=base, named=kind.value)
        label = f"{words} in {said} against {against}"
        yield Figure(f"{prefix}.{kind}", label, value, shown.count(value), query)


def of_cells(prefix: str, said: str, pair: Pair) -> Iterator[Figure]:
    """How many tests went from one outcome to another."""
    for before, row in (pair.comparison.matrix if pair.comparison else {}).items():
        for now, value in row.items():
            query = Query(Asked.CELL, head=pair.head.run, base=pair.base.run, named=f"{before}>{now}")
            label = f"tests that were {before} on the baseline and are {now} in {said}"
            yield Figure(f"{prefix}.cell.{before}.{now}", label, value, shown.count(value), query)


def _changes(prefix: str, said: str, against: str, pair: Pair) -> Iterator[Figure]:
    base, head = pair.base, pair.head
    for outcome in COUNTED:
        before, now = base.counts.get(outcome, 0), head.counts.get(outcome, 0)
        label = f"change of {_plural(outcome)} in {said} against {against}"
        query = Query(Asked.CHANGE, head=head.run, base=base.run, named=outcome.value)
        yield Figure(f"{prefix}.change.{outcome}", label, now - before, shown.change(now - before), query)
        if before:
            share = float(round(Fraction(100 * (now - before), before), 1))
            asked = Query(Asked.SHARE, head=head.run, base=base.run, named=outcome.value)
            told = f"{label}, in per cent"
            yield Figure(f"{prefix}.share.{outcome}", told, share, shown.share(share), asked)
    change = head.collected - base.collected
    query = Query(Asked.CHANGE_COLLECTED, head=head.run, base=base.run)
    label = f"change of the tests in {said} against {against}"
    yield Figure(f"{prefix}.change.collected", label, change, shown.change(change), query)


def _plural(outcome: Outcome) -> str:
    return "errors" if outcome is Outcome.ERROR else outcome.value
