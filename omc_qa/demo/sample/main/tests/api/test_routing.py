import pytest

from app.api.routing import HTTPError, Request, Response, Router


@pytest.fixture
def router():
    def refuse(request, **_):
        raise HTTPError(int(request.query.get("status", "400")), "refused")

    router = Router()
    router.add("GET", "/ping", lambda request: Response(200, "pong"))
    router.add("GET", "/orders/{number:int}", lambda request, number: Response(200, number))
    router.add("DELETE", "/orders/{number:int}", lambda request, number: Response(204))
    router.add("GET", "/markets/{base}/{quote}", lambda request, base, quote: Response(200, f"{base}/{quote}"))
    router.add("POST", "/echo", lambda request: Response(201, request.body))
    router.add("GET", "/refuse", refuse)
    return router


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/ping", Response(200, "pong")),
        ("GET", "/orders/7", Response(200, 7)),
        ("GET", "/orders/007", Response(200, 7)),
        ("DELETE", "/orders/7", Response(204)),
        ("GET", "/markets/BTC/AUD", Response(200, "BTC/AUD")),
        ("GET", "/markets/b t/a%d", Response(200, "b t/a%d")),
    ],
)
def test_routes(router, method, path, expected):
    assert router.dispatch(Request(method, path)) == expected


@pytest.mark.parametrize(
    "path", ["/", "", "/pin", "/ping/", "/orders", "/orders/seven", "/orders/-7", "/markets/BTC", "/markets//AUD"]
)
def test_unknown_paths(router, path):
    assert router.dispatch(Request("GET", path)).status == 404


@pytest.mark.parametrize(
    ("method", "path", "use"), [("POST", "/ping", "GET"), ("PUT", "/orders/7", "GET or DELETE")]
)
def test_the_methods_that_there_are_get_named(router, method, path, use):
    assert router.dispatch(Request(method, path)) == Response(405, {"error": f"use {use}"})


@pytest.mark.parametrize("status", ["400", "403"])
def test_errors_become_responses(router, status):
    answer = router.dispatch(Request("GET", "/refuse", query={"status": status}))
    assert answer == Response(int(status), {"error": "refused"})


def test_the_body_is_handed_on(router):
    assert router.dispatch(Request("POST", "/echo", body={"a": 1})) == Response(201, {"a": 1})
