"""The sprint board's rows: what was run on each track, what it changed, and what is decided on it.

tracks ── latest run ── comparison with the baseline ──> Line(track, run, chips, matrix, progress, target)
     └─── readiness: gates and decision ───────────────> its chip, the picture of what waits for what
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from reports import criteria_queries
from reports import queries as conclusions
from reports.models import Comparison, Condition
from reports.readiness import Readiness, readiness_of
from reports.waiting import Situation
from reports.web import changes, criteria, graph, matrix
from reports.web.decisions_in_words import Look, closed_since, gates_in_words, look_of
from reports.web.shared_causes import SharedCause, shared_causes
from reports.web.waiting_in_words import Waiting, waiting_in_words
from tracks import queries
from tracks.models import Run, Sprint, Track, User
from tracks.statuses import Role, RunState
from tracks.web import run_view

SETTLING = timedelta(seconds=30)
"""How long after its end a run's comparison may still be on its way."""
DUE_WITHIN = timedelta(days=7)
"""How long before a condition falls due the board says so."""


@dataclass(frozen=True)
class Line:
    track: Track
    run: Run | None
    progress: run_view.Progress | None
    comparison: Comparison | None
    chips: list[changes.Chip]
    no_change: bool
    matrix: list[matrix.Row]
    shortfall: str
    has_new_commits: bool
    """Since it was last tested."""
    is_of_older_commit: bool
    """The branch's head was tested, but this run is of another commit, as a claim may be."""
    criteria: str
    """How many of its run's criteria hold, in words."""
    ready: Readiness
    look: Look
    """Of what is decided on it."""
    gates: str
    """How many are open, in words."""
    closed_since: str
    """Which gates have closed since it was approved, in words; empty where none has."""


@dataclass(frozen=True)
class Board:
    """``live``: something goes on, so that the page asks again; ``revision`` is what it has seen."""

    sprint: Sprint
    baseline: Run | None
    baseline_progress: run_view.Progress | None
    next_baseline: Run | None
    """A run of the base branch that goes on and will take the baseline's place if it ends in order."""
    next_progress: run_view.Progress | None
    lines: list[Line]
    causes: list[SharedCause]
    waiting: list[Waiting]
    picture: graph.Picture | None
    """Which track waits for which; None where none does."""
    targets: str
    reached_by: list[str]
    live: bool
    revision: str


def read_board(sprint: Sprint, *, user: User, role: Role | None, now: datetime) -> Board:
    """The board as this person sees it."""
    revision = conclusions.sprint_revision(sprint)
    tracks = list(sprint.tracks.select_related("owner").prefetch_related("depends_on", "blocks"))
    latest = queries.latest_runs(sprint)
    compared = conclusions.comparisons_with(sprint.baseline, latest.values())
    following = queries.next_baseline(sprint)
    runs = [*latest.values(), *(run for run in (sprint.baseline, following) if run)]
    going = _progress([run for run in runs if run.is_active])
    shown = criteria_queries.standings_of_runs(list(latest.values()), with_output=False)
    held = {run: criteria.in_words(each) for run, each in shown.items()}
    fresh = queries.with_new_commits(tracks)
    readiness = readiness_of(sprint, now=now)
    lines = [
        _line(sprint, track, latest.get(track.pk), compared, going, held, fresh, readiness[track.pk])
        for track in tracks
    ]
    tested = queries.latest_runs(sprint, ended=True)
    ended = {tested[track.pk].pk: (track, tested[track.pk]) for track in tracks if track.pk in tested}
    causes = _causes(ended, sprint.baseline)
    undecided = {key for key, ready in readiness.items() if ready.waits_for(user)}
    due = _due(readiness, now)
    situation = Situation(sprint, tracks, tested, causes, fresh, undecided, due)
    return Board(
        sprint=sprint,
        baseline=sprint.baseline,
        baseline_progress=going.get(sprint.baseline_id or 0),
        next_baseline=following,
        next_progress=going.get(following.pk) if following else None,
        lines=lines,
        causes=shared_causes(causes, ended, sprint.baseline),
        waiting=waiting_in_words(user, role, situation),
        picture=graph.picture_of(readiness),
        targets=targets_in_words(sprint),
        reached_by=[line.track.key for line in lines if line.run and reaches(sprint, line.run)],
        live=bool(going) or _is_settling(sprint.baseline, lines, now),
        revision=revision,
    )


