"""The tools that an agent may call, with arguments that are checked before they run."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.agents import indicators


class ToolError(ValueError):
    """The agent called a tool that is not there, or called it wrongly."""


@dataclass(frozen=True)
class Tool:
    name: str
    run: Callable[..., Awaitable[Any]]
    parameters: Mapping[str, type]

    def check(self, arguments: Mapping[str, Any]) -> None:
        for name, kind in self.parameters.items():
            if name not in arguments:
                raise ToolError(f"{self.name} needs {name}")
            if not isinstance(arguments[name], kind) or isinstance(arguments[name], bool):
                raise ToolError(f"{name} of {self.name} must be {kind.__name__}")
        if unknown := sorted(set(arguments) - set(self.parameters)):
            raise ToolError(f"{self.name} does not know {', '.join(unknown)}")


class Toolbox:
    def __init__(self, prices: Mapping[str, list[float]]) -> None:
        self.prices = prices
        self.tools = {
            tool.name: tool
            for tool in (
                Tool("last_price", self._last_price, {"symbol": str}),
                Tool("average", self._average, {"symbol": str, "length": int}),
                Tool("drawdown", self._drawdown, {"symbol": str}),
            )
        }

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        if name not in self.tools:
            raise ToolError(f"there is no tool {name!r}; there are {', '.join(sorted(self.tools))}")
        self.tools[name].check(arguments)
        return await self.tools[name].run(**arguments)

    def _of(self, symbol: str) -> list[float]:
        if not self.prices.get(symbol):
            raise ToolError(f"no prices of {symbol}")
        return self.prices[symbol]

    async def _last_price(self, symbol: str) -> float:
        return self._of(symbol)[-1]

    async def _average(self, symbol: str, length: int) -> float:
        try:
            return indicators.sma(self._of(symbol), length)
        except ValueError as error:
            raise ToolError(str(error)) from None

    async def _drawdown(self, symbol: str) -> float:
        return indicators.drawdown(self._of(symbol))
