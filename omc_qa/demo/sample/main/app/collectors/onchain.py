"""On-chain metrics as their source sends them: one payload, many shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

UNITS = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9}


@dataclass(frozen=True)
class Metric:
    name: str
    value: float
    at: datetime


def number(raw: object) -> float:
    """Read 12, "12", "1,200", "3.4M" or "-5%"."""
    text = str(raw).strip().replace(",", "")
    if text.endswith("%"):
        return float(text[:-1]) / 100
    suffix = text[-1:].upper() if text[-1:].isalpha() else ""
    if suffix not in UNITS:
        raise ValueError(f"{raw!r} is not a number")
    return float(text[: len(text) - len(suffix)]) * UNITS[suffix]


def parse(payload: Mapping[str, Any]) -> list[Metric]:
    """The metrics of a payload; those without a value are left out."""
    at = datetime.fromtimestamp(payload["t"], tz=UTC)
    rows = payload.get("metrics", {})
    return [Metric(name, number(raw), at) for name, raw in sorted(rows.items()) if raw not in (None, "")]
