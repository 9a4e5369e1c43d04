"""The cache: Redis, holding plain data only, and missed while it does not answer.

Whoever can write to Redis must not thereby run code here: values are JSON, not pickles. Nothing that
the product needs lies in the cache, so that a page without it is slower and no worse.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


class JSONSerializer:
    """Numbers stay what Redis itself can count with."""

    def dumps(self, value: object) -> int | bytes:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def _or(nothing: object) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``nothing`` is the answer while Redis does not give one."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            try:
                return method(*args, **kwargs)
            except RedisError as error:
                log.warning("the cache does not answer", error=str(error))
                return nothing

        return wrapped

    return decorate


class ForgivingRedisCache(RedisCache):
    add = _or(nothing=True)(RedisCache.add)
    set = _or(nothing=None)(RedisCache.set)
    touch = _or(nothing=False)(RedisCache.touch)
    delete = _or(nothing=False)(RedisCache.delete)
    has_key = _or(nothing=False)(RedisCache.has_key)
    get_many = _or(nothing={})(RedisCache.get_many)
    set_many = _or(nothing=[])(RedisCache.set_many)
    delete_many = _or(nothing=None)(RedisCache.delete_many)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _or(nothing=default)(super().get)(key, default, version)
