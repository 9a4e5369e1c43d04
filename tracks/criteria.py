"""What ``Criterion.definition`` holds, by the criterion's kind; pure.

tests    {"rule": "all pass", "places": […], "outside": false, "keyword": "", "marker": "", "failed": 0, …}
check    {"kind": "file exists", "path": "Makefile", …}                 see ``tracks.checks``
manual   {}
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from tracks.checks import CheckDefinition
from tracks.errors import InvalidInput
from tracks.selections import Selection
from tracks.statuses import CriterionKind

MOST = 10**6


class Rule(StrEnum):
    """What is asked of the tests that are meant."""

    AT_MOST_BROKEN = "at most so many broken"
    EACH_PASSES = "all pass"
    AT_LEAST = "at least so many exist"
    NOTHING_WORSE = "nothing worse than the baseline"


@dataclass(frozen=True, slots=True)
class TestsDefinition:
    """``failed``, ``errors``: at most so many; ``least``: at least so many tests; each for its rule only.

    Raises InvalidInput, naming the field, for numbers that are none.
    """

    __test__ = False

    rule: Rule
    selection: Selection = field(default_factory=Selection)
    failed: int = 0
    errors: int = 0
    least: int = 1

    def __post_init__(self) -> None:
        for name, lowest in (("failed", 0), ("errors", 0), ("least", 1)):
            if not lowest <= getattr(self, name) <= MOST:
                raise InvalidInput(f"A number from {lowest} to {MOST} is wanted.", field=name)

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        selection: dict[str, Any] = data.pop("selection")
        return data | selection

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TestsDefinition":
        return cls(
            Rule(data["rule"]), Selection.from_json(data), data["failed"], data["errors"], data["least"]
        )

    def in_words(self) -> str:
        asked = {
            Rule.AT_MOST_BROKEN: f"at most {self.failed} failed and {self.errors} errors",
            Rule.EACH_PASSES: "all pass",
            Rule.AT_LEAST: f"at least {self.least} exist",
            Rule.NOTHING_WORSE: "none changed for the worse against the baseline",
        }[self.rule]
        return f"{self.selection.in_words()}: {asked}"


def in_words(kind: CriterionKind, definition: Mapping[str, Any]) -> str:
    """What is looked at, in a line."""
    match kind:
        case CriterionKind.TESTS:
            return TestsDefinition.from_json(definition).in_words()
        case CriterionKind.CHECK:
            return CheckDefinition.from_json(definition).in_words()
        case CriterionKind.MANUAL:
            return "a person looks, and says so with evidence"
