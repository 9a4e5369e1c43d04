"""What no log line may hold."""

import pytest

from omc_qa.logs import hide_tokens


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /sign-in/WzFd:1x:abc/", "GET /sign-in/…/"),
        ("POST /invitations/q1-w2/", "POST /invitations/…/"),
        ("GET /accounts/password/reset/key/4-set-password/", "GET /accounts/password/reset/key/…/"),
        ("GET /p/ledger/runs/7/", "GET /p/ledger/runs/7/"),
    ],
)
def test_an_address_that_signs_somebody_in_loses_its_token(said, kept):
    assert hide_tokens(None, "info", {"request": said, "status": 200}) == {"request": kept, "status": 200}
