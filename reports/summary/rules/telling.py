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


def held_to_targets(
    facts: SummaryFacts, figures: Figures, *, reached: bool
) -> Iterator[tuple[TrackTold, Outcome]]:
    """The tracks whose latest run reaches a target of the sprint, or misses it."""
    for track in facts.tracks:
        if track.latest is None or not track.latest.run.is_measured:
            continue
        for outcome, name in BOUNDS.items():
            if bound := figures.get(f"sprint.target.{name}"):
                value = figures[f"track.{track.key}.{outcome}"].value
                holds = value >= bound.value if outcome is Outcome.PASSED else value <= bound.value
                if holds is reached:
                    yield track, outcome


def target_in_words(track: TrackTold, outcome: Outcome, figures: Figures) -> str:
    """``at least 580 tests that pass: 575 do``, with placeholders."""
    bound = shown(f"sprint.target.{BOUNDS[outcome]}", figures)
    value = shown(f"track.{track.key}.{outcome}", figures)
    words = {
        Outcome.PASSED: f"at least {bound} tests that pass: {value} do",
        Outcome.FAILED: f"at most {bound} tests that fail: {value} do",
        Outcome.ERROR: f"at most {bound} tests with errors: {value} have one",
    }
    return words[outcome]
