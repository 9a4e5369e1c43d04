"""How a rule names a figure; pure."""

from collections.abc import Callable, Iterator, Mapping

from reports.document import Figure
from reports.summary.facts import SummaryFacts, TrackTold
from reports.summary.numbers import by_number
from tracks.statuses import Outcome

Figures = Mapping[str, Figure]
Rule = Callable[[SummaryFacts, Figures], Iterator[str]]

BOUNDS = {
    Outcome.PASSED: "min_passed",
    Outcome.FAILED: "max_failed",
    Outcome.ERROR: "max_errors",
}


def by(rules: tuple[Rule, ...], facts: SummaryFacts, figures: Figures) -> tuple[str, ...]:
    return tuple(sentence for rule in rules for sentence in rule(facts, figures))


def shown(name: str, figures: Figures, one: str = "", many: str = "") -> str:
    """The placeholder, and the word after it in the right number."""
    word = by_number(one, many or f"{one}s", figures[name]) if one else ""
    return f"{{{{{name}}}}} {word}" if one else f"{{{{{name}}}}}"


def some(name: str, figures: Figures) -> bool:
    return name in figures and figures[name].value > 0


def verb(one: str, many: str, figures: Figures, *names: str) -> str:
    """``one`` where one of the figures is one."""
    return by_number(one, many, *(figures[name] for name in names))


def came_out(name: str, figures: Figures) -> str:
    """``563 passed, 20 failed, 1 had an error`` of the run of which the figures begin with ``name``."""
    passed, failed, errors = (f"{name}.{each}" for each in BOUNDS)
    had = verb("had an error", "had errors", figures, errors)
    return f"{shown(passed, figures)} passed, {shown(failed, figures)} failed, {shown(errors, figures)} {had}"


def held_to_targets(track: TrackTold, figures: Figures) -> dict[Outcome, bool]:
    """Whether the track's latest run reaches each target that the sprint has; empty where it says nothing."""
    if track.latest is None or not track.latest.run.is_measured:
        return {}
    values = {outcome: figures[f"track.{track.key}.{outcome}"].value for outcome in BOUNDS}
    bounds = {outcome: figures.get(f"sprint.target.{name}") for outcome, name in BOUNDS.items()}
    return {
        outcome: values[outcome] >= bound.value
        if outcome is Outcome.PASSED
        else values[outcome] <= bound.value
        for outcome, bound in bounds.items()
        if bound
    }
