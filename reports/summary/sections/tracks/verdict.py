"""The verdict on the track with its reasons, what is to be done, and whether it may be merged; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Column, Figure, Mono, Paragraph, Quote, Section, Strong, Table, Tone
from reports.document.blocks import Line
from reports.document.prose import blocks_of
from reports.statuses import Recommended
from reports.summary.facts import ConditionTold, FindingTold, GateTold, SummaryFacts, TrackTold
from reports.summary.figures.of_findings import is_open
from reports.summary.sections import keys
from reports.summary.sections.integration import step_in_words
from reports.summary.sections.writing import NOTHING, SHORT, bullets, counted, day, is_or_are, line, says
from reports.summary.standing import TONES, latest_decision, state_of
from reports.wording import listed
from tracks.finding_statuses import Severity
from tracks.statuses import Standing

_RECOMMENDED = {
    Recommended.APPROVE: "The gates speak for an approval.",
    Recommended.REJECT: "The gates speak for a rejection.",
    Recommended.WAIT: "The gates speak for waiting.",
}
_GATES = tuple(Column(title) for title in ("Gate", "Standing", "Figure", "Bound", "Why"))
_FOLLOW_UPS = tuple(Column(title) for title in ("Severity", "What", "Who", "By or effort"))


def section(track: TrackTold, facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section:
    state = state_of(track)
    blocks = (
        Paragraph(line(Strong("Verdict: "), f"{state}."), TONES[state]),
        *_reasons(track),
        *_gates(track, figures),
    )
    return Section(f"{keys.of_track(track)}-verdict", "Verdict", blocks)


def _reasons(track: TrackTold) -> Iterator[Block]:
    if decision := latest_decision(track):
        yield says(f"{decision.by} on {day(decision.at)}, on commit ", Mono(decision.sha[:SHORT]), ":")
        yield Quote(blocks_of(decision.rationale))
        if decision.stale:
            yield says("It does not count any more:", tone=Tone.WARN)
            yield bullets(line(each) for each in decision.stale)
    yield says(Strong(_RECOMMENDED[track.recommended]))
    if track.reasons:
        yield bullets(line(each) for each in track.reasons)


def _gates(track: TrackTold, figures: Mapping[str, Figure]) -> Iterator[Block]:
    if track.gates:
        opened, total = figures[f"track.{track.key}.gates.open"], figures[f"track.{track.key}.gates"]
        yield says(opened, " of ", *counted(total, "gate"), f" {is_or_are(opened)} open.")
        yield Table(f"Gates of {track.key}", _GATES, tuple(_gate(each) for each in track.gates))


def _gate(gate: GateTold) -> tuple[Line, ...]:
    is_waived = gate.waived_by != "" and gate.standing is not Standing.HOLDS
    why = (gate.sentence, _waiver(gate) if is_waived else "")
    return (
        line(gate.kind.value),
        line("waived" if is_waived else gate.standing.value),
        line(gate.figure) or NOTHING,
        line(gate.bound) or NOTHING,
        line(" ".join(each for each in why if each)) or NOTHING,
    )


def _waiver(gate: GateTold) -> str:
    until = f" until {day(gate.waived_until)}" if gate.waived_until else ""
    return f"Waived by {gate.waived_by}{until}: {gate.waived_for}"


def follow_ups(track: TrackTold, figures: Mapping[str, Figure]) -> Section | None:
    """By severity: the findings to mend, and the conditions to meet."""
    rows = [row for severity in Severity for row in _of_severity(severity, track, figures)]
    if not rows:
        return None
    table = Table(f"Follow-ups of {track.key}", _FOLLOW_UPS, tuple(rows))
    return Section(f"{keys.of_track(track)}-follow-ups", "Required follow-ups", (table,))


def _of_severity(
    severity: Severity, track: TrackTold, figures: Mapping[str, Figure]
) -> Iterator[tuple[Line, ...]]:
    for finding in track.findings:
        if finding.severity is severity and is_open(finding):
            yield _to_mend(finding, figures)
    for condition in unmet(track):
        if condition.severity is severity:
            what = line(f"Condition: {condition.text}")
            yield (
                line(severity.value),
                what,
                line(condition.owner) or NOTHING,
                line(f"by {day(condition.due)}"),
            )


def unmet(track: TrackTold) -> tuple[ConditionTold, ...]:
    """The conditions of the decisions that count."""
    return tuple(
        each
        for decision in track.decisions
        if decision.counts
        for each in decision.conditions
        if not each.is_met
    )


def _to_mend(finding: FindingTold, figures: Mapping[str, Figure]) -> tuple[Line, ...]:
    effort = figures.get(f"finding.{finding.name}.effort")
    return (
        line(finding.severity.value),
        line(keys.to_finding(finding), f" {finding.title}"),
        line(finding.assignee) or NOTHING,
        line(effort) if effort else NOTHING,
    )


def readiness(track: TrackTold, facts: SummaryFacts) -> Section:
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
