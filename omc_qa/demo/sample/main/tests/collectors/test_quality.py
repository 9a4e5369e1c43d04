from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from app.collectors.quality import gaps, outliers

MINUTE = timedelta(minutes=1)


def at(*minutes):
    return [datetime(2025, 3, 3, 12) + minute * MINUTE for minute in minutes]


@pytest.mark.parametrize(
    ("present", "missing"),
    [
        ((), ()),
        ((0,), ()),
        ((0, 1, 2), ()),
        ((0, 2), (1,)),
        ((0, 4, 5), (1, 2, 3)),
        ((0, 1, 3, 5), (2, 4)),
        ((0, 0.5, 1), ()),
        ((0, 1.5), (1,)),
    ],
)
def test_gaps(present, missing):
    assert gaps(at(*present), MINUTE) == at(*missing)


@pytest.mark.parametrize(
    ("prices", "found"),
    [
        ((), []),
        ((100,), []),
        ((100, 120), []),
        ((100, 121), [1]),
        ((100, 79), [1]),
        ((100, 200, 100), [1, 2]),
        ((100, 110, 121, 133), []),
    ],
)
def test_outliers(prices, found):
    assert outliers([Decimal(price) for price in prices]) == found


@pytest.mark.parametrize(("limit", "found"), [("0.05", [1, 2]), ("0.15", [2])])
def test_the_limit_of_outliers_can_be_set(limit, found):
    assert outliers([Decimal(100), Decimal(110), Decimal(90)], Decimal(limit)) == found
