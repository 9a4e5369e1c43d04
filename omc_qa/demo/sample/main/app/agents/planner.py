"""From a goal in words to the steps that reach it."""

import re
from dataclasses import dataclass

from app.core.symbols import canonical

STEPS = {
    "trend": r"\b(trends?|direction|momentum|up or down)\b",
    "risk": r"\b(risks?|drawdown|volatil\w+|safe)\b",
    "strength": r"\b(rsi|strength|overbought|oversold)\b",
    "average": r"\b(averages?|mean|smooth\w*)\b",
}
SYMBOL = re.compile(r"\b(BTC|XBT|ETH|SOL|XRP)\b")


@dataclass(frozen=True)
class Plan:
    symbol: str | None
    steps: tuple[str, ...]

    @property
    def question(self) -> str:
        """What has to be asked before the plan can be run; empty when nothing has."""
        if self.symbol is None:
            return "Which market do you mean?"
        return "" if self.steps else "What would you like to know about it?"


def plan(goal: str) -> Plan:
    named = SYMBOL.search(goal)
    steps = tuple(name for name, words in STEPS.items() if re.search(words, goal, re.IGNORECASE))
    return Plan(canonical(named.group()) if named else None, steps)
