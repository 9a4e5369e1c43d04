"""What a finding is made of in one step: an error or some tests of a run, or a criterion that does not hold.

run, signature | tests | criterion ──> Shown ──reports.finding_drafts──> Draft, for a tester to edit
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports import finding_drafts as drafts
from reports.criteria_queries import standings_of
from reports.culprits import CulpritKind
from reports.models import Diagnosis
from reports.queries import comparison, newly_broken
from reports.statuses import DiagnosisKind
from tracks import queries
from tracks.actions.findings import Content
from tracks.finding_statuses import FindingKind
from tracks.models import Criterion, Failure, FailureSignature, Run, Track
from tracks.web.runs_in_words import name

TESTS = 5_000


@dataclass(frozen=True, kw_only=True)
class Draft:
    """``content`` is a proposal; the rest is what the product knows, and stays."""

    content: Content
    signature: FailureSignature | None = None
    criterion: Criterion | None = None
    found_in: Run | None = None
    culprit: str = ""


EMPTY = Draft(content=Content(title=""))


def draft_of(
    track: Track, run: Run, *, digest: str, tests: Sequence[int], criterion: Criterion | None
) -> Draft:
    """``run`` is one of the track, ``digest`` that of an error of its, ``tests`` are numbers."""
    wanted = queries.numbers_with_error((run,), digest).tolist() if digest else tests
    names = queries.node_ids(run.project, wanted[:TESTS])
    numbers = sorted(names)
    broken = Failure.objects.filter(run=run, test__number__in=numbers).order_by("test__number")
    failing = list(broken.values_list("test__number", flat=True))
    errors = list(FailureSignature.objects.filter(pk__in=broken.order_by().values("signature"))[:2])
    error = errors[0] if len(errors) == 1 else None
    culprit, of_culprit = _culprit(track, run, failing)
    standings = {each.criterion: each for each in standings_of(run)} if criterion else {}
    result = standings.get(criterion.pk) if criterion else None
    shown = replace(
        _shown(track, run, failing, error),
        tests=[names[number] for number in failing or numbers],
        culprit=of_culprit,
        criterion=criterion.text if criterion else "",
        said=result.sentence if result else "",
        output=result.output if result else "",
    )
    return Draft(
        content=Content(
            title=drafts.title(shown),
            kind=_kind(shown),
            evidence=drafts.evidence(shown),
            root_cause=drafts.root_cause(shown),
            files=drafts.own_files(shown.text),
            tests=numbers,
        ),
        signature=error,
        criterion=criterion,
        found_in=queries.first_with(track, signature=error, tests=failing) or run,
        culprit=culprit,
    )


def _shown(track: Track, run: Run, failing: Sequence[int], error: FailureSignature | None) -> drafts.Shown:
    """What the run showed of the tests that failed in it."""
    example = queries.failure_of(run, failing[0]) if failing else None
    compared = comparison(track.sprint.baseline, run) if failing else None
    newly = set(newly_broken(compared)) & set(failing) if compared else ()
    return drafts.Shown(
        run=f"run {run.pk} ({name(run)})",
        sha=run.sha,
        count=len(failing),
        newly=len(newly),
        error=error.title if error else "",
        chain=[step["said"] for step in error.chain] if error else (),
        text=example.text.text if example else "",
    )


def _kind(shown: drafts.Shown) -> FindingKind:
    if shown.newly:
        return FindingKind.REGRESSION
    return FindingKind.INCOMPLETE if shown.criterion else FindingKind.DEFECT


def _culprit(track: Track, run: Run, numbers: Sequence[int]) -> tuple[str, str]:
    """The commit that a search found for all of the tests, and the sentence on it; empty without one."""
    searched = Diagnosis.objects.filter(head=run, base=track.sprint.baseline_id, kind=DiagnosisKind.CULPRIT)
    latest = searched.exclude(verdicts=[]).first()
    verdicts = [each for each in latest.verdicts if each["test"] in set(numbers)] if latest else []
    found = {tuple(each.get("commits", ())) for each in verdicts if each["kind"] == CulpritKind.COMMIT}
    if len(found) != 1 or len(verdicts) < len(numbers):
        return "", ""
    sha = found.pop()[0]
    subject = next((each["subject"] for each in run.commits if each["sha"] == sha), "")
    about = f", {drafts.code(subject)}" if subject else ""
    return sha, f"The first commit at which they fail is `{sha}`{about}."
