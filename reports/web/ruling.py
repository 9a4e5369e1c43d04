"""What retests show of findings, on the pages of both; confirming it, and overruling it with a reason."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reports.models import Verification
from reports.web import retests
from reports.web.evidence import read_evidence
from tracks import queries
from tracks.actions import findings as actions
from tracks.actions.findings.content import TEXT
from tracks.errors import InvalidInput
from tracks.models import Finding, Run, Track
from tracks.permissions import Permission
from tracks.statuses import RunKind
from tracks.web.access import ProjectRequest, in_project
from tracks.web.forms import Form
from tracks.web.leading import lead_to


class RulingForm(Form):
    fixed = forms.ChoiceField(choices=[("yes", "fixed"), ("no", "not fixed")])
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=TEXT,
        widget=forms.Textarea({"rows": 4}),
        help_text="Needed where you overrule the machine, or call fixed what it could not verify.",
    )


@in_project(Permission.READ)
def run_verdicts(request: ProjectRequest, run: int) -> HttpResponse:
    """What a retest shows of the findings of its track; the track's page fetches this."""
    found = _run(request, run)
    rows = retests.rows_of_run(found)
    context = {"run": found, "rows": rows, "clear": retests.clear_ones(rows), "going": _goes_on(rows)}
    return render(request, "reports/run_verdicts.html", context)


@in_project(Permission.READ)
def finding_verdicts(request: ProjectRequest, finding: int) -> HttpResponse:
    """What each retest showed of one finding; the finding's page fetches this."""
    findings = Finding.objects.filter(track__sprint__project=request.at.project)
    found = get_object_or_404(findings, pk=finding)
    rows = retests.rows_of_finding(found)
    context = {"finding": found, "rows": rows, "going": _goes_on(rows)}
    return render(request, "reports/finding_verdicts.html", context)


@in_project(Permission.READ)
def verdict_evidence(request: ProjectRequest, verification: int) -> HttpResponse:
    """Its tests before and after, some with their texts side by side; fetched where it is unfolded."""
    found = _verification(request, verification)
    context = {"verification": found, "evidence": read_evidence(found)}
    return render(request, "reports/verdict_evidence.html", context)


@in_project(Permission.TRIAGE)
@require_http_methods(["GET", "POST"])
def rule(request: ProjectRequest, verification: int) -> HttpResponseBase:
    """A tester's word on the verdict; the form stays where it is refused."""
    row = retests.row_of(_verification(request, verification))
    form = RulingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        fixed, reason = form.cleaned_data["fixed"] == "yes", form.cleaned_data["reason"]
        try:
            _rule(request, row, fixed=fixed, reason=reason)
        except InvalidInput as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"{row.finding} is {'verified as fixed' if fixed else 'open'}.")
            return _back_to_track(request, row.verification.run)
    context = {
        "row": row,
        "finding": row.finding,
        "run": row.verification.run,
        "form": form,
        "section": "sprints",
    }
    return render(request, "reports/rule.html", context, status=form.status)


@require_POST
@in_project(Permission.TRIAGE)
def confirm_all(request: ProjectRequest, run: int) -> HttpResponseBase:
    """Confirm what the retest shows wherever that is clear."""
    found = _run(request, run)
    clear = retests.clear_ones(retests.rows_of_run(found))
    if clear:
        verdicts = [(row.finding, row.verification.run, row.verification.kind) for row in clear]
        actions.confirm(verdicts, by=request.user, now=timezone.now())
    messages.success(request, f"{len(clear)} verdict{'' if len(clear) == 1 else 's'} confirmed.")
    return _back_to_track(request, found)


def _rule(request: ProjectRequest, row: retests.Row, *, fixed: bool, reason: str) -> None:
    if row.verification.is_going:
        raise InvalidInput("Its tests are being repeated still.", remedy="Wait for the verdict.")
    actions.rule(
        row.finding,
        row.verification.run,
        fixed=fixed,
        verdict=row.verification.kind,
        reason=reason,
        by=request.user,
        now=timezone.now(),
    )


def _goes_on(rows: list[retests.Row]) -> bool:
    return any(row.verification.is_going for row in rows)


def _verification(request: ProjectRequest, key: int) -> Verification:
    found = Verification.objects.select_related("run__project")
    return get_object_or_404(found, run__project=request.at.project, pk=key)


def _run(request: ProjectRequest, key: int) -> Run:
    """An iteration of a track; else 404."""
    return get_object_or_404(queries.runs_of(request.at.project), kind=RunKind.TRACK, pk=key)


def _back_to_track(request: ProjectRequest, run: Run) -> HttpResponseBase:
    track = Track.objects.select_related("sprint").get(runs=run)
    place = [request.at.project.slug, track.sprint.slug, track.key]
    address = f"{reverse('reports:track', args=place)}?iteration={run.iteration}"
    return lead_to(request, address)
