"""A trial integration in words: its tracks in order, what fails together.

Integration ──> Line("A", merge's commit)  Line("C", why it was left out, conflicts)
            ──> Group(["A", "C"], kind, sentence, tests)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.integration_queries import why_not_merged
from reports.interactions import CONVICTIONS
from reports.models import Integration
from reports.readiness import Readiness
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
    files: int
    """In how many there are conflicts."""

    @property
    def more(self) -> int:
        """How many files there are conflicts in that are not kept."""
        return self.files - len(self.conflicts)


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


def choices_of(sprint: Sprint, known: Mapping[int, Readiness]) -> list[Choice]:
    """The sprint's tracks: those that are approved are chosen."""
    runs = queries.latest_runs(sprint, ended=True)
    reasons = {key: why_not_merged(runs.get(key)) for key in known}
    return [
        Choice(
            each.track,
            runs.get(key),
            each.decision.is_approved and not reasons[key],
            reasons[key],
        )
        for key, each in sorted(known.items(), key=lambda pair: pair[1].track.key)
    ]


def why_not(sprint: Sprint, choices: Sequence[Choice], going: Integration | None) -> str:
    """Why none can be started now, or nothing."""
    if going:
        return "One goes on already: follow it, or stop it first."
    if sprint.baseline is None or sprint.baseline.is_active:
        return "The baseline has not ended: there is nothing to compare with."
    if all(choice.reason for choice in choices):
        return "No track has a run that ended in order."
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
            left.get(each["key"], {}).get("files", 0),
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
