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
from reports.forecasts import Forecast
from reports.queries import clusters_of
from reports.web.cascades import CASCADES, Figures, Follows, baseline_of, follows, hides, in_order, named_in
from tracks import queries
from tracks.models import Failure, FailureSignature, Finding, Run
from tracks.vectors import OUTCOMES, OutcomeVector

CAUSES = 30
"""How many causes the page shows."""
TESTS = 25
"""How many tests of a cause it names."""
MODULES = 8
"""How many modules of a cause it names."""


@dataclass(frozen=True)
class Row:
    """A cause. ``tests`` are the first of those that follow from nothing and began no cascade that is shown,
    ``more`` counts the rest; ``outcomes`` and ``modules`` count all broken tests that it concerns."""

    cause: Cause
    error: FailureSignature | None
    tests: Sequence[tuple[int, str]]
    more: int
    outcomes: Figures
    modules: Sequence[tuple[str, int]]
    more_modules: int
    follows: Sequence[Follows]
    elsewhere: elsewhere.Elsewhere | None
    findings: Sequence[Finding]
    """Those of the run's track that were recorded for this error."""

    @property
    def more_cascades(self) -> int:
        return len(self.cause.cascades) - len(self.follows)


@dataclass(frozen=True)
class Causes:
    """``count`` is the number of causes, shown or not; ``hidden`` that of tests which could not be collected.
    ``are_tied``: whether it was looked for what follows from what. ``strangers`` are runs whose errors cannot
    be compared with the run's."""

    rows: Sequence[Row]
    count: int
    broken: int
    hidden: int
    are_tied: bool
    strangers: Sequence[Run]

    @property
    def left_out(self) -> int:
        return self.count - len(self.rows)


def read_causes(run: Run) -> Causes:
    """``run`` comes with its vectors, sprint and track."""
    cascades = cascades_of(run, baseline_of(run))
    causes = find_causes(clusters_of(run), cascades or ())
    shown = causes[:CAUSES]
    around = elsewhere.surroundings(run)
    return Causes(
        rows=_rows(run, shown, around),
        count=len(causes),
        broken=run.failed + run.errors,
        hidden=sum(len(each.cascade.followers) for each in cascades or () if hides(each)),
        are_tied=cascades is not None,
        strangers=around.strangers,
    )


def _rows(run: Run, causes: Sequence[Cause], around: elsewhere.Surroundings) -> list[Row]:
    errors = queries.errors_of_run(run)
    known = [errors[each.cluster.signature] for each in causes if each.cluster.signature in errors]
    found = elsewhere.find(known, around)
    named = [test for each in causes for test in (*_alone(each)[:TESTS], *named_in(_shown(each)))]
    names = queries.node_ids(run.project, named)
    broken = _Broken(queries.outcome_vector(run), _modules(run))
    recorded = queries.findings_by_error(run.track, errors) if run.track else {}
    return [
        _row(
            each,
            errors.get(each.cluster.signature),
            found.get(each.cluster.signature),
            broken,
            names,
            recorded.get(each.cluster.signature, ()),
        )
        for each in causes
    ]


@dataclass(frozen=True)
class _Broken:
    """What is counted of a run's broken tests: outcomes and modules' paths, by number."""

    outcomes: OutcomeVector
    modules: Mapping[int, str]


def _row(
    cause: Cause,
    error: FailureSignature | None,
    where: elsewhere.Elsewhere | None,
    broken: _Broken,
    names: Mapping[int, str],
    findings: Sequence[Finding],
) -> Row:
    alone = _alone(cause)
    followers = (test for each in cause.cascades if not hides(each) for test in each.cascade.followers)
    concerned = [*cause.own, *followers]
    modules = Counter(broken.modules[test] for test in concerned).most_common()
    return Row(
        cause=cause,
        error=error,
        tests=[(test, names[test]) for test in alone[:TESTS]],
        more=len(alone[TESTS:]),
        outcomes=in_order(Counter(OUTCOMES[code] for code in broken.outcomes[concerned].tolist())),
        modules=modules[:MODULES],
        more_modules=len(modules[MODULES:]),
        follows=[follows(each, names) for each in _shown(cause)],
        elsewhere=where,
        findings=findings,
    )


def _shown(cause: Cause) -> Sequence[Forecast]:
    return cause.cascades[:CASCADES]


def _alone(cause: Cause) -> list[int]:
    """Its own tests, without those that are named as the cause of a cascade that is shown."""
    begun = {each.cascade.cause for each in _shown(cause)}
    return [test for test in cause.own if test not in begun]


def _modules(run: Run) -> dict[int, str]:
    """The module's path of each of the run's broken tests, by its number."""
    rows = Failure.objects.filter(run=run).values_list("test__number", "test__node_id")
    return {number: node_id.partition("::")[0] for number, node_id in rows.iterator()}
