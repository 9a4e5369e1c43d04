"""What testers recorded on the track, the worst first; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Figure, Folded, Mono, Paragraph, Section, Strong
from reports.document.blocks import Line
from reports.document.prose import blocks_of
from reports.summary.facts import FindingTold, TrackTold
from reports.summary.sections import keys
from reports.summary.sections.tally import tally
from reports.summary.sections.tracks.claims import claimed
from reports.summary.sections.writing import commit, counted, first, line, says, separated, told

_TEXTS = {
    "Evidence": "evidence",
    "Root cause": "root_cause",
    "Recommended fix": "recommended_fix",
    "Impact": "impact",
}


def section(track: TrackTold, figures: Mapping[str, Figure]) -> Section | None:
    if not track.findings:
        return None
    said = says(*tally(f"track.{track.key}", figures), ".")
    parts = tuple(_finding(each, figures) for each in track.findings)
    return Section(f"{keys.of_track(track)}-findings", "Findings", (said,), parts)


def _finding(finding: FindingTold, figures: Mapping[str, Figure]) -> Section:
    blocks = [told(f"Finding {finding.name}", _rows(finding, figures)), *_texts(finding)]
    if finding.first:
        blocks.append(Folded(line("Tests that it affects"), tuple(first(finding.first, finding.tests))))
    return Section(keys.of_finding(finding), f"{finding.name}: {finding.title}", tuple(blocks))


def _rows(finding: FindingTold, figures: Mapping[str, Figure]) -> Iterator[tuple[str, Line]]:
    yield "Kind", line(finding.kind.value)
    yield "Severity", line(finding.severity.value)
    yield "Status", line(finding.status.value)
    if finding.tests:
        yield "Affects", line(*counted(figures[f"finding.{finding.name}.affected"], "test"))
    more = line(", and more") if finding.files_total > len(finding.files) else ()
    yield "Files", (*separated((Mono(path),) for path in finding.files), *more)
    yield "Since commit", commit(finding.culprit)
    yield "Assigned to", line(finding.assignee)
    if finding.answer:
        by = f" ({finding.answer.by})" if finding.answer.by else ""
        yield "Answer", line(Strong(finding.answer.option), by)
    if effort := figures.get(f"finding.{finding.name}.effort"):
        yield "Effort", line(effort)


def _texts(finding: FindingTold) -> Iterator[Block]:
    for title, field in _TEXTS.items():
        if text := getattr(finding, field):
            yield Paragraph((Strong(title),))
            yield from blocks_of(text)
    if finding.answer and finding.answer.reason:
        yield Paragraph((Strong("Why it was answered so"),))
        yield from blocks_of(finding.answer.reason)
    for attempt in finding.attempts:
        if attempt.iteration is None:
            yield from claimed("Not tested again yet", attempt)
