"""Files of another commit laid over a checkout, such as the baseline's tests over a branch's code.

    overlay.paths ──git rm──> gone ──git checkout <overlay.sha>──> as they are there, or still gone

Both commands run before any of the run's own do: git never runs in a workspace that a job could have
written. Paths are data: they reach git on its standard input, and none is taken for a pattern.
"""

from collections.abc import Iterable
from pathlib import Path

from tracks.errors import SubjectError
from tracks.execution import git
from tracks.execution.spec import Overlay


def lay_over(overlay: Overlay, mirror: Path, workspace: Path) -> None:
    """Raises SubjectError where the commit that the files are taken from is gone."""
    if not git.has_commit(mirror, overlay.sha):
        raise SubjectError(
            f"The commit {overlay.sha}, whose files are to be laid over this one, is not in the repository "
            "(any more).",
            remedy="Its branch may have been rewritten: start this again from a run that can still be made.",
        )
    inside = ("-C", str(workspace), "--literal-pathspecs")
    listed = ("--quiet", "--pathspec-from-file=-", "--pathspec-file-nul")
    git.call(*inside, "rm", "-r", "--force", "--ignore-unmatch", *listed, given=_listing(overlay.paths))
    files = git.file_hashes(mirror, overlay.sha).keys() - git.links(mirror, overlay.sha).keys()
    if there := [path for path in overlay.paths if path in files]:
        git.call(*inside, "checkout", *listed, overlay.sha, given=_listing(there))


def _listing(paths: Iterable[str]) -> bytes:
    return b"".join(path.encode("utf-8", "replace") + b"\0" for path in paths)
