import pytest

from app.accounts import tokens, users


@pytest.fixture
def operator(api, db):
    user = users.by_email(db, "operator@example.org")
    return tokens.issue(user.id, api.settings.secret_key, now=api.clock())


@pytest.mark.parametrize("name", ["api.one", "api.two+tag", "API.Three"])
def test_signing_up(api, name):
    answer = api("POST", "/users", email=f"{name}@example.org", password="correct horse 42", full_name="Olga")
    assert answer.status == 201
    assert (answer.body["email"], answer.body["full_name"]) == (f"{name}@example.org".lower(), "Olga")


@pytest.mark.parametrize(
    ("email", "password", "reason"),
    [
        ("", "correct horse 42", "not an e-mail address"),
        ("nobody", "correct horse 42", "not an e-mail address"),
        ("weak@example.org", "", "fewer than 12 characters"),
        ("weak@example.org", "short1", "fewer than 12 characters"),
        ("weak@example.org", "password1234", "common password"),
        ("weakling@example.org", "weakling is 123", "contains the e-mail address"),
        ("operator@example.org", "correct horse 42", "has an account already"),
    ],
)
def test_signing_up_is_refused_with_the_reason(api, email, password, reason):
    answer = api("POST", "/users", email=email, password=password)
    assert answer.status == 422
    assert reason in answer.body["error"]


def test_an_account_shows_no_password(api, sign_up):
    _, token = sign_up(api, "api.me@example.org")
    assert set(api("GET", "/users/me", token=token).body) == {"id", "email", "full_name", "active"}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/users/me"), ("PATCH", "/users/me"), ("GET", "/users"), ("DELETE", "/users/1")]
)
def test_a_token_is_needed(api, method, path):
    assert api(method, path).status == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [({"full_name": "Tess"}, 200), ({"password": "another horse 43"}, 200), ({"password": "short"}, 422),
     ({"is_operator": True}, 422)],
    ids=["name", "password", "weak password", "operator"],
)  # fmt: skip
def test_changing_the_own_account(api, sign_up, change, status, request):
    _, token = sign_up(api, f"api.change.{status}.{next(iter(change))}@example.org")
    assert api("PATCH", "/users/me", token=token, **change).status == status


def test_the_operator_lists_accounts(api, operator):
    answer = api("GET", "/users", token=operator, query={"limit": "2"})
    assert len(answer.body["users"]) == 2
    assert answer.body["count"] > 2


def test_others_do_not_list_accounts(api, sign_up):
    _, token = sign_up(api, "api.curious@example.org")
    assert api("GET", "/users", token=token).status == 403


def test_an_account_can_remove_itself(api, sign_up):
    user_id, token = sign_up(api, "api.leaves@example.org")
    assert api("DELETE", f"/users/{user_id}", token=token).status == 204
    assert api("GET", "/users/me", token=token).body == {"error": "the account is not active"}


def test_the_operator_removes_an_account(api, sign_up, operator):
    user_id, token = sign_up(api, "api.removed@example.org")
    assert api("DELETE", f"/users/{user_id}", token=operator).status == 204
    assert api("GET", "/users/me", token=token).status == 401


@pytest.mark.parametrize(("path", "status"), [("/users/1", 422), ("/users/999999", 404)])
def test_what_the_operator_cannot_remove(api, operator, path, status):
    assert api("DELETE", path, token=operator).status == status
