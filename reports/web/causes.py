"""What a run's page says of the causes of its broken tests.

clusters, cascades ──find_causes──> Row(title, tests, modules, what follows, where else)

The numbers of causes, tests and modules that are named are bounded, whatever a branch does; what is left out
is counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import elsewhere
from reports.cascading import cascades_of
from reports.causes import Cause, find_causes
from reports.queries import clusters_of
from reports.web.cascades import CASCADES, Figures, Follows, baseline_of, follows, hides, in_order, named_in
from tracks import queries
from tracks.models import Failure, FailureSignature, Run
from tracks.vectors import OUTCOMES, OutcomeVector

CAUSES = 30
"""How many causes the page shows."""
TESTS = 25
"""How many tests of a cause it names."""
MODULES = 8
"""How many modules of a cause it names."""


@dataclass(frozen=True)
class Row:
    """A cause. ``tests`` are the first of those that follow from nothing; ``outcomes`` and ``modules`` count
    all broken tests that it concerns."""

    cause: Cause
    error: FailureSignature | None
    tests: Sequence[tuple[int, str]]
    outcomes: Figures
    modules: Sequence[tuple[str, int]]
    more_modules: int
    follows: Sequence[Follows]
    elsewhere: elsewhere.Elsewhere | None

    @property
    def more(self) -> int:
        return len(self.cause.own) - len(self.tests)

    @property
    def more_cascades(self) -> int:
        return len(self.cause.cascades) - len(self.follows)


@dataclass(frozen=True)
class Causes:
    """``count`` is the number of causes, shown or not; ``hidden`` that of tests which could not be collected.
    ``strangers`` are runs whose errors cannot be compared with the run's."""

    rows: Sequence[Row]
    count: int
    broken: int
    hidden: int
    strangers: Sequence[Run]

    @property
    def left_out(self) -> int:
        return self.count - len(self.rows)


def read_causes(run: Run) -> Causes:
    """``run`` comes with its vectors, sprint and track."""
    cascades = cascades_of(run, baseline_of(run))
    causes = find_causes(clusters_of(run), cascades)
    shown = causes[:CAUSES]
    errors = queries.errors_of_run(run)
    around = elsewhere.surroundings(run)
    known = [errors[each.cluster.signature] for each in shown if each.cluster.signature in errors]
    found = elsewhere.find(known, around)
    outcomes = queries.outcome_vector(run)
    broken = _broken_tests(run)
    begun = [forecast for each in shown for forecast in each.cascades[:CASCADES]]
    names = broken | queries.node_ids(run.project, [test for test in named_in(begun) if test not in broken])
    return Causes(
        rows=[
            _row(each, errors.get(each.cluster.signature), found.get(each.cluster.signature), outcomes, names)
            for each in shown
        ],
        count=len(causes),
        broken=run.failed + run.errors,
        hidden=sum(len(each.cascade.followers) for each in cascades if hides(each)),
        strangers=around.strangers,
    )


def _row(
    cause: Cause,
    error: FailureSignature | None,
    where: elsewhere.Elsewhere | None,
    outcomes: OutcomeVector,
    names: Mapping[int, str],
) -> Row:
    broken = [
        *cause.own,
        *(test for each in cause.cascades if not hides(each) for test in each.cascade.followers),
    ]
    modules = Counter(names[test].partition("::")[0] for test in broken).most_common()
    return Row(
        cause=cause,
        error=error,
        tests=[(test, names[test]) for test in cause.own[:TESTS]],
        outcomes=in_order(Counter(OUTCOMES[code] for code in outcomes[broken].tolist())),
        modules=modules[:MODULES],
        more_modules=len(modules[MODULES:]),
        follows=[follows(each, names) for each in cause.cascades[:CASCADES]],
        elsewhere=where,
    )


def _broken_tests(run: Run) -> dict[int, str]:
    """The node id of each of the run's broken tests, by its number."""
    rows = Failure.objects.filter(run=run).values_list("test__number", "test__node_id")
    return dict(rows.iterator())
