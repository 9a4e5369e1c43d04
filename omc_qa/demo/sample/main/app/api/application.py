"""The API: every route in one place, and who may call it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import tokens, users
from app.api.routing import HTTPError, Request, Response, Router
from app.core.config import Settings
from app.ledgers.pnl import ProfitAndLoss
from app.models import User


class Application:
    def __init__(self, session: Session, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.session, self.settings, self.clock = session, settings, clock
        self.router = Router()
        self.router.add("POST", "/login", self.login)
        self.router.add("POST", "/users", self.sign_up)
        self.router.add("GET", "/users", self.list_users)
        self.router.add("GET", "/users/me", self.me)
        self.router.add("PATCH", "/users/me", self.update_me)
        self.router.add("DELETE", "/users/{user_id:int}", self.remove_user)
        self.router.add("GET", "/pnl", self.pnl)
        self.router.add("GET", "/pnl/{symbol}", self.pnl_of_symbol)

    def __call__(self, method: str, path: str, *, token: str = "", query: dict[str, str] | None = None,
                 **body: object) -> Response:
        return self.router.dispatch(Request(method, path, dict(body), query or {}, token))

    def user(self, request: Request) -> User:
        try:
            user_id = tokens.read(request.token, self.settings.secret_key, now=self.clock())
        except tokens.TokenError as error:
            raise HTTPError(401, str(error)) from None
        user = self.session.get(User, user_id)
        if user is None or not user.is_active:
            raise HTTPError(401, "the account is not active")
        return user

    def login(self, request: Request) -> Response:
        user = users.authenticate(
            self.session, str(request.body.get("email", "")), str(request.body.get("password", ""))
        )
        if user is None:
            raise HTTPError(400, "the e-mail address or the password is wrong")
        minutes = self.settings.token_minutes
        token = tokens.issue(user.id, self.settings.secret_key, now=self.clock(), minutes=minutes)
        return Response(200, {"token": token, "minutes": minutes})

    def sign_up(self, request: Request) -> Response:
        try:
            user = users.create(
                self.session, email=str(request.body.get("email", "")),
                password=str(request.body.get("password", "")), full_name=str(request.body.get("full_name", "")),
            )
        except users.AccountError as error:
            raise HTTPError(422, str(error)) from None
        return Response(201, _public(user))

    def list_users(self, request: Request) -> Response:
        if not self.user(request).is_operator:
            raise HTTPError(403, "only the operator may list accounts")
        limit = min(int(request.query.get("limit", "20")), 100)
        rows = self.session.scalars(select(User).order_by(User.id).limit(limit))
        return Response(200, {"users": [_public(user) for user in rows], "count": users.count(self.session)})

    def me(self, request: Request) -> Response:
        return Response(200, _public(self.user(request)))

    def update_me(self, request: Request) -> Response:
        user = self.user(request)
        if unknown := set(request.body) - {"full_name", "password"}:
            raise HTTPError(422, f"cannot change {', '.join(sorted(unknown))}")
        try:
            return Response(200, _public(users.update(self.session, user, **request.body)))
        except users.AccountError as error:
            raise HTTPError(422, str(error)) from None

    def remove_user(self, request: Request, user_id: int) -> Response:
        caller, user = self.user(request), self.session.get(User, user_id)
        if not caller.is_operator and caller.id != user_id:
            raise HTTPError(403, "only the operator may remove other accounts")
        if user is None:
            raise HTTPError(404, "no such account")
        try:
            users.deactivate(self.session, user)
        except users.AccountError as error:
            raise HTTPError(422, str(error)) from None
        return Response(204)

    def pnl(self, request: Request) -> Response:
        ledger = ProfitAndLoss(self.session, self.user(request).id)
        return Response(200, {"realised": str(ledger.realised()), "by_symbol": ledger.by_symbol()})

    def pnl_of_symbol(self, request: Request, symbol: str) -> Response:
        ledger, symbol = ProfitAndLoss(self.session, self.user(request).id), symbol.upper()
        if symbol not in ledger.by_symbol():
            raise HTTPError(404, f"no trades in {symbol}")
        return Response(200, {"symbol": symbol, "realised": str(ledger.realised(symbol))})


def _public(user: User) -> dict[str, object]:
    return {"id": user.id, "email": user.email, "full_name": user.full_name, "active": user.is_active}
