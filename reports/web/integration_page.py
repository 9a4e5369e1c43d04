"""A trial integration in words: its tracks in order, what fails together, in which order to merge.

Integration ──> Line("A", merge's commit)  Line("C", why it was left out, conflicts)
            ──> Group(["A", "C"], kind, sentence, tests)
            ──> the steps of ``reports.merge_plan``
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reports import merge_plan
from reports.interactions import CONVICTIONS, InteractionKind
from reports.merge_plan import Candidate, Stand
from reports.models import Integration
from reports.readiness import Readiness, readiness_of
from reports.statuses import DecisionKind
from tracks import queries
from tracks.models import Run, Sprint, Track


@dataclass(frozen=True, slots=True)
class Choice:
    """A track that may be chosen. ``reason``, where it may not, is a sentence."""

    track: Track
    run: Run | None
    is_chosen: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A track of the integration; ``commit`` is its merge's, empty where it was left out or is not merged
    yet."""

    key: str
    sha: str
    run: int
    commit: str
    why: str
    conflicts: Sequence[dict[str, Any]]


@dataclass
class Group:
    """Tests of which the same is known. ``error`` is the title of what they say; ``meeting``, of tracks that
    are convicted, as in ``Integration.meetings``."""

    kind: str
    keys: Sequence[str]
    sentence: str
    error: str
    meeting: Mapping[str, Any] | None
    tests: list[tuple[int, str]] = field(default_factory=list)

    @property
    def is_conviction(self) -> bool:
        return self.kind in CONVICTIONS


def choices_of(sprint: Sprint, *, now: datetime) -> list[Choice]:
    """The sprint's tracks: those that are approved are chosen."""
    tracks = list(sprint.tracks.all())
    runs, known = queries.latest_results(tracks), readiness_of(sprint, now=now)
    return [
        Choice(
            track,
            runs.get(track.pk),
            known[track.pk].decision.is_approved and track.pk in runs,
            "" if track.pk in runs else "No run of it has ended: its tests predict nothing.",
        )
        for track in tracks
    ]


def why_not(sprint: Sprint, choices: Sequence[Choice], going: Integration | None) -> str:
    """Why none can be started now, or nothing."""
    if going:
        return "One goes on already: follow it, or stop it first."
    if sprint.baseline is None or sprint.baseline.is_active:
        return "The baseline has not ended: there is nothing to compare with."
    if all(choice.reason for choice in choices):
        return "No track has a run that has ended."
    return ""


def lines_of(integration: Integration) -> list[Line]:
    commits = {each["key"]: each["commit"] for each in integration.merged}
    left = {each["key"]: each for each in integration.left_out}
    return [
        Line(
            each["key"],
            each["sha"],
            each["run"],
            commits.get(each["key"], ""),
            left.get(each["key"], {}).get("why", ""),
            left.get(each["key"], {}).get("conflicts", []),
        )
        for each in integration.tracks
    ]


def groups_of(integration: Integration, names: Mapping[int, str], errors: Mapping[str, str]) -> list[Group]:
    """The tests that are broken together, those with the same verdict and error in one group. ``errors`` are
    the titles of errors by their digests."""
    meetings = {tuple(each["keys"]): each for each in integration.meetings}
    groups: dict[tuple[str, str, str], Group] = {}
    for each in integration.interactions:
        said = (each.get("kind", ""), each.get("sentence", ""), each["signature"])
        keys = each.get("keys", [])
        new = Group(said[0], keys, said[1], errors.get(said[2], ""), meetings.get(tuple(keys)))
        group = groups.setdefault(said, new)
        group.tests.append((each["test"], names.get(each["test"], "")))
    return sorted(groups.values(), key=lambda group: (not group.is_conviction, -len(group.tests)))


def plan_of(integration: Integration, *, now: datetime) -> tuple[merge_plan.Step, ...]:
    """In which order its tracks are best merged; nothing while it goes on."""
    if integration.is_going or not integration.merged:
        return ()
    tracks = {track.key: track for track in integration.sprint.tracks.prefetch_related("depends_on")}
    keys = [each["key"] for each in integration.tracks if each["key"] in tracks]
    known = readiness_of(integration.sprint, now=now)
    clashes = _pairs(
        {left["key"], *conflict["with"]} for left in integration.left_out for conflict in left["conflicts"]
    )
    breaks = _pairs(
        set(each.get("keys", []))
        for each in integration.interactions
        if each.get("kind") == InteractionKind.TOGETHER
    )
    return merge_plan.plan(
        [
            Candidate(
                key,
                _stand(known[tracks[key].pk]),
                tuple(other.key for other in tracks[key].depends_on.all() if other.key in keys),
                clashes.get(key, frozenset()),
                breaks.get(key, frozenset()),
            )
            for key in keys
        ]
    )


def _stand(known: Readiness) -> Stand:
    if known.is_ready:
        return Stand.READY
    if known.decision.is_approved:
        return Stand.APPROVED
    if known.decision.stale:
        return Stand.STALE
    return Stand.REJECTED if known.decision.kind is DecisionKind.REJECTED else Stand.UNDECIDED


def _pairs(sets: Iterable[set[str]]) -> dict[str, frozenset[str]]:
    """By key: all that it is in a set with."""
    found: dict[str, set[str]] = {}
    for keys in sets:
        for key in keys:
            found.setdefault(key, set()).update(keys - {key})
    return {key: frozenset(others) for key, others in found.items()}
