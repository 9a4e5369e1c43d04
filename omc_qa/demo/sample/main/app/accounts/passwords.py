"""Passwords: a policy that says what is missing, and salted PBKDF2."""

import hashlib
import hmac
import os

ITERATIONS = 100_000
COMMON = {"password1234", "letmein12345", "qwerty123456"}


def problems(password: str, email: str = "") -> list[str]:
    """Why a password is refused; empty when it may be used."""
    rules = [
        (len(password) < 12, "has fewer than 12 characters"),
        (not any(c.isdigit() for c in password), "has no digit"),
        (not any(c.isalpha() for c in password), "has no letter"),
        (password.lower() in COMMON, "is a common password"),
        (bool(email) and email.split("@")[0].lower() in password.lower(), "contains the e-mail address"),
    ]
    return [problem for broken, problem in rules if broken]


def hash_password(password: str) -> str:
    salt = os.urandom(16)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    return f"pbkdf2${ITERATIONS}${salt.hex()}${digest.hex()}"


def verify_password(password: str, hashed: str) -> bool:
    parts = hashed.split("$")
    if len(parts) != 4 or parts[0] != "pbkdf2":
        return False
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), bytes.fromhex(parts[2]), int(parts[1]))
    return hmac.compare_digest(digest.hex(), parts[3])
