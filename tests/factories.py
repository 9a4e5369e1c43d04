"""Facts for tests, made by the product's own actions; keyword-only, each argument with a sane default.

create_run(passed=3, failed=2)            a track run that has ended
create_run(results={"t.py::a": "failed"}) … with outcomes by name
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tracks import actions
from tracks.checks import CheckDefinition, CheckKind
from tracks.events import (
    CheckFinished,
    Collected,
    CommandEnded,
    Event,
    Heartbeat,
    Marked,
    Prepared,
    SessionFinished,
    SessionStarted,
    StageStarted,
    TestFinished,
)
from tracks.finding_statuses import FindingKind, FindingStatus
from tracks.models import Criterion, Finding, Project, Run, Shard, Sprint, Track, User
from tracks.statuses import BROKEN_OUTCOMES, CriterionKind, Outcome, Phase, Role, Stage, Standing, Weight

TRACEBACK = """    def price(coin):
>       raise ValueError(coin)
E       {message}

ledger/prices.py:12: ValueError"""
A_FILE = CheckDefinition(CheckKind.EXISTS, path="seeds").to_json()
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_serial = count(1)


def create_user(*, name: str = "Tess", email: str = "", password: str | None = None) -> User:
    email = email or f"{name.lower()}{next(_serial)}@example.org"
    return actions.create_user(email=email, name=name, password=password)


def create_member(*, project: Project, role: Role = Role.TESTER, name: str = "Tess") -> User:
    user = create_user(name=name)
    actions.add_member(project, user, role, by=None)
    return user


def create_project(*, name: str = "", by: User | None = None, **testing: object) -> Project:
    return actions.create_project(
        name=name or f"Ledger {next(_serial)}",
        by=by or create_user(name="Lena"),
        now=NOON,
        **({"repository": "https://git.example.org/ledger.git"} | testing),  # type: ignore[arg-type]
    )


def create_sprint(*, project: Project | None = None, name: str = "Sprint 1", **targets: int) -> Sprint:
    project = project or create_project()
    return actions.create_sprint(
        project, name=name, base_branch="main", by=project.created_by, now=NOON, **targets
    )


def create_track(
    *, sprint: Sprint | None = None, key: str = "A", name: str = "Data", branch: str = ""
) -> Track:
    sprint = sprint or create_sprint()
    return actions.create_track(
        sprint, key=key, name=name, branch=branch or f"branch-{key.lower()}", by=sprint.project.created_by
    )


def create_criterion(
    *,
    track: Track,
    text: str = "The page looks right",
    kind: CriterionKind = CriterionKind.MANUAL,
    weight: Weight = Weight.BLOCKING,
    definition: Mapping[str, object] | None = None,
) -> Criterion:
    return actions.create_criterion(
        track,
        text=text,
        kind=kind,
        weight=weight,
        definition=definition or (A_FILE if kind is CriterionKind.CHECK else {}),
        by=track.sprint.project.created_by,
        now=NOON,
    )


def sha(number: int | None = None) -> str:
    """A commit's name that no other call gives."""
    return f"{number or next(_serial):040x}"


def start_run(*, track: Track | None = None, at: str = "", now: datetime = NOON) -> Run:
    """A queued run of a track."""
    track = track or create_track()
    return actions.start_track_run(track, sha=at or sha(), by=track.sprint.project.created_by, now=now)


def start_baseline(*, sprint: Sprint | None = None, at: str = "", now: datetime = NOON) -> Run:
    sprint = sprint or create_sprint()
    return actions.start_baseline(sprint, sha=at or sha(), by=sprint.project.created_by, now=now)


def create_baseline(*, sprint: Sprint | None = None, at: str = "", **outcomes: object) -> Run:
    """A sprint's baseline that has ended; see ``play`` for ``outcomes``."""
    return play(start_baseline(sprint=sprint, at=at), **outcomes)  # type: ignore[arg-type]


def create_run(*, track: Track | None = None, at: str = "", **outcomes: object) -> Run:
    """A track's next iteration that has ended; see ``play`` for ``outcomes``."""
    return play(start_run(track=track, at=at), **outcomes)  # type: ignore[arg-type]


def claim(run: Run, *, number: int = 0, worker: str = "tests", now: datetime = NOON) -> actions.Claim:
    """A worker's hold on a queued shard of the run."""
    found = actions.claim(shard_of(run, number=number).pk, worker=worker, now=now)
    assert found is not None
    return found


