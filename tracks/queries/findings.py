"""Reads of findings: lists, one with all that was said of it, and what may be the same.

Wanted(track="A", text="seed data") ──findings_of──> the findings of a project that are asked for
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from tracks.finding_statuses import FAULT_KINDS, TO_MEND, FindingStatus, Severity
from tracks.models import AuditEntry, Claim, Failure, FailureSignature, Finding, Project, Run, Track, User
from tracks.models.findings import TEXTS
from tracks.queries.projects import BLOBS

BY_SEVERITY = Case(
    *(When(severity=each, then=Value(place)) for place, each in enumerate(Severity)),
    output_field=IntegerField(),
)
"""0 is the worst."""
NOBODY = "nobody"
UNSOLVED = "to mend"
"""Stands for the statuses of TO_MEND."""
FAULTS = "faults"
"""Stands for the kinds of FAULT_KINDS."""
UNESTIMATED = "none"
"""Stands for no effort."""
MOST_COMPARED = 500
"""So many findings of a track are looked through for one that may be the same."""
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9]{0,7})-(\d{1,9})")


@dataclass(frozen=True)
class Wanted:
    """What narrows a list of findings; empty parts do not. ``kind`` is a kind or FAULTS, ``status`` a status
    or UNSOLVED, ``effort`` UNESTIMATED, ``assignee`` a primary key or NOBODY."""

    sprint: str = ""
    track: str = ""
    branch: str = ""
    assignee: str = ""
    kind: str = ""
    severity: str = ""
    status: str = ""
    effort: str = ""
    text: str = ""


def findings_of(project: Project, wanted: Wanted) -> QuerySet[Finding]:
    """The project's findings that satisfy every part, with their tracks, in no particular order."""
    found = _with_places(Finding.objects.filter(track__sprint__project=project))
    parts = {
        "track__sprint__slug": wanted.sprint,
        "track__key": wanted.track,
        "track__branch": wanted.branch,
        "kind": "" if wanted.kind == FAULTS else wanted.kind,
        "severity": wanted.severity,
    }
    found = found.filter(**{name: value for name, value in parts.items() if value})
    if wanted.kind == FAULTS:
        found = found.filter(kind__in=sorted(FAULT_KINDS))
    if wanted.status == UNSOLVED:
        found = found.filter(status__in=sorted(TO_MEND))
    elif wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.effort == UNESTIMATED:
        found = found.filter(effort_hours=None)
    if wanted.assignee:
        found = found.filter(assignee=None if wanted.assignee == NOBODY else int(wanted.assignee))
    return found.filter(_holds(wanted.text)) if wanted.text else found


def findings_to_mend(user: User) -> QuerySet[Finding]:
    """What is assigned to the user in projects that they may see, worst first."""
    mine = Finding.objects.filter(assignee=user, status__in=sorted(TO_MEND))
    mine = mine.filter(track__sprint__project__memberships__user=user)
    return _with_places(mine).order_by(BY_SEVERITY, "track", "number")


def findings_on_branch(project: Project, branch: str) -> QuerySet[Finding]:
    """What is to be mended on the tracks of that branch, worst first, with what was tried: claims, retests
    and rulings."""
    found = Finding.objects.filter(
        track__sprint__project=project, track__branch=branch, status__in=sorted(TO_MEND)
    )
    retests = Prefetch("claims__run", Run.objects.defer(*BLOBS))
    found = _with_places(found).select_related("criterion", "track__sprint__project", "assignee")
    found = found.prefetch_related("claims__by", retests, "rulings__by")
    return found.order_by(BY_SEVERITY, "track", "number")


def tracks_of_branch(project: Project, branch: str) -> list[Track]:
    """The tracks that work on the branch, those of the newest sprint first."""
    tracks = Track.objects.filter(sprint__project=project, branch=branch)
    return list(tracks.select_related("sprint__project", "owner").order_by("-sprint__created_at", "key"))


def open_by_severity(track: Track) -> dict[str, int]:
    """How many findings of the track are to be mended, by severity, worst first."""
    rows = Finding.objects.filter(track=track, status__in=sorted(TO_MEND)).order_by()
    counts = dict(rows.values_list("severity").annotate(findings=Count("pk")))
    return {each.value: counts[each] for each in Severity if each in counts}


def history_of(finding: Finding) -> list[AuditEntry]:
    """Everything that was done to the finding, oldest first."""
    entries = AuditEntry.objects.filter(subject=f"finding:{finding.pk}")
    return list(entries.order_by("id"))


def histories_of(findings: Iterable[Finding], *, actions: Collection[str]) -> dict[int, list[AuditEntry]]:
    """What was done to each of the findings, by its primary key, oldest first; of those actions only."""
    keys = {f"finding:{each.pk}": each.pk for each in findings}
    found: dict[int, list[AuditEntry]] = {key: [] for key in keys.values()}
    for entry in AuditEntry.objects.filter(subject__in=keys, action__in=actions).order_by("id"):
        found[keys[entry.subject]].append(entry)
    return found


def claims_of(finding: Finding) -> list[Claim]:
    """Oldest first, with their retests."""
    blobs = [f"run__{blob}" for blob in BLOBS]
    return list(finding.claims.select_related("run", "by").defer(*blobs).order_by("id"))


def maybe_same(track: Track, *, signature: FailureSignature | None, tests: Collection[int]) -> list[Finding]:
    """Findings of the track, not withdrawn, with that error or with more than half of those tests."""
    others = Finding.objects.filter(track=track).exclude(status=FindingStatus.WITHDRAWN)
    alike = Q(tests__overlap=sorted(tests)) if tests else Q(pk=None)
    if signature:
        alike |= Q(signature=signature)
    found = others.filter(alike).defer("search", *TEXTS).order_by("-number")[:MOST_COMPARED]
    return [
        each
        for each in found
        if (signature and each.signature_id == signature.pk) or _share(each.tests, tests) > 0.5
    ]


def findings_by_error(track: Track, digests: Iterable[str]) -> dict[str, list[Finding]]:
    """The track's findings of each of these errors, by the error's digest, oldest first."""
    found = Finding.objects.filter(track=track, signature__digest__in=list(digests))
    by_error: dict[str, list[Finding]] = {}
    for each in found.select_related("signature").defer("search", *TEXTS).order_by("number"):
        if each.signature:
            by_error.setdefault(each.signature.digest, []).append(each)
    return by_error


def first_with(track: Track, *, signature: FailureSignature | None, tests: Sequence[int]) -> Run | None:
    """The track's first run that showed the error; without an error, one of the tests broken."""
    runs = Run.objects.filter(track=track, iteration__isnull=False).order_by("iteration")
    broken = Failure.objects.filter(run=OuterRef("pk"))
    broken = broken.filter(signature=signature) if signature else broken.filter(test__number__in=tests)
    return runs.filter(Exists(broken)).defer(*BLOBS).first()


def _with_places(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    return findings.select_related("track__sprint__project", "assignee").defer("search")


def _holds(text: str) -> Q:
    """By words of its texts, a part of its title, or its name (A-2)."""
    holds = Q(search=SearchQuery(text, search_type="websearch", config="english"))
    holds |= Q(title__icontains=text)
    if named := _NAME.fullmatch(text):
        holds |= Q(track__key=named[1].upper(), number=int(named[2]))
    return holds


def _share(mine: Sequence[int], others: Collection[int]) -> float:
    """How much of the others are mine."""
    return len(set(mine) & set(others)) / len(others) if others else 0.0
