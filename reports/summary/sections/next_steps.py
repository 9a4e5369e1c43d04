"""Who does what next, by role; pure."""

from collections.abc import Iterator

from reports.document import Section
from reports.document.blocks import Line
from reports.statuses import Recommended, VerdictKind
from reports.summary.facts import FindingTold, SummaryFacts, TrackTold
from reports.summary.figures.of_findings import is_asked, is_open
from reports.summary.sections import keys
from reports.summary.sections.tracks.follow_ups import unmet
from reports.summary.sections.writing import bullets, day, line
from reports.summary.standing import NOT_DECIDED, state_of
from tracks.finding_statuses import FindingStatus
from tracks.statuses import RunState


def section(facts: SummaryFacts) -> Section | None:
    roles = (
        ("lead", "Project lead", [*_of_lead(facts)]),
        ("tester", "QA tester", [*_of_tester(facts)]),
        ("developer", "Developers", [*_of_developers(facts)]),
    )
    parts = tuple(Section(f"next-{key}", title, (bullets(lines),)) for key, title, lines in roles if lines)
    return Section("next-steps", "Next steps", (), parts) if parts else None


def _of_lead(facts: SummaryFacts) -> Iterator[Line]:
    for track in facts.tracks:
        can_be_said = track.recommended is not Recommended.WAIT
        if state_of(track) in NOT_DECIDED and can_be_said:
            yield line(f"Decide on track {track.key}.")
        for gate in track.gates:
            if track.is_approved and not gate.is_open:
                yield line(f"Open the gate “{gate.kind}” of {track.key}, or waive it: {gate.sentence}")
        for question in track.findings:
            if is_asked(question):
                yield line("Answer ", keys.to_finding(question), f": {keys.titled(question)}")
    for step in facts.plan:
        if step.is_now:
            yield line(step.sentence)


def _of_tester(facts: SummaryFacts) -> Iterator[Line]:
    for track in facts.tracks:
        if why := _to_test(track):
            yield line(f"Test track {track.key}: {why}.")
        for finding in track.findings:
            if finding.status is FindingStatus.CLAIMED:
                waits = not finding.attempts or finding.attempts[-1].iteration is None
                what = "Test again " if waits else "Confirm what the retest shows of "
                yield line(what, keys.to_finding(finding), f": {keys.titled(finding)}")


def _to_test(track: TrackTold) -> str:
    """Why the track is to be tested; empty where it is not."""
    latest = track.latest
    if track.fault:
        return f"its run is {track.fault.run.state}"
    if latest is None:
        return "it has not been tested yet"
    return "its branch has new commits" if track.head and track.head != latest.run.sha else ""


def _still_breaks(finding: FindingTold) -> bool:
    """A retest has shown that what was claimed did not mend it."""
    return bool(finding.attempts) and finding.attempts[-1].verdict in _NOT_MENDED


_NOT_MENDED = frozenset({VerdictKind.SAME, VerdictKind.DIFFERENT, VerdictKind.PARTLY})


def _of_developers(facts: SummaryFacts) -> Iterator[Line]:
    for track in facts.tracks:
        latest = track.latest
        if latest and latest.run.state in (RunState.BROKEN, RunState.INCOMPLETE):
            yield line(f"Mend the run of track {track.key}: it is {latest.run.state}.")
        for finding in track.findings:
            if is_open(finding) and (finding.status is FindingStatus.OPEN or _still_breaks(finding)):
                who = f" ({finding.assignee})" if finding.assignee else ""
                yield line("Fix ", keys.to_finding(finding), f": {keys.titled(finding)}{who}")
        for condition in unmet(track):
            who = f"{condition.owner}, " if condition.owner else ""
            yield line(f"Meet the condition of {track.key}: {condition.text} ({who}by {day(condition.due)})")
