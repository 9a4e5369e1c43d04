"""The figures of the sprint as a whole; pure.

sprint.tracks  .tracks.approved  .runs  .conditions  .target.min_passed  .findings …
integration.passed  .together  .together.A-B  .conflicts.C
"""

from collections.abc import Iterator

from reports.document import Asked, Figure, Query
from reports.summary.facts import IntegrationTold, InteractionTold, SummaryFacts
from reports.summary.figures import shown
from reports.summary.figures.of_findings import of_findings
from reports.summary.figures.of_runs import of_run
from reports.summary.standing import APPROVED, NOT_DECIDED, State, state_of
from reports.wording import listed


def of_sprint(facts: SummaryFacts) -> Iterator[Figure]:
    yield from _tracks(facts)
    runs = sum(each.run.ended_at is not None for track in facts.tracks for each in track.iterations)
    asked = Query(Asked.RUNS, sprint=facts.sprint)
    yield Figure("sprint.runs", "tests and retests in the sprint", runs, shown.count(runs), asked)
    unmet = sum(
        not condition.is_met
        for track in facts.tracks
        for decision in track.decisions
        if decision.counts
        for condition in decision.conditions
    )
    query = Query(Asked.CONDITIONS, sprint=facts.sprint)
    yield Figure("sprint.conditions", "conditions that are not met", unmet, shown.count(unmet), query)
    yield from _targets(facts)
    yield from of_findings(
        "sprint",
        "in the sprint",
        [finding for track in facts.tracks for finding in track.findings],
        lambda asked, filters: Query(asked, sprint=facts.sprint, filters=filters),
    )
    if facts.integration:
        yield from _integration(facts.integration)


def together_of(interaction: InteractionTold) -> str:
    """The name of the figure of its tests."""
    return f"integration.together.{'-'.join(interaction.keys)}"


def _tracks(facts: SummaryFacts) -> Iterator[Figure]:
    states = [state_of(track) for track in facts.tracks]
    for name, words, value in (
        ("", "tracks of the sprint", len(facts.tracks)),
        ("tested", "tracks that are tested", sum(track.latest is not None for track in facts.tracks)),
        ("approved", "approved tracks", sum(state in APPROVED for state in states)),
        ("ready", "tracks that may be merged", sum(track.is_ready for track in facts.tracks)),
        ("rejected", "rejected tracks", states.count(State.REJECTED)),
        ("deferred", "deferred tracks", states.count(State.DEFERRED)),
        ("undecided", "tracks that are not decided", sum(state in NOT_DECIDED for state in states)),
    ):
        query = Query(Asked.TRACKS, sprint=facts.sprint, named=name)
        full = f"sprint.tracks.{name}" if name else "sprint.tracks"
        yield Figure(full, words, value, shown.count(value), query)


def _targets(facts: SummaryFacts) -> Iterator[Figure]:
    for name, words, value in (
        ("min_passed", "least tests to pass", facts.targets.min_passed),
        ("max_failed", "most tests to fail", facts.targets.max_failed),
        ("max_errors", "most tests with errors", facts.targets.max_errors),
    ):
        if value is not None:
            query = Query(Asked.TARGET, sprint=facts.sprint, named=name)
            yield Figure(f"sprint.target.{name}", words, value, shown.count(value), query)


def _integration(integration: IntegrationTold) -> Iterator[Figure]:
    key = integration.integration
    if integration.run:
        yield from of_run("integration", "the trial integration", integration.run)
    together = Query(Asked.TOGETHER, integration=key)
    label = "tests that break together and on no track alone"
    value = integration.together
    yield Figure("integration.together", label, value, shown.count(value), together)
    for each in integration.interactions:
        query = Query(Asked.TOGETHER, integration=key, named="+".join(each.keys))
        words = f"tests that {listed(each.keys)} break together"
        name = together_of(each)
        yield Figure(name, words, each.tests, shown.count(each.tests), query)
    for left in integration.left_out:
        query = Query(Asked.CONFLICTS, integration=key, named=left.key)
        words = f"files in which {left.key} conflicts"
        yield Figure(f"integration.conflicts.{left.key}", words, left.files, shown.count(left.files), query)
