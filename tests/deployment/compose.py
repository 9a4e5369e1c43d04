"""docker-compose.yml, read as an engine reads it: variables filled in, anchors resolved.

services(environment)["web"]  ──>  Service(command=(…), environment={…}, …)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}")


@dataclass(frozen=True)
class Service:
    name: str
    raw: Mapping[str, Any]

    @property
    def command(self) -> tuple[str, ...]:
        return tuple(self.raw.get("command", ()))

    @property
    def environment(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.raw.get("environment", {}).items()}

    @property
    def is_ours(self) -> bool:
        return "build" in self.raw


def services(variables: Mapping[str, str]) -> dict[str, Service]:
    """The services with ``variables`` filled in; KeyError for a required one that is missing."""
    text = (FOLDER / "docker-compose.yml").read_text()
    parsed = yaml.safe_load(_filled(text, variables))
    return {name: Service(name, raw) for name, raw in parsed["services"].items()}


def _filled(text: str, variables: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name, kind, word = match.groups()
        if kind == ":-":
            return variables.get(name) or word
        return variables[name]

    without_comments = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return VARIABLE.sub(value, without_comments).replace("$$", "$")
