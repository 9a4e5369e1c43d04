"""Findings as text for people."""

from collections.abc import Mapping, Sequence
from typing import Any

LABELS = {"trend": "Trend", "risk": "Deepest fall", "strength": "Relative strength", "average": "Average price"}
BARS = "▁▂▃▄▅▆▇█"


def value(step: str, found: Any) -> str:
    if step == "risk":
        return f"{found:.1%}"
    if step == "strength":
        mood = "overbought" if found > 70 else "oversold" if found < 30 else "neutral"
        return f"{found:.0f} ({mood})"
    return f"{found:,.2f}" if isinstance(found, float) else str(found)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def sparkline(prices: Sequence[float]) -> str:
    low, high = min(prices), max(prices)
    if low == high:
        return BARS[0] * len(prices)
    return "".join(BARS[round((price - low) / (high - low) * (len(BARS) - 1))] for price in prices)


def markdown(title: str, findings: Mapping[str, Any]) -> str:
    if not findings:
        return f"# {title}\n\nNothing was found."
    rows = [(LABELS.get(step, step.title()), value(step, found)) for step, found in findings.items()]
    return f"# {title}\n\n{table(('Finding', 'Value'), rows)}"
