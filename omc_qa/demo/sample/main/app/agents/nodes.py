"""The workflow's nodes: state in, state out."""

from app.agents import indicators, planner, reporting
from app.agents.state import WorkflowState

ANALYSES = {
    "trend": indicators.trend,
    "risk": lambda prices: round(indicators.drawdown(prices), 4),
    "strength": lambda prices: round(indicators.rsi(prices, min(14, len(prices) - 1)), 1),
    "average": lambda prices: round(indicators.sma(prices, min(20, len(prices))), 2),
}


async def plan(state: WorkflowState) -> WorkflowState:
    found = planner.plan(state.goal)
    if found.question:
        return state.with_(question=found.question, status="waiting")
    return state.with_(symbol=found.symbol, steps=found.steps)


async def retrieve(state: WorkflowState) -> WorkflowState:
    known = len(state.prices.get(state.symbol, []))
    if known < 2:
        return state.with_(status="failed", report=f"Only {known} prices of {state.symbol} are known.")
    return state


async def analyse(state: WorkflowState) -> WorkflowState:
    prices = state.prices[state.symbol]
    return state.with_(findings={step: ANALYSES[step](prices) for step in state.steps})


async def report(state: WorkflowState) -> WorkflowState:
    text = reporting.markdown(f"{state.symbol}: {state.goal}", state.findings)
    return state.with_(report=text, status="completed")


WORKFLOW = (plan, retrieve, analyse, report)
