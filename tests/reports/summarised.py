"""Sprints whose report has something to tell, and the figures that it tells."""

from datetime import date
from decimal import Decimal

from reports import integration_queries
from reports.actions import kept_comparison
from reports.actions.criteria import judge
from reports.actions.follow_ups import ConditionGiven
from reports.document import Figure, figures_in
from reports.models import Changeset, Integration
from reports.statuses import DecisionKind, IntegrationState
from reports.summary import Summary
from tests import factories
from tests.factories import NOON
from tests.reports.approving import merges, push, say
from tests.reports.integrating import integrate
from tracks import actions
from tracks.checks import CheckDefinition, CheckKind
from tracks.criteria import Rule, TestsDefinition
from tracks.finding_statuses import FindingKind, Severity
from tracks.models import Run, Sprint, Track
from tracks.selections import Selection
from tracks.statuses import CriterionKind, Standing, Weight

BASE = {
    "a.py::one": "passed",
    "a.py::two": "failed",
    "a.py::three": "passed",
    "a.py::four": "error",
    "a.py::five": "skipped",
}
TRACKS = {
    "A": [
        BASE | {"a.py::two": "passed", "a.py::one": "failed", "a.py::new": "passed"},
        BASE | {"a.py::two": "passed", "a.py::three": "skipped", "a.py::new": "passed"},
    ],
    "B": [{name: outcome for name, outcome in BASE.items() if name != "a.py::three"}, BASE],
    "C": [BASE | {"a.py::four": "passed"}],
}
TOGETHER = BASE | {"a.py::one": "error", "a.py::two": "failed"}
"""What A and B come out as when both are merged."""


def create_sprint_with_everything() -> Sprint:
    """Every section of its report has something to tell: A is worked on, B is approved with a condition, C is
    rejected and does not merge, D was cancelled."""
    sprint = factories.create_sprint(min_passed=2, max_failed=1, max_errors=1)
    factories.create_baseline(sprint=sprint, results=BASE)
    for key, iterations in TRACKS.items():
        track = factories.create_track(sprint=sprint, key=key, name=f"Track {key}")
        _ask(track)
        for results in iterations:
            test(track, results)
        _find(track)
    sprint.refresh_from_db()
    _integrate(sprint)
    _decide(sprint)
    _cancel(factories.create_track(sprint=sprint, key="D"))
    return Sprint.objects.select_related("project", "baseline").get(pk=sprint.pk)


def test(track: Track, results: dict[str, str]) -> Run:
    """The track's next run, judged and compared, with what its branch changed."""
    base = Sprint.objects.select_related("baseline__project").get(pk=track.sprint_id).baseline
    before = track.runs.order_by("iteration").select_related("project").last()
    run = factories.start_run(track=track)
    checks = {each["id"]: Standing.HOLDS for each in run.criteria if each["kind"] == CriterionKind.CHECK}
    run = factories.play(run, results=results, checks=checks, message=f"ValueError: {run.iteration}")
    for other in filter(None, (base, before)):
        kept_comparison(other, run)
        _change(track, other.sha, run.sha)
    judge(run, base)
    merges(track, base=base.sha, head=run.sha)
    push(track, run.sha)
    return run


test.__test__ = False  # type: ignore[attr-defined]


def _ask(track: Track) -> None:
    passing = TestsDefinition(Rule.AT_MOST_BROKEN, Selection(places=("a.py",))).to_json()
    a_file = CheckDefinition(CheckKind.EXISTS, path="seeds").to_json()
    for text, kind, definition in (
        ("All of it passes", CriterionKind.TESTS, passing),
        ("There are seeds", CriterionKind.CHECK, a_file),
        ("Somebody has looked", CriterionKind.MANUAL, {}),
    ):
        factories.create_criterion(
            track=track, text=text, kind=kind, weight=Weight.ADVISORY, definition=definition
        )


def _find(track: Track) -> None:
    run = track.runs.latest("iteration")
    worst, bad = (Severity.CRITICAL, Severity.HIGH) if track.key == "A" else (Severity.MEDIUM, Severity.LOW)
    for kind, severity, effort in (
        (FindingKind.DEFECT, worst, Decimal("2.5")),
        (FindingKind.REGRESSION, Severity.LOW, None),
        (FindingKind.NOT_IMPLEMENTED, bad, Decimal(8)),
        (FindingKind.PRAISE, Severity.LOW, None),
    ):
        factories.create_finding(
            track=track, kind=kind, severity=severity, effort_hours=effort, tests=[1, 2], found_in=run
        )
    if error := run.failures.order_by("pk").first():
        factories.create_finding(track=track, signature=error.signature, tests=[], found_in=run)
    factories.create_question(track=track)


def _change(track: Track, base: str, head: str) -> None:
    commits = [{"sha": head, "author": "Dev", "subject": "Mend the prices"}]
    Run.objects.filter(track=track, sha=head).update(commits=[each | {"parents": [base]} for each in commits])
    Changeset.objects.create(
        project=track.sprint.project,
        base=base,
        head=head,
        commits=commits,
        files=[{"path": "app/prices.py", "added": 5, "removed": 3}],
        file_count=7,
        added=12,
        removed=5,
        read_at=NOON,
    )


def _decide(sprint: Sprint) -> None:
    good = sprint.tracks.get(key="B")
    follow_up = ConditionGiven(
        text="The prices are mended",
        severity=Severity.HIGH,
        due=date(2026, 12, 1),
        owner=None,
        finding=good.findings.earliest("number"),
    )
    say(good, DecisionKind.CONDITIONAL, conditions=[follow_up])
    say(sprint.tracks.get(key="C"), DecisionKind.REJECTED)


def _cancel(track: Track) -> None:
    run = factories.start_run(track=track)
    actions.cancel(run, by=None, now=NOON)
    _change(track, track.sprint.baseline.sha, run.sha)


def _integrate(sprint: Sprint) -> Integration:
    """A and B are broken together; C is left out."""
    found = integrate(sprint, TOGETHER)
    keys = {each["key"]: each for each in found.merged}
    found.merged = [keys["A"], keys["B"]]
    conflicts = [{"path": "a.txt", "kind": "content", "with": ["A"], "hunks": []}]
    found.left_out = [{"key": "C", "why": "It conflicts.", "files": 3, "conflicts": conflicts}]
    said = {"kind": "fail together", "keys": ["A", "B"], "sentence": "It fails with A and B merged."}
    found.interactions = [each | said for each in integration_queries.suspects_of(found)]
    found.figures = integration_queries.figures_of(found, kept_comparison(found.baseline, found.run))
    found.state, found.ended_at = IntegrationState.DONE, NOON
    found.save()
    return found


def figures_of(summary: Summary) -> dict[str, Figure]:
    """Those of the catalogue and of the document, by name."""
    return {each.name: each for each in (*summary.figures.values(), *figures_in(summary.document))}
