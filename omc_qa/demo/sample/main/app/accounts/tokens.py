"""Signed tokens that carry a user's id and end by themselves."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta


class TokenError(ValueError):
    """The token is not ours, was changed, or has ended."""


def issue(user_id: int, secret: str, *, now: datetime, minutes: int = 60) -> str:
    ends = int((now + timedelta(minutes=minutes)).timestamp())
    body = base64.urlsafe_b64encode(f"{user_id}:{ends}".encode()).decode()
    return f"{body}.{_signature(body, secret)}"


def read(token: str, secret: str, *, now: datetime) -> int:
    body, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(body, secret).encode()):
        raise TokenError("the token's signature is wrong")
    try:
        user_id, ends = base64.urlsafe_b64decode(body).decode().split(":")
    except (binascii.Error, ValueError):
        raise TokenError("the token cannot be read") from None
    if now.timestamp() >= int(ends):
        raise TokenError("the token has ended")
    return int(user_id)


def _signature(body: str, secret: str) -> str:
    return hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
