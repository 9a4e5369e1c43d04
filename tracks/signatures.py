"""What makes two failures the same error.

    text, message ──> chain ──> exception   the root cause's type
                                message     its first line, with what varies from run to run masked
                                frame       the deepest one in the project's own code, path::function
                                            └─> digest; two failures with one digest are one error

- The root of a chain of explicit causes (``raise … from``) counts. An exception that was merely being
  handled when the last one came up does not: the last one counts.
- A frame is the project's own when its path is relative and leads neither out of the project nor into
  installed packages or the standard library. Line numbers are left out: they move with every edit.
- SQLAlchemy repeats the error that rolled a session back in each later PendingRollbackError. Its first
  line stays, its statement and data do not: one cause is one error, and another cause another.
- A frame in test code counts only for what a test itself says to be wrong (an assertion, or code that
  cannot be parsed). So twelve tests that meet one error in a library are one error, and two different
  tests with ``assert 1 == 2`` are two.

``VERSION`` goes up when this changes; digests of different versions must not be compared.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tracks.masks import mask, tidy
from tracks.tracebacks import Frame, Raised, is_foreign, read_chain, read_message

VERSION = 1
MESSAGE_LIMIT, TITLE_LIMIT = 500, 200
"""Characters."""

_TEST_FOLDERS = frozenset({"tests", "test"})
_SAID_BY_THE_TEST = frozenset(
    {"AssertionError", "Failed", "DocTestFailure", "SyntaxError", "IndentationError", "TabError"}
)


@dataclass(frozen=True, slots=True)
class Signature:
    """An error; equal signatures are the same error.

    ``exception`` is the type's name as printed (empty if none is), ``message`` is masked, ``frame``
    is ``path::function``, ``path`` where no function is printed, or empty. ``digest`` has 16
    hexadecimal digits. ``title`` says for a person what the test ended with, in one line of at most
    200 characters; it is an example's and may differ between equal signatures.
    """

    exception: str
    message: str
    frame: str
    digest: str
    version: int
    title: str = field(compare=False)


def sign(text: str, message: str = "", *, root: str = "") -> Signature:
    """The signature of a broken test; every text has one.

    ``text`` is the traceback as pytest prints it in any style, ``message`` the crash message or the
    ``message`` of a JUnit file. ``root`` is the folder that the project was run in: native tracebacks
    name files by absolute paths, and those below it are the project's own.
    """
    chain = read_chain(text)
    crash = read_message(message)
    cause = _best(*chain, crash)
    end = crash if crash.exception else _best(*reversed(chain), crash)
    frame = _own_frame(chain, cause.exception, root)
    said = mask(cause.message)[:MESSAGE_LIMIT]
    return Signature(
        exception=cause.exception,
        message=said,
        frame=frame,
        digest=_digest(cause.exception, said, frame),
        version=VERSION,
        title=_title(end),
    )


def _best(*candidates: Raised) -> Raised:
    """The first one that names its exception, else the first one that says anything."""
    named = (raised for raised in candidates if raised.exception)
    saying = (raised for raised in candidates if raised.message)
    return next(named, next(saying, Raised("", "")))


def _own_frame(chain: Iterable[Raised], exception: str, root: str) -> str:
    """The deepest frame in the project's own code, searched from the root of the chain outwards."""
    in_tests_too = exception.rpartition(".")[2] in _SAID_BY_THE_TEST
    for raised in chain:
        for frame in reversed(raised.frames):
            path = _own_path(frame, root)
            if path and (in_tests_too or not is_test_code(path)):
                return f"{path}::{frame.function}" if frame.function else path
    return ""


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
