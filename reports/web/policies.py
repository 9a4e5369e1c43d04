"""Setting up gates: those of a sprint, and what a track asks for beyond them."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reports import actions
from reports.actions import PolicyChanged
from reports.gate_queries import stored_policies
from reports.policies import ALWAYS, Policy, or_worse
from reports.statuses import GateKind
from reports.web.board import targets_in_words
from reports.web.findings.places import find_track
from reports.web.pages import find_sprint
from tracks.errors import InvalidInput, NotPermitted
from tracks.finding_statuses import Severity
from tracks.permissions import Permission, reason_against_loosening
from tracks.web.access import ProjectRequest, in_project
from tracks.web.forms import Form

BOUNDS = ("min_passed", "max_failed", "max_errors")
MOST = 10**6


class PolicyForm(Form):
    """``fixed`` are the gates that are asked for in any case, ``sprint`` the policy that a track tightens;
    None for the sprint's own, whose bounds are set with the sprint."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    gates = forms.MultipleChoiceField(choices=[(kind.name, kind.value) for kind in GateKind], required=False)
    min_passed = forms.IntegerField(label="Passed, at least", min_value=0, max_value=MOST, required=False)
    max_failed = forms.IntegerField(label="Failed, at most", min_value=0, max_value=MOST, required=False)
    max_errors = forms.IntegerField(label="Errors, at most", min_value=0, max_value=MOST, required=False)
    severity = forms.ChoiceField(label="Severity that closes the gate of open findings")

    def __init__(self, data: Any = None, *, policy: Policy, version: int, sprint: Policy | None) -> None:
        super().__init__(data, initial=_known(policy) | {"version": version})
        self.fixed = ALWAYS | (sprint.gates if sprint else frozenset())
        severities = [(each.value, or_worse(each)) for each in Severity]
        if sprint:
            self._say_what_the_sprint_asks(sprint)
            severities.insert(0, ("", "as the sprint"))
            self.fields["severity"].required = False
        else:
            for name in BOUNDS:
                del self.fields[name]
        self.fields["severity"].choices = severities  # type: ignore[attr-defined]

    def _say_what_the_sprint_asks(self, sprint: Policy) -> None:
        for name, sign in zip(BOUNDS, "≥≤≤", strict=True):
            bound = getattr(sprint, name)
            said = "nothing" if bound is None else f"{sign} {bound}"
            self.fields[name].help_text = f"The sprint asks for {said}."
        said = or_worse(sprint.severity) if sprint.severity else "nothing"
        self.fields["severity"].help_text = f"The sprint asks for {said}."

    @property
    def rows(self) -> list[tuple[GateKind, bool, bool]]:
        """Each gate, whether it is chosen, and whether it is asked for in any case."""
        chosen = set(self["gates"].value() or [])
        return [(kind, kind.name in chosen or kind in self.fixed, kind in self.fixed) for kind in GateKind]

    @property
    def policy(self) -> Policy:
        known = self.cleaned_data
        return Policy(
            gates=frozenset(GateKind[name] for name in known["gates"]) | self.fixed,
            severity=Severity(known["severity"]) if known["severity"] else None,
            **{name: known.get(name) for name in BOUNDS},
        )

    def show_change(self, changed: PolicyChanged) -> None:
        """Say that there is a later one; who saves again has seen it."""
        self.add_problem(changed)
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(changed.version)
        self.data = data


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def sprint_policy(request: ProjectRequest, sprint: str) -> HttpResponseBase:
    found = find_sprint(request, sprint)
    stored = stored_policies(found)
    data = request.POST if request.method == "POST" else None
    form = PolicyForm(data, policy=stored.of_sprint, version=stored.version_of(None), sprint=None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_sprint_policy(
                found, form.policy, version=form.cleaned_data["version"], by=request.user
            )
        except PolicyChanged as changed:
            form.show_change(changed)
        except NotPermitted as problem:
            form.add_problem(problem)
        else:
            messages.success(request, "The gates are saved. They hold for every track at once.")
            return redirect("tracks:edit_sprint", project=request.at.project.slug, sprint=sprint)
    context = {
        "sprint": found,
        "form": form,
        "targets": targets_in_words(found),
        "only_more": reason_against_loosening(request.user, request.at.project),
        "section": "sprints",
    }
    return render(request, "reports/sprint_policy.html", context, status=form.status)


@in_project(Permission.PLAN)
@require_http_methods(["GET", "POST"])
def track_policy(request: ProjectRequest, sprint: str, key: str) -> HttpResponseBase:
    track = find_track(request, sprint, key)
    stored = stored_policies(track.sprint)
    form = PolicyForm(
        request.POST if request.method == "POST" else None,
        policy=stored.of_track(track.pk),
        version=stored.version_of(track.pk),
        sprint=stored.of_sprint,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_track_policy(
                track, form.policy, version=form.cleaned_data["version"], by=request.user
            )
        except PolicyChanged as changed:
            form.show_change(changed)
        except (InvalidInput, NotPermitted) as problem:
            form.add_problem(problem)
        else:
            messages.success(request, f"The gates of track {track.key} are saved.")
            return redirect("reports:track", project=request.at.project.slug, sprint=sprint, key=key)
    context = {
        "sprint": track.sprint,
        "track": track,
        "form": form,
        "only_more": reason_against_loosening(request.user, request.at.project),
        "section": "sprints",
    }
    return render(request, "reports/track_policy.html", context, status=form.status)


def _known(policy: Policy) -> dict[str, Any]:
    return {
        "gates": [kind.name for kind in policy.gates],
        "severity": policy.severity or "",
        **{name: getattr(policy, name) for name in BOUNDS},
    }
