"""How the sample sprint ends, once the retests have been told.

retests have ended         Tess tests B, which waits for A
B has ended                Lena merges A, B and C on trial: C conflicts, and B's fixes are lost beside A
that has ended             Tess waives what C cannot show; Lena approves C with a condition, and rejects A

Whoever looks at the dashboard may be faster, or make something else of it: what is decided stays, and C is
not approved where something else stands in its way.
"""

from datetime import UTC, datetime, timedelta

from omc_qa.demo.repository import SampleSprint
from omc_qa.demo.sprint import person
from reports import actions as conclusions
from reports.actions.decisions import decide
from reports.actions.follow_ups import ConditionGiven
from reports.readiness import Readiness, readiness_of
from reports.statuses import DecisionKind, GateKind
from tracks import actions, repositories
from tracks.finding_statuses import Severity
from tracks.models import Sprint, Track

TARGET = "No test runs what this track changes: the sprint's targets are for the other tracks to reach."
NEXT_CHANGE = (
    "The Terraform files come with the next change; until then nothing is deployed from this branch."
)
WAIVED = {
    GateKind.PASSED: TARGET,
    GateKind.FAILED: TARGET,
    GateKind.ERRORS: TARGET,
    GateKind.CRITERIA: NEXT_CHANGE,
    GateKind.FINDINGS: NEXT_CHANGE,
}
FOLLOW_UP = "The secrets are described in Terraform"
WHY_C = "The image and the task definition are right, and no test is worse. **Terraform has to follow.**"
WHY_A = (
    "77 tests end in one setup error, and the second attempt changed nothing: the column has to be declared "
    "so that SQLite can render it. Merged with this branch, B loses what it fixed."
)


def go_on(sample: SampleSprint, sprint: Sprint, *, now: datetime) -> bool:
    """Take the next step; whether more is to come."""
    sprint = Sprint.objects.select_related("project", "baseline").get(pk=sprint.pk)  # runs have ended since
    waiting = sprint.tracks.get(key="B")
    if not waiting.runs.exists():
        actions.start_track_run(waiting, sha=sample.track("B").head, by=person(sprint, "Tess"), now=now)
        return True
    integration = sprint.integrations.order_by("pk").first()  # later ones are somebody else's
    if integration is None:
        repositories.look(sprint.project, now=now)
        tracks = sprint.tracks.filter(key__in=[planned.key for planned in sample.tracks])
        conclusions.start_integration(sprint, tracks, by=person(sprint, "Lena"), now=now)
        return True
    ready = _ready(sprint, now=now)
    if integration.is_going or any(ready[key].facts.merge is None for key in ("A", "C")):
        return True
    if not ready["C"].track.decisions.exists():
        _approve(sprint, ready["C"].track, now=now)
    if not ready["A"].track.decisions.exists():
        _say(sprint, "A", DecisionKind.REJECTED, WHY_A, [], now=now)
    return False


def _approve(sprint: Sprint, track: Track, *, now: datetime) -> None:
    """With the condition that is still to be met."""
    _waive(sprint, track.key, now=now)
    criterion = track.criteria.filter(text=FOLLOW_UP).first()
    if criterion is None or _ready(sprint, now=now)[track.key].closed:
        return
    follow_up = ConditionGiven(
        text=FOLLOW_UP,
        severity=Severity.HIGH,
        due=now.astimezone(UTC).date() + timedelta(days=14),
        owner=person(sprint, "Dev"),
        criterion=criterion.pk,
    )
    _say(sprint, track.key, DecisionKind.CONDITIONAL, WHY_C, [follow_up], now=now)


def _waive(sprint: Sprint, key: str, *, now: datetime) -> None:
    ready = _ready(sprint, now=now)[key]
    for gate in ready.closed:
        if gate.kind not in WAIVED:
            continue
        conclusions.waive(
            ready.track,
            gate.kind,
            sha=ready.facts.head,
            reason=WAIVED[gate.kind],
            expires_at=now + timedelta(days=14),
            by=person(sprint, "Tess"),
            now=now,
        )


def _say(
    sprint: Sprint, key: str, kind: DecisionKind, why: str, asked: list[ConditionGiven], *, now: datetime
) -> None:
    """As Lena does on the page, with what it shows."""
    ready = _ready(sprint, now=now)[key]
    decide(
        ready.track,
        kind=kind,
        sha=ready.facts.head,
        run=ready.frozen["run"],
        head=ready.facts.head,
        seen=ready.frozen,
        rationale=why,
        conditions=asked,
        by=person(sprint, "Lena"),
        now=now,
    )


def _ready(sprint: Sprint, *, now: datetime) -> dict[str, Readiness]:
    return {each.track.key: each for each in readiness_of(sprint, now=now).values()}
