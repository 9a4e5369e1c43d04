"""What is looked up rather than read: branches, commands, artefacts, environments, words; pure."""

from collections.abc import Iterator

from reports.document import Code, Column, Folded, Mono, Section, Table
from reports.document.blocks import Block, Line
from reports.summary.facts import RunTold, SummaryFacts
from reports.summary.sections import glossary, keys
from reports.summary.sections.writing import NOTHING, SHORT, commit, line, told
from reports.summary.standing import called

_BRANCHES = tuple(Column(title) for title in ("Track", "Branch", "Owner", "Head", "Tested commit"))
_ARTEFACTS = (Column("Artefact"), Column("What it is"), Column("Commit"))


def section(facts: SummaryFacts) -> Section:
    runs = [*_runs(facts)]
    parts = (
        _branches(facts),
        Section("reproduce", "Commands to reproduce", tuple(_commands(runs))),
        _artefacts(facts, runs),
        Section("environments", "Environments", tuple(_environments(runs))),
        glossary.section(),
    )
    return Section("appendices", "Appendices", (), tuple(part for part in parts if part.blocks))


def _runs(facts: SummaryFacts) -> Iterator[tuple[str, RunTold]]:
    """Each run that has ended, with what it is called."""
    named = [("Baseline", facts.baseline)]
    named += [
        (f"{track.key}, {called(each)}", each.run) for track in facts.tracks for each in track.iterations
    ]
    named.append(("Trial integration", facts.integration.run if facts.integration else None))
    return ((name, run) for name, run in named if run and run.ended_at)


def _branches(facts: SummaryFacts) -> Section:
    rows = tuple(
        (
            line(f"{track.key} {track.name}"),
            line(Mono(track.branch)),
            line(track.owner) or NOTHING,
            commit(track.head) or NOTHING,
            commit(track.latest.run.sha if track.latest else "") or NOTHING,
        )
        for track in facts.tracks
    )
    return Section("branches", "Branches", (Table("Branches", _BRANCHES, rows),) if rows else ())


def _commands(runs: list[tuple[str, RunTold]]) -> Iterator[Block]:
    for name, run in runs:
        if run.reproduce:
            yield Folded(line(f"{name}, commit ", Mono(run.sha[:SHORT])), (Code(run.reproduce, "sh"),))


def _artefacts(facts: SummaryFacts, runs: list[tuple[str, RunTold]]) -> Section:
    """Numbers here are names: by which the dashboard finds a thing."""
    rows: list[tuple[Line, ...]] = [
        (line(Mono(f"run {run.run}")), line(name), commit(run.sha) or NOTHING) for name, run in runs
    ]
    if facts.integration:
        own = Mono(f"integration {facts.integration.integration}")
        rows.append((line(own), line("Trial integration"), commit(facts.integration.base) or NOTHING))
    rows += [
        (line(Mono(name)), line("Attached to ", keys.to_finding(finding)), NOTHING)
        for track in facts.tracks
        for finding in track.findings
        for name in finding.attachments
    ]
    table = (Table("Artefacts", _ARTEFACTS, tuple(rows)),) if rows else ()
    return Section("artefacts", "Artefacts", table)


def _environments(runs: list[tuple[str, RunTold]]) -> Iterator[Block]:
    """Each environment once, with the runs that were made in it."""
    by_environment: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name, run in runs:
        if run.environment:
            by_environment.setdefault(run.environment, []).append(name)
    for environment, where in by_environment.items():
        rows = ((name, line(Mono(value)) if value else NOTHING) for name, value in environment)
        yield told(f"Environment of {'; '.join(where)}", rows)
