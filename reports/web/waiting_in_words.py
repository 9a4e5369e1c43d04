"""What waits for a person, as the board says it: each thing a link.

to triage   2 causes on A, 1 on C          to confirm   A-2  A-3
"""

from dataclasses import dataclass

from django.urls import reverse

from reports.waiting import Item, Situation, WaitsFor, waiting_for
from tracks.models import Sprint, User
from tracks.statuses import Role

LISTED = 12
"""How many links of a kind the board shows."""
WORDS = {
    WaitsFor.TRIAGE: "Causes without a finding",
    WaitsFor.RETEST: "To retest",
    WaitsFor.CONFIRM: "Verdicts to confirm",
    WaitsFor.CLAIM: "Findings to fix and claim",
    WaitsFor.DECIDE: "Questions to decide",
    WaitsFor.APPROVE: "To decide",
    WaitsFor.FOLLOW: "Conditions falling due",
}


@dataclass(frozen=True)
class Link:
    """``title`` says more of what ``text`` names."""

    text: str
    title: str
    url: str


@dataclass(frozen=True)
class Waiting:
    """``more``: how many links are left out."""

    what: str
    count: int
    links: list[Link]
    more: int


def waiting_in_words(user: User, role: Role | None, situation: Situation) -> list[Waiting]:
    return [
        Waiting(
            WORDS[what],
            sum(item.count for item in items),
            [_link(situation.sprint, what, item) for item in items[:LISTED]],
            max(0, len(items) - LISTED),
        )
        for what, items in waiting_for(user, role, situation).items()
    ]


def _link(sprint: Sprint, what: WaitsFor, item: Item) -> Link:
    place = [sprint.project.slug, sprint.slug, item.track.key]
    if item.finding:
        url = reverse("reports:finding", args=[*place, item.finding.number])
        return Link(f"{item.track.key}-{item.finding.number}", item.finding.title, url)
    if item.condition:
        url = reverse("reports:decision", args=[sprint.project.slug, item.condition.decision_id])
        return Link(f"{item.track.key} by {item.condition.due:%-d %b}", item.condition.text, url)
    if what is WaitsFor.APPROVE:
        return Link(item.track.key, item.track.name, reverse("reports:decide", args=place))
    track = reverse("reports:track", args=place)
    if what is WaitsFor.TRIAGE:
        return Link(f"{item.count} on {item.track.key}", item.track.name, f"{track}#causes")
    return Link(item.track.key, item.track.name, track)
