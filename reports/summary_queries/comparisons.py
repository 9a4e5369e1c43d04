"""What the runs of a report changed, as it was stored: of each, the first tests of the classes that matter.

runs ──> Compared by (base, head) ── numbers, said ──> names, messages ──told──> ComparisonTold
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.models import AcceptedLoss, Comparison
from reports.stored import unpack_classes
from reports.summary.facts import LISTED, ComparisonTold, TestTold
from reports.summary_queries.names import Said
from reports.summary_queries.runs import Runs
from reports.transitions import DeltaClass
from tracks.models import Sprint

NAMED = (
    DeltaClass.NEWLY_FAILING,
    DeltaClass.NEWLY_ERRORING,
    DeltaClass.FIXED,
    DeltaClass.VANISHED,
    DeltaClass.MUTED,
    DeltaClass.STILL_BROKEN_DIFFERENT,
)
"""The classes whose tests are named."""
LOST = (DeltaClass.VANISHED, DeltaClass.MUTED)
SPOKEN = (
    DeltaClass.NEWLY_FAILING,
    DeltaClass.NEWLY_ERRORING,
    DeltaClass.MUTED,
    DeltaClass.STILL_BROKEN_DIFFERENT,
)
"""Those whose tests said something in the head."""
_READ = (
    *("base_id", "head_id", "figures", "matrix", "classes", "vanished", "moves"),
    *("worse", "caveats", "conditions"),
)


@dataclass(frozen=True)
class Compared:
    """A stored comparison, and the numbers of the tests of it that are named."""

    row: Comparison
    tests: Mapping[DeltaClass, tuple[int, ...]]

    @property
    def numbers(self) -> Iterator[int]:
        """All whose node ids are needed."""
        for tests in self.tests.values():
            yield from tests
        yield from self.now.values()

    @property
    def spoken(self) -> Iterator[tuple[int, int]]:
        """Run and number of those that said something."""
        return ((self.row.head_id, test) for name in SPOKEN for test in self.tests[name])

    @cached_property
    def now(self) -> dict[int, int]:
        """The number that each vanished test goes on under, where it does."""
        moves = self.row.moves
        gone = self.tests[DeltaClass.VANISHED]
        return {test: moves[str(test)]["now"] for test in gone if str(test) in moves}


def comparisons_of(runs: Runs) -> dict[tuple[int, int], Compared]:
    """Those of each track's runs with the baseline and with one another, by base and head."""
    heads = [run.pk for found in runs.of_tracks.values() for run in found]
    bases = [*heads, runs.baseline.pk] if runs.baseline else heads
    rows = Comparison.objects.filter(base__in=bases, head__in=heads).only(*_READ)
    return {(row.base_id, row.head_id): Compared(row, _first_tests(row)) for row in rows}


def accepted_in(sprint: Sprint, compared: Collection[Compared]) -> dict[int, dict[int, str]]:
    """Why the loss of named tests is wanted, by the track's primary key and the test's number."""
    lost = {test for each in compared for name in LOST for test in each.tests[name]}
    rows = AcceptedLoss.objects.filter(track__sprint=sprint, test__in=lost)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for track, test, why in rows.values_list("track", "test", "reason"):
        found[track][test] = why
    return found


def told(
    compared: Compared, names: Mapping[int, str], messages: Said, accepted: Mapping[int, str]
) -> ComparisonTold:
    """``accepted`` says by number why the loss of a test is wanted."""
    row = compared.row

    def test_told(name: DeltaClass, test: int) -> TestTold:
        return TestTold(
            number=test,
            node_id=names[test],
            note=_note(compared, test, names) if name is DeltaClass.VANISHED else "",
            message=messages.get((row.head_id, test), ""),
            accepted=accepted.get(test, "") if name in LOST else "",
        )

    def tests_told(name: DeltaClass) -> tuple[TestTold, ...]:
        return tuple(test_told(name, test) for test in compared.tests[name])

    return ComparisonTold(
        comparison=row.pk,
        base=row.base_id,
        head=row.head_id,
        figures={name: row.figures.get(name, 0) for name in DeltaClass},
        matrix=row.matrix,
        worse=row.worse,
        caveats=tuple(row.caveats),
        conditions=tuple(row.conditions),
        tests={
            name: tuple(test_told(name, test) for test in tests) for name, tests in compared.tests.items()
        },
    )


def _first_tests(row: Comparison) -> dict[DeltaClass, tuple[int, ...]]:
    classes = unpack_classes(bytes(row.classes))
    return {name: tuple(classes[name][:LISTED].tolist()) for name in NAMED}


def _note(compared: Compared, test: int, names: Mapping[int, str]) -> str:
    """Why it vanished, and what it is called now."""
    why: str = compared.row.vanished.get(str(test), "")
    return f"{why}: {names[compared.now[test]]}" if test in compared.now else why
