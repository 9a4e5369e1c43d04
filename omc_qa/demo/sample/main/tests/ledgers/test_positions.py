from decimal import Decimal

import pytest

from app.ledgers.positions import Holding

D = Decimal


def test_nothing_is_held_at_first():
    assert (Holding().quantity, Holding().average) == (0, 0)


def test_buying_averages_the_price():
    assert Holding().buy(D(1), D(100)).buy(D(3), D(200)).average == D(175)


def test_a_fee_is_part_of_the_cost():
    assert Holding().buy(D(10), D(5), fee=D(1)).average == D("5.1")


def test_selling_keeps_the_average():
    held = Holding().buy(D(4), D(10)).sell(D(1))
    assert (held.quantity, held.average) == (3, 10)


def test_selling_all_leaves_nothing():
    assert Holding().buy(D(3), D(1) / 3).sell(D(3)) == Holding()


def test_more_than_held_is_not_sold():
    with pytest.raises(ValueError, match="only 1 held"):
        Holding().buy(D(1), D(10)).sell(D(2))


@pytest.mark.parametrize(("price", "gain"), [(12, 4), (8, -4)])
def test_unrealised_gain(price, gain):
    assert Holding().buy(D(2), D(10)).unrealised(D(price)) == gain
