"""Whether two runs were made under the same conditions; pure.

environments {"python": "3.11.7", "lock": …, "test": …}  of both   ┐
merge base of the head's branch, and the base's commit             ├──> sentences, none where all is alike
"""

from collections.abc import Mapping
from typing import Any

CALLED = {
    "python": "Python",
    "pytest": "pytest",
    "tier": "The sandbox",
    "setup": "The set-up command",
    "before": "The command before the tests",
    "test": "The test command",
    "after": "The command after the tests",
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
    if base.get("lock") != head.get("lock") and "lock" in base and "lock" in head:
        said.append("The files that say what is installed differ.")
    if merge_base and merge_base != base_sha:
        said.append(
            f"The branch left the base branch at {merge_base[:7]}, not at the baseline's {base_sha[:7]}: "
            "what the base branch changed in between counts as this branch's doing."
        )
    return tuple(said)
