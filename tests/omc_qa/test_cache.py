"""The cache: plain data, and a miss where Redis does not answer."""

import pickle

import pytest
from django.core.cache import cache
from django.test import override_settings

from tests import factories
from tests.tracks.web.pages import member

NOWHERE = {
    "default": {
        "BACKEND": "omc_qa.cache.ForgivingRedisCache",
        "LOCATION": "unix:///nowhere.sock",
        "OPTIONS": {"serializer": "omc_qa.cache.JSONSerializer"},
    }
}


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("code of somebody else",))


def test_what_goes_in_comes_out():
    for value in (1, 0.5, "text", [1, "two"], {"a": None}, True):
        cache.set("key", value)
        assert cache.get("key") == value
    cache.set("count", 1)
    assert cache.incr("count") == 2


def test_a_pickle_that_somebody_put_there_is_not_executed(capsys):
    client = cache._cache.get_client(write=True)
    client.set(cache.make_and_validate_key("key"), pickle.dumps(Bomb()))
    with pytest.raises(ValueError):
        cache.get("key")
    assert "somebody else" not in capsys.readouterr().out
    cache.delete("key")


@pytest.mark.django_db
def test_pages_are_served_and_members_added_without_redis(django_capture_on_commit_callbacks):
    run = factories.play(factories.start_run(), passed=1, ended=False)
    with override_settings(CACHES=NOWHERE):
        with django_capture_on_commit_callbacks(execute=True):
            client = member(run.project)
        page = f"/p/{run.project.slug}/runs/{run.pk}/"
        assert client.get(page).status_code == 200
        assert client.get(f"{page}live").status_code == 200