def shard_of(run: Run, *, number: int = 0) -> Shard:
    return Shard.objects.get(run=run, number=number)


def play(
    run: Run,
    *,
    passed: int = 0,
    failed: int = 0,
    errors: int = 0,
    skipped: int = 0,
    results: Mapping[str, str] | None = None,
    message: str = "",
    markers: Mapping[str, tuple[str, ...]] | None = None,
    checks: Mapping[int, Standing] | None = None,
    ended: bool = True,
    now: datetime = NOON,
) -> Run:
    """Let a worker record these outcomes for a queued run. Tests are named ``tests/test_it.py::test_1`` …
    in the order passed, failed, errors, skipped, or as ``results`` names them. ``ended=False`` leaves it
    running; ``markers`` names the tests that bear each, ``checks`` say by their keys what came of each."""
    counts = {Outcome.PASSED: passed, Outcome.FAILED: failed, Outcome.ERROR: errors, Outcome.SKIPPED: skipped}
    numbered = count(1)
    outcomes = {
        f"tests/test_it.py::test_{next(numbered)}": each for each in counts for _ in range(counts[each])
    }
    outcomes |= {test: Outcome(outcome) for test, outcome in (results or {}).items()}
    recording = actions.Recording(claim(run, now=now), now=now)
    looked = [CheckFinished(key, each, "", "", None, "", 1.0) for key, each in (checks or {}).items()]
    for event in (*_events(outcomes, message=message, ended=ended, markers=markers or {}), *looked):
        recording.record(event, now=now)
    if ended:
        recording.finish(now=now)
    else:
        recording.record(Heartbeat(), now=now + timedelta(seconds=1))
    return Run.objects.get(pk=run.pk)


def _events(
    outcomes: Mapping[str, Outcome], *, message: str, ended: bool, markers: Mapping[str, tuple[str, ...]]
) -> list[Event]:
    broken = any(outcome in BROKEN_OUTCOMES for outcome in outcomes.values())
    events: list[Event] = [
        StageStarted(Stage.CHECKOUT),
        Prepared({"python": "3.12.1", "tier": "bubblewrap", "lock": "0" * 16, "test": "python -m pytest"}),
        StageStarted(Stage.TEST),
        SessionStarted(pytest="9.2.0", python="3.12.1"),
        Collected(tuple(outcomes)),
        *(Marked(name, tests) for name, tests in markers.items()),
        *(_finished(test, outcome, message) for test, outcome in outcomes.items()),
    ]
    if ended:
        total = len(outcomes)
        events.append(SessionFinished(exit_code=int(broken), collected=total, reported=total))
        events.append(CommandEnded(Stage.TEST, exit_code=int(broken), seconds=0.01 * total))
    return events


def _finished(test: str, outcome: Outcome, message: str) -> TestFinished:
    text = ""
    if outcome in BROKEN_OUTCOMES:
        message = message or "ValueError: no price for BTC"
        text = TRACEBACK.format(message=message)
    phase = Phase.SETUP if outcome is Outcome.ERROR else Phase.CALL
    return TestFinished(test, outcome, seconds=0.01, phase=phase, message=message, text=text)


def create_finding(
    *, track: Track | None = None, title: str = "Prices are missing", **content: Any
) -> Finding:
    """What Tess recorded; see ``actions.findings.Content`` and ``raise_finding`` for ``content``."""
    track = track or create_track()
    given = {
        name: content.pop(name)
        for name in ("signature", "criterion", "found_in", "culprit")
        if name in content
    }
    said = actions.findings.Content(title=title, **content)
    return actions.findings.raise_finding(track, said, by=track.sprint.project.created_by, now=NOON, **given)


def create_question(*, track: Track | None = None, title: str = "Which price is right?") -> Finding:
    """A question with two options."""
    options = [{"text": f"The {each}", "pros": "", "cons": ""} for each in ("first", "second")]
    return create_finding(track=track, title=title, kind=FindingKind.QUESTION, options=options)


def in_status(status: FindingStatus, *, kind: FindingKind = FindingKind.DEFECT) -> Finding:
    """A finding of that kind that was brought into that status by setting it."""
    finding = create_question() if kind is FindingKind.QUESTION else create_finding(kind=kind)
    choice = 0 if status is FindingStatus.DECIDED else None
    Finding.objects.filter(pk=finding.pk).update(status=status, choice=choice)
    finding.refresh_from_db()
    return finding
