"""What testers recorded on a sprint's tracks.

findings ── affected tests, answers ──> Findings ── numbers ──> names ──told──> FindingTold, with its attempts
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from reports.summary.facts import LISTED, AnswerTold, FindingTold
from reports.summary_queries.attempts import Retest, attempts_told, retests_of
from reports.summary_queries.names import first_named
from reports.summary_queries.questions import answers_to
from reports.verifying import affected_tests_of
from tracks.finding_statuses import FindingKind, FindingStatus, Severity
from tracks.models import Attachment, Claim, Finding, Run, Sprint

FILES = 50
"""So many files of a finding are named."""


@dataclass(frozen=True)
class Findings:
    """All of a sprint, by track and number; ``tests`` are the affected ones, by the finding's primary key, as
    ``retests`` and ``answers`` are."""

    rows: Sequence[Finding]
    tests: Mapping[int, list[int]]
    retests: Mapping[int, list[Retest]]
    answers: Mapping[int, AnswerTold]

    @property
    def numbers(self) -> Iterator[int]:
        for tests in self.tests.values():
            yield from tests[:LISTED]
        for retests in self.retests.values():
            yield from (each["test"] for retest in retests for each in retest.tests)

    @cached_property
    def by_error(self) -> dict[tuple[int, str], list[str]]:
        """Their names, by their track's primary key and their error's digest; withdrawn ones are not."""
        found: dict[tuple[int, str], list[str]] = defaultdict(list)
        for row in self.rows:
            if row.signature and row.status != FindingStatus.WITHDRAWN:
                found[row.track_id, row.signature.digest].append(str(row))
        return found

    @cached_property
    def files(self) -> dict[int, frozenset[str]]:
        """The paths that the findings of each track name, by its primary key."""
        found: dict[int, set[str]] = defaultdict(set)
        for row in self.rows:
            found[row.track_id].update(_paths(row))
        return {track: frozenset(paths) for track, paths in found.items()}

    def told(self, track: int, names: Mapping[int, str]) -> tuple[FindingTold, ...]:
        return tuple(
            _finding(row, self.tests[row.pk], self.retests.get(row.pk, []), self.answers.get(row.pk), names)
            for row in self.rows
            if row.track_id == track
        )


def findings_of(sprint: Sprint) -> Findings:
    retests = Prefetch("run", Run.objects.only("iteration"))
    claims = Claim.objects.filter(withdrawn_at=None).select_related("by").order_by("pk")
    rows = Finding.objects.filter(track__sprint=sprint).defer("search")
    rows = rows.select_related("track", "signature", "assignee").order_by("track__key", "number")
    rows = rows.prefetch_related(
        Prefetch("claims", claims.prefetch_related(retests)),
        "rulings__by",
        Prefetch("attachments", Attachment.objects.defer("content").order_by("pk")),
    )
    found = list(rows)
    return Findings(found, affected_tests_of(found), retests_of(sprint), answers_to(found))


def _finding(
    row: Finding,
    tests: Sequence[int],
    retests: Sequence[Retest],
    answer: AnswerTold | None,
    names: Mapping[int, str],
) -> FindingTold:
    return FindingTold(
        finding=row.pk,
        track=row.track.key,
        name=str(row),
        title=row.title,
        kind=FindingKind(row.kind),
        severity=Severity(row.severity),
        status=FindingStatus(row.status),
        evidence=row.evidence,
        root_cause=row.root_cause,
        recommended_fix=row.recommended_fix,
        impact=row.impact,
        files=tuple(_paths(row)[:FILES]),
        tests=len(tests),
        first=first_named(tests, names),
        effort=row.effort_hours,
        assignee=str(row.assignee or ""),
        culprit=row.culprit,
        attempts=attempts_told(row, retests, names),
        options=tuple((each["text"], each["pros"], each["cons"]) for each in row.options),
        answer=answer,
        attachments=tuple(each.name for each in row.attachments.all()),
        files_total=len(row.files),
    )


def _paths(row: Finding) -> list[str]:
    return [each["path"] for each in row.files]
