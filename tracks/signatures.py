"""What makes two failures the same error.

    text, message ──> chain ──> exception   the root cause's type
                                message     what it says in one line, with what varies from run to run masked
                                frame       the deepest one in the project's own code, path::function
                                            └─> digest; two failures with one digest are one error

- The root of a chain of explicit causes (``raise … from``) counts. An exception that was merely being
  handled when the last one came up does not: nobody has said that it led there (a clean-up that fails, a
  fallback that fails for a reason of its own), and with it an error would be another one wherever it
  strikes. The last one counts; the chain is kept whole, for a person to read.
- A cancellation that led to another error is how that one was carried out (a timeout), not why.
- A frame is the project's own when its path is relative and leads neither out of the project nor into
  installed packages or the standard library. Line numbers are left out: they move with every edit.
- SQLAlchemy repeats the error that rolled a session back in each later PendingRollbackError. Its first
  line stays, its statement and data do not: one cause is one error, and another cause another.
- A frame in test code counts only for what a test itself says to be wrong (an assertion, or code that
  cannot be parsed). So twelve tests that meet one error in a library are one error, and two different
  tests with ``assert 1 == 2`` are two.

``VERSION`` goes up when this changes. It and the project's own masks are the ``scheme`` of a signature;
digests of different schemes must not be compared.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple

from tracks.masks import mask, mask_compared, tidy
from tracks.tracebacks import Frame, Link, Raised, is_foreign, read_chain, read_message

VERSION = 2
MESSAGE_LIMIT, TITLE_LIMIT = 500, 200
"""Characters."""
CHAIN_LIMIT = 9
"""Links of a chain that are kept, half of them from either end."""

_TEST_FOLDERS = frozenset({"tests", "test"})
_SAID_BY_THE_TEST = frozenset(
    {"AssertionError", "Failed", "DocTestFailure", "SyntaxError", "IndentationError", "TabError"}
)
_CANCELLED = "CancelledError"
"""How the names of a cancellation end, asyncio's and those of libraries."""


class Step(NamedTuple):
    """One exception of a chain: what it was, as in a title, and how it led to the next one."""

    said: str
    link: Link


@dataclass(frozen=True, slots=True)
class Signature:
    """An error; equal signatures are the same error.

    ``exception`` is the type's name as printed (empty if none is), ``message`` is masked, ``frame``
    is ``path::function``, ``path`` where no function is printed, or empty. ``digest`` has 16
    hexadecimal digits. ``title`` says for a person what the test ended with, in one line of at most
    200 characters, ``chain`` what led there, root first, in at most 9 of them; both are an example's and
    may differ between equal signatures.
    """

    exception: str
    message: str
    frame: str
    digest: str
    version: int
    title: str = field(compare=False)
    chain: tuple[Step, ...] = field(compare=False)


def scheme(masks: Sequence[str]) -> str:
    """The name of all that a signature depends on beside the failure: the version, and a project's masks."""
    return f"{VERSION}-{_digest(*masks)}" if masks else str(VERSION)


def sign(text: str, message: str = "", *, root: str = "", masks: Sequence[str] = ()) -> Signature:
    """The signature of a broken test; every text has one.

    ``text`` is the traceback as pytest prints it in any style, ``message`` the crash message or the
    ``message`` of a JUnit file. ``root`` is the folder that the project was run in: native tracebacks
    name files by absolute paths, and those below it are the project's own. ``masks`` are the project's
    own, see tracks.own_masks.
    """
    chain = read_chain(text)
    crash = read_message(message)
    causes = _causes(chain)
    cause = _best(*causes, crash)
    frame = _own_frame(causes, cause.exception, root)
    said = mask(cause.message, masks)
    if _is_said_by_the_test(cause.exception):
        said = mask_compared(said)
    said = said[:MESSAGE_LIMIT]
    return Signature(
        exception=cause.exception,
        message=said,
        frame=frame,
        digest=_digest(cause.exception, said, frame),
        version=VERSION,
        title=_title(_end(chain, crash)),
        chain=_steps(chain),
    )


def _causes(chain: Sequence[Raised]) -> Sequence[Raised]:
    """Of a chain what led to its end as explicit causes, root first."""
    handled = [index for index, raised in enumerate(chain) if raised.link is Link.CONTEXT]
    causes = chain[handled[-1] + 1 :] if handled else chain
    return [raised for raised in causes if not raised.exception.endswith(_CANCELLED)] or causes


def _end(chain: Sequence[Raised], crash: Raised) -> Raised:
    """What the test ended with; the text tells more of it than the crash message's one line does."""
    if not crash.exception:
        return _best(*reversed(chain), crash)
    return next((raised for raised in reversed(chain) if raised.exception == crash.exception), crash)


def _steps(chain: Iterable[Raised]) -> tuple[Step, ...]:
    steps = [Step(_title(raised), raised.link) for raised in chain if raised.exception or raised.message]
    if len(steps) > CHAIN_LIMIT:
        half = CHAIN_LIMIT // 2
        steps[half:-half] = [Step("…", steps[-half - 1].link)]
    return tuple(steps)


def _best(*candidates: Raised) -> Raised:
    """The first one that names its exception, else the first one that says anything."""
    named = (raised for raised in candidates if raised.exception)
    saying = (raised for raised in candidates if raised.message)
    return next(named, next(saying, Raised("", "")))


def _own_frame(chain: Iterable[Raised], exception: str, root: str) -> str:
    """The deepest frame in the project's own code, searched from the root of the chain outwards."""
    in_tests_too = _is_said_by_the_test(exception)
    for raised in chain:
        for frame in reversed(raised.frames):
            path = _own_path(frame, root)
            if path and (in_tests_too or not is_test_code(path)):
                return f"{path}::{frame.function}" if frame.function else path
    return ""


def _is_said_by_the_test(exception: str) -> bool:
    return exception.rpartition(".")[2] in _SAID_BY_THE_TEST


def _own_path(frame: Frame, root: str) -> str:
    """The path in the project, or nothing for a file that is not its own."""
    path = frame.path.replace("\\", "/")
    if root:
        path = path.removeprefix(root.replace("\\", "/").rstrip("/") + "/")
    path = path.removeprefix("./")
    return "" if is_foreign(path) else path


def is_test_code(path: str) -> bool:
    """Whether a file of a project holds tests or what only tests use."""
    file = PurePosixPath(path)
    return (
        file.name.startswith("test_")
        or file.stem.endswith("_test")
        or file.name == "conftest.py"
        or not _TEST_FOLDERS.isdisjoint(file.parts[:-1])
    )


def _digest(*parts: str) -> str:
    content = "\0".join((str(VERSION), *parts))
    return hashlib.blake2b(content.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def _title(end: Raised) -> str:
    name = end.exception.rpartition(".")[2]
    title = ": ".join(part for part in (name, tidy(end.message)) if part) or "No error text"
    if len(title) <= TITLE_LIMIT:
        return title
    head = title[: TITLE_LIMIT // 2].rpartition(" ")[0] or title[: TITLE_LIMIT // 2]
    tail = title[len(head) + 3 - TITLE_LIMIT :]
    return f"{head} … {tail.partition(' ')[2] or tail}"
