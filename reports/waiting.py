"""What waits for a person in a sprint, by what their role permits.

triage   errors of the tracks' latest runs that neither the baseline nor a finding of the track has
retest   tracks with new commits, and claims of which no retest has said anything
confirm  what a retest of the claimed commit showed of claimed findings; open ones that the latest run showed
         to be fixed, and verified ones that it showed to be broken
claim    open findings that are assigned to the person, or to nobody on a track of theirs
decide   open questions
approve  tracks of whose latest run nobody has decided, and on which something can be said
follow   conditions of approvals that are not met and fall due; also for who owns one
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from reports.models import Comparison, Condition, Verification
from reports.queries import Cause
from reports.statuses import Progress, VerdictKind
from reports.stored_cascades import unpack
from reports.verification import shows_fixed
from tracks import queries
from tracks.finding_statuses import FAULT_KINDS, TO_MEND, FindingKind, FindingStatus
from tracks.models import Claim, Finding, Ruling, Run, Sprint, Track, User
from tracks.models.run import ACTIVE
from tracks.permissions import ROLES, Permission
from tracks.statuses import Role

BROKEN = [kind for kind in VerdictKind if shows_fixed(kind) is False]


class WaitsFor(StrEnum):
    """What the person is to do."""

    TRIAGE = "triage"
    RETEST = "retest"
    CONFIRM = "confirm"
    CLAIM = "claim"
    DECIDE = "decide"
    APPROVE = "approve"
    FOLLOW = "follow"


@dataclass(frozen=True)
class Item:
    """One thing to do: on a finding or a condition, or ``count`` of them on a track."""

    track: Track
    finding: Finding | None = None
    count: int = 1
    condition: Condition | None = None


@dataclass(frozen=True)
class Situation:
    """What the board has read already: the tracks' latest runs that have ended, by track, the errors of these
    and of the baseline, the tracks that have new commits, those that the user could decide on now, and the
    conditions that fall due soon."""

    sprint: Sprint
    tracks: Sequence[Track]
    latest: Mapping[int, Run]
    causes: Iterable[Cause]
    fresh: Collection[int]
    undecided: Collection[int] = ()
    due: Sequence[Condition] = ()


def waiting_for(user: User, role: Role | None, now: Situation) -> dict[WaitsFor, list[Item]]:
    """What waits for the user; nothing of what their role does not permit."""

    def may(permission: Permission) -> bool:
        return role in ROLES[permission]

    findings = list(_findings(now.sprint))
    found: dict[WaitsFor, list[Item]] = {}
    if may(Permission.TRIAGE):
        found[WaitsFor.TRIAGE] = list(_to_triage(now))
        claims = _claims(now.sprint)
        answered = _answered(claims)
        found[WaitsFor.RETEST] = _to_retest(now, claims, answered)
        found[WaitsFor.CONFIRM] = _to_confirm(now, findings, answered)
    if may(Permission.CLAIM):
        found[WaitsFor.CLAIM] = _to_claim(user, now, findings)
    if may(Permission.DECIDE):
        questions = (each for each in findings if each.kind == FindingKind.QUESTION)
        found[WaitsFor.DECIDE] = _items(now, (q for q in questions if q.status == FindingStatus.OPEN))
        found[WaitsFor.APPROVE] = [Item(track) for track in now.tracks if track.pk in now.undecided]
    found[WaitsFor.FOLLOW] = _to_follow(user, now, all_of_them=may(Permission.DECIDE))
    return {what: items for what, items in found.items() if items}


def _findings(sprint: Sprint) -> QuerySet[Finding]:
    """Those of the sprint that may wait for somebody, worst first, without their texts and tests; what was
    verified may come back."""
    wait = [*sorted(TO_MEND), FindingStatus.VERIFIED]
    found = Finding.objects.filter(track__sprint=sprint, status__in=wait)
    found = found.only("track", "number", "title", "kind", "severity", "status", "assignee")
    return found.order_by(queries.BY_SEVERITY, "track__key", "number")


def _to_triage(now: Situation) -> Iterator[Item]:
    at_baseline = {cause.signature for cause in now.causes if cause.run == now.sprint.baseline_id}
    track_of = {run.pk: track for track, run in now.latest.items()}
    followers = _followers(now)
    new = [
        cause
        for cause in now.causes
        if cause.run in track_of
        and cause.signature not in at_baseline
        and cause.example not in followers.get(cause.run, ())
    ]
    recorded = _recorded(now.sprint, new)
    unknown = Counter(track_of[each.run] for each in new if not recorded & _marks(track_of[each.run], each))
    yield from (Item(track, count=unknown[track.pk]) for track in now.tracks if unknown[track.pk])


def _marks(track: int, cause: Cause) -> set[tuple[int, str | int]]:
    """By what a finding of the track would have the cause: its error, or its first test."""
    return {(track, cause.signature), (track, cause.example)}


def _recorded(sprint: Sprint, causes: Collection[Cause]) -> set[tuple[int, str | int]]:
    """The errors and tests of these causes that findings of the sprint have, whatever became of them, each
    with its track."""
    findings = Finding.objects.filter(track__sprint=sprint).order_by()
    errors = findings.filter(signature__digest__in={cause.signature for cause in causes})
    examples = {cause.example for cause in causes}
    tested = findings.filter(tests__overlap=sorted(examples)).values_list("track", "tests")
    return {
        *errors.values_list("track", "signature__digest"),
        *((track, test) for track, tests in tested for test in examples.intersection(tests)),
    }


def _followers(now: Situation) -> dict[int, set[int]]:
    """The tests of each run that are broken only because another is, by the run's primary key."""
    runs = [run.pk for run in now.latest.values()]
    rows = Comparison.objects.filter(base=now.sprint.baseline_id, head__in=runs, cascades__isnull=False)
    return {
        head: {test for each in unpack(kept or []) for test in each.cascade.followers}
        for head, kept in rows.values_list("head_id", "cascades")
    }


