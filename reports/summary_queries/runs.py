"""The runs that a report tells of: the baseline, every iteration of every track, the trial integration's.

runs_of(sprint) ──> Runs ┬ baseline, of_tracks   rows, without vectors
                         └ told                  RunTold by primary key
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from reports.changeset_queries import last_before, latest_of
from reports.summary.facts import RunTold
from tracks import reproduce
from tracks.models import Failure, Run, Sprint
from tracks.models.run import COUNTERS
from tracks.statuses import RunKind, RunState

MADE_WITH = (("Python", "python"), ("pytest", "pytest"), ("Sandbox", "tier"), ("Lock file", "lock"))
"""What a run's environment is told of, and the keys that it has there."""
COMMAND = 4000
STEPS = 8000
VALUE = 100
"""Characters."""
_READ = (
    *("project", "sprint", "track", "kind", "iteration", "branch", "sha", "merge_base", "spec", "criteria"),
    *("checks_only", "state", "reason", "environment", "collected", "test_seconds", "ended_at"),
    *COUNTERS.values(),
)


@dataclass(frozen=True)
class Runs:
    """``of_tracks`` are the iterations of each track by its primary key, the initial test first."""

    baseline: Run | None
    of_tracks: Mapping[int, tuple[Run, ...]]
    told: Mapping[int, RunTold]

    @cached_property
    def previous(self) -> dict[int, Run]:
        """The last measured iteration before each, by the later one's primary key."""
        each_track = (last_before(runs, self._is_measured) for runs in self.of_tracks.values())
        return {key: run for found in each_track for key, run in found.items()}

    def _is_measured(self, run: Run) -> bool:
        return self.told[run.pk].is_measured

    def latest(self, track: int) -> Run | None:
        """As ``TrackTold.latest``."""
        return latest_of(self.of_tracks.get(track, ()))

    @property
    def latest_ones(self) -> list[Run]:
        return [run for track in self.of_tracks if (run := self.latest(track))]


def runs_of(sprint: Sprint, integrated: int | None) -> Runs:
    """``integrated`` is the primary key of the trial integration's run."""
    iterations = Q(sprint=sprint, kind=RunKind.TRACK)
    wanted = iterations | Q(pk__in=[key for key in (sprint.baseline_id, integrated) if key])
    rows = {run.pk: run for run in Run.objects.filter(wanted).order_by("iteration").only(*_READ)}
    of_tracks: dict[int, list[Run]] = defaultdict(list)
    for run in rows.values():
        if run.track_id and run.kind == RunKind.TRACK:
            of_tracks[run.track_id].append(run)
    errors = _errors(rows)
    return Runs(
        rows.get(sprint.baseline_id or 0),
        {track: tuple(runs) for track, runs in of_tracks.items()},
        {key: _told(run, errors.get(key, 0)) for key, run in rows.items()},
    )


def _errors(runs: Iterable[int]) -> dict[int, int]:
    """How many different errors the tests of each run broke by."""
    rows = Failure.objects.filter(run__in=list(runs)).values_list("run")
    return dict(rows.annotate(errors=Count("signature", distinct=True)))


def _told(run: Run, errors: int) -> RunTold:
    spec = reproduce.frozen(run)
    steps = reproduce.commands_of_check(run, spec, "") if run.checks_only else reproduce.commands(run, spec)
    made_with = ((name, str(run.environment.get(key) or "")[:VALUE]) for name, key in MADE_WITH)
    return RunTold(
        run=run.pk,
        sha=run.sha,
        state=RunState(run.state),
        reason=run.reason[:COMMAND],
        counts={outcome: getattr(run, counter) for outcome, counter in COUNTERS.items()},
        collected=run.collected,
        seconds=run.test_seconds,
        command="" if run.checks_only else str(spec.get("test", ""))[:COMMAND],
        reproduce=steps if len(steps) <= STEPS else "",  # half a line may do something else
        environment=tuple((name, said) for name, said in made_with if said),
        errors=errors,
        ended_at=run.ended_at,
        checks_only=run.checks_only,
    )
