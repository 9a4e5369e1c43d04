import pytest

from app.accounts import users

PASSWORD = "correct horse 42"


def test_a_new_account_is_active(db):
    user = users.create(db, email="first@example.org", password=PASSWORD)
    assert (user.is_active, user.is_operator) == (True, False)


@pytest.mark.parametrize("spelling", ["Second@Example.org", " second.b@example.org ", "SECOND.C@EXAMPLE.ORG"])
def test_addresses_are_kept_in_one_spelling(db, spelling):
    assert users.create(db, email=spelling).email == spelling.strip().lower()


def test_an_address_has_one_account(db):
    users.create(db, email="once@example.org")
    with pytest.raises(users.AccountError, match="has an account already"):
        users.create(db, email="ONCE@example.org")


@pytest.mark.parametrize("email", ["", "nobody", "example.org"])
def test_an_address_needs_an_at(db, email):
    with pytest.raises(users.AccountError, match="not an e-mail address"):
        users.create(db, email=email)


def test_a_weak_password_makes_no_account(db):
    before = users.count(db)
    with pytest.raises(users.AccountError, match="fewer than 12"):
        users.create(db, email="weak@example.org", password="short1")
    assert users.count(db) == before


def test_signing_in(db):
    user = users.create(db, email="signs.in@example.org", password=PASSWORD)
    assert users.authenticate(db, "Signs.In@example.org", PASSWORD) is user
    assert users.authenticate(db, "signs.in@example.org", "wrong horse 42") is None


def test_a_deactivated_account_does_not_sign_in(db):
    user = users.create(db, email="gone@example.org", password=PASSWORD)
    users.deactivate(db, user)
    assert users.authenticate(db, "gone@example.org", PASSWORD) is None


def test_the_operator_stays(db):
    with pytest.raises(users.AccountError, match="stays active"):
        users.deactivate(db, users.by_email(db, "operator@example.org"))


def test_a_name_can_be_changed(db):
    user = users.create(db, email="renamed@example.org", full_name="Before")
    assert users.update(db, user, full_name=" After ").full_name == "After"


def test_a_password_can_be_changed(db):
    user = users.create(db, email="changed@example.org", password=PASSWORD)
    users.update(db, user, password="another horse 43")
    assert users.authenticate(db, user.email, "another horse 43") is user
