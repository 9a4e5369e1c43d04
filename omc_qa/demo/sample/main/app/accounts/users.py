"""Accounts. Functions flush; who opened the session commits."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.passwords import hash_password, problems, verify_password
from app.models import User


class AccountError(ValueError):
    """The account cannot be made or changed this way."""


def create(session: Session, *, email: str, password: str | None = None, full_name: str = "") -> User:
    """A new account; without a password it cannot sign in."""
    email = email.strip().lower()
    if "@" not in email:
        raise AccountError(f"{email!r} is not an e-mail address")
    if by_email(session, email) is not None:
        raise AccountError(f"{email} has an account already")
    user = User(email=email, full_name=full_name, password_hash=_hashed(password, email))
    session.add(user)
    session.flush()
    return user


def by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def authenticate(session: Session, email: str, password: str) -> User | None:
    user = by_email(session, email)
    if user is None or not user.is_active or not verify_password(password, user.password_hash):
        return None
    return user


def update(session: Session, user: User, *, full_name: str | None = None, password: str | None = None) -> User:
    if full_name is not None:
        user.full_name = full_name.strip()
    if password is not None:
        user.password_hash = _hashed(password, user.email)
    session.flush()
    return user


def deactivate(session: Session, user: User) -> None:
    if user.is_operator:
        raise AccountError("the operator's account stays active")
    user.is_active = False
    session.flush()


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User)) or 0


def _hashed(password: str | None, email: str) -> str:
    if password is None:
        return "!"
    if wrong := problems(password, email):
        raise AccountError("the password " + ", ".join(wrong))
    return hash_password(password)
