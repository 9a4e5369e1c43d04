"""What a report rests on, as plain JSON: the keys of the rows, and the decisions and findings that the
difference of two editions is told of; pure."""

from collections.abc import Iterable
from typing import Any

from reports.decisions import digest
from reports.summary.facts import FindingTold, SummaryFacts


def decisions_of(facts: SummaryFacts) -> tuple[dict[str, Any], ...]:
    """By track, the latest first."""
    return tuple(
        {
            "decision": each.decision,
            "track": track.key,
            "kind": each.kind.value,
            "sha": each.sha,
            "by": each.by,
            "at": each.at.isoformat(),
            "counts": each.counts,
            "conditions": [
                {"number": one.number, "text": one.text, "is_met": one.is_met} for one in each.conditions
            ],
        }
        for track in facts.tracks
        for each in track.decisions
    )


def findings_of(facts: SummaryFacts) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "finding": each.finding,
            "name": each.name,
            "track": track.key,
            "title": each.title,
            "kind": each.kind.value,
            "severity": each.severity.value,
            "status": each.status.value,
            "words": digest(_words(each)),
        }
        for track in facts.tracks
        for each in track.findings
    )


def _words(finding: FindingTold) -> dict[str, Any]:
    answer = finding.answer
    return {
        **{name: getattr(finding, name) for name in ("evidence", "root_cause", "recommended_fix", "impact")},
        "answer": (answer.option, answer.reason) if answer else None,
    }


def recommended_of(facts: SummaryFacts) -> dict[str, str]:
    """What the gates of each track speak for, by its key."""
    return {track.key: track.recommended.value for track in facts.tracks}


def rests_on(facts: SummaryFacts) -> dict[str, tuple[int, ...]]:
    """Primary keys, sorted, by what they are of."""
    iterations = [each for track in facts.tracks for each in track.iterations]
    runs = [facts.baseline, *(each.run for each in iterations)]
    if facts.integration:
        runs.append(facts.integration.run)
    comparisons = [one for each in iterations for one in (each.base, each.previous)]
    changesets = [*(track.changes for track in facts.tracks), *(each.attempt for each in iterations)]
    return {
        "runs": _sorted(each.run for each in runs if each),
        "comparisons": _sorted(each.comparison for each in comparisons if each),
        "changesets": _sorted(each.changeset for each in changesets if each),
        "decisions": _sorted(each.decision for track in facts.tracks for each in track.decisions),
        "findings": _sorted(each.finding for track in facts.tracks for each in track.findings),
        "integrations": (facts.integration.integration,) if facts.integration else (),
    }


def _sorted(keys: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(keys)))
