from datetime import datetime, timedelta

import pytest

from app import synthetic


class TestProfiles:
    def test_addresses_are_different(self):
        assert len({profile.email for profile in synthetic.profiles(20)}) == 20

    def test_risk_profiles_are_diverse(self):
        assert len({profile.risk_profile for profile in synthetic.profiles(20)}) > 1

    def test_budgets_are_diverse(self):
        assert len({profile.budget for profile in synthetic.profiles(20)}) > 1

    def test_asking_for_more_does_not_change_the_first(self):
        assert synthetic.profiles(10)[:3] == synthetic.profiles(3)


class TestPrices:
    @pytest.mark.parametrize("count", [1, 24, 1000])
    def test_as_many_as_asked_for(self, count):
        assert len(synthetic.prices(count)) == count

    @pytest.mark.parametrize("swing", [0.01, 0.5])
    def test_prices_stay_above_zero(self, swing):
        assert min(synthetic.prices(200, swing=swing)) > 0


def test_times_are_regular():
    start, step = datetime(2025, 1, 6, 9), timedelta(hours=1)
    assert synthetic.times(3, start=start, step=step) == [start, start + step, start + 2 * step]
