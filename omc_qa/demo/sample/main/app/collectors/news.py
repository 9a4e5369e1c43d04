"""Headlines: which currencies they speak of, and in which mood."""

import re

LEXICON = {
    "surge": 2, "rally": 2, "record": 1, "gain": 1, "approve": 1, "adopt": 1, "upgrade": 1,
    "fall": -1, "delay": -1, "fine": -1, "fear": -1, "crash": -2, "hack": -2, "ban": -2,
}
NAMES = {"bitcoin": "BTC", "ether": "ETH", "ethereum": "ETH", "solana": "SOL", "tether": "USDT"}
TICKERS = {"BTC", "ETH", "SOL", "USDT", "XRP"}
NEGATIONS = {"no", "not", "never", "without"}


def currencies(text: str) -> list[str]:
    """The currencies in a text, in the order in which they are first named."""
    found = []
    for word in re.findall(r"\$?[A-Za-z]+", text):
        code = NAMES.get(word.lower()) or (word.lstrip("$") if word.lstrip("$") in TICKERS else None)
        if code and code not in found:
            found.append(code)
    return found


def sentiment(text: str) -> float:
    """From -1 (bad) to 1 (good); a negation turns the word after it round."""
    score, hits, turned = 0, 0, False
    for word in re.findall(r"[a-z]+", text.lower()):
        weight = LEXICON.get(word) or LEXICON.get(word.removesuffix("s")) or LEXICON.get(word.removesuffix("d"), 0)
        if weight:
            score, hits = score + (-weight if turned else weight), hits + 1
        turned = word in NEGATIONS
    return round(max(-1.0, min(1.0, score / (2 * hits))), 2) if hits else 0.0
