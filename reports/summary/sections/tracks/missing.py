"""What was not implemented: findings that say so, and blocking criteria that fail; pure."""

from reports.document import Section
from reports.summary.facts import FindingTold, TrackTold
from reports.summary.sections import keys
from reports.summary.sections.writing import bullets, line
from tracks.finding_statuses import TO_MEND, FindingKind
from tracks.statuses import Standing, Weight

_KINDS = frozenset({FindingKind.NOT_IMPLEMENTED, FindingKind.INCOMPLETE})


def section(track: TrackTold) -> Section | None:
    lines = [
        *(
            line(keys.to_finding(each), f" {keys.titled(each)} ({each.kind})")
            for each in track.findings
            if _is_missing(each)
        ),
        *(
            line(f"Criterion “{each.text}” fails")
            for each in track.criteria
            if each.weight is Weight.BLOCKING and each.standing is Standing.FAILS
        ),
    ]
    if not lines:
        return None
    return Section(f"{keys.of_track(track)}-missing", "What was not implemented", (bullets(lines),))


def _is_missing(finding: FindingTold) -> bool:
    return finding.kind in _KINDS and finding.status in TO_MEND
