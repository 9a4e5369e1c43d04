from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class WorkflowState:
    """What the workflow's nodes hand on: each returns a new one."""

    goal: str
    prices: dict[str, list[float]] = field(default_factory=dict)
    symbol: str = ""
    steps: tuple[str, ...] = ()
    findings: dict[str, Any] = field(default_factory=dict)
    report: str = ""
    question: str = ""
    status: str = "running"

    def with_(self, **changes: Any) -> "WorkflowState":
        return replace(self, **changes)
