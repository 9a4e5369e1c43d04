"""The executive summary: how far testing is, and the words of people; pure.

What stands here of the narratives is a tester's text, or the machine's draft of it.
"""

from collections.abc import Iterator, Mapping

from reports.document import Block, Figure, Paragraph, Section, Strong, Tone
from reports.document.prose import blocks_of
from reports.summary.facts import SummaryFacts
from reports.summary.numbers import by_number
from reports.summary.sections.writing import counted, line, says
from reports.summary.standing import called, in_the_way, overall
from tracks.statuses import RunState

TITLES = {"achievements": "Key achievements", "concerns": "Key concerns"}


def section(facts: SummaryFacts, figures: Mapping[str, Figure], texts: Mapping[str, str]) -> Section:
    blocks = (
        *_not_told(facts),
        *_progress(facts, figures),
        Paragraph(line(Strong("Overall status: "), f"{overall(facts)}.")),
        *blocks_of(texts["summary"], figures),
    )
    parts = (
        Section(key, title, blocks_of(texts[key], figures)) for key, title in TITLES.items() if texts[key]
    )
    return Section("summary", "Executive summary", blocks, tuple(parts))


def _not_told(facts: SummaryFacts) -> Iterator[Block]:
    """What the figures below say nothing of, before anything is said."""
    baseline = facts.baseline
    if baseline is None:
        yield says("There is no baseline: nothing can be held against it.", tone=Tone.WARN)
    elif baseline.ended_at is None:
        yield says("The baseline is still being tested.", tone=Tone.WARN)
    elif baseline.state is not RunState.FINISHED:
        said = f"The baseline is {baseline.state}: nothing is held against it. {baseline.reason}"
        yield says(said.strip(), tone=Tone.BAD)
    for track in facts.tracks:
        if track.latest and track.latest.run.state is not RunState.FINISHED:
            why = in_the_way(track.latest)
            yield says(Strong(f"Track {track.key}, {called(track.latest)}: "), why, tone=Tone.BAD)


def _progress(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Iterator[Block]:
    if not facts.tracks:
        return
    tested, tracks = figures["sprint.tracks.tested"], figures["sprint.tracks"]
    runs = counted(figures["sprint.runs"], "test run")
    done = line(
        tested,
        " of ",
        *counted(tracks, "track"),
        f" {by_number('is', 'are', tested, tracks)} tested, in ",
        *runs,
        ".",
    )
    yield Paragraph(line(Strong("Testing progress: "), *done))
