"""How to see a failure on one's own machine: the commands to copy; pure.

git fetch origin refs/heads/fix-prices
git switch --detach 264a9b0…
cd backend
python -m pytest 'tests/test_prices.py::test_price[BTC]'
"""

from collections.abc import Mapping
from shlex import quote
from typing import Any

from tracks.models import Run


def commands(run: Run, spec: Mapping[str, Any], node_id: str) -> str:
    """Shell lines; what a user supplied is quoted."""
    test = str(spec.get("test") or "python -m pytest")
    lines = [f"git fetch origin {quote(f'refs/heads/{run.branch}')}", f"git switch --detach {run.sha}"]
    if spec.get("subdir"):
        lines.append(f"cd {quote(spec['subdir'])}")
    lines += [str(spec[step]) for step in ("setup", "before") if spec.get(step)]
    lines.append(
        f"{test.strip()} {quote(node_id)}"
        if "\n" not in test.strip()
        else f"python -m pytest {quote(node_id)}"
    )
    return "\n".join(lines)
