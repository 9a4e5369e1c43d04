"""One finding: what was recorded, what became of its tests, what was tried and what people said."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reports.models import Verification
from reports.web.findings.attempts import attempts_of
from reports.web.findings.history import history_in_words
from reports.web.findings.places import address, find
from reports.web.findings.tests_now import tests_now
from tracks import actions, queries
from tracks.actions.attachments import BYTES
from tracks.errors import InvalidInput, QAError
from tracks.finding_statuses import FAULT_KINDS, FindingKind, FindingStatus
from tracks.models import Claim, Comment, Finding
from tracks.permissions import Permission
from tracks.web import hosting
from tracks.web.access import ProjectRequest, in_project
from tracks.web.errors import status_of_form

TESTS = 200
"""How many of its tests the page names."""
TITLES = {
    "evidence": "Evidence",
    "root_cause": "Root cause",
    "recommended_fix": "Recommended fix",
    "impact": "Impact",
}


@in_project(Permission.READ)
@require_safe
def finding(request: ProjectRequest, sprint: str, key: str, number: int) -> HttpResponse:
    return show(request, find(request, sprint, key, number))


@require_POST
@in_project(Permission.TRIAGE)
def set_status(request: ProjectRequest, sprint: str, key: str, number: int) -> HttpResponse:
    found = find(request, sprint, key, number)
    wanted = request.POST.get("status", "")
    if wanted not in set(FindingStatus):
        raise InvalidInput("There is no such status.", field="status")

    def act() -> None:
        note = request.POST.get("note", "")
        actions.findings.set_status(
            [found], FindingStatus(wanted), note=note, by=request.user, now=timezone.now()
        )

    return answer(request, found, act, f"{found} is {wanted} now.")


@require_POST
@in_project(Permission.DECIDE)
def decide(request: ProjectRequest, sprint: str, key: str, number: int) -> HttpResponse:
    found = find(request, sprint, key, number)
    choice = request.POST.get("choice", "")

    def act() -> None:
        actions.findings.decide_question(
            found,
            choice=int(choice) if choice in map(str, range(len(found.options))) else -1,
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=timezone.now(),
        )

    return answer(request, found, act, f"{found} is decided.")


@require_POST
@in_project(Permission.CLAIM)
def comment(request: ProjectRequest, sprint: str, key: str, number: int) -> HttpResponse:
    found = find(request, sprint, key, number)

    def act() -> None:
        text = request.POST.get("text", "")
        actions.findings.comment(found, text=text, by=request.user, now=timezone.now())

    return answer(request, found, act, "Your comment is kept.")


@require_POST
@in_project(Permission.CLAIM)
def attach(request: ProjectRequest, sprint: str, key: str, number: int) -> HttpResponse:
    found = find(request, sprint, key, number)

    def act() -> None:
        file = request.FILES.get("file")
        if file is None:
            raise InvalidInput("No file is chosen.", remedy="Choose one, then attach it.", field="file")
        # One byte more than is kept: the action says that it is too large.
        content = file.read(BYTES + 1)
        actions.attachments.attach(
            finding=found, name=file.name or "", content=content, by=request.user, now=timezone.now()
        )

    return answer(request, found, act, "The file is kept.")


def answer(request: ProjectRequest, found: Finding, act: Callable[[], None], done: str) -> HttpResponse:
    """Do it and lead back to the finding; where it cannot be done, show why beside what was typed."""
    try:
        act()
    except InvalidInput as problem:
        return show(request, find(request, found.track.sprint.slug, found.track.key, found.number), problem)
    messages.success(request, done)
    return redirect(address(found))


def show(request: ProjectRequest, found: Finding, problem: QAError | None = None) -> HttpResponse:
    """The finding's page; with a problem also what was typed, so that nothing is lost."""
    track = found.track
    latest = queries.latest_results([track]).get(track.pk)
    claims = queries.claims_of(found)
    comments = {said.pk: said for said in Comment.objects.filter(finding=found).select_related("by")}
    repository = request.at.project.repository
    sha = latest.sha if latest else ""
    context = {
        "finding": found,
        "track": track,
        "sprint": track.sprint,
        "texts": [(title, text) for name, title in TITLES.items() if (text := getattr(found, name))],
        "files": [
            (place, hosting.file_url(repository, sha, place["path"], place["lines"])) for place in found.files
        ],
        "tests": tests_now(request.at.project, latest, found.tests[:TESTS]),
        "more_tests": len(found.tests) - TESTS,
        "latest": latest,
        "attempts": attempts_of(
            claims, Verification.objects.filter(finding=found), found.rulings.select_related("by")
        ),
        "going_claim": _going(found, claims),
        "is_fault": FindingKind(found.kind) in FAULT_KINDS,
        "against_claiming": actions.findings.reason_against_claiming(found),
        "statuses": actions.findings.choices_for(found, request.at.role),
        "attachments": found.attachments.select_related("by").defer("content"),
        "events": history_in_words(queries.history_of(found), comments),
        "problem": problem,
        "typed": request.POST if problem else {},
        "section": "findings",
    }
    return render(request, "reports/findings/finding.html", context, status=status_of_form(problem))


def _going(found: Finding, claims: list[Claim]) -> Claim | None:
    """The claim that waits for a ruling."""
    if found.status != FindingStatus.CLAIMED:
        return None
    return next((claim for claim in reversed(claims) if claim.withdrawn_at is None), None)
