"""What no log line may hold."""

import pytest

from omc_qa.logs import hide_tokens


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /sign-in/WzFd:1x:abc/", "GET /sign-in/…/"),
        ("POST /invitations/q1-w2/", "POST /invitations/…/"),
        ("GET /accounts/password/reset/key/4-set-password/", "GET /accounts/password/reset/key/…/"),
        (f"GET /r/{'q1-w2_' * 8}/report.pdf", "GET /r/…/report.pdf"),
        (f"GET /badges/{'q1-w2_' * 8}.svg", "GET /badges/….svg"),
        ("GET /p/r/runs/7/", "GET /p/r/runs/7/"),
        ("GET /p/ledger/runs/7/", "GET /p/ledger/runs/7/"),
    ],
)
def test_an_address_that_lets_somebody_in_loses_its_token(said, kept):
    assert hide_tokens(None, "info", {"request": said, "status": 200}) == {"request": kept, "status": 200}
