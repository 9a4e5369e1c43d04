"""Whether the track may be merged, and what stands in its way; pure."""

from collections.abc import Iterator

from reports.document import Block, Section, Tone
from reports.summary.facts import SummaryFacts, TrackTold
from reports.summary.sections import keys
from reports.summary.sections.integration import step_in_words
from reports.summary.sections.writing import says
from reports.wording import listed


def section(track: TrackTold, facts: SummaryFacts) -> Section:
    return Section(
        f"{keys.of_track(track)}-readiness", "Integration readiness", tuple(_readiness(track, facts))
    )


def _readiness(track: TrackTold, facts: SummaryFacts) -> Iterator[Block]:
    if track.is_ready:
        yield says("It may be merged: it is approved, and every gate is open.", tone=Tone.GOOD)
    elif track.is_approved:
        yield says("It is approved, but not every gate is open.", tone=Tone.WARN)
    else:
        yield says("It may not be merged: it is not approved.", tone=Tone.WARN)
    closed = [gate.kind.value for gate in track.gates if not gate.is_open]
    if closed:
        yield says(f"Closed gates: {listed(closed)}.")
    if track.depends_on:
        yield says(f"It depends on {listed(track.depends_on)}.")
    for step in facts.plan:
        if step.key == track.key:
            yield says(step_in_words(step))
