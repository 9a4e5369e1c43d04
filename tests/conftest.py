"""Fixtures that tests of every package share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rate limits count in the cache: no test inherits another's failed sign-ins."""
    yield
    if request.node.get_closest_marker("django_db"):
        cache.clear()
