"""Saying of each finding what a retest showed of it.

a track run ends ──> one verification a finding ──> its tests all passed? ──> repetitions ──> verdict
                                                                         └──────────────────> verdict

A verification advances under its row's lock, when no repetition of it goes on. Whoever dies in between
leaves nothing but one that can advance, and ``verify_due`` and ``advance_verifications`` see to that. One
that was judged without git's word goes on when git was asked at last.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from reports import verifying
from reports.actions.comparisons import kept_comparison
from reports.actions.criteria import judge_run
from reports.models import Verification
from reports.statuses import Progress
from reports.verification import Verdict, judge, missing_repetitions
from reports.verifying import Shown
from tracks import actions
from tracks import queries as facts
from tracks.apart import each_apart
from tracks.finding_statuses import FindingStatus
from tracks.models import Finding, Run, Sprint
from tracks.models.run import ACTIVE
from tracks.statuses import NoticeKind, RunKind

DUE_WITHIN = timedelta(days=1)
"""What nobody came to verify within so long after a retest had ended is left alone."""


def verify_due(sprint: Sprint | None = None, *, now: datetime) -> None:
    """Say what retests showed of the findings of which nobody has said it yet, of one sprint or of all."""
    due = verifying.to_verify(sprint, since=now - DUE_WITHIN)
    steps = (partial(_verify, finding, run, now=now) for finding, run in due)
    each_apart(steps, failed="what a retest showed of a finding could not be said")


def advance_verifications(*, now: datetime) -> None:
    """Take the steps that whoever ended the last repetition of a verification did not come to."""
    going = Verification.objects.filter(state=Progress.GOING).exclude(repeats__state__in=ACTIVE)
    keys = going.values_list("pk", flat=True)
    steps = (partial(advance_verification, key, now=now) for key in keys)
    each_apart(steps, failed="a verification cannot go on")


def advance_verification(key: int, *, now: datetime) -> None:
    """Start the repetitions that are missing, or say the verdict, if no repetition goes on."""
    related = ("finding__found_in__project", "finding__track__sprint", "run__project", "run__sprint")
    _prepare(Verification.objects.select_related(*related).get(pk=key))
    with transaction.atomic():
        found = Verification.objects.select_for_update(of=("self",)).select_related(*related).get(pk=key)
        if not found.is_going or found.repeats.filter(state__in=ACTIVE).exists():
            return
        shown = verifying.shown_of(found)
        missing = missing_repetitions(shown.evidence)
        told = found.kind if found.ended_at else ""
        _note(found, shown, judge(shown.evidence))
        if missing:
            _repeat(found, missing, now=now)
        else:
            found.state, found.ended_at = Progress.DONE, now
            if found.kind != told:
                _tell(found, now=now)
        found.save()


def _tell(verification: Verification, *, now: datetime) -> None:
    """Let those who recorded and who claimed a finding know what the retest of the claim shows, and that what
    was verified comes back."""
    finding, claim = verification.finding, verifying.claim_on(verification.finding)
    is_answer = (
        finding.status == FindingStatus.CLAIMED and claim is not None and claim.sha == verification.run.sha
    )
    if not (is_answer or verifying.comes_back(verification)):
        return
    actions.tell(
        NoticeKind.VERIFIED,
        [person for person in (finding.raised_by, claim.by if claim else None) if person],
        f"{finding} {finding.title}: {'the' if is_answer else 'it was verified, and a'} retest shows "
        f"{verification.kind}.",
        track=finding.track,
        finding=finding,
        now=now,
    )


def _verify(finding: Finding, run: Run, *, now: datetime) -> None:
    wanted = {"repetitions": verifying.repetitions_for(finding, run), "begun_at": now}
    found, _ = Verification.objects.get_or_create(finding=finding, run=run, defaults=wanted)
    advance_verification(found.pk, now=now)


def _prepare(verification: Verification) -> None:
    """What takes long is done before anything is locked: errors are told apart by one scheme only, git says
    which tests the branch edited since the finding, and its criterion is judged."""
    finding, run = verification.finding, verification.run
    repeats = verification.repeats.select_related("project")
    actions.resign(run, *verifying.earlier_runs(finding, run), *verifying.other_runs(run), *repeats)
    if before := verifying.run_before(finding, run):
        kept_comparison(before, run)
    if finding.criterion_id:
        judge_run(run.pk)


def _note(verification: Verification, shown: Shown, verdict: Verdict) -> None:
    verification.kind, verification.sentence = verdict.kind, verdict.sentence
    verification.tests = [
        {
            "test": each.test,
            "before": each.before.outcome if each.before else "",
            "before_run": shown.before_runs.get(each.test),
            "after": [run.outcome for run in each.tries],
            "showing": verdict.showings[each.test],
            "edited": each.edited,
            "reason": each.reason,
        }
        for each in shown.evidence.tests
    ]


def _repeat(verification: Verification, times: int, *, now: datetime) -> None:
    run = verification.run
    names = facts.node_ids(run.project, [each["test"] for each in verification.tests])
    for _ in range(times):
        repeat = actions.start_again(
            run,
            kind=RunKind.SELECTION,
            sha=run.sha,
            tests=list(names.values()),
            fresh=len(names) <= actions.MAX_FRESH,
            by=None,
            now=now,
        )
        verification.repeats.add(repeat)
