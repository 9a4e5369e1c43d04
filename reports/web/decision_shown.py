"""What is decided on a track, for its page: how the decision stands, what came before, and why nothing more
can be decided now."""

from typing import Any

from reports import decision_queries
from reports.duties import reason_against_deciding
from reports.readiness import Readiness
from reports.statuses import DecisionKind
from reports.web.decisions_in_words import by_whom, closed_since, look_of, look_of_kind
from tracks import markdown
from tracks.models import Track
from tracks.web.access import ProjectRequest

LATEST = 10
"""How many of a track's decisions its page lists."""


def decision_shown(request: ProjectRequest, track: Track, ready: Readiness) -> dict[str, Any]:
    """As the template takes it."""
    rows = decision_queries.decisions_of(track)[: LATEST + 1]
    return {
        "ready": ready,
        "look": look_of(ready.decision),
        "words": by_whom(ready.decision),
        "closed_since": closed_since(ready),
        "history": [
            (row, look_of_kind(DecisionKind(row.kind)), markdown.to_text(row.rationale))
            for row in rows[:LATEST]
        ],
        "has_more": len(rows) > LATEST,
        "reason": _reason_against_any(request, track, ready),
    }


def _reason_against_any(request: ProjectRequest, track: Track, ready: Readiness) -> str:
    """Why the person cannot decide at all on the track now."""
    if not ready.facts.run:
        return "No run of this track has ended: test it first."
    return reason_against_deciding(request.user, request.at.role, track, DecisionKind.REJECTED)
