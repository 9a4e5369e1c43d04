"""How to see a failure on one's own machine: the commands to copy; pure.

# Python 3.12.1, pytest 9.2.0
: "${MODE:?set it as in the project's settings}"
git fetch origin refs/heads/fix-prices
git switch --detach 264a9b0…
cd backend
python -m pytest 'tests/test_prices.py::test_price[BTC]'
"""

import json
import re
from collections.abc import Mapping
from shlex import quote
from typing import Any

from tracks.models import Run

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VERSION = re.compile(r"[\w.+-]{1,40}")


def frozen(run: Run) -> dict[str, Any]:
    """The run's specification; its environment variables may hold secrets and are not to be shown, only
    their names: ``variables``."""
    spec: dict[str, Any] = json.loads(run.spec) if run.spec else {}
    variables = sorted(spec.pop("env", None) or {})
    return spec | {"variables": variables}


def commands(run: Run, spec: Mapping[str, Any], *node_ids: str) -> str:
    """Shell lines that run these tests, or all; what a user or a branch supplied is quoted."""
    test = str(spec.get("test") or "python -m pytest").strip()
    command = "python -m pytest" if "\n" in test and node_ids else test
    return commands_of_check(run, spec, " ".join([command, *map(quote, node_ids)]))


def commands_of_check(run: Run, spec: Mapping[str, Any], command: str) -> str:
    """Shell lines that run the command as the run did; without one those that lead to where it would be."""
    lines = [*_versions(run), *_variables(spec), *_checkout(run, spec)]
    if spec.get("subdir"):
        lines.append(f"cd {quote(spec['subdir'])}")
    if command:
        lines += [*(str(spec[step]) for step in ("setup", "before") if spec.get(step)), command]
    return "\n".join(lines)


def _checkout(run: Run, spec: Mapping[str, Any]) -> list[str]:
    """A commit that was merged on trial is nowhere else: it is merged again."""
    if merge := spec.get("merge"):
        merges = [f"git merge --no-edit {head}" for head in merge["heads"]]
        return ["git fetch origin", f"git switch --detach {merge['base']}", *merges]
    branch = f" {quote(f'refs/heads/{run.branch}')}" if run.branch else ""
    return [f"git fetch origin{branch}", f"git switch --detach {run.sha}"]


def _versions(run: Run) -> list[str]:
    """What the run was made with, as a comment. The branch's processes told it: only a version is taken."""
    told = {"Python": run.environment.get("python"), "pytest": run.environment.get("pytest")}
    versions = [f"{name} {said}" for name, said in told.items() if _VERSION.fullmatch(str(said or ""))]
    return [f"# {', '.join(versions)}"] if versions else []


def _variables(spec: Mapping[str, Any]) -> list[str]:
    """A line for each variable that the run was given: without it, the shell says so and stops. Values are
    not shown: they may be secret."""
    names = (name for name in spec.get("variables", ()) if _NAME.fullmatch(name))
    return [f': "${{{name}:?set it as in the project\'s settings}}"' for name in names]
