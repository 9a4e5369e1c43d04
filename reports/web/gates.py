"""The gates on a track's page, what they speak for, and what is decided on the track.

✓ holds   ▲ does not hold   ? not known   ◇ waived          "638 passed, asked ≥ 650: 12 more must pass"
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from reports import actions, gate_queries
from reports.duties import reason_against_excusing
from reports.gates import Gate, GateFacts
from reports.readiness import Readiness, readiness_of
from reports.recommendation import Recommendation
from reports.statuses import Recommended
from reports.web.decision_shown import decision_shown
from reports.web.decisions_in_words import gates_in_words
from reports.web.findings.places import find_track
from reports.web.waiver_form import days
from tracks.models import Track
from tracks.permissions import Permission
from tracks.statuses import Standing
from tracks.web.access import ProjectRequest, in_project

_LOOKS = {
    Standing.HOLDS: ("✓", "passed", "holds"),
    Standing.FAILS: ("▲", "failed", "does not hold"),
    Standing.UNKNOWN: ("?", "error", "not known"),
}
_WAIVED = ("◇", "xfailed", "waived")
WORDS = {
    Recommended.APPROVE: ("good", "The gates speak for approving it"),
    Recommended.REJECT: ("bad", "The gates speak against it"),
    Recommended.WAIT: ("info", "It is too early to decide"),
}


@dataclass(frozen=True)
class Row:
    """``address`` shows what stands behind the gate, ``reason`` why it cannot be waived."""

    gate: Gate
    slug: str
    mark: str
    tone: str
    word: str
    address: str
    reason: str


@dataclass(frozen=True)
class Shown:
    facts: GateFacts
    rows: list[Row]
    open: str
    recommendation: Recommendation
    tone: str
    title: str
    conflicts: list[dict[str, Any]]
    """Of merging it into the base branch, with their lines; see ``tracks.execution.merging``."""


@in_project(Permission.READ)
def track_gates(request: ProjectRequest, sprint: str, key: str) -> HttpResponse:
    """The sections of a track's page, which fetches them: both rest on the readiness of the whole sprint."""
    track, now = find_track(request, sprint, key), timezone.now()
    ready = readiness_of(track.sprint, now=now)[track.pk]
    context = {
        "track": track,
        "sprint": track.sprint,
        "shown": _shown(ready, track),
        "days": days(now),
        "against": reason_against_excusing(request.user, request.at.role, track),
        **decision_shown(request, track, ready),
    }
    return render(request, "reports/gates.html", context)


def rows_of(ready: Readiness, track: Track) -> list[Row]:
    return [row_of(gate, ready.facts, ready.gates, track) for gate in ready.gates]


def _shown(ready: Readiness, track: Track) -> Shown:
    tone, title = WORDS[ready.recommendation.kind]
    rows, open_ = rows_of(ready, track), gates_in_words(ready.gates)
    conflicts = gate_queries.conflicts_of(track.sprint, ready.facts)
    return Shown(ready.facts, rows, open_, ready.recommendation, tone, title, conflicts)


def row_of(gate: Gate, facts: GateFacts, gates: tuple[Gate, ...], track: Track) -> Row:
    looks = _WAIVED if gate.is_waived else _LOOKS[gate.standing]
    sha = facts.run.sha if facts.run else ""
    reason = actions.reason_against_waiving(gate.kind, gates, facts, sha=sha)
    return Row(gate, gate.kind.name.lower(), *looks, _address(gate, facts, track), reason)


def _address(gate: Gate, facts: GateFacts, track: Track) -> str:
    """Of the page that shows what stands behind the gate; empty where there is none yet."""
    project, place = track.sprint.project.slug, [track.sprint.project.slug, track.sprint.slug, track.key]
    page = reverse("reports:track", args=place)
    match gate.evidence:
        case "run" if facts.run:
            return reverse("tracks:run", args=[project, facts.run.run])
        case "compare" if facts.run and facts.baseline and facts.changes:
            pair = f"?base={facts.baseline.run}&head={facts.run.run}"
            return reverse("reports:compare", args=[project]) + pair
        case "lost" if facts.changes:
            return reverse("reports:losses", args=place)
        case "criteria" if facts.run:
            return f"{page}#criteria"
        case "findings":
            return f"{page}#findings"
        case "dependencies":
            return reverse("reports:sprint", args=place[:2])
        case "integration" if facts.integration:
            return reverse("reports:integration", args=[project, facts.integration.integration])
        case "integration":
            return reverse("reports:integrations", args=place[:2])
    return ""
