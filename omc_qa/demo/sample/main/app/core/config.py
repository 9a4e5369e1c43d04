"""Settings, read once from the environment; a wrong one is named with what it should be."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

ENVIRONMENTS = ("development", "staging", "production")
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class SettingsError(ValueError):
    """A setting is missing or cannot be read."""


@dataclass(frozen=True)
class Settings:
    environment: str = "development"
    database_url: str = "sqlite://"
    secret_key: str = "development-only"
    token_minutes: int = 60
    daily_loss_limit: Decimal = Decimal("0.05")
    paper_trading: bool = True

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        settings = cls(
            environment=_choice(env, "ENVIRONMENT", cls.environment, ENVIRONMENTS),
            database_url=env.get("DATABASE_URL", cls.database_url),
            secret_key=env.get("SECRET_KEY", cls.secret_key),
            token_minutes=_whole_number(env, "TOKEN_MINUTES", cls.token_minutes),
            daily_loss_limit=_fraction(env, "DAILY_LOSS_LIMIT", cls.daily_loss_limit),
            paper_trading=_switch(env, "PAPER_TRADING", cls.paper_trading),
        )
        if settings.environment == "production" and settings.secret_key == cls.secret_key:
            raise SettingsError("SECRET_KEY must be set in production")
        return settings


def _choice(env: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    value = env.get(name, default).lower()
    if value not in choices:
        raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        value = int(env.get(name, str(default)))
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, not {env[name]!r}") from None
    if value <= 0:
        raise SettingsError(f"{name} must be positive, not {value}")
    return value


def _fraction(env: Mapping[str, str], name: str, default: Decimal) -> Decimal:
    try:
        value = Decimal(env.get(name, str(default)))
    except InvalidOperation:
        raise SettingsError(f"{name} must be a decimal number, not {env[name]!r}") from None
    if not 0 < value <= 1:
        raise SettingsError(f"{name} must be between 0 and 1, not {value}")
    return value


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name, str(default)).lower()
    if value not in TRUE | FALSE:
        raise SettingsError(f"{name} must be on or off, not {value!r}")
    return value in TRUE
