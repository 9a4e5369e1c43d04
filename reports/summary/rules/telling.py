"""How a rule names a figure; pure."""

from collections.abc import Callable, Iterator, Mapping

from reports.document import Figure
from reports.summary.facts import SummaryFacts, TrackTold
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
    word = one if abs(figures[name].value) == 1 else many or f"{one}s"
    return f"{{{{{name}}}}} {word}" if one else f"{{{{{name}}}}}"


def some(name: str, figures: Figures) -> bool:
    return name in figures and figures[name].value > 0


def be(name: str, figures: Figures) -> str:
    return "is" if figures[name].value == 1 else "are"


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
