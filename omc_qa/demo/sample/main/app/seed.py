"""Fills an empty database with a demonstration: people, algorithms, prices, trades."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import synthetic
from app.models import Algorithm, Order, PriceTick, User

START = datetime(2025, 1, 6, 9)


def users(session: Session, count: int = 3) -> list[User]:
    made = [
        User(email=profile.email, password_hash="!", risk_profile=profile.risk_profile)
        for profile in synthetic.profiles(count)
    ]
    session.add_all(made)
    session.flush()
    return made


def algorithms(session: Session, owners: list[User]) -> list[Algorithm]:
    made = [Algorithm(owner_id=owner.id, name="Momentum", symbol="BTC/AUD") for owner in owners]
    session.add_all(made)
    session.flush()
    return made


def ticks(session: Session, symbol: str, count: int = 24) -> list[PriceTick]:
    moments = synthetic.times(count, start=START, step=timedelta(hours=1))
    walk = synthetic.prices(count, start=60_000)
    made = [PriceTick(symbol=symbol, price=Decimal(str(price)), at=at) for price, at in zip(walk, moments, strict=True)]
    session.add_all(made)
    session.flush()
    return made


def order(session: Session, user: User, *, side: str = "buy", algorithm: Algorithm | None = None) -> Order:
    made = Order(
        user_id=user.id, algorithm_id=algorithm.id if algorithm else None, symbol="BTC/AUD", side=side,
        status="filled", quantity=Decimal("0.01"), price=Decimal(60_000), at=START,
    )
    session.add(made)
    session.flush()
    return made


def clear(session: Session) -> None:
    """Remove everything that seeding makes; the operator's account stays."""
    for model in (Order, Algorithm, PriceTick):
        session.execute(delete(model))
    session.execute(delete(User).where(User.is_operator.is_(False)))


def counts(session: Session) -> dict[str, int]:
    found = {}
    for model in (User, Algorithm, PriceTick, Order):
        found[model.__tablename__] = session.scalar(select(func.count()).select_from(model)) or 0
    return found
