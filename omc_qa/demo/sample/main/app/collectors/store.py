"""From collected items to rows."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.collectors import news
from app.models import CatalystEvent, NewsSentiment, PriceTick, SocialPost


class CollectorStore:
    def __init__(self, session: Session) -> None:
        self.session = session

    def price(self, symbol: str, price: Decimal, at: datetime) -> PriceTick:
        tick = PriceTick(symbol=symbol, price=price, at=at)
        self.session.add(tick)
        self.session.flush()
        return tick

    def news(self, headlines: list[str], at: datetime) -> None:
        for title in headlines:
            found = news.currencies(title)
            self.session.add(NewsSentiment(title=title, score=news.sentiment(title), at=at, currencies=found))
        self.session.flush()

    def posts(self, texts: list[str], at: datetime) -> None:
        for text in texts:
            tags = [word.removeprefix("#") for word in text.split() if word.startswith("#")]
            self.session.add(SocialPost(text=text, score=news.sentiment(text), at=at, hashtags=tags))
        self.session.flush()

    def catalysts(self, titles: dict[str, str], at: datetime) -> None:
        """Events that may move a market, with what kind each is."""
        for title, kind in titles.items():
            self.session.add(CatalystEvent(kind=kind, title=title, at=at, currencies=news.currencies(title)))
        self.session.flush()

    def latest_price(self, symbol: str) -> PriceTick | None:
        query = select(PriceTick).where(PriceTick.symbol == symbol).order_by(PriceTick.at.desc())
        return self.session.scalars(query).first()
