"""What the collectors bring in."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Amount, Base


class PriceTick(Base):
    __tablename__ = "price_ticks"

    id: Mapped[int] = mapped_column(primary_key=True)
    symbol: Mapped[str] = mapped_column(String(20))
    price: Mapped[Decimal] = mapped_column(Amount)
    at: Mapped[datetime]


class NewsSentiment(Base):
    __tablename__ = "news_sentiment"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    score: Mapped[float]
    at: Mapped[datetime]
    currencies: Mapped[list[str]] = mapped_column(JSON)


class SocialPost(Base):
    __tablename__ = "social_posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(500))
    score: Mapped[float]
    at: Mapped[datetime]
    hashtags: Mapped[list[str]] = mapped_column(JSON)


class CatalystEvent(Base):
    __tablename__ = "catalyst_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    currencies: Mapped[list[str]] = mapped_column(JSON)
