"""The one bridge from the facts of ``tracks`` to what the pure modules eat; and reads of conclusions."""

from collections.abc import Iterable

from reports.clusters import Cluster, find_clusters
from reports.deltas import NO_MODULES, Delta, compare
from reports.facts import RunFacts
from reports.models import Comparison
from tracks import queries
from tracks.errors import InvalidInput
from tracks.models import Run
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
