"""What the runs of a report changed, as it was stored: of each, the first tests of the classes that matter.

runs ──> Compared by (base, head) ── numbers, said ──> names, words ──told──> ComparisonTold
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from reports.models import AcceptedLoss, Comparison
from reports.stored import unpack_classes
from reports.summary.facts import LISTED, ComparisonTold, TestTold
from reports.summary_queries.diagnosed import Diagnosed
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
BROKEN = (DeltaClass.NEWLY_FAILING, DeltaClass.NEWLY_ERRORING)
LOST = (DeltaClass.VANISHED, DeltaClass.MUTED)
SPOKEN = (*BROKEN, DeltaClass.MUTED, DeltaClass.STILL_BROKEN_DIFFERENT)
"""Those whose tests said something in the head."""
_READ = (
    *("base_id", "head_id", "figures", "matrix", "classes", "vanished", "moves"),
    *("caveats", "conditions"),
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
    """Those of each track's runs with the baseline and with the last measured one before it, by base and
    head."""
    wanted = Q(pk__in=())
    for head in (run.pk for found in runs.of_tracks.values() for run in found):
        bases = [run.pk for run in (runs.baseline, runs.previous.get(head)) if run]
        wanted |= Q(head=head, base__in=bases)
    rows = Comparison.objects.filter(wanted).only(*_READ)
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
    compared: Compared,
    names: Mapping[int, str],
    said: Said,
    accepted: Mapping[int, str],
    diagnosed: Diagnosed,
) -> ComparisonTold:
    """``accepted`` says by number why the loss of a test is wanted."""
    row = compared.row

    def test_told(name: DeltaClass, test: int) -> TestTold:
        word = said.get((row.head_id, test))
        return TestTold(
            number=test,
            node_id=names[test],
            note=_note(compared, test, names) if name is DeltaClass.VANISHED else "",
            message=word.message if word else "",
            accepted=accepted.get(test, "") if name in LOST else "",
            error=word.error if word else None,
            diagnosed=diagnosed.get((row.head_id, test), ()) if name in BROKEN else (),
        )

    return ComparisonTold(
        comparison=row.pk,
        base=row.base_id,
        head=row.head_id,
        figures={name: row.figures.get(name, 0) for name in DeltaClass},
        matrix=row.matrix,
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
