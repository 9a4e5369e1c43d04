"""Deciding on a track: the form with all that a lead decides on, and a decision's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reports import decision_queries, gate_queries
from reports.actions.decisions import DecisionMoved
from reports.actions.decisions import decide as record
from reports.decisions import differences
from reports.duties import reason_against_deciding
from reports.models import Condition, Decision
from reports.readiness import Readiness, readiness_of
from reports.statuses import APPROVALS, DecisionKind
from reports.web.decision_forms import DecisionForm, proofs_of, seal
from reports.web.decisions_in_words import look_of_kind
from reports.web.findings.places import find_track
from reports.web.gates import rows_of
from tracks import doorbell, repositories
from tracks.errors import QAError
from tracks.models import Track
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project

HINTS = {
    DecisionKind.APPROVED: "it may be merged",
    DecisionKind.CONDITIONAL: "it may be merged, and something has to follow",
    DecisionKind.REJECTED: "it goes back to who works on it",
    DecisionKind.DEFERRED: "nothing can be said yet",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the four, with why it cannot be taken now; empty where it can."""

    kind: DecisionKind
    hint: str
    reason: str


@in_project(Permission.DECIDE)
@require_http_methods(["GET", "POST"])
def decide(request: ProjectRequest, sprint: str, key: str) -> HttpResponseBase:
    """All that the decision rests on, and the form; where it is refused, what was typed stays, beside what
    has changed since."""
    track = find_track(request, sprint, key)
    ready = readiness_of(track.sprint, now=timezone.now())[track.pk]
    form = DecisionForm(request.POST if request.method == "POST" else None, ready=ready)
    moved: Sequence[str] = ()
    if request.method == "POST" and form.is_valid():
        try:
            decision = _decide(request, track, form)
        except QAError as problem:
            form.add_problem(problem)
            moved = problem.differences if isinstance(problem, DecisionMoved) else ()
            track = find_track(request, sprint, key)
            ready = readiness_of(track.sprint, now=timezone.now())[track.pk]
        else:
            messages.success(request, f"Your decision on track {track.key} is recorded: {decision.kind}.")
            return redirect("reports:track", project=request.at.project.slug, sprint=sprint, key=key)
    return _form_page(request, track, ready, form, moved)


@in_project(Permission.READ)
def decision(request: ProjectRequest, decision: int) -> HttpResponse:
    """What was decided, all that it rested on, and whether it counts still."""
    found = get_object_or_404(decision_queries.decisions_in(request.at.project), pk=decision)
    track = find_track(request, found.track.sprint.slug, found.track.key)
    ready = readiness_of(track.sprint, now=timezone.now())[track.pk]
    context = {
        "decision": found,
        "track": track,
        "sprint": track.sprint,
        "look": look_of_kind(DecisionKind(found.kind)),
        "who": found.frozen["by"]["name"],
        "frozen": found.frozen,
        "is_intact": decision_queries.is_intact(found),
        "conditions": [_shown(each, found, ready) for each in found.conditions.all()],
        "still": next((each for each in ready.given if each.decision == found.pk), None),
        "latest": ready.decision,
        "section": "sprints",
    }
    return render(request, "reports/decisions/decision.html", context)


def _decide(request: ProjectRequest, track: Track, form: DecisionForm) -> Decision:
    """The repository is asked first: a push that nobody has looked at is seen."""
    now, given = timezone.now(), form.cleaned_data
    heads = repositories.look(request.at.project, now=now)
    doorbell.tell_of_heads(request.at.project.pk)
    return record(
        track,
        kind=DecisionKind(given["kind"]),
        sha=given["sha"],
        run=given["run"],
        head=heads.get(track.branch, ""),
        seen=given["seen"],
        rationale=given["rationale"],
        conditions=form.conditions,
        by=request.user,
        now=now,
    )


def _form_page(
    request: ProjectRequest, track: Track, ready: Readiness, form: DecisionForm, moved: Sequence[str]
) -> HttpResponse:
    """``moved`` is why it was refused; whatever else the form is shown again for, what has changed since it
    was filled in is said."""
    frozen = ready.frozen
    seen = form.cleaned_data.get("seen") if form.is_bound else None
    context = {
        "track": track,
        "sprint": track.sprint,
        "ready": ready,
        "frozen": frozen,
        "rows": rows_of(ready, track),
        "conflicts": gate_queries.conflicts_of(track.sprint, ready.facts),
        "sealed": seal(ready),
        "moved": moved or (differences(seen, frozen) if seen else ()),
        "form": form,
        "choices": [_choice(request, track, ready, kind) for kind in DecisionKind],
        "section": "sprints",
    }
    return render(request, "reports/decisions/decide.html", context, status=form.status)


def _choice(request: ProjectRequest, track: Track, ready: Readiness, kind: DecisionKind) -> Choice:
    reason = reason_against_deciding(request.user, request.at.role, track, kind)
    if not reason and kind in APPROVALS and ready.closed:
        count = len(ready.closed)
        reason = f"{count} gate{'s are' if count != 1 else ' is'} closed"
    if not reason and kind is DecisionKind.CONDITIONAL and not proofs_of(ready):
        reason = "there is no open finding and no criterion left that could prove a condition"
    return Choice(kind, HINTS[kind], reason)


def _shown(condition: Condition, decision: Decision, ready: Readiness) -> tuple[Condition, bool, str, str]:
    """With whether it is met, its owner's name, and the text of the criterion that proves it."""
    texts = {each["criterion"]: each["text"] for each in decision.frozen["criteria"]}
    owner = decision.frozen["owners"][condition.number - 1]
    is_met = decision_queries.is_met(condition, ready.facts)
    return condition, is_met, owner, texts.get(condition.criterion, "")
