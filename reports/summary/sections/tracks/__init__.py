"""Everything about each track; pure.

changes   branch, commits, files           criteria  what it had to show
results   outcomes against the baseline    findings  what testers recorded
outcomes  two runs in a table              missing   what was not implemented
flow      the same as a picture            retests   each attempt to mend what was found
lists     tests by what became of them     claims    a developer's word
verdict   decision and gates               follow_ups, readiness
"""

from collections.abc import Mapping

from reports.document import Figure, Paragraph, Section, Strong
from reports.document.prose import line_of
from reports.summary.facts import SummaryFacts, TrackTold
from reports.summary.sections import keys
from reports.summary.sections.tracks import (
    changes,
    criteria,
    findings,
    follow_ups,
    missing,
    readiness,
    results,
    retests,
    verdict,
)
from reports.summary.sections.writing import line
from reports.summary.standing import TONES, state_of, word_of


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    if not facts.tracks:
        return None
    return Section("tracks", "Tracks", (), tuple(_track(each, facts, figures) for each in facts.tracks))


def _track(track: TrackTold, facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section:
    state = state_of(track)
    parts = (
        changes.section(track, figures),
        results.section(track, facts, figures),
        results.errors_section(track, figures),
        criteria.section(track, figures),
        findings.section(track, figures),
        missing.section(track),
        *retests.sections(track, figures),
        verdict.section(track, figures),
        follow_ups.section(track, figures),
        readiness.section(track, facts),
    )
    said = Paragraph(line(Strong("Status: "), *line_of(word_of(track), figures), "."), TONES[state])
    title = f"Track {track.key}: {track.name}"
    return Section(keys.of_track(track), title, (said,), tuple(part for part in parts if part))
