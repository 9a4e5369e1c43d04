"""A small router: paths with typed parameters, and errors that become responses."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CONVERTERS = {"int": (r"\d+", int), "str": (r"[^/]+", str)}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    token: str = ""


@dataclass(frozen=True)
class Response:
    status: int
    body: Any = None


class HTTPError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


Handler = Callable[..., Response]


class Router:
    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], dict[str, Callable[[str], Any]], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        types: dict[str, Callable[[str], Any]] = {}

        def pattern(match: re.Match[str]) -> str:
            name, kind = match.group(1), match.group(2) or "str"
            expression, types[name] = CONVERTERS[kind]
            return f"(?P<{name}>{expression})"

        compiled = re.compile(re.sub(r"{(\w+)(?::(\w+))?}", pattern, path))
        self._routes.append((method, compiled, types, handler))

    def dispatch(self, request: Request) -> Response:
        allowed = []
        for method, pattern, types, handler in self._routes:
            match = pattern.fullmatch(request.path)
            if match is None:
                continue
            if method != request.method:
                allowed.append(method)
                continue
            try:
                return handler(request, **{k: types[k](v) for k, v in match.groupdict().items()})
            except HTTPError as error:
                return Response(error.status, {"error": error.message})
        if allowed:
            return Response(405, {"error": f"use {' or '.join(allowed)}"})
        return Response(404, {"error": "not found"})
