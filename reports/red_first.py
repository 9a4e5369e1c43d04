"""Whether tests prove what they seem to: those of one commit on the code of another; pure.

the branch's new tests, on the baseline's code        the baseline's tests, on the branch's code
    fails, or cannot be collected  PROVES                broken; the branch's version passes  CHANGED
    passes                         PROVES_NOTHING        broken; the branch switched it off   MUTED
    skipped, no result, …          SAYS_NOTHING          broken; the branch has it no more    REMOVED
                                                         broken; so is the branch's version   STILL_BROKEN
                                                         passes                               KEPT
                                                         skipped, no result, …                SAYS_NOTHING
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from reports.facts import Try
from reports.source.snapshots import CONFTEST, TEST_FOLDERS, is_test_code
from tracks.statuses import Outcome


class Proof(StrEnum):
    """What a test shows when it is run on other code than its own; what needs a look comes first."""

    PROVES_NOTHING = "green without the branch's code: it proves nothing"
    CHANGED = "passes only because its test was changed"
    MUTED = "fails as the baseline has it, and the branch has switched it off"
    REMOVED = "fails as the baseline has it, and the branch has removed it"
    PROVES = "red without the branch's code, as it should be"
    STILL_BROKEN = "broken with the baseline's tests and with the branch's"
    KEPT = "passes as the baseline has it"
    SAYS_NOTHING = "gave no result that says something"


SUSPECT = frozenset({Proof.PROVES_NOTHING, Proof.CHANGED, Proof.MUTED, Proof.REMOVED})
"""What somebody should look at."""


def proof_of_new(on_base: Try, *, is_uncollected: bool) -> Proof:
    """What a new test shows on the baseline's code; where its module cannot be collected there, it is red."""
    if on_base.is_broken or is_uncollected:
        return Proof.PROVES
    return Proof.PROVES_NOTHING if on_base.outcome is Outcome.PASSED else Proof.SAYS_NOTHING


def proof_of_old(on_head: Try, edited: Try, *, is_uncollected: bool) -> Proof:
    """What a test of the baseline shows on the branch's code; ``edited``: its result in the branch's run."""
    if on_head.is_broken or is_uncollected:
        if not edited.told:
            return Proof.REMOVED
        if edited.is_broken:
            return Proof.STILL_BROKEN
        return Proof.CHANGED if edited.outcome is Outcome.PASSED else Proof.MUTED
    return Proof.KEPT if on_head.outcome is Outcome.PASSED else Proof.SAYS_NOTHING


def belongs_to_tests(path: str) -> bool:
    """Whether a file is laid over with the tests: their code, and what lies in their folders."""
    return is_test_code(path) or not TEST_FOLDERS.isdisjoint(path.split("/")[:-1])


def concerned(paths: Collection[str], names: Mapping[int, str]) -> list[int]:
    """The tests, node ids by number, that lie in one of the files or below a conftest.py among them; paths
    are relative to the folder of the node ids. Ascending."""
    files = set(paths)
    folders = tuple(path.removesuffix(CONFTEST) for path in files if path.split("/")[-1] == CONFTEST)
    modules = {number: node_id.partition("::")[0] for number, node_id in names.items()}
    return sorted(
        number for number, module in modules.items() if module in files or module.startswith(folders)
    )


def counted(proofs: Iterable[tuple[int, Proof]]) -> dict[str, list[int]]:
    """Test numbers by what they show, ascending."""
    by_proof: dict[str, list[int]] = {}
    for test, proof in sorted(proofs):
        by_proof.setdefault(proof.value, []).append(test)
    return by_proof
