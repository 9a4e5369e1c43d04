"""The one bridge from the facts of ``tracks`` to what the pure modules eat; and reads of conclusions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum

from reports.clusters import Cluster, find_clusters
from reports.conditions import differences, surroundings
from reports.facts import RunFacts
from reports.models import Comparison
from reports.stored import numbered, unpack_classes
from reports.transitions import DeltaClass
from tracks import queries
from tracks.execution.spec import RunSpec
from tracks.models import Failure, Project, Run, Sprint
from tracks.statuses import PART_KINDS, RunKind, RunState
from tracks.vectors import Numbers

TEXTS = ("classes", "vanished", "moves", "hidden", "touched", "edits", "cascades")
"""What of a comparison only the pages need that name its tests."""
UNREADABLE = "OMC QA could not make sense of the branch's files; the worker's log says more"
NAMED_ONE_BY_ONE = 5000
"""For more tests than these, the names of all are read."""


def run_facts(run: Run) -> RunFacts:
    return RunFacts(
        run=run.pk,
        state=RunState(run.state),
        sha=run.sha,
        outcomes=queries.outcome_vector(run),
        signatures=queries.signatures_of(run),
        uncollected=queries.uncollected_modules(run),
        skipped_modules=queries.skipped_modules(run),
        command=str(run.environment.get("test", "")),
        is_selection=is_selection(run),
        deselected=frozenset(queries.deselected_of(run).tolist()),
        has_lost_worker=run.state != RunState.FINISHED and queries.has_lost_worker(run),
    )


def is_selection(run: Run) -> bool:
    """Whether only some of the tests were asked for."""
    return run.kind in PART_KINDS or bool(RunSpec.from_json(run.spec).selection)


def names_of(project: Project, numbers: Sequence[int]) -> Mapping[int, str]:
    """The node id of at least each of the given test numbers."""
    if len(numbers) > NAMED_ONE_BY_ONE:
        return queries.all_node_ids(project)
    return queries.node_ids(project, numbers)


def clusters_of(run: Run) -> tuple[Cluster, ...]:
    """The run's broken tests by the error that they share, largest first."""
    return find_clusters(run_facts(run), queries.titles_of(run))


def conditions(base: Run, head: Run) -> tuple[str, ...]:
    """What differed between the runs beside the code of the head's branch."""
    merge_base = head.merge_base if base.kind == RunKind.BASELINE else ""
    before, after = (run.environment | surroundings(RunSpec.from_json(run.spec)) for run in (base, head))
    return differences(before, after, merge_base=merge_base, base_sha=base.sha)


def comparison(base: Run | None, head: Run) -> Comparison | None:
    """The stored comparison of the two, if both have ended."""
    return Comparison.objects.filter(base=base, head=head).first() if base else None


def comparisons_with(base: Run | None, heads: Iterable[Run]) -> dict[int, Comparison]:
    """The stored comparisons of ``heads`` with ``base``, by the head's primary key."""
    if base is None:
        return {}
    rows = Comparison.objects.filter(base=base, head__in=list(heads)).defer(*TEXTS)
    return {row.head_id: row for row in rows}


def comparisons_of(head: Run) -> list[Comparison]:
    """The stored comparisons of ``head``: with its sprint's baseline, and with the iteration before it."""
    if head.sprint is None:
        return []
    before = Q(base__track=head.track_id, base__iteration=(head.iteration or 0) - 1)
    rows = Comparison.objects.filter(head=head).filter(Q(base=head.sprint.baseline_id) | before)
    blobs = [f"base__{blob}" for blob in queries.BLOBS]
    return list(rows.select_related("base__track").order_by("base__kind").defer(*TEXTS, *blobs))


def comparisons_among(runs: Iterable[Run]) -> list[Comparison]:
    """The stored comparisons of the runs with one another."""
    among = list(runs)
    return list(Comparison.objects.filter(base__in=among, head__in=among).defer(*TEXTS))


