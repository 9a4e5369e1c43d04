"""Whether two runs were made under the same conditions; pure.

environments {"python": "3.11.7", "lock": …, "test": …}  of both   ┐
services, network, folder and limits                     of both   │
merge base of the head's branch, and the base's commit             ├──> sentences, none where all is alike
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tracks.execution.spec import RunSpec

CALLED = {
    "python": "Python",
    "pytest": "pytest",
    "tier": "The sandbox",
    "setup": "The set-up command",
    "before": "The command before the tests",
    "test": "The test command",
    "after": "The command after the tests",
    "services": "What is started beside the tests",
    "network": "The network of the tests",
    "folder": "The folder of the tests",
}
LIMITS = {
    "setup_seconds": "seconds of the set-up",
    "before_seconds": "seconds of the command before the tests",
    "test_seconds": "seconds of the tests",
    "check_seconds": "seconds of the checks",
    "after_seconds": "seconds of the command after the tests",
    "one_test_seconds": "seconds of one test",
    "silent_seconds": "seconds of silence",
    "memory_bytes": "bytes of memory",
    "processes": "processes",
    "file_bytes": "bytes of a file",
    "disk_bytes": "bytes on disk",
    "output_bytes": "bytes of output",
}


def surroundings(spec: RunSpec) -> dict[str, Any]:
    """What was frozen on a run, as ``differences`` takes it beside the environment."""
    return {
        "services": ", ".join(sorted(service.kind for service in spec.services)),
        "network": str(spec.network),
        "folder": spec.subdir,
        "limits": asdict(spec.limits),
    }


def differences(
    base: Mapping[str, Any], head: Mapping[str, Any], *, merge_base: str = "", base_sha: str = ""
) -> tuple[str, ...]:
    """What differed between a base run and a head run, beside the code of the branch.

    ``merge_base`` is where the head's branch left the base branch; "" where that is not known.
    """
    said = [
        f"{name} differs: {base[key] or 'none'} in the base, {head[key] or 'none'} here."
        for key, name in CALLED.items()
        if key in base and key in head and base[key] != head[key]
    ]
    said += _limits(base.get("limits", {}), head.get("limits", {}))
    if base.get("lock") != head.get("lock") and "lock" in base and "lock" in head:
        said.append("The files that say what is installed differ.")
    if merge_base and merge_base != base_sha:
        said.append(left_elsewhere(merge_base, base_sha))
    return tuple(said)


def left_elsewhere(merge_base: str, base_sha: str) -> str:
    """The one difference that is none of the environments."""
    return (
        f"The branch left the base branch at {merge_base[:7]}, not at the baseline's {base_sha[:7]}: "
        "what the base branch changed in between counts as this branch's doing."
    )


def _limits(base: Mapping[str, float], head: Mapping[str, float]) -> list[str]:
    return [
        f"The limit of {name} differs: {base[key]:,.0f} in the base, {head[key]:,.0f} here."
        for key, name in LIMITS.items()
        if key in base and key in head and base[key] != head[key]
    ]
