"""What a new database needs before anybody can sign in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import User

OPERATOR = "operator@example.org"


def create_operator(session: Session) -> User:
    """The first account, once."""
    operator = session.scalar(select(User).where(User.email == OPERATOR))
    if operator is None:
        operator = User(email=OPERATOR, password_hash="!", is_operator=True)
        session.add(operator)
        session.flush()
    return operator
