from datetime import UTC, datetime, timedelta

import pytest

from app.accounts import tokens

NOW = datetime(2025, 3, 3, 12, tzinfo=UTC)
SECRET = "a secret of the tests"


@pytest.mark.parametrize("user_id", [1, 42, 10_000_000])
def test_a_token_carries_the_user(user_id):
    assert tokens.read(tokens.issue(user_id, SECRET, now=NOW), SECRET, now=NOW) == user_id


@pytest.mark.parametrize(("minutes", "later"), [(60, 59), (1, 0), (1440, 1439)])
def test_a_token_lives_its_minutes(minutes, later):
    token = tokens.issue(7, SECRET, now=NOW, minutes=minutes)
    assert tokens.read(token, SECRET, now=NOW + timedelta(minutes=later)) == 7


@pytest.mark.parametrize("later", [60, 61])
def test_a_token_ends(later):
    token = tokens.issue(7, SECRET, now=NOW)
    with pytest.raises(tokens.TokenError, match="has ended"):
        tokens.read(token, SECRET, now=NOW + timedelta(minutes=later))


@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "Nzo5OTk5OTk5OTk5.00"])
def test_what_we_did_not_sign_is_refused(token):
    with pytest.raises(tokens.TokenError, match="signature is wrong"):
        tokens.read(token, SECRET, now=NOW)
