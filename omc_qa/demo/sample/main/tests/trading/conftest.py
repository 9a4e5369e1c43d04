import itertools
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.accounts import users
from app.models import Algorithm, User
from app.trading.safety import SafetyManager

numbers = itertools.count(1)


@pytest.fixture
def trader(db: Session) -> User:
    return users.create(db, email=f"trader{next(numbers)}@example.org")


@pytest.fixture
def safety(db: Session, trader: User) -> SafetyManager:
    return SafetyManager(db, portfolio=Decimal(10_000))


@pytest.fixture
def algorithm(db: Session, trader: User) -> Algorithm:
    made = Algorithm(owner_id=trader.id, name="Momentum", symbol="BTC/AUD", is_running=True)
    db.add(made)
    db.flush()
    return made
