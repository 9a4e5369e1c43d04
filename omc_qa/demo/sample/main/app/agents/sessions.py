"""The sessions of agents: who asked for what, how far it is, and what came out."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AgentSession

NEXT = {
    "new": {"running"},
    "running": {"completed", "failed", "waiting"},
    "waiting": {"running", "failed"},
    "failed": {"running"},
    "completed": set(),
}


class SessionManager:
    def __init__(self, session: Session) -> None:
        self.session = session

    def create(self, user_id: int, goal: str, model: str = "small") -> AgentSession:
        if not goal.strip():
            raise ValueError("an agent needs a goal")
        record = AgentSession(user_id=user_id, goal=goal.strip(), model=model)
        self.session.add(record)
        self.session.flush()
        return record

    def get(self, session_id: int) -> AgentSession:
        record = self.session.get(AgentSession, session_id)
        if record is None:
            raise LookupError(f"there is no agent session {session_id}")
        return record

    def move(self, session_id: int, status: str, result: dict[str, Any] | None = None) -> AgentSession:
        record = self.get(session_id)
        if status not in NEXT[record.status]:
            raise ValueError(f"a session that is {record.status} cannot become {status}")
        record.status = status
        if result is not None:
            record.result = result
        self.session.flush()
        return record

    def of_user(self, user_id: int, status: str | None = None) -> list[AgentSession]:
        query = select(AgentSession).where(AgentSession.user_id == user_id)
        if status is not None:
            query = query.where(AgentSession.status == status)
        return list(self.session.scalars(query.order_by(AgentSession.id)))
