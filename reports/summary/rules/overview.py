"""The sentences of the summary and of the conclusion; pure."""

from collections.abc import Iterator

from reports.summary.facts import SummaryFacts
from reports.summary.rules.telling import Figures, by, came_out, shown, some, verb
from reports.summary.standing import overall, word_of


def summary(facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    """Paragraphs, of which that on the tracks is a list."""
    tracks = "\n".join(f"- {each}" for each in _tracks(facts, figures))
    return tuple(
        each for each in (*_baseline(facts, figures), tracks, " ".join(_findings(facts, figures))) if each
    )


def conclusion(facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    return by((_state, _remaining), facts, figures)


def _baseline(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if facts.baseline and facts.baseline.is_measured:
        tests = shown("baseline.collected", figures, "test")
        yield f"On the baseline, of {tests} {came_out('baseline', figures)}."


def _tracks(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    for track in facts.tracks:
        name = f"track.{track.key}"
        if f"{name}.change.passed" in figures:
            told = f"{came_out(name, figures)}{_change(f'{name}.change.passed', figures)}"
            yield f"Track {track.key}: {told}. Decision: {word_of(track)}."
        elif track.latest:
            how = "by its checks alone" if track.latest.run.checks_only else "but what it counts says nothing"
            yield f"Track {track.key} was tested, {how}. Decision: {word_of(track)}."


def _change(name: str, figures: Figures) -> str:
    return f"; change of the passed tests: {shown(name, figures)}" if figures[name].value else ""


def _findings(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    faults, opened = "sprint.findings.faults", "sprint.findings.open"
    if some(faults, figures):
        be = verb("is", "are", figures, opened)
        yield f"Of {shown(faults, figures, 'recorded fault')} {shown(opened, figures)} {be} to be mended."
    if some("sprint.questions", figures):
        yield f"{shown('sprint.questions', figures, 'question is', 'questions are')} open."


def _state(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    yield f"{overall(facts)}."
    if facts.tracks:
        ready, tracks = shown("sprint.tracks.ready", figures), shown("sprint.tracks", figures, "track")
        yield f"{ready} of {tracks} may be merged."


def _remaining(facts: SummaryFacts, figures: Figures) -> Iterator[str]:
    if some("sprint.findings.open", figures):
        opened, effort = shown("sprint.findings.open", figures, "open fault"), shown("sprint.effort", figures)
        yield f"The estimate for {opened} is {effort}{_unestimated(figures)}."


def _unestimated(figures: Figures) -> str:
    name = "sprint.unestimated"
    if not some(name, figures):
        return ""
    return f"; {shown(name, figures)} of these {verb('has', 'have', figures, name)} none"
