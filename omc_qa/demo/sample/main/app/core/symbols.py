"""Trading pairs: one spelling inside, the exchanges' many spellings outside."""

import re
from dataclasses import dataclass

ALIASES = {"XBT": "BTC", "BCC": "BCH", "ETH2": "ETH", "USDT.E": "USDT"}
QUOTES = ("USDT", "AUD", "USD", "EUR", "BTC")


@dataclass(frozen=True, order=True)
class Pair:
    base: str
    quote: str

    def __str__(self) -> str:
        return f"{self.base}/{self.quote}"

    def inverse(self) -> "Pair":
        return Pair(self.quote, self.base)


def canonical(code: str) -> str:
    code = code.strip().upper()
    return ALIASES.get(code, code)


def parse_pair(text: str) -> Pair:
    """Read `BTC/AUD`, `btc-aud`, `XBT_AUD` or `BTCAUD`."""
    parts = [part for part in re.split(r"[/_:-]", text.strip().upper()) if part]
    if len(parts) == 1:
        parts = _cut(parts[0])
    if len(parts) != 2 or not all(re.fullmatch(r"[A-Z0-9.]{2,8}", part) for part in parts):
        raise ValueError(f"{text!r} is not a trading pair")
    base, quote = map(canonical, parts)
    if base == quote:
        raise ValueError(f"{text!r} trades a currency for itself")
    return Pair(base, quote)


def _cut(joined: str) -> list[str]:
    for quote in QUOTES:
        if joined.endswith(quote) and len(joined) > len(quote):
            return [joined.removesuffix(quote), quote]
    return [joined]
