from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app import seed
from app.db import initial, migrate


@pytest.fixture(scope="module")
def filled() -> Iterator[Session]:
    """A database that was seeded once already, as the one of the demonstration is every night."""
    engine = migrate.connect("sqlite://")
    migrate.upgrade(engine)
    with Session(engine) as session:
        initial.create_operator(session)
        seed.users(session, 1)
        session.commit()
        yield session
    engine.dispose()


class TestSeeding:
    def test_users(self, filled):
        before = seed.counts(filled)["users"]
        seed.users(filled, 3)
        assert seed.counts(filled)["users"] == before + 3

    def test_algorithms(self, filled):
        owners = seed.users(filled, 2)
        assert [algorithm.owner_id for algorithm in seed.algorithms(filled, owners)] == [owner.id for owner in owners]

    def test_orders(self, filled):
        (user,) = seed.users(filled, 1)
        assert seed.order(filled, user).value == Decimal(600)

    def test_clearing_leaves_the_operator(self, filled):
        seed.clear(filled)
        assert seed.counts(filled) == {"users": 1, "algorithms": 0, "price_ticks": 0, "orders": 0}


class TestTicks:
    def test_one_an_hour(self, filled):
        first, second = seed.ticks(filled, "BTC/AUD", 2)
        assert second.at - first.at == timedelta(hours=1)

    def test_a_day_is_the_usual_amount(self, filled):
        assert len(seed.ticks(filled, "ETH/AUD")) == 24

    def test_prices_are_exact(self, filled):
        (tick,) = seed.ticks(filled, "SOL/AUD", 1)
        filled.refresh(tick)
        assert tick.price == Decimal("60000")


class TestRelations:
    def test_an_order_has_its_user(self, filled):
        (user,) = seed.users(filled, 1)
        assert seed.order(filled, user).user_id == user.id

    def test_an_order_has_its_algorithm(self, filled):
        owners = seed.users(filled, 1)
        (algorithm,) = seed.algorithms(filled, owners)
        assert seed.order(filled, owners[0], algorithm=algorithm).algorithm_id == algorithm.id

    def test_an_order_without_algorithm(self, filled):
        (user,) = seed.users(filled, 1)
        assert seed.order(filled, user).algorithm_id is None

    def test_buying_and_selling(self, filled):
        (user,) = seed.users(filled, 1)
        assert [seed.order(filled, user, side=side).side for side in ("buy", "sell")] == ["buy", "sell"]

    def test_users_have_the_usual_risk_profiles(self, filled):
        assert {user.risk_profile for user in seed.users(filled, 5)} <= {"low", "medium", "high"}
