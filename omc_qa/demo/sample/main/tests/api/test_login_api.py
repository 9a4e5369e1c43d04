import itertools

import pytest

PASSWORD = "correct horse 42"
numbers = itertools.count(1)


@pytest.fixture
def email(api, sign_up):
    email = f"login{next(numbers)}@example.org"
    sign_up(api, email)
    return email


def test_the_token_works(api, email):
    token = api("POST", "/login", email=email, password=PASSWORD).body["token"]
    assert api("GET", "/users/me", token=token).body["email"] == email


def test_the_token_says_how_long_it_lives(api, email):
    assert api("POST", "/login", email=email, password=PASSWORD).body["minutes"] == 60


@pytest.mark.parametrize("password", ["", "wrong horse 42", "CORRECT HORSE 42"])
def test_a_wrong_password(api, email, password):
    assert api("POST", "/login", email=email, password=password).status == 400


def test_an_unknown_account_gets_the_same_answer(api, email):
    unknown = api("POST", "/login", email="unknown@example.org", password=PASSWORD)
    assert unknown == api("POST", "/login", email=email, password="wrong horse 42")


def test_a_removed_account_does_not_sign_in(api, email):
    answer = api("POST", "/login", email=email, password=PASSWORD)
    user_id = api("GET", "/users/me", token=answer.body["token"]).body["id"]
    api("DELETE", f"/users/{user_id}", token=answer.body["token"])
    assert api("POST", "/login", email=email, password=PASSWORD).status == 400


def test_a_changed_token_is_refused(api, email):
    token = api("POST", "/login", email=email, password=PASSWORD).body["token"]
    assert api("GET", "/users/me", token=token[:-1] + "x").status == 401
