"""In which order the tracks of a sprint are best merged, by all that is known now.

readiness of every track     how far each is, what it waits for, whether it merges into the base ┐
the latest integration       who was left out, who conflicts with whom, what fails together       ┴──> plan
"""

from collections.abc import Collection, Iterable, Mapping

from reports import merge_plan
from reports.integration_queries import latest_that_merged
from reports.interactions import InteractionKind
from reports.merge_plan import Candidate, Stand
from reports.models import Integration
from reports.readiness import Readiness
from reports.statuses import DecisionKind, MergeResult
from tracks.models import Sprint

Pairs = Mapping[str, frozenset[str]]
"""By key: the keys of others."""


def plan_of(sprint: Sprint, ready: Collection[Readiness]) -> tuple[merge_plan.Step, ...]:
    """Of all tracks of the sprint that the base has not yet. What the integration said of commits that do
    not count any more is passed over."""
    known = {each.track.key: each for each in ready if not each.facts.is_in_base}
    integration = latest_that_merged(sprint)
    shown = _Shown(integration, known) if integration else None
    return merge_plan.plan(
        [
            Candidate(
                key,
                _stand(each),
                tuple(other.key for other in each.dependencies if other.key in known),
                shown.conflicts.get(key, frozenset()) if shown else frozenset(),
                shown.breaks.get(key, frozenset()) if shown else frozenset(),
                _against_base(each) or (shown.why_reworked(key) if shown else ""),
            )
            for key, each in sorted(known.items())
        ]
    )


class _Shown:
    """What an integration shows of the tracks whose commits count still."""

    def __init__(self, integration: Integration, known: Mapping[str, Readiness]) -> None:
        self._known = known
        self._base = integration.base_sha
        shas = {each["key"]: each["sha"] for each in integration.tracks}
        now = {key: each.facts.run.sha for key, each in known.items() if each.facts.run}
        self._same = {key for key, sha in shas.items() if now.get(key) == sha}
        self._left = {each["key"]: each for each in integration.left_out if each["key"] in self._same}
        self._alone = {
            key
            for each in integration.interactions
            if each.get("kind") == InteractionKind.ALONE
            for key in each["keys"]
        }
        self.conflicts = self._pairs(
            {key, other}
            for key, left in self._left.items()
            for conflict in left["conflicts"]
            for other in conflict["with"]
        )
        self.breaks = self._pairs(
            set(each["keys"])
            for each in integration.interactions
            if each.get("kind") == InteractionKind.TOGETHER
        )

    def why_reworked(self, key: str) -> str:
        """Why the track cannot be merged into the base at all; where it conflicts with another, or waits for
        one that is left out, that is told of these two."""
        each = self._known[key]
        if key not in self._same or each.facts.base != self._base:
            return ""
        if key in self._alone:
            return "with it alone tests fail on today's base"
        waits = {other.key for other in each.dependencies} & self._left.keys()
        if key not in self._left or key in self.conflicts or waits:
            return ""
        said: str = self._left[key]["why"].split(". ")[0].rstrip(".")
        return said[:1].lower() + said[1:]

    def _pairs(self, sets: Iterable[set[str]]) -> Pairs:
        """By key: all that it is in a set with, where all of the set is as it was."""
        found: dict[str, set[str]] = {}
        for keys in sets:
            for key in keys if keys <= self._same else ():
                found.setdefault(key, set()).update(keys - {key})
        return {key: frozenset(others) for key, others in found.items()}


def _stand(known: Readiness) -> Stand:
    if known.is_ready:
        return Stand.READY
    if known.decision.is_approved:
        return Stand.APPROVED
    if known.decision.stale:
        return Stand.STALE
    return Stand.REJECTED if known.decision.kind is DecisionKind.REJECTED else Stand.UNDECIDED


def _against_base(known: Readiness) -> str:
    if known.facts.merge is MergeResult.CONFLICT:
        return "it conflicts with the base"
    return "it shares no history with the base" if known.facts.merge is MergeResult.UNRELATED else ""