def missing_pairs(sprint: Sprint | None = None) -> list[tuple[Run, Run]]:
    """(base, head) of every comparison that is due and not stored, of one sprint or of all: each track run
    that has ended with its sprint's baseline, and with the iteration before it; none of checks alone."""
    heads = Run.objects.filter(kind=RunKind.TRACK, ended_at__isnull=False, checks_only=False)
    heads = heads.select_related("project")
    heads = heads.filter(sprint=sprint) if sprint else heads
    stored = Comparison.objects.filter(head=OuterRef("pk"))
    with_baseline = heads.filter(sprint__baseline__ended_at__isnull=False).exclude(
        Exists(stored.filter(base=OuterRef("sprint__baseline")))
    )
    before = Run.objects.filter(
        track=OuterRef("track"),
        iteration=OuterRef("iteration") - 1,
        ended_at__isnull=False,
        checks_only=False,
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
    """Two runs and what is between them, by test number; ``matrix`` holds the nonzero cells.

    ``moves`` gives ``{"now", "base", "head"}`` of each vanished test that goes on, ``came_from`` the other
    direction; ``parents`` the entry that hides a test; ``touched`` what the branch changed of it. ``edits``
    is as in Comparison.
    """

    base: Run
    head: Run
    classes: Mapping[DeltaClass, Numbers]
    matrix: Mapping[str, Mapping[str, int]]
    figures: Mapping[str, int]
    reasons: Mapping[int, str]
    moves: Mapping[int, Mapping[str, Any]]
    hidden: Mapping[int, Sequence[int]]
    touched: Mapping[str, Sequence[int]]
    edits: Mapping[str, Any] | None
    unread: str
    caveats: Sequence[str]
    conditions: Sequence[str]

    @cached_property
    def came_from(self) -> dict[int, int]:
        return {move["now"]: test for test, move in self.moves.items()}

    @cached_property
    def fixed(self) -> frozenset[int]:
        return frozenset(self.classes[DeltaClass.FIXED].tolist())

    @cached_property
    def parents(self) -> dict[int, int]:
        return {test: parent for parent, tests in self.hidden.items() for test in tests}

    @cached_property
    def touch(self) -> dict[int, str]:
        """``own``, ``fixtures``, ``product`` or ``unchanged`` by test."""
        return {test: name for name, tests in self.touched.items() for test in tests}


def pair_of(base: Run, head: Run, stored: Comparison) -> Pair:
    """What is kept of the two."""
    return Pair(
        base=base,
        head=head,
        classes=unpack_classes(bytes(stored.classes)),
        matrix=stored.matrix,
        figures=stored.figures,
        reasons=numbered(stored.vanished),
        moves=numbered(stored.moves),
        hidden=numbered(stored.hidden),
        touched=stored.touched,
        edits=stored.edits,
        unread=stored.unread,
        caveats=stored.caveats,
        conditions=stored.conditions,
    )


def unread_pairs(since: datetime, *, limit: int) -> list[tuple[Run, Run]]:
    """(base, head) of the latest comparisons made since then for which git could not be asked."""
    rows = (
        Comparison.objects.filter(edits__isnull=True, created_at__gte=since)
        .exclude(unread=UNREADABLE)
        .order_by("-id")[:limit]
    )
    keys = list(rows.values_list("base", "head"))
    runs = Run.objects.select_related("project").in_bulk({key for pair in keys for key in pair})
    return [(runs[base], runs[head]) for base, head in keys]


NEWLY_BROKEN = (DeltaClass.NEWLY_FAILING, DeltaClass.NEWLY_ERRORING)


def newly_broken(comparison: Comparison) -> list[int]:
    """The numbers of the tests that the head newly broke, ascending."""
    classes = unpack_classes(bytes(comparison.classes))
    return sorted(number for name in NEWLY_BROKEN for number in classes[name].tolist())
