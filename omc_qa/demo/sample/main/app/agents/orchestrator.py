"""Takes a goal through the workflow and keeps what came out."""

from typing import Any

from sqlalchemy.orm import Session

from app.agents import nodes
from app.agents.artifacts import ArtifactStore
from app.agents.sessions import SessionManager
from app.agents.state import WorkflowState
from app.models import AgentSession

LONG_GOAL = 120


class AgentOrchestrator:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.sessions = SessionManager(session)

    def start(self, user_id: int, goal: str) -> AgentSession:
        """A new session; long goals get the large model."""
        return self.sessions.create(user_id, goal, "large" if len(goal) > LONG_GOAL else "small")

    async def execute(self, session_id: int, prices: dict[str, list[float]]) -> WorkflowState:
        record = self.sessions.move(session_id, "running")
        state = WorkflowState(goal=record.goal, prices=prices)
        try:
            for node in nodes.WORKFLOW:
                state = await node(state)
                if state.status != "running":
                    break
        except Exception as error:
            state = state.with_(status="failed", report=f"{type(error).__name__}: {error}")
        return self._keep(record, state)

    def get_session_state(self, session_id: int) -> dict[str, Any]:
        record = self.sessions.get(session_id)
        return {"status": record.status, "goal": record.goal, **record.result}

    def _keep(self, record: AgentSession, state: WorkflowState) -> WorkflowState:
        result = {"findings": state.findings, "question": state.question}
        self.sessions.move(record.id, state.status, result)
        if state.status == "completed":
            ArtifactStore(self.session, record.id).put("report.md", state.report)
        return state
