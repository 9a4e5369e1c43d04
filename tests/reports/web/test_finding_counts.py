"""New, fixed and open findings of each iteration."""

from datetime import timedelta

import pytest

from reports.web.finding_counts import Change, Counts, Recorded, count_findings
from tests.factories import NOON
from tracks.finding_statuses import FindingStatus

RUNS = [(10, NOON), (20, NOON + timedelta(hours=2)), (30, NOON + timedelta(hours=4))]


FIXED, OPEN, WONT_FIX = FindingStatus.VERIFIED, FindingStatus.OPEN, FindingStatus.WONT_FIX


def ruled(run: int, status: FindingStatus, *, hours: int = 9) -> Change:
    return Change(status, NOON + timedelta(hours=hours), run)


def by_hand(hours: int, status: FindingStatus) -> Change:
    return Change(status, NOON + timedelta(hours=hours))


def recorded(found_in: int | None = None, *changes: Change, hours: int = 1) -> Recorded:
    return Recorded(found_in, NOON + timedelta(hours=hours), changes)


@pytest.mark.parametrize(
    ("findings", "counts"),
    [
        ([], [Counts(), Counts(), Counts()]),
        ([recorded(10)], [Counts(new=1, open=1), Counts(open=1), Counts(open=1)]),
        ([recorded(hours=3)], [Counts(), Counts(new=1, open=1), Counts(open=1)]),
        ([recorded(hours=-1)], [Counts(new=1, open=1), Counts(open=1), Counts(open=1)]),
        ([recorded(10, ruled(20, FIXED))], [Counts(new=1, open=1), Counts(fixed=1), Counts()]),
        ([recorded(10, ruled(10, FIXED))], [Counts(new=1, fixed=1), Counts(), Counts()]),
        (
            [recorded(10, ruled(20, OPEN), ruled(30, FIXED))],
            [Counts(new=1, open=1), Counts(open=1), Counts(fixed=1)],
        ),
        (
            [recorded(10, ruled(20, FIXED), ruled(30, OPEN))],
            [Counts(new=1, open=1), Counts(fixed=1), Counts(open=1)],
        ),
        (
            [recorded(10, ruled(20, FIXED, hours=3), by_hand(5, OPEN))],
            [Counts(new=1, open=1), Counts(fixed=1), Counts(open=1)],
        ),
        (
            [recorded(10, by_hand(5, OPEN), ruled(20, FIXED))],
            [Counts(new=1, open=1), Counts(open=1), Counts(fixed=1)],
        ),
        ([recorded(10, by_hand(3, WONT_FIX))], [Counts(new=1, open=1), Counts(), Counts()]),
        ([recorded(10, by_hand(1, WONT_FIX))], [Counts(new=1), Counts(), Counts()]),
        (
            [recorded(10, by_hand(1, WONT_FIX), by_hand(5, OPEN))],
            [Counts(new=1), Counts(), Counts(open=1)],
        ),
        (
            [recorded(10, ruled(30, FIXED)), recorded(hours=3)],
            [Counts(new=1, open=1), Counts(new=1, open=2), Counts(fixed=1, open=1)],
        ),
    ],
)
def test_each_iteration_tells_what_became_of_findings_in_it(findings, counts):
    assert count_findings(RUNS, findings) == counts


def test_a_track_without_runs_has_no_counts():
    assert count_findings([], [recorded()]) == []
