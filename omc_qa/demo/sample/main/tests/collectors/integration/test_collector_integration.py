from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.collectors.quality import QualityMonitor
from app.collectors.store import CollectorStore
from app.models import PriceTick

HEADLINES = ["Bitcoin ETF approved, ETH follows", "Solana delays its upgrade"]
POSTS = ["what a rally #BTC #bullrun"]
EVENTS = {"Ethereum upgrade": "upgrade"}


class TestCollectors:
    @pytest.mark.parametrize("symbol", ["BTC/AUD", "ETH/AUD"])
    def test_the_latest_price_wins(self, db, now, symbol):
        store = CollectorStore(db)
        store.price(symbol, Decimal("100.5"), now - timedelta(minutes=2))
        store.price(symbol, Decimal("101.5"), now - timedelta(minutes=1))
        assert store.latest_price(symbol).price == Decimal("101.5")

    def test_without_prices_there_is_no_latest(self, db):
        assert CollectorStore(db).latest_price("XRP/AUD") is None


class TestDataIntegrity:
    def test_every_tick_is_stored_once(self, db, now):
        store = CollectorStore(db)
        for minute in range(3):
            store.price("SOL/AUD", Decimal(30 + minute), now - timedelta(minutes=minute))
        assert db.scalar(select(func.count()).select_from(PriceTick)) == 3


class TestQuality:
    def test_a_whole_round(self, db, now):
        store = CollectorStore(db)
        store.price("BTC/AUD", Decimal(102), now)
        store.news(HEADLINES, now - timedelta(minutes=30))
        store.posts(POSTS, now - timedelta(minutes=20))
        store.catalysts(EVENTS, now - timedelta(days=2))
        monitor = QualityMonitor(db, now)
        assert {name: source.rows for name, source in monitor.report().items()} == {
            "prices": 8, "news": 2, "social": 1, "catalysts": 1,
        }  # fmt: skip
        assert monitor.score() == 1.0
