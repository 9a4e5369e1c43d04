"""The baseline: what was run, how long it took, and its known issues; pure."""

from collections.abc import Iterator, Mapping

from reports.document import Block, Code, Figure, Mono, Section, Tone
from reports.document.blocks import Line
from reports.summary.facts import RunTold, SummaryFacts
from reports.summary.sections import errors
from reports.summary.sections.writing import commit, counted, cut, line, moment, says, told
from tracks.statuses import Outcome, RunState

KNOWN_ISSUES = "baseline-issues"


def has_known_issues(figures: Mapping[str, Figure]) -> bool:
    return "baseline.errors" in figures and figures["baseline.errors"].value > 0


def section(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Section | None:
    if facts.baseline is None:
        return None
    blocks = _blocks(facts.baseline, facts.base_branch, figures)
    return Section("baseline", "Baseline", tuple(blocks), tuple(_known_issues(facts, figures)))


def _blocks(run: RunTold, branch: str, figures: Mapping[str, Figure]) -> Iterator[Block]:
    if run.ended_at and run.state is not RunState.FINISHED:
        yield says(f"The run is {run.state}. {run.reason}".strip(), tone=Tone.BAD)
    yield told("The baseline", _rows(run, branch, figures))
    if run.command:
        yield Code(run.command, "sh")


def _rows(run: RunTold, branch: str, figures: Mapping[str, Figure]) -> Iterator[tuple[str, Line]]:
    yield "Branch", line(Mono(branch))
    yield "Commit", commit(run.sha)
    yield "State", line("checks only" if run.checks_only else run.state.value)
    if run.ended_at is None:
        return
    yield "Tested", line(moment(run.ended_at))
    if seconds := figures.get("baseline.seconds"):
        yield "Took", line(seconds)
    passed, failed, error = (
        figures[f"baseline.{outcome}"] for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)
    )
    tests = counted(figures["baseline.collected"], "test")
    yield "Results", line(*tests, ": ", passed, " passed, ", failed, " failed, ", *counted(error, "error"))


def _known_issues(facts: SummaryFacts, figures: Mapping[str, Figure]) -> Iterator[Section]:
    if facts.baseline_clusters and has_known_issues(figures):
        different = counted(figures["baseline.errors"], "error", "different errors")
        said = says("The baseline's tests break by ", *different, ". No track is to blame for these.")
        known = errors.told(facts.baseline_clusters, "baseline", figures)
        more = cut(len(facts.baseline_clusters), figures["baseline.errors"].value)
        yield Section(KNOWN_ISSUES, "Known issues", (said, *more, *known))
