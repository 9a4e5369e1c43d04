"""What the tests of findings did in a run.

numbers [3, 7], run ──> TestNow(3, "t.py::one", failed)   TestNow(7, "t.py::two", passed)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracks import queries
from tracks.models import Project, Run
from tracks.statuses import BROKEN_OUTCOMES, Outcome
from tracks.vectors import OUTCOMES


@dataclass(frozen=True, slots=True)
class TestNow:
    """A test and what it did in the run; None where there is no run."""

    __test__ = False

    number: int
    node_id: str
    outcome: Outcome | None

    @property
    def is_broken(self) -> bool:
        return self.outcome in BROKEN_OUTCOMES


def tests_now(project: Project, run: Run | None, numbers: Sequence[int]) -> list[TestNow]:
    names = queries.node_ids(project, numbers) if numbers else {}
    return named(names, outcomes_at(run, numbers), numbers)


def named(names: Mapping[int, str], outcomes: Mapping[int, Outcome], numbers: Iterable[int]) -> list[TestNow]:
    return [TestNow(each, names[each], outcomes.get(each)) for each in numbers if each in names]


def outcomes_at(run: Run | None, numbers: Iterable[int]) -> dict[int, Outcome]:
    """What each of the tests did in the run, which comes with its vectors; nothing without a run."""
    if run is None:
        return {}
    codes = queries.outcome_vector(run)
    return {each: OUTCOMES[codes[each]] if each < codes.size else Outcome.ABSENT for each in numbers}
