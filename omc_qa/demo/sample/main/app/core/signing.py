"""Signatures of requests to the exchange: HMAC-SHA512 over the sorted body, nonce included."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any


def canonical_body(payload: Mapping[str, Any], nonce: int) -> bytes:
    return json.dumps({**payload, "nonce": nonce}, sort_keys=True, separators=(",", ":")).encode()


def sign(payload: Mapping[str, Any], nonce: int, secret: str) -> str:
    if not secret:
        raise ValueError("a request cannot be signed without a secret")
    return hmac.new(secret.encode(), canonical_body(payload, nonce), hashlib.sha512).hexdigest()


def verify(signature: str, payload: Mapping[str, Any], nonce: int, secret: str) -> bool:
    return hmac.compare_digest(signature, sign(payload, nonce, secret))


def masked(key: str) -> str:
    """A key as it may be shown: its last four characters, if there is more to hide than to show."""
    return "*" * (len(key) - 4) + key[-4:] if len(key) >= 12 else "*" * len(key)
