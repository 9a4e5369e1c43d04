from unittest.mock import AsyncMock

import pytest

from app.collectors.backoff import SourceError, delay, retry


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (40, 30.0)]
)
def test_waits_double_up_to_the_longest(attempt, seconds):
    assert delay(attempt) == seconds


def test_attempts_are_counted_from_one():
    with pytest.raises(ValueError, match="counted from 1"):
        delay(0)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_passing_trouble_is_tried_again(status):
    fetch = AsyncMock(side_effect=[SourceError(status), SourceError(status), "data"])
    assert await retry(fetch) == "data"


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_lasting_trouble_is_not(status):
    fetch = AsyncMock(side_effect=SourceError(status))
    with pytest.raises(SourceError, match=str(status)):
        await retry(fetch)
    fetch.assert_awaited_once()


@pytest.mark.parametrize("attempts", [1, 4])
async def test_attempts_are_limited(attempts):
    fetch = AsyncMock(side_effect=SourceError(503))
    with pytest.raises(SourceError):
        await retry(fetch, attempts=attempts)
    assert fetch.await_count == attempts
