"""A sprint as large as sprints get, in the product's own tables, without running a test; imports Django.

plant_sprint(10_000) ──> Sprint   a baseline; 8 tracks of 4 iterations, each with all comparisons, findings
                                  with texts, criteria, commits, what they changed, and decisions

Runs are planted as in ``planted``; nobody decided well, for no gate is open: all tracks are rejected.
"""

from decimal import Decimal
from itertools import pairwise

from django.utils import timezone

from bench.planted import Planted, errors_of, plant, record
from reports.actions import kept_comparison
from reports.actions.criteria import judge
from reports.actions.decisions import decide
from reports.models import Changeset, Mergeability
from reports.readiness import readiness_of
from reports.statuses import DecisionKind, MergeResult
from tracks import actions
from tracks.criteria import Rule, TestsDefinition
from tracks.finding_statuses import FindingKind, Severity
from tracks.models import FailureSignature, Run, Sprint, Track
from tracks.selections import Selection
from tracks.statuses import CriterionKind, Weight

TRACKS, ITERATIONS, FINDINGS, COMMITS, FILES = "ABCDEFGH", 4, 12, 15, 60
TEXT = (
    "It *breaks* with `KeyError`, see [the log](https://example.org/log).\n\n- one\n- two\n\n"
    "```python\nx = 1\n```"
)
HUNK = "@@ -1,3 +1,3 @@\n-price = None\n+price = 0\n context\n" * 10


def plant_sprint(tests: int) -> Sprint:
    planted = plant(tests)
    first = Track.objects.get(runs=planted.head)
    _ask(first, planted)
    _judge([planted.base, planted.head])
    for key in TRACKS:
        track = first if key == first.key else _track(planted, key)
        _test(track, planted, tests)
        _find(track, planted)
    _decide(planted)
    return Sprint.objects.select_related("project", "baseline").get(runs=planted.head)


def _track(planted: Planted, key: str) -> Track:
    sprint = Sprint.objects.get(runs=planted.head)
    track = actions.create_track(
        sprint, key=key, name=f"Track {key}", branch=key.lower(), by=planted.user, owner=planted.user
    )
    _ask(track, planted)
    return track


def _ask(track: Track, planted: Planted) -> None:
    for part in range(3):
        definition = TestsDefinition(Rule.AT_MOST_BROKEN, Selection(places=(f"tests/part_{part}",)))
        actions.create_criterion(
            track,
            text=f"Part {part} works",
            kind=CriterionKind.TESTS,
            weight=Weight.BLOCKING,
            definition=definition.to_json(),
            by=planted.user,
            now=timezone.now(),
        )


def _test(track: Track, planted: Planted, tests: int) -> None:
    """The iterations that it has not yet; each with commits of its own."""
    errors = errors_of(planted.project, tests // 400 + 1)
    runs = list(Run.objects.filter(track=track).order_by("iteration"))
    for number in range(len(runs), ITERATIONS):
        sha = f"{track.pk:020x}{number + 1:020x}"
        run = actions.start_track_run(track, sha=sha, by=planted.user, now=timezone.now())
        record(run, seed=ITERATIONS * track.pk + number, tests=tests, errors=errors)
        _judge([planted.base, *runs[-1:], run])
        runs.append(run)
    actions.note_heads(planted.project, {track.branch: runs[-1].sha}, now=timezone.now())
    for base, head in _steps(track, planted):
        _change(planted, base, head)


def _judge(runs: list[Run]) -> None:
    """The last of them, held against the others."""
    *bases, head = (Run.objects.select_related("project", "track", "sprint").get(pk=run.pk) for run in runs)
    for base in bases:
        kept_comparison(base, head)
    judge(head, bases[0])


def _steps(track: Track, planted: Planted) -> list[tuple[str, str]]:
    shas = list(Run.objects.filter(track=track).order_by("iteration").values_list("sha", flat=True))
    return [(planted.base.sha, shas[-1]), *pairwise(shas)]


def _change(planted: Planted, base: str, head: str) -> None:
    commits = [
        {"sha": f"{number:040x}", "author": "Dev", "subject": f"Step {number}"} for number in range(COMMITS)
    ]
    Run.objects.filter(project=planted.project, sha=head).update(
        merge_base=planted.base.sha,
        commits=[each | {"date": "2026-11-23T12:00:00Z", "parents": []} for each in commits],
    )
    Changeset.objects.update_or_create(
        project=planted.project,
        base=base,
        head=head,
        defaults={
            "commits": commits,
            "files": [{"path": f"app/part_{n}.py", "added": 10, "removed": 3} for n in range(FILES)],
            "file_count": FILES,
            "added": 10 * FILES,
            "removed": 3 * FILES,
            "patches": [
                {"sha": commits[0]["sha"], "path": f"app/part_{n}.py", "text": HUNK, "is_cut": False}
                for n in range(5)
            ],
            "read_at": timezone.now(),
        },
    )
    Mergeability.objects.update_or_create(
        project=planted.project,
        base=planted.base.sha,
        head=head,
        defaults={"result": MergeResult.CLEAN, "commits": COMMITS, "read_at": timezone.now()},
    )


def _find(track: Track, planted: Planted) -> None:
    run = Run.objects.filter(track=track).latest("iteration")
    signatures = list(FailureSignature.objects.filter(project=planted.project).order_by("pk")[:FINDINGS])
    for number in range(FINDINGS):
        content = actions.findings.Content(
            title=f"Prices of part {number} are missing",
            kind=list(FindingKind)[number % len(FindingKind)],
            severity=list(Severity)[number % len(Severity)],
            evidence=TEXT,
            root_cause=TEXT,
            recommended_fix=TEXT,
            impact=TEXT,
            tests=range(1, 50),
            files=[{"path": f"app/part_{number}.py", "lines": "1-3"}],
            effort_hours=Decimal(number) if number % 3 else None,
            options=[{"text": "Keep it", "pros": "Short", "cons": "Wrong"}] * 2 if number % 6 == 4 else (),
        )
        actions.findings.raise_finding(
            track,
            content,
            signature=signatures[number % len(signatures)],
            found_in=run,
            by=planted.user,
            now=timezone.now(),
        )


def _decide(planted: Planted) -> None:
    now = timezone.now()
    sprint = Sprint.objects.select_related("project", "baseline").get(runs=planted.head)
    for ready in readiness_of(sprint, now=now).values():
        seen = ready.frozen
        decide(
            ready.track,
            kind=DecisionKind.REJECTED,
            sha=seen["head"],
            run=seen["run"],
            head=seen["head"],
            seen=seen,
            rationale=TEXT,
            conditions=[],
            by=planted.user,
            now=now,
        )
