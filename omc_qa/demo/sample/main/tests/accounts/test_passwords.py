import pytest

from app.accounts.passwords import hash_password, problems, verify_password


@pytest.mark.parametrize("password", ["correct horse 42", "N0t-so-easy-to-guess", "zwölf Zeichen 12", "a" * 63 + "1"])
def test_good_passwords_have_no_problems(password):
    assert problems(password, "dev@example.org") == []


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("short1", ["has fewer than 12 characters"]),
        ("no digits in here", ["has no digit"]),
        ("123456789012", ["has no letter"]),
        ("Password1234", ["is a common password"]),
        ("my-dev-account-1", ["contains the e-mail address"]),
        ("", ["has fewer than 12 characters", "has no digit", "has no letter"]),
    ],
)
def test_every_problem_is_named(password, expected):
    assert problems(password, "dev@example.org") == expected


def test_the_right_password_is_recognised():
    assert verify_password("correct horse 42", hash_password("correct horse 42"))


def test_a_wrong_password_is_refused():
    assert not verify_password("correct horse 43", hash_password("correct horse 42"))


def test_the_same_password_is_salted_differently():
    assert hash_password("correct horse 42") != hash_password("correct horse 42")


def test_an_account_without_a_password_never_matches():
    assert not verify_password("!", "!")
