"""The sentences of the achievements; pure."""

from collections.abc import Iterator

from reports.summary.facts import SummaryFacts
from reports.summary.rules.telling import Figures, by, came_out, held_to_targets, shown, some, verb
from reports.summary.standing import moved_on
from reports.wording import listed
from tracks.statuses import Standing


def achievements(facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    rules = (_approved, _fixed, _targets_reached, _verified, _criteria_hold, _integrated, _praised)
    return by(rules, facts, figures)


def _approved(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.tracks.approved", figures):
        tracks = shown("sprint.tracks", figures, "track")
        is_or_are = verb("is", "are", figures, "sprint.tracks.approved", "sprint.tracks")
        yield f"{shown('sprint.tracks.approved', figures)} of {tracks} {is_or_are} approved."


def _fixed(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        name = f"track.{track.key}.fixed"
        if some(name, figures):
            yield f"Track {track.key} fixes {shown(name, figures, 'test')} that the baseline breaks."


def _targets_reached(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        held = held_to_targets(track, figures)
        if held and all(held.values()):
            name = f"track.{track.key}"
            yield f"Track {track.key} reaches every target of the sprint: {came_out(name, figures)}."


def _verified(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    name = "sprint.findings.status.verified"
    if some(name, figures):
        yield f"{shown(name, figures, 'finding')} {verb('is', 'are', figures, name)} verified fixed."


def _criteria_hold(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        if track.criteria and all(each.standing is Standing.HOLDS for each in track.criteria):
            name = f"track.{track.key}.criteria.holds"
            yield f"Track {track.key} meets {shown(name, figures, 'criterion', 'criteria')}: all of them."


def _integrated(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    integration = facts.integration
    if integration is None or moved_on(integration, facts.tracks):
        return
    if integration.passed and "integration.passed" in figures:
        passed = shown("integration.passed", figures, "test")
        merged = listed(integration.merged)
        yield f"{merged} passed the trial integration together: {passed} passed."


def _praised(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.findings.kind.praise", figures):
        name = "sprint.findings.kind.praise"
        be = verb("is", "are", figures, name)
        yield f"Testers noted {shown(name, figures, 'thing')} that {be} well done."
