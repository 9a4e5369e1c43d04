import os
from contextlib import asynccontextmanager
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock

import pytest

from app.core.signing import verify
from app.trading.client import ExchangeClient, ExchangeError

SECRET = "s3cret"


class Exchange:
    """Answers like the exchange, and remembers what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    @asynccontextmanager
    async def post(self, url, json, headers):
        self.asked.append((url, json, headers))
        yield SimpleNamespace(status=200, json=AsyncMock(return_value=self.answer))


def client(answer):
    exchange = Exchange(answer)
    return exchange, ExchangeClient(exchange, key="k", secret=SECRET)


@pytest.mark.parametrize(("currency", "amount"), [("AUD", "12.5"), ("BTC", "0")])
async def test_balances(currency, amount):
    _, exchange_client = client({"status": "ok", "balances": {"AUD": "12.5"}})
    assert await exchange_client.balance(currency) == Decimal(amount)


@pytest.mark.parametrize("side", ["buy", "sell"])
async def test_orders_are_placed(side):
    exchange, exchange_client = client({"status": "ok", "id": 77})
    assert await exchange_client.place(side, "BTC", Decimal("0.5"), Decimal(60_000)) == "77"
    assert exchange.asked[0][0] == f"https://exchange.invalid/orders/{side}"


@pytest.mark.parametrize(("side", "quantity", "price"), [("hold", 1, 1), ("buy", 0, 1), ("sell", 1, -1)])
async def test_impossible_orders_are_not_sent(side, quantity, price):
    exchange, exchange_client = client({"status": "ok"})
    with pytest.raises(ValueError):
        await exchange_client.place(side, "BTC", Decimal(quantity), Decimal(price))
    assert exchange.asked == []


async def test_requests_are_signed():
    exchange, exchange_client = client({"status": "ok", "cancelled": True})
    await exchange_client.cancel("77")
    _, body, headers = exchange.asked[0]
    assert verify(headers["sign"], {"id": "77"}, body["nonce"], SECRET)


async def test_no_nonce_is_used_twice():
    exchange, exchange_client = client({"status": "ok", "cancelled": True})
    for _ in range(3):
        await exchange_client.cancel("77")
    assert [body["nonce"] for _, body, _ in exchange.asked] == [1, 2, 3]


@pytest.mark.parametrize("cancelled", [True, False])
async def test_cancelling(cancelled):
    _, exchange_client = client({"status": "ok", "cancelled": cancelled})
    assert await exchange_client.cancel("77") is cancelled


async def test_a_refusal_without_a_reason():
    _, exchange_client = client({"status": "error"})
    with pytest.raises(ExchangeError, match="gave no reason"):
        await exchange_client.balance("AUD")


class TestErrors:
    async def test_the_reason_of_a_refusal(self):
        http = MagicMock()
        response = AsyncMock(status=200)
        response.json.return_value = {"status": "error", "message": "insufficient funds"}
        http.post = AsyncMock(return_value=response)
        with pytest.raises(ExchangeError, match="insufficient funds"):
            await ExchangeClient(http, key="k", secret=SECRET).balance("AUD")

    async def test_the_status_of_an_error(self):
        http = MagicMock()
        http.post = AsyncMock(return_value=AsyncMock(status=503))
        with pytest.raises(ExchangeError, match="answered 503"):
            await ExchangeClient(http, key="k", secret=SECRET).balance("AUD")


@pytest.mark.skipif("EXCHANGE_KEY" not in os.environ, reason="needs an account on the exchange: set EXCHANGE_KEY")
class TestSandbox:
    @pytest.fixture
    def sandbox(self):
        http = pytest.importorskip("aiohttp").ClientSession()
        return ExchangeClient(http, key=os.environ["EXCHANGE_KEY"], secret=os.environ["EXCHANGE_SECRET"])

    async def test_the_balance_is_known(self, sandbox):
        assert await sandbox.balance("AUD") >= 0

    async def test_an_order_can_be_cancelled(self, sandbox):
        assert await sandbox.cancel(await sandbox.place("buy", "BTC", Decimal("0.0001"), Decimal(1)))

    async def test_an_unknown_order_is_refused(self, sandbox):
        with pytest.raises(ExchangeError):
            await sandbox.cancel("0")