def targets_in_words(sprint: Sprint) -> str:
    """``≥ 650 passed, < 5 failed, no errors``; empty where the sprint has none."""
    parts = [
        f"≥ {sprint.min_passed} passed" if sprint.min_passed is not None else "",
        _at_most(sprint.max_failed, "failed"),
        _at_most(sprint.max_errors, "errors"),
    ]
    return ", ".join(part for part in parts if part)


def reaches(sprint: Sprint, run: Run) -> bool:
    """Whether a run that ended in order meets all of the sprint's targets; never where it has none."""
    return bool(targets_in_words(sprint)) and _is_measured(run) and not shortfall(sprint, run)


def _is_measured(run: Run) -> bool:
    """Whether its tests can be held against targets: it has some, and it ended in order."""
    return run.state == RunState.FINISHED and not run.checks_only


def shortfall(sprint: Sprint, run: Run) -> str:
    """What a run lacks of the targets: ``87 more must pass, 16 failed too many``; empty where nothing."""
    parts = []
    if sprint.min_passed is not None and run.passed < sprint.min_passed:
        parts.append(f"{sprint.min_passed - run.passed} more must pass")
    if sprint.max_failed is not None and run.failed > sprint.max_failed:
        parts.append(f"{run.failed - sprint.max_failed} failed too many")
    if sprint.max_errors is not None and run.errors > sprint.max_errors:
        parts.append(f"{run.errors - sprint.max_errors} errors too many")
    return ", ".join(parts)


def _at_most(limit: int | None, what: str) -> str:
    if limit is None:
        return ""
    return f"≤ {limit} {what}" if limit else f"0 {what}"


def _causes(ended: Collection[int], baseline: Run | None) -> list[conclusions.Cause]:
    both = [*ended, *([baseline.pk] if baseline and baseline.ended_at and baseline.reported else [])]
    return conclusions.causes_of(both)


def _progress(active: Collection[Run]) -> dict[int, run_view.Progress]:
    expected, outcomes = queries.expected_of(active), queries.outcomes_of(active)
    found = {run.pk: run_view.progress(run, outcomes[run.pk], expected[run.pk]) for run in active}
    return {key: progress for key, progress in found.items() if progress}


def _line(
    sprint: Sprint,
    track: Track,
    run: Run | None,
    compared: Mapping[int, Comparison],
    going: Mapping[int, run_view.Progress],
    held: Mapping[int, str],
    fresh: Collection[int],
    ready: Readiness,
) -> Line:
    comparison = compared.get(run.pk) if run and run.reported else None
    figures = comparison.figures if comparison else {}
    return Line(
        track=track,
        run=run,
        progress=going.get(run.pk) if run else None,
        comparison=comparison,
        chips=changes.chips(figures),
        no_change=comparison is not None and not changes.has_change(figures),
        matrix=matrix.rows(comparison.matrix) if comparison else [],
        shortfall=shortfall(sprint, run) if run and _is_measured(run) else "",
        criteria=held.get(run.pk, "") if run and not run.is_active else "",
        has_new_commits=track.pk in fresh,
        is_of_older_commit=bool(run and track.head and run.sha != track.head and track.pk not in fresh),
        ready=ready,
        look=look_of(ready.decision),
        gates=gates_in_words(ready.gates),
        closed_since=closed_since(ready),
    )


def _due(readiness: Mapping[int, Readiness], now: datetime) -> list[Condition]:
    """The conditions that are not met and fall due soon, the first one first."""
    unmet = [condition for ready in readiness.values() for condition in ready.unmet]
    soon = (now + DUE_WITHIN).date()
    return sorted((each for each in unmet if each.due <= soon), key=lambda each: (each.due, each.pk))


def _is_settling(baseline: Run | None, lines: Collection[Line], now: datetime) -> bool:
    """Whether a run has just ended and its comparison is not there yet."""
    if baseline is None or baseline.ended_at is None:
        return False
    latest = max(
        (
            max(line.run.ended_at, baseline.ended_at)
            for line in lines
            if line.run and line.run.ended_at and line.run.reported and not line.comparison
        ),
        default=None,
    )
    return latest is not None and now - latest < SETTLING
