"""The sentences of the summary and of the conclusion; pure."""

from collections.abc import Iterator

from reports.summary.facts import SummaryFacts
from reports.summary.rules.telling import Figures, be, by, shown, some
from reports.summary.standing import State, overall, state_of
from tracks.statuses import Outcome

WORDS = {
    State.AWAITING: "not approved by enough leads yet",
    State.STALE: "to be decided again",
    State.UNDECIDED: "not decided yet",
}


def summary(facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    return by((_baseline, _tracks, _findings), facts, figures)


def conclusion(facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    return by((_state, _remaining), facts, figures)


def _baseline(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if facts.baseline and facts.baseline.is_measured:
        passed, failed, errors = (
            shown(f"baseline.{outcome}", figures)
            for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)
        )
        yield (
            f"On the baseline {passed} of {shown('baseline.collected', figures, 'test')} passed, "
            f"{failed} failed, and {errors} had errors."
        )


def _tracks(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        name = f"track.{track.key}"
        word = WORDS.get(state_of(track), state_of(track).value)
        if f"{name}.change.passed" in figures:
            passed, change = shown(f"{name}.passed", figures), shown(f"{name}.change.passed", figures)
            failed, errors = shown(f"{name}.failed", figures), shown(f"{name}.error", figures)
            told = f"{passed} passed ({change} against the baseline), {failed} failed, {errors} had errors"
            yield f"On track {track.key}, {told}; it is {word}."
        elif track.latest:
            how = "by its checks alone" if track.latest.run.checks_only else "but what it counts says nothing"
            yield f"Track {track.key} was tested, {how}; it is {word}."


def _findings(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.findings", figures):
        opened = shown("sprint.findings.open", figures)
        is_or_are = be("sprint.findings.open", figures)
        yield f"Of {shown('sprint.findings', figures, 'finding')} {opened} {is_or_are} open."


def _state(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    yield f"{overall(facts)}."
    if facts.tracks:
        ready, tracks = shown("sprint.tracks.ready", figures), shown("sprint.tracks", figures, "track")
        yield f"{ready} of {tracks} may be merged."


def _remaining(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.findings.open", figures):
        opened = shown("sprint.findings.open", figures, "open finding")
        effort, none = shown("sprint.effort", figures), shown("sprint.unestimated", figures)
        is_or_are = be("sprint.unestimated", figures)
        yield f"{effort} of work are estimated for {opened}, of which {none} {is_or_are} without an estimate."
