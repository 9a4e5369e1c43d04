"""A verification as the pure module eats it.

finding, retest ──> the affected tests ── in the run where each was last seen broken ──> before
                                       ── in the retest and its repetitions           ──> tries
                                       ── in other runs of the retest's commit         ──> others
run that showed it first .. retest ── stored comparison ──> edited, vanished
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from reports.criteria_queries import standings_of_runs
from reports.diagnoses import tries_of
from reports.facts import Try
from reports.models import Comparison, Verification
from reports.queries import comparison
from reports.statuses import VerdictKind
from reports.verification import FLAKY_REPETITIONS, Affected, Evidence, shows_fixed
from tracks.finding_statuses import FAULT_KINDS, TO_MEND, FindingStatus
from tracks.models import Claim, Failure, Finding, Run, Sprint
from tracks.statuses import RunKind, RunState, Standing

EDITED = {"own": "its own code", "fixtures": "its fixtures or helpers"}
"""What of a test the branch may have changed, so that its passing proves nothing."""
NEVER_ASKED = "git was not asked"
NOT_COMPARED = "there is no run from before it to compare this one with"


def to_verify(sprint: Sprint | None, *, since: datetime) -> list[tuple[Finding, Run]]:
    """Each track run that has ended since then, with each finding that it can show something of and has no
    verification yet; of one sprint or of all."""
    runs = Run.objects.filter(kind=RunKind.TRACK, ended_at__gte=since)
    runs = runs.filter(sprint=sprint) if sprint else runs
    due = _shown_by(OuterRef("track"), OuterRef("queued_at"), OuterRef("pk"))
    done = Verification.objects.filter(run=OuterRef(OuterRef("pk")), finding=OuterRef("pk"))
    found = []
    for run in runs.filter(Exists(due.exclude(Exists(done)))).select_related("project").order_by("pk"):
        shown = _shown_by(run.track_id, run.queued_at, run.pk).exclude(verifications__run=run)
        found += [(finding, run) for finding in shown.select_related("found_in")]
    return found


def _shown_by(track: Any, queued_at: Any, run: Any) -> QuerySet[Finding]:
    """The findings that are to be mended, or could come back, and were there before the run was asked for, or
    claimed for it while it went on."""
    statuses = [*TO_MEND, FindingStatus.VERIFIED]
    findings = Finding.objects.filter(track=track, kind__in=FAULT_KINDS, status__in=statuses)
    findings = findings.filter(Q(raised_at__lte=queued_at) | Q(claims__run=run)).distinct()
    return findings.filter(Q(found_in=None) | Q(found_in__lt=run))


def repetitions_for(finding: Finding, run: Run) -> int:
    """How often the finding's tests must pass at the retest's commit: once where it was verified before."""
    if finding.status == FindingStatus.VERIFIED:
        return 1
    wanted = run.project.repetitions
    return max(wanted, FLAKY_REPETITIONS) if finding.flaky else wanted


def affected_tests(finding: Finding) -> list[int]:
    """The numbers of its tests; where none is named, those that broke by its error where it was found."""
    return affected_tests_of([finding])[finding.pk]


def affected_tests_of(findings: Collection[Finding]) -> dict[int, list[int]]:
    """The same of several findings, by their primary keys, in one query at most."""
    found = {each.pk: list(each.tests) for each in findings}
    unnamed = [each for each in findings if not each.tests and each.signature_id and each.found_in_id]
    if not unnamed:
        return found
    failures = Failure.objects.filter(
        run__in={each.found_in_id for each in unnamed}, signature__in={each.signature_id for each in unnamed}
    )
    broken: dict[tuple[int | None, int | None], list[int]] = {}
    for run, signature, test in failures.order_by("test__number").values_list(
        "run", "signature", "test__number"
    ):
        broken.setdefault((run, signature), []).append(test)
    return found | {each.pk: broken.get((each.found_in_id, each.signature_id), []) for each in unnamed}


def earlier_runs(finding: Finding, run: Run) -> list[Run]:
    """Where its tests may have been seen broken: where it was found, then the iteration before the run."""
    before = Run.objects.filter(
        track=run.track_id, kind=RunKind.TRACK, iteration__lt=run.iteration, ended_at__isnull=False
    )
    previous = before.select_related("project").order_by("-iteration").first()
    found_in = finding.found_in if finding.found_in and not finding.found_in.is_active else None
    return list({each.pk: each for each in (found_in, previous) if each}.values())


def run_before(finding: Finding, run: Run) -> Run | None:
    """Since which run an edit of the finding's tests counts: where it was found, else the last iteration
    before it was recorded, else the baseline."""
    if finding.found_in:
        return None if finding.found_in.is_active else finding.found_in
    ended = Run.objects.filter(ended_at__isnull=False).select_related("project")
    iterations = ended.filter(track=run.track_id, kind=RunKind.TRACK, pk__lt=run.pk)
    recorded = iterations.filter(ended_at__lte=finding.raised_at).order_by("-iteration")
    baseline = Sprint.objects.filter(tracks=run.track_id).values("baseline")
    return recorded.first() or ended.filter(pk__in=baseline).first()


def other_runs(run: Run) -> list[Run]:
    """The track's earlier iterations of the same commit."""
    same = Run.objects.filter(track=run.track_id, kind=RunKind.TRACK, sha=run.sha, state=RunState.FINISHED)
    return list(same.filter(iteration__lt=run.iteration).select_related("project").order_by("pk"))


