"""The exchange's HTTP API. The HTTP session comes from outside; its calls are async context managers."""

import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.core.signing import sign


class ExchangeError(RuntimeError):
    """The exchange refused, or answered what cannot be read."""


class ExchangeClient:
    def __init__(self, http: Any, *, key: str, secret: str, base_url: str = "https://exchange.invalid") -> None:
        self._http, self._key, self._secret, self._base_url = http, key, secret, base_url
        self._nonces = itertools.count(1)

    async def balance(self, currency: str) -> Decimal:
        answer = await self._call("/balances", {})
        return Decimal(str(answer["balances"].get(currency, "0")))

    async def place(self, side: str, symbol: str, quantity: Decimal, price: Decimal) -> str:
        if side not in ("buy", "sell"):
            raise ValueError(f"an order buys or sells, it does not {side}")
        if quantity <= 0 or price <= 0:
            raise ValueError("quantity and price of an order are positive")
        body = {"symbol": symbol, "quantity": str(quantity), "price": str(price)}
        return str((await self._call(f"/orders/{side}", body))["id"])

    async def cancel(self, order_id: str) -> bool:
        return bool((await self._call("/orders/cancel", {"id": order_id}))["cancelled"])

    async def _call(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        nonce = next(self._nonces)
        headers = {"key": self._key, "sign": sign(payload, nonce, self._secret)}
        body = {**payload, "nonce": nonce}
        async with self._http.post(self._base_url + path, json=body, headers=headers) as response:
            if response.status >= 400:
                raise ExchangeError(f"{path} answered {response.status}")
            answer: dict[str, Any] = await response.json()
        if answer.get("status") != "ok":
            raise ExchangeError(answer.get("message", "the exchange gave no reason"))
        return answer
