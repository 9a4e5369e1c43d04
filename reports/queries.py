"""The one bridge from the facts of ``tracks`` to what the pure modules eat; and reads of conclusions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum

from reports.clusters import Cluster, find_clusters
from reports.conditions import differences
from reports.deltas import NO_MODULES, Delta, DeltaClass, Numbers, compare
from reports.facts import RunFacts
from reports.models import Comparison
from reports.stored import unpack_classes
from tracks import queries
from tracks.errors import InvalidInput
from tracks.models import Failure, Project, Run, Sprint
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
    if not queries.signed_alike(base, head):
        base_facts, head_facts = (
            replace(facts, signatures=queries.digests_anew(run, base.project.masks))
            for facts, run in ((base_facts, base), (head_facts, head))
        )
    needed = base_facts.uncollected or head_facts.uncollected
    modules = queries.modules(base.project) if needed else NO_MODULES
    return compare(base_facts, head_facts, modules=modules)


def clusters_of(run: Run) -> tuple[Cluster, ...]:
    """The run's broken tests by the error that they share, largest first."""
    return find_clusters(run_facts(run), queries.titles_of(run))


def conditions(base: Run, head: Run) -> tuple[str, ...]:
    """What differed between the runs beside the code of the head's branch."""
    merge_base = head.merge_base if base.kind == RunKind.BASELINE else ""
    return differences(base.environment, head.environment, merge_base=merge_base, base_sha=base.sha)


def comparison(base: Run | None, head: Run) -> Comparison | None:
    """The stored comparison of the two, if both have ended."""
    return Comparison.objects.filter(base=base, head=head).first() if base else None


def comparisons_with(base: Run | None, heads: Iterable[Run]) -> dict[int, Comparison]:
    """The stored comparisons of ``heads`` with ``base``, by the head's primary key."""
    if base is None:
        return {}
    rows = Comparison.objects.filter(base=base, head__in=list(heads)).defer("classes", "vanished", "cascades")
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
        rows.select_related("base__track")
        .order_by("base__kind")
        .defer("classes", "vanished", "cascades", *blobs)
    )


def comparisons_among(runs: Iterable[Run]) -> list[Comparison]:
    """The stored comparisons of the runs with one another."""
    among = list(runs)
    return list(
        Comparison.objects.filter(base__in=among, head__in=among).defer("classes", "vanished", "cascades")
    )


def missing_pairs(sprint: Sprint | None = None) -> list[tuple[Run, Run]]:
    """(base, head) of every comparison that is due and not stored, of one sprint or of all: each track run
    that has ended with its sprint's baseline, and with the iteration before it."""
    heads = Run.objects.filter(kind=RunKind.TRACK, ended_at__isnull=False).select_related("project")
    heads = heads.filter(sprint=sprint) if sprint else heads
    stored = Comparison.objects.filter(head=OuterRef("pk"))
    with_baseline = heads.filter(sprint__baseline__ended_at__isnull=False).exclude(
        Exists(stored.filter(base=OuterRef("sprint__baseline")))
    )
    before = Run.objects.filter(
        track=OuterRef("track"), iteration=OuterRef("iteration") - 1, ended_at__isnull=False
    )
    with_previous = (
        heads.annotate(previous=Subquery(before.values("pk")[:1]))
        .filter(previous__isnull=False)
        .exclude(Exists(stored.filter(base=OuterRef("previous"))))
    )
    pairs = [
        (head.sprint.baseline_id, head) for head in with_baseline.select_related("sprint") if head.sprint
    ]
    pairs += [(head.previous, head) for head in with_previous]
    bases = Run.objects.select_related("project").in_bulk([base for base, _ in pairs if base])
    return [(bases[base], head) for base, head in pairs if base]


def stored_pairs(project: Project) -> list[tuple[int, int]]:
    """(base, head) of every comparison that is stored of the project's runs, by their primary keys."""
    rows = Comparison.objects.filter(head__project=project).order_by("head_id", "base_id")
    return list(rows.values_list("base_id", "head_id"))


@dataclass(frozen=True, slots=True)
class Cause:
    """An error that tests of a run share; ``example`` is the number of one of them."""

    run: int
    signature: str
    title: str
    place: str
    tests: int
    example: int


def causes_of(runs: Iterable[int]) -> list[Cause]:
    """The errors of all the runs, given by primary key, by number of tests descending."""
    rows = (
        Failure.objects.filter(run__in=list(runs))
        .values_list("run_id", "signature__digest", "signature__title", "signature__frame")
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
    conditions: Sequence[str]

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
        return Pair(base, head, delta.classes, delta.cells(), reasons, delta.caveats, conditions(base, head))
    reasons = {int(number): reason for number, reason in stored.vanished.items()}
    classes = unpack_classes(bytes(stored.classes))
    return Pair(base, head, classes, stored.matrix, reasons, stored.caveats, stored.conditions)


NEWLY_BROKEN = (DeltaClass.NEWLY_FAILING, DeltaClass.NEWLY_ERRORING)


def newly_broken(base: Run, head: Run) -> list[int]:
    """The numbers of the tests that ``head`` newly broke, ascending. Raises InvalidInput as delta_between."""
    classes = pair(base, head).classes
    return sorted(number for name in NEWLY_BROKEN for number in classes[name].tolist())
