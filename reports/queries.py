"""The one bridge from the facts of ``tracks`` to what the pure modules eat; and reads of conclusions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q, Sum

from reports.clusters import Cluster, find_clusters
from reports.deltas import NO_MODULES, Delta, DeltaClass, Numbers, compare
from reports.facts import RunFacts
from reports.models import Comparison
from reports.stored import unpack_classes
from tracks import queries
from tracks.errors import InvalidInput
from tracks.models import Failure, Run, Sprint
from tracks.statuses import RunKind, RunState


def run_facts(run: Run) -> RunFacts:
    return RunFacts(
        run=run.pk,
        state=RunState(run.state),
        sha=run.sha,
        outcomes=queries.outcome_vector(run),
        signatures=queries.signatures_of(run),
        uncollected=queries.uncollected_modules(run),
    )


def delta_between(base: Run, head: Run) -> Delta:
    """Compare two runs now. Raises InvalidInput where they are of two projects or one still goes on."""
    if base.project_id != head.project_id:
        raise InvalidInput("Runs of two projects cannot be compared: their tests are not the same.")
    for run in (base, head):
        if run.is_active:
            raise InvalidInput(f"Run {run.pk} has not ended yet.", remedy="Compare when it has.")
    base_facts, head_facts = run_facts(base), run_facts(head)
    needed = base_facts.uncollected or head_facts.uncollected
    modules = queries.modules(base.project) if needed else NO_MODULES
    return compare(base_facts, head_facts, modules=modules)


def clusters_of(run: Run) -> tuple[Cluster, ...]:
    """The run's broken tests by the error that they share, largest first."""
    return find_clusters(run_facts(run), queries.titles_of(run))


def comparison(base: Run | None, head: Run) -> Comparison | None:
    """The stored comparison of the two, if both have ended."""
    return Comparison.objects.filter(base=base, head=head).first() if base else None


def comparisons_with(base: Run | None, heads: Iterable[Run]) -> dict[int, Comparison]:
    """The stored comparisons of ``heads`` with ``base``, by the head's primary key."""
    if base is None:
        return {}
    rows = Comparison.objects.filter(base=base, head__in=list(heads)).defer("classes", "vanished")
    return {row.head_id: row for row in rows}


def comparisons_of(head: Run) -> list[Comparison]:
    """The stored comparisons of ``head``: with its sprint's baseline, and with the iteration before it."""
    if head.sprint is None:
        return []
    rows = Comparison.objects.filter(head=head).filter(
        Q(base=head.sprint.baseline_id) | Q(base__kind=RunKind.TRACK)
    )
    blobs = [f"base__{blob}" for blob in queries.BLOBS]
    return list(
        rows.select_related("base__track").order_by("base__kind").defer("classes", "vanished", *blobs)
    )


def comparisons_among(runs: Iterable[Run]) -> list[Comparison]:
    """The stored comparisons of the runs with one another."""
    among = list(runs)
    return list(Comparison.objects.filter(base__in=among, head__in=among).defer("classes", "vanished"))


def pairs_to_compare(run: Run) -> list[tuple[Run, Run]]:
    """(base, head) of every comparison that ``run``, which has ended, makes possible: with its sprint's
    baseline or as it, and with its neighbours in the track."""
    if run.sprint is None:
        return []
    if run.kind == RunKind.BASELINE:
        ended = Run.objects.filter(sprint=run.sprint, kind=RunKind.TRACK, ended_at__isnull=False)
        return [(run, head) for head in ended] if run.sprint.baseline_id == run.pk else []
    if run.kind != RunKind.TRACK or run.iteration is None:
        return []
    pairs = [(run.sprint.baseline, run)] if run.sprint.baseline else []
    neighbours = Run.objects.filter(track=run.track, kind=RunKind.TRACK)
    pairs += [(previous, run) for previous in neighbours.filter(iteration=run.iteration - 1)]
    pairs += [(run, following) for following in neighbours.filter(iteration=run.iteration + 1)]
    return [(base, head) for base, head in pairs if not base.is_active and not head.is_active]


@dataclass(frozen=True, slots=True)
class Cause:
    """An error that tests of a run share; ``example`` is the number of one of them."""

    run: int
    signature: str
    title: str
    tests: int
    example: int


def causes_of(runs: Iterable[int]) -> list[Cause]:
    """The errors of all the runs, given by primary key, by number of tests descending."""
    rows = (
        Failure.objects.filter(run__in=list(runs))
        .values_list("run_id", "signature__digest", "signature__title")
        .annotate(tests=Count("pk"), example=Min("test__number"))
        .order_by("-tests", "signature__title", "run_id")
    )
    return [Cause(*row) for row in rows]


def sprint_revision(sprint: Sprint) -> str:
    """Changes whenever anything does that the sprint's board shows of runs and comparisons."""
    runs = Run.objects.filter(sprint=sprint).aggregate(last=Max("pk"), writes=Sum("revision"))
    compared = Comparison.objects.filter(head__sprint=sprint).aggregate(last=Max("pk"))
    return f"{sprint.baseline_id}-{runs['last']}-{runs['writes']}-{compared['last']}"


@dataclass(frozen=True, eq=False)
class Pair:
    """Two runs and what is between them, by test number; ``matrix`` holds the nonzero cells."""

    base: Run
    head: Run
    classes: Mapping[DeltaClass, Numbers]
    matrix: Mapping[str, Mapping[str, int]]
    reasons: Mapping[int, str]
    caveats: Sequence[str]

    @property
    def figures(self) -> dict[str, int]:
        """Tests per class."""
        return {name.value: int(tests.size) for name, tests in self.classes.items()}


def pair(base: Run, head: Run) -> Pair:
    """What is between two runs: as it is kept, else compared now. Raises InvalidInput as delta_between."""
    stored = comparison(base, head)
    if stored is None:
        delta = delta_between(base, head)
        reasons = {number: reason.value for number, reason in delta.reasons.items()}
        return Pair(base, head, delta.classes, delta.cells(), reasons, delta.caveats)
    reasons = {int(number): reason for number, reason in stored.vanished.items()}
    return Pair(base, head, unpack_classes(bytes(stored.classes)), stored.matrix, reasons, stored.caveats)
