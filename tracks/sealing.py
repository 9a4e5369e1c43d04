"""Secrets of projects at rest: sealed under a key that only the installation's processes know.

value ──Fernet (AES-128-CBC, HMAC-SHA256)──> Secret.sealed      key = HKDF-SHA256(OMC_QA_SECRET_KEY)

Whoever has the database alone, a backup for instance, has no secret.
"""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tracks.errors import ToolError

PURPOSE = b"omc-qa project secrets 1"


def seal(value: str) -> bytes:
    return _cipher(settings.SECRET_KEY).encrypt(value.encode())


def unseal(sealed: bytes) -> str:
    """Raises ToolError where it was sealed under another key."""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(sealed).decode()
    except InvalidToken:
        raise ToolError(
            "A secret of this project cannot be read: it was stored under another OMC_QA_SECRET_KEY.",
            remedy="A lead has to store the project's secrets again, or the operator restores the key.",
        ) from None


@functools.cache
def _cipher(secret_key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
