"""The tests that a track lost against the baseline: why each is gone, and whose loss is accepted.

comparison of the latest run ── losses ┬ still to be accepted  ──> Lost(number, name, kind, note)
AcceptedLoss ──────────────────────────┴ accepted              ──> Accepted(…, who, why, still lost?)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports import actions
from reports.actions.waivers import LONGEST, SHORTEST
from reports.duties import reason_against_excusing
from reports.gate_queries import comparison_of, losses_in, without_reason
from reports.models import AcceptedLoss, Comparison
from reports.queries import Pair, pair_of
from reports.statuses import LossKind
from reports.web import notes
from reports.web.findings.places import find_track, numbers_in
from tracks import queries
from tracks.errors import InvalidInput, NotPermitted
from tracks.models import Project, Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project
from tracks.web.forms import Form

PAGE = 100


@dataclass(frozen=True)
class Lost:
    """``said`` is why a test was skipped."""

    number: int
    node_id: str
    kind: LossKind
    note: notes.Note
    said: str


@dataclass(frozen=True)
class Accepted:
    row: AcceptedLoss
    node_id: str
    is_lost: bool
    """In the latest run still."""


class AcceptForm(Form):
    """``comparison`` and ``all`` are what the page showed: which comparison, and how many it lacks a reason
    for."""

    comparison = forms.IntegerField(required=False, max_value=2**62, widget=forms.HiddenInput)
    all = forms.IntegerField(required=False, max_value=2**62)
    reason = forms.CharField(
        label="Why it may lose them",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=f"At least {SHORTEST} characters. It is kept with each of the tests.",
    )


@in_project(Permission.READ)
def losses(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    return _page(request, find_track(request, sprint, key), AcceptForm())


@require_POST
@in_project(Permission.WAIVE)
def accept_losses(request: ProjectRequest, sprint: str, key: str) -> HttpResponseBase:
    """Of the tests that are ticked, or of all that are not accepted yet: as many as the page showed."""
    track, form = find_track(request, sprint, key), AcceptForm(request.POST)
    if form.is_valid():
        try:
            kept = actions.accept_losses(
                track,
                _ticked(request)
                if form.cleaned_data["all"] is None
                else _all(track, form.cleaned_data["all"]),
                comparison=form.cleaned_data["comparison"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except (InvalidInput, NotPermitted) as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"The loss of {_tests(len(kept))} is accepted.")
            return _back(request, track)
    return _page(request, track, form)


@require_POST
@in_project(Permission.WAIVE)
def withdraw_losses(request: ProjectRequest, sprint: str, key: str) -> HttpResponseBase:
    track = find_track(request, sprint, key)
    try:
        count = actions.withdraw_acceptance(track, _ticked(request), by=request.user)
    except InvalidInput as problem:
        messages.error(request, f"{problem.message} {problem.remedy}".strip())
    else:
        messages.success(request, f"The loss of {_tests(count)} is accepted no more.")
    return _back(request, track)


def _page(request: ProjectRequest, track: Track, form: AcceptForm) -> HttpResponse:
    comparison = comparison_of(track)
    lost = losses_in(comparison) if comparison else {}
    rows = list(AcceptedLoss.objects.filter(track=track).select_related("by"))
    still = without_reason(lost, rows)
    shows_accepted = request.GET.get("show") == "accepted"
    pages: Paginator[Any] = Paginator(rows if shows_accepted else still, PAGE)
    page = pages.get_page(request.GET.get("page"))
    context: dict[str, object] = {
        "track": track,
        "sprint": track.sprint,
        "comparison": comparison,
        "form": form,
        "against": reason_against_excusing(request.user, request.at.role, track),
        "ticked": _ticked(request),
        "page": page,
        "counts": {"still": len(still), "accepted": len(rows)},
        "shows_accepted": shows_accepted,
        "section": "sprints",
    }
    if shows_accepted:
        context["accepted"] = _accepted(list(page), request.at.project, lost)
    elif comparison:
        context["lost"] = _lost(comparison, list(page), lost)
    return render(request, "reports/losses.html", context, status=form.status)


def _lost(comparison: Comparison, here: Sequence[int], kinds: Mapping[int, LossKind]) -> list[Lost]:
    pair = pair_of(comparison.base, comparison.head, comparison)
    names = queries.node_ids(comparison.head.project, notes.named(pair, here))
    said = queries.messages_of(comparison.head, [_now(pair, each) for each in here])
    return [
        Lost(each, names[each], kinds[each], notes.note(pair, each, names), said.get(_now(pair, each), ""))
        for each in here
    ]


def _now(pair: Pair, test: int) -> int:
    """The number under which the test goes on."""
    return int(pair.moves[test]["now"]) if test in pair.moves else test


def _accepted(rows: Sequence[AcceptedLoss], project: Project, lost: Mapping[int, LossKind]) -> list[Accepted]:
    names = queries.node_ids(project, [row.test for row in rows])
    return [Accepted(row, names[row.test], lost.get(row.test) == row.kind) for row in rows]


def _all(track: Track, count: int) -> list[int]:
    """Those without a reason. Raises InvalidInput where that are not as many as the page showed."""
    comparison = comparison_of(track)
    accepted = AcceptedLoss.objects.filter(track=track)
    still = without_reason(losses_in(comparison), accepted) if comparison else []
    if len(still) != count:
        raise InvalidInput(
            f"{_tests(len(still))} lack a reason by now, not {count}.", remedy="Look at the list again."
        )
    return still


def _ticked(request: HttpRequest) -> list[int]:
    return numbers_in(request.POST.getlist("tests"))


def _tests(count: int) -> str:
    return f"{count} test{'' if count == 1 else 's'}"


def _back(request: ProjectRequest, track: Track) -> HttpResponseBase:
    return redirect(
        "reports:losses", project=request.at.project.slug, sprint=track.sprint.slug, key=track.key
    )
