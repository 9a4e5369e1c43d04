import pytest

from app.core.signing import canonical_body, masked, sign, verify

BODY = {"symbol": "BTC", "quantity": "0.5"}


def test_the_body_is_sorted_and_carries_the_nonce():
    assert canonical_body(BODY, 7) == b'{"nonce":7,"quantity":"0.5","symbol":"BTC"}'


def test_the_order_of_the_fields_does_not_matter():
    assert sign(BODY, 1, "s") == sign(dict(reversed(BODY.items())), 1, "s")


def test_a_signature_is_sha512():
    assert len(sign(BODY, 1, "s")) == 128


@pytest.mark.parametrize(
    ("payload", "nonce", "secret", "valid"),
    [(BODY, 1, "s", True), ({}, 1, "s", False), (BODY, 2, "s", False), (BODY, 1, "t", False)],
)
def test_a_signature_stands_for_body_nonce_and_secret(payload, nonce, secret, valid):
    assert verify(sign(BODY, 1, "s"), payload, nonce, secret) is valid


def test_a_secret_is_needed():
    with pytest.raises(ValueError, match="without a secret"):
        sign(BODY, 1, "")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("", ""),
        ("abc", "***"),
        ("abcdefghijk", "***********"),
        ("abcdefghijkl", "********ijkl"),
        ("x" * 16, "*" * 12 + "xxxx"),
    ],
)
def test_keys_are_masked(key, shown):
    assert masked(key) == shown
