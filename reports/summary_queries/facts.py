"""The facts of a sprint's report, put together.

readiness, runs, comparisons, …   each read at once for all tracks ──> names of the tests that they name
                                                                  └──told──> SummaryFacts
"""

from datetime import datetime

from reports import planning
from reports.readiness import readiness_of
from reports.summary.facts import IntegrationTold, StepTold, SummaryFacts, TargetsTold
from reports.summary_queries.integration import integration_told
from reports.summary_queries.latest import updated_at
from reports.summary_queries.reading import Read, read_all
from reports.summary_queries.tracks import track_told
from tracks.models import Membership, Sprint, Track
from tracks.statuses import Role


def facts_of(sprint: Sprint, *, now: datetime) -> SummaryFacts:
    """Everything that the report tells of the sprint."""
    ready = readiness_of(sprint, now=now)
    read = read_all(sprint, ready)
    tracks = Track.objects.filter(pk__in=ready).select_related("owner").prefetch_related("depends_on")
    return SummaryFacts(
        sprint=sprint.pk,
        project=sprint.project.name,
        name=sprint.name,
        base_branch=sprint.base_branch,
        testers=_people(sprint, Role.TESTER),
        leads=_people(sprint, Role.LEAD),
        targets=TargetsTold(sprint.min_passed, sprint.max_failed, sprint.max_errors),
        baseline=read.runs.told.get(sprint.baseline_id or 0),
        baseline_clusters=read.clusters.get(sprint.baseline_id or 0, ()),
        tracks=tuple(track_told(track, ready[track.pk], read) for track in tracks.order_by("key")),
        integration=_integration(read),
        plan=tuple(
            StepTold(step.key, step.sentence, step.reasons, step.is_now)
            for step in planning.plan_of(sprint, ready.values())
        ),
        updated_at=updated_at(sprint, read),
    )


def _integration(read: Read) -> IntegrationTold | None:
    found = read.integration
    run = read.runs.told.get(found.run_id or 0) if found else None
    return integration_told(found, run, read.names) if found else None


def _people(sprint: Sprint, role: Role) -> tuple[str, ...]:
    """Persons, not programs, by name."""
    members = Membership.objects.filter(project=sprint.project_id, role=role, user__is_service=False)
    return tuple(sorted(str(member.user) for member in members.select_related("user")))
