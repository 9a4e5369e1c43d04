from datetime import timedelta
from decimal import Decimal

from app import seed


class TestSeeding:
    def test_users(self, db):
        before = seed.counts(db)["users"]
        seed.users(db, 3)
        assert seed.counts(db)["users"] == before + 3

    def test_algorithms(self, db):
        owners = seed.users(db, 2)
        assert [algorithm.owner_id for algorithm in seed.algorithms(db, owners)] == [owner.id for owner in owners]

    def test_orders(self, db):
        (user,) = seed.users(db, 1)
        assert seed.order(db, user).value == Decimal(600)

    def test_clearing_leaves_the_operator(self, db):
        seed.clear(db)
        assert seed.counts(db) == {"users": 1, "algorithms": 0, "price_ticks": 0, "orders": 0}


class TestTicks:
    def test_one_an_hour(self, db):
        first, second = seed.ticks(db, "BTC/AUD", 2)
        assert second.at - first.at == timedelta(hours=1)

    def test_a_day_is_the_usual_amount(self, db):
        assert len(seed.ticks(db, "ETH/AUD")) == 24

    def test_prices_are_exact(self, db):
        (tick,) = seed.ticks(db, "SOL/AUD", 1)
        db.refresh(tick)
        assert tick.price == Decimal("60000")


class TestRelations:
    def test_an_order_has_its_user(self, db):
        (user,) = seed.users(db, 1)
        assert seed.order(db, user).user_id == user.id

    def test_an_order_has_its_algorithm(self, db):
        owners = seed.users(db, 1)
        (algorithm,) = seed.algorithms(db, owners)
        assert seed.order(db, owners[0], algorithm=algorithm).algorithm_id == algorithm.id

    def test_an_order_without_algorithm(self, db):
        (user,) = seed.users(db, 1)
        assert seed.order(db, user).algorithm_id is None

    def test_buying_and_selling(self, db):
        (user,) = seed.users(db, 1)
        assert [seed.order(db, user, side=side).side for side in ("buy", "sell")] == ["buy", "sell"]

    def test_users_have_the_usual_risk_profiles(self, db):
        assert {user.risk_profile for user in seed.users(db, 5)} <= {"low", "medium", "high"}
