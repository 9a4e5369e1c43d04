"""The evidence behind a verdict: its tests before and after, and the texts of some side by side.

Verification.tests ──> Line(test, shapes before and after, what is said)
some broken ones   ──> Shown(test, the texts before | after, what differs)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from reports.models import Verification
from reports.text_pairs import Pair, pair
from reports.verification import Showing
from tracks import queries
from tracks.models import Failure
from tracks.web.logs import plain

FIRST = 50
"""How many tests are listed, those that speak against the fix first."""
_ORDER = {showing.value: place for place, showing in enumerate(Showing)}
EXAMPLES = 4
"""Of how many tests the texts are shown: one of each error before and after."""


@dataclass(frozen=True)
class Line:
    """``before`` is empty where it is not known to have been broken; ``said`` is what else is to be said."""

    test: int
    node_id: str
    before: str
    before_run: int | None
    after: Sequence[str]
    showing: str
    said: str


@dataclass(frozen=True)
class Shown:
    """``before`` and ``after`` are None where the test did not break there, and then so is ``pair``."""

    line: Line
    before: Failure | None
    after: Failure | None
    is_same_error: bool
    pair: Pair | None


@dataclass(frozen=True)
class Evidence:
    lines: list[Line]
    total: int
    shown: list[Shown]


def read_evidence(verification: Verification) -> Evidence:
    listed = sorted(verification.tests, key=lambda each: _ORDER[each["showing"]])[:FIRST]
    node_ids = queries.node_ids(verification.run.project, [each["test"] for each in listed])
    lines = [_line(each, node_ids) for each in listed]
    return Evidence(lines, len(verification.tests), _shown(verification, lines))


def _line(each: dict[str, Any], node_ids: dict[int, str]) -> Line:
    said = each["reason"] or (f"the branch edited {each['edited']}" if each["edited"] else "")
    return Line(
        test=each["test"],
        node_id=node_ids[each["test"]],
        before=each["before"],
        before_run=each["before_run"],
        after=each["after"],
        showing=each["showing"],
        said=said,
    )


def _shown(verification: Verification, lines: Sequence[Line]) -> list[Shown]:
    repeats = verification.repeats.order_by("pk").values_list("pk", flat=True)
    after_runs = [verification.run_id, *repeats]
    runs = {*after_runs, *(line.before_run for line in lines if line.before_run)}
    failures = _failures(runs, [line.test for line in lines])
    examples: dict[tuple[object, ...], tuple[Line, Failure | None, Failure | None]] = {}
    for line in lines:
        before = failures.get((line.before_run or 0, line.test))
        after = next((failures[run, line.test] for run in after_runs if (run, line.test) in failures), None)
        if before or after:
            errors = (each and each.signature_id for each in (before, after))
            examples.setdefault((line.showing, *errors), (line, before, after))
    chosen = list(examples.values())[:EXAMPLES]
    prefetch_related_objects([each for _, *both in chosen for each in both if each], "text")
    return [_one(*each) for each in chosen]


def _failures(runs: Iterable[int], tests: Iterable[int]) -> dict[tuple[int, int], Failure]:
    """How the tests broke in the runs, by run and test number."""
    rows = Failure.objects.filter(run__in=list(runs), test__number__in=list(tests))
    return {(each.run_id, each.test.number): each for each in rows.select_related("test")}


def _one(line: Line, before: Failure | None, after: Failure | None) -> Shown:
    texts = [plain(each.text.text) for each in (before, after) if each]
    return Shown(
        line=line,
        before=before,
        after=after,
        is_same_error=bool(before and after and before.signature_id == after.signature_id),
        pair=pair(*texts) if len(texts) == 2 else None,
    )
