"""What the sample's people do beside running tests, step by step as the runs end.

initial tests have ended   Tess records findings: what broke most tests of A, what C lacks, a question;
                           Dev claims that A's next commit fixes the first      ──> retest 1
retest 1 has ended         Tess confirms that it is not fixed; Dev claims again ──> retest 2
retest 2 has ended         its verdict waits for whoever looks at the dashboard; ``approval`` goes on, and
                           ``publishing`` at last
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from omc_qa.demo import approval, publishing
from omc_qa.demo.repository import SampleSprint
from omc_qa.demo.sprint import person
from reports.criteria_queries import standings_of
from reports.models import Verification
from reports.queries import clusters_of
from reports.statuses import Progress
from reports.web.findings.sources import draft_of
from tracks import actions, queries
from tracks.actions import findings
from tracks.finding_statuses import FindingKind, Severity
from tracks.models import Criterion, Finding, Ruling, Run, Sprint, Track, User
from tracks.statuses import Standing

NOTES = (
    "",
    "The orders are loaded with their algorithm: the sessions are not left half open any more.",
    "The relationship has its other side now.",
)
"""What Dev says of each of A's commits that is tested."""
MODELS = ("app/models/market.py", "app/models/trading.py")
"""Where the columns are declared that A works on."""


def go_on(sample: SampleSprint, sprint: Sprint) -> bool:
    """Take the story's next step, once all runs have ended; whether more is to come."""
    now = timezone.now()
    track, planned = sprint.tracks.get(key="A"), sample.track("A").iterations
    runs = list(queries.iterations(track))
    if not track.findings.exists() and not _record(sprint, track, runs[0], now=now):
        return False
    first = track.findings.earliest("number")
    if len(runs) > 1 and not _verdict(first, runs[-1]):
        return True
    if len(runs) == len(planned):
        return approval.go_on(sample, sprint, now=now) or publishing.go_on(sprint, now=now)
    if len(runs) > 1:
        _rule(first, runs[-1], by=person(sprint, "Tess"), now=now)
    note, by = NOTES[len(runs)], person(sprint, "Dev")
    findings.claim_fix([first], sha=planned[len(runs)], note=note, by=by, now=now)
    return True


def _record(sprint: Sprint, track: Track, run: Run, *, now: datetime) -> bool:
    """Record what the initial tests showed; whether there was something."""
    tess, dev = person(sprint, "Tess"), person(sprint, "Dev")
    clusters = clusters_of(run)
    if not clusters:
        return False
    draft = draft_of(track, run, digest=clusters[0].signature, tests=(), criterion=None)
    content = replace(
        draft.content,
        severity=Severity.CRITICAL,
        root_cause="`create_all` makes the tables of the models on in-memory SQLite, which has no arrays.",
        files=[*draft.content.files, *({"path": path, "lines": ""} for path in MODELS)],
        recommended_fix="Declare the column so that SQLite can render it:\n\n```python\n"
        'JSON().with_variant(ARRAY(String), "postgresql")\n```',
        impact="No test that uses a scratch database can run: nobody knows what else is broken there.",
        effort_hours=Decimal(3),
        assignee=dev,
    )
    finding = findings.raise_finding(
        track, content, signature=draft.signature, found_in=draft.found_in, by=tess, now=now
    )
    evidence = content.evidence.encode()
    actions.attach(finding=finding, name="scratch-databases.md", content=evidence, by=tess, now=now)
    findings.raise_finding(track, _question(), by=tess, now=now)
    other = sprint.tracks.get(key="C")
    _record_what_does_not_hold(other, queries.iterations(other)[0], by=tess, now=now)
    return True


def _record_what_does_not_hold(track: Track, run: Run, *, by: User, now: datetime) -> None:
    failing = [each.criterion for each in standings_of(run) if each.standing is Standing.FAILS]
    for criterion in Criterion.objects.filter(pk__in=failing):
        draft = draft_of(track, run, digest="", tests=(), criterion=criterion)
        content = replace(
            draft.content, kind=FindingKind.NOT_IMPLEMENTED, severity=Severity.HIGH, effort_hours=Decimal(8)
        )
        findings.raise_finding(track, content, criterion=criterion, found_in=run, by=by, now=now)
    praise = findings.Content(
        title="No secret is in the image or in the task definition",
        kind=FindingKind.PRAISE,
        severity=Severity.LOW,
        evidence="Every value is read from the secret store when the task starts.",
    )
    findings.raise_finding(track, praise, found_in=run, by=by, now=now)


def _question() -> findings.Content:
    return findings.Content(
        title="Whose pytest.ini is it to be?",
        kind=FindingKind.QUESTION,
        evidence="Tracks A and C both add a `pytest.ini`, with other contents: merged, they conflict.",
        options=[
            {"text": "That of A", "pros": "It is short.", "cons": "What the pipeline needs is missing."},
            {"text": "That of C", "pros": "The pipeline can use it.", "cons": "A's event loop is missing."},
        ],
    )


def _verdict(finding: Finding, run: Run) -> Verification | None:
    """What the retest showed of it; None while that is not said."""
    return Verification.objects.filter(finding=finding, run=run, state=Progress.DONE).first()


def _rule(finding: Finding, run: Run, *, by: User, now: datetime) -> None:
    """Confirm what the retest showed, unless somebody at the dashboard was faster."""
    verdict = _verdict(finding, run)
    if verdict and not Ruling.objects.filter(finding=finding, run=run).exists():
        findings.rule(finding, run, fixed=False, verdict=verdict.kind, reason="", by=by, now=now)