@dataclass(frozen=True)
class Shown:
    """``before_runs`` names, by test, the run of which ``before`` tells."""

    evidence: Evidence
    before_runs: dict[int, int]


def shown_of(verification: Verification) -> Shown:
    """All that is known of the finding; the runs must be signed alike."""
    finding, run = verification.finding, verification.run
    tests = affected_tests(finding)
    repeats = verification.repeats.filter(ended_at__isnull=False).order_by("pk")
    tries = [tries_of(each, tests) for each in (run, *repeats)]
    before = _seen_broken(earlier_runs(finding, run), now=tries[0])
    others = [tries_of(each, tests) for each in other_runs(run)]
    compared = comparison(run_before(finding, run), run)
    edited = _edited(compared, tests)
    reasons = compared.vanished if compared else {}
    evidence = Evidence(
        state=RunState(run.state),
        tests=tuple(
            Affected(
                test=test,
                before=before[test][1] if test in before else None,
                tries=tuple(each[test] for each in tries),
                edited=edited.get(test, ""),
                reason=reasons.get(str(test), ""),
                others=tuple(each[test] for each in others),
            )
            for test in tests
        ),
        needed=verification.repetitions,
        criterion=_standing(finding, run),
        unread=_unread(compared),
    )
    return Shown(evidence, {test: key for test, (key, _) in before.items()})


def _seen_broken(runs: Iterable[Run], *, now: Mapping[int, Try]) -> dict[int, tuple[int, Try]]:
    """The run in which each test broke, and how: the first of these, or one in which it broke by the error by
    which it breaks ``now``."""
    found: dict[int, tuple[int, Try]] = {}
    for run in runs:
        for test, result in tries_of(run, now.keys()).items():
            if result.is_broken and (test not in found or result.signature == now[test].signature):
                found[test] = (run.pk, result)
    return found


def _edited(compared: Comparison | None, tests: Collection[int]) -> dict[int, str]:
    if compared is None:
        return {}
    touched = {test: words for name, words in EDITED.items() for test in compared.touched.get(name, ())}
    return {test: touched[test] for test in tests if test in touched}


def _unread(compared: Comparison | None) -> str:
    if compared is None:
        return NOT_COMPARED
    return "" if compared.edits is not None else compared.unread or NEVER_ASKED


def _standing(finding: Finding, run: Run) -> Standing | None:
    """What the run showed of the criterion for which the finding was recorded."""
    if finding.criterion_id is None:
        return None
    shown = {each.criterion: each.standing for each in standings_of_runs([run], with_output=False)[run.pk]}
    return shown.get(finding.criterion_id, Standing.UNKNOWN)


def comes_back(verification: Verification) -> bool:
    """Whether what a tester took for fixed in an earlier run is broken in this one."""
    finding = verification.finding
    if finding.status != FindingStatus.VERIFIED or shows_fixed(VerdictKind(verification.kind)) is not False:
        return False
    return all(each.run_id < verification.run_id for each in finding.rulings.all() if each.fixed)


def claim_on(finding: Finding) -> Claim | None:
    """The latest word that it is fixed, unless that was withdrawn."""
    standing = [each for each in finding.claims.all() if each.withdrawn_at is None]
    return standing[-1] if standing else None
