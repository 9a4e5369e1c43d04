"""New, fixed and open findings of each iteration."""

from datetime import timedelta

import pytest

from reports.web.finding_counts import Counts, Recorded, count_findings
from tests.factories import NOON

RUNS = [(10, NOON), (20, NOON + timedelta(hours=2)), (30, NOON + timedelta(hours=4))]


def recorded(
    found_in: int | None = None, *, hours: int = 1, settled: bool = False, **rulings: bool
) -> Recorded:
    by_run = {int(run.removeprefix("run")): fixed for run, fixed in rulings.items()}
    return Recorded(found_in, NOON + timedelta(hours=hours), by_run, settled)


@pytest.mark.parametrize(
    ("findings", "counts"),
    [
        ([], [Counts(), Counts(), Counts()]),
        ([recorded(10)], [Counts(new=1, open=1), Counts(open=1), Counts(open=1)]),
        ([recorded(hours=3)], [Counts(), Counts(new=1, open=1), Counts(open=1)]),
        ([recorded(hours=-1)], [Counts(new=1, open=1), Counts(open=1), Counts(open=1)]),
        ([recorded(10, run20=True)], [Counts(new=1, open=1), Counts(fixed=1), Counts()]),
        ([recorded(10, run20=False, run30=True)], [Counts(new=1, open=1), Counts(open=1), Counts(fixed=1)]),
        ([recorded(10, run20=True, run30=False)], [Counts(new=1, open=1), Counts(fixed=1), Counts(open=1)]),
        ([recorded(10, settled=True)], [Counts(new=1, open=1), Counts(), Counts()]),
        (
            [recorded(10, run30=True), recorded(hours=3)],
            [Counts(new=1, open=1), Counts(new=1, open=2), Counts(fixed=1, open=1)],
        ),
    ],
)
def test_each_iteration_tells_what_became_of_findings_in_it(findings, counts):
    assert count_findings(RUNS, findings) == counts


def test_a_track_without_runs_has_no_counts():
    assert count_findings([], [recorded()]) == []