def _to_retest(now: Situation, claims: Mapping[int, str], answered: Collection[int]) -> list[Item]:
    tested = Run.objects.filter(track__sprint=now.sprint, state__in=ACTIVE).values_list("track", flat=True)
    unanswered = Finding.objects.filter(pk__in=claims.keys() - set(answered))
    left = unanswered.exclude(track__in=tested).exclude(verifications__state=Progress.GOING)
    waiting = {*now.fresh, *left.values_list("track", flat=True)}
    return [Item(track) for track in now.tracks if track.pk in waiting]


def _claims(sprint: Sprint) -> dict[int, str]:
    """The commit at which each claimed finding is said to be fixed, by the finding's primary key."""
    claims = Claim.objects.filter(
        track__sprint=sprint, withdrawn_at=None, findings__status=FindingStatus.CLAIMED
    )
    return dict(claims.order_by("pk").values_list("findings", "sha"))


def _answered(claims: Mapping[int, str]) -> set[int]:
    """The claimed findings of which a retest of the claimed commit says something."""
    shown = _not_ruled_on().filter(finding__in=claims.keys())
    return {finding for finding, sha in shown.values_list("finding", "run__sha") if claims[finding] == sha}


def _not_ruled_on() -> QuerySet[Verification]:
    ruled = Ruling.objects.filter(finding=OuterRef("finding"), run=OuterRef("run"))
    said = Verification.objects.filter(~Exists(ruled), state=Progress.DONE)
    return said.exclude(kind=VerdictKind.NONE)


def _to_confirm(now: Situation, findings: Sequence[Finding], answered: Collection[int]) -> list[Item]:
    fixed = Q(finding__status=FindingStatus.OPEN, kind=VerdictKind.VERIFIED)
    broken = Q(finding__status=FindingStatus.VERIFIED, kind__in=BROKEN)
    shown = _not_ruled_on().filter(fixed | broken, run__in=list(now.latest.values()))
    waiting = {*answered, *shown.values_list("finding", flat=True)}
    return _items(now, (each for each in findings if each.pk in waiting))


def _to_claim(user: User, now: Situation, findings: Sequence[Finding]) -> list[Item]:
    mine = {track.pk for track in now.tracks if track.owner_id == user.pk}
    return _items(
        now,
        (
            each
            for each in findings
            if each.kind in FAULT_KINDS
            and each.status == FindingStatus.OPEN
            and (each.assignee_id == user.pk or (each.assignee_id is None and each.track_id in mine))
        ),
    )


def _to_follow(user: User, now: Situation, *, all_of_them: bool) -> list[Item]:
    tracks = {track.pk: track for track in now.tracks}
    mine = (each for each in now.due if all_of_them or each.owner_id == user.pk)
    return [Item(tracks[each.decision.track_id], condition=each) for each in mine]


def _items(now: Situation, findings: Iterable[Finding]) -> list[Item]:
    tracks = {track.pk: track for track in now.tracks}
    return [Item(tracks[each.track_id], each) for each in findings]
