"""What a run showed, in the words of a finding that is about to be recorded; pure.

Shown(run 17, 3 tests, KeyError → NoPrice, traceback)
    ──> title "NoPrice: BTC"   evidence in Markdown   root cause "KeyError: 'BTC'"   files of the own frames

What a branch printed goes into Markdown as code, fenced by more backticks than it holds itself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracks.terminal import without_codes
from tracks.tracebacks import is_foreign

TITLE = 200
TEXT = 12_000
"""Characters of a traceback or an output that are quoted: its end, which says how it ended."""
NAMED = 10
"""How many tests the evidence names; the finding lists all."""
FILES = 5
_PLACE = re.compile(
    r"(?P<path>[^\s:>][^:]*):(?P<line>\d{1,7}):|\s*File \"(?P<native>[^\"]+)\", line (?P<at>\d{1,7})"
)
_BACKTICKS = re.compile(r"`+")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a run showed of some tests, of one error, or of a criterion that does not hold.

    ``run`` is its name in words; ``tests`` are the node ids of the ``count`` that fail, ``newly`` of which
    passed before, or of those that were chosen where none fails; ``chain`` leads from the first exception to
    the last; ``text`` is an example's traceback, ``culprit`` what is said of the commit that brought it.
    """

    run: str
    sha: str
    tests: Sequence[str] = ()
    count: int = 0
    newly: int = 0
    error: str = ""
    chain: Sequence[str] = ()
    text: str = ""
    culprit: str = ""
    criterion: str = ""
    said: str = ""
    output: str = ""


def title(shown: Shown) -> str:
    """One line, cut where it is too long; empty where nothing fails."""
    if shown.criterion:
        said = f"Does not hold: {shown.criterion}"
    elif shown.error:
        said = shown.error
    elif not shown.count:
        said = ""
    elif shown.count == 1:
        said = f"{shown.tests[0]} fails"
    else:
        files = {test.partition("::")[0] for test in shown.tests}
        said = f"{shown.count} tests of {files.pop() if len(files) == 1 else 'several files'} fail"
    return _one_line(said)


def evidence(shown: Shown) -> str:
    """What was seen, where, and an example of it."""
    parts = [_criterion(shown), _figures(shown), _names(shown), _example(shown), shown.culprit]
    return "\n\n".join(part for part in parts if part)


def root_cause(shown: Shown) -> str:
    """What the chain of exceptions began with; empty where there is no chain."""
    if len(shown.chain) < 2:
        return ""
    return f"It begins with {code(shown.chain[0])}, which leads to {code(shown.chain[-1])}."


def own_files(text: str) -> list[dict[str, str]]:
    """Where the traceback passes through the project's own files, the deepest first."""
    places: dict[tuple[str, str], None] = {}
    for line in reversed(without_codes(text).splitlines()):
        if found := _PLACE.match(line):
            path = found["path"] or found["native"]
            if not is_foreign(path) and len(path) <= 500:
                places[path, found["line"] or found["at"]] = None
    return [{"path": path, "lines": line} for path, line in list(places)[:FILES]]


def code(text: str) -> str:
    """The text as code within a line, whatever backticks it holds."""
    text = _one_line(text)
    if not text:
        return ""
    ticks = "`" * (_longest(text) + 1)
    space = " " if "`" in text else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def block(text: str) -> str:
    """The end of the text as a block of code, whatever backticks it holds."""
    text = without_codes(text).strip("\n")
    if len(text) > TEXT:
        text = f"… {len(text) - TEXT} characters before this are left out\n{text[-TEXT:]}"
    ticks = "`" * max(3, _longest(text) + 1)
    return f"{ticks}text\n{text}\n{ticks}"


def _criterion(shown: Shown) -> str:
    if not shown.criterion:
        return ""
    where = f"In {shown.run} at commit `{shown.sha}`"
    said = f": {code(shown.said)}" if shown.said else ""
    output = f"\n\n{block(shown.output)}" if shown.output.strip() else ""
    return f"{where}, the criterion {code(shown.criterion)} does not hold{said}{output}"


def _figures(shown: Shown) -> str:
    if not shown.count:
        return f"In {shown.run} at commit `{shown.sha}`:" if shown.tests else ""
    what = "1 test fails" if shown.count == 1 else f"{shown.count} tests fail"
    by = f" by {code(shown.error)}" if shown.error else ""
    newly = f" On the baseline, {shown.newly} of {shown.count} did not." if shown.newly else ""
    return f"{what} in {shown.run} at commit `{shown.sha}`{by}.{newly}"


def _names(shown: Shown) -> str:
    lines = [f"- {code(test)}" for test in shown.tests[:NAMED]]
    if len(shown.tests) > NAMED:
        lines.append(f"- and {len(shown.tests) - NAMED} more")
    return "\n".join(lines)


def _example(shown: Shown) -> str:
    return block(shown.text) if shown.text.strip() else ""


def _longest(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _one_line(text: str) -> str:
    line = " ".join(without_codes(text).split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"
