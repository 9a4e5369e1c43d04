from decimal import Decimal

import pytest

from app.core.config import Settings, SettingsError


def test_defaults():
    assert Settings.from_env({}) == Settings()


@pytest.mark.parametrize(
    ("env", "field", "value"),
    [
        ({"ENVIRONMENT": "Staging"}, "environment", "staging"),
        ({"DATABASE_URL": "sqlite:///x"}, "database_url", "sqlite:///x"),
        ({"TOKEN_MINUTES": "5"}, "token_minutes", 5),
        ({"DAILY_LOSS_LIMIT": "0.1"}, "daily_loss_limit", Decimal("0.1")),
        ({"PAPER_TRADING": "off"}, "paper_trading", False),
        ({"PAPER_TRADING": "YES"}, "paper_trading", True),
        ({"PAPER_TRADING": ""}, "paper_trading", False),
        ({"UNKNOWN": "1"}, "environment", "development"),
    ],
)
def test_a_setting_is_read(env, field, value):
    assert getattr(Settings.from_env(env), field) == value


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"ENVIRONMENT": "test"}, "ENVIRONMENT must be one of development, staging, production"),
        ({"TOKEN_MINUTES": "soon"}, "TOKEN_MINUTES must be a whole number, not 'soon'"),
        ({"TOKEN_MINUTES": "1.5"}, "TOKEN_MINUTES must be a whole number"),
        ({"TOKEN_MINUTES": "0"}, "TOKEN_MINUTES must be positive"),
        ({"DAILY_LOSS_LIMIT": "5%"}, "DAILY_LOSS_LIMIT must be a decimal number"),
        ({"DAILY_LOSS_LIMIT": "0"}, "DAILY_LOSS_LIMIT must be between 0 and 1"),
        ({"DAILY_LOSS_LIMIT": "1.01"}, "DAILY_LOSS_LIMIT must be between 0 and 1"),
        ({"PAPER_TRADING": "maybe"}, "PAPER_TRADING must be on or off, not 'maybe'"),
        ({"ENVIRONMENT": "production"}, "SECRET_KEY must be set in production"),
    ],
)
def test_a_wrong_setting_is_named(env, reason):
    with pytest.raises(SettingsError, match=reason):
        Settings.from_env(env)


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_a_secret_makes_it_ready(environment):
    assert Settings.from_env({"ENVIRONMENT": environment, "SECRET_KEY": "s"}).secret_key == "s"
