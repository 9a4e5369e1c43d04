"""Waiting for a sprint's runs while its table fills, and what came of them; imports Django."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from rich.live import Live

from omc_qa.cli.output import console
from omc_qa.cli.table import describe, explain, sprint_runs, sprint_table
from omc_qa.local.supervisor import Installation
from reports.export import sprint_document
from reports.models import Comparison
from reports.publication_queries import editions_of
from reports.queries import missing_pairs
from tracks import queries
from tracks.models import Run, Sprint
from tracks.statuses import RunState, Tier
from tracks.web.accounts import sign_in_path

Step = Callable[[Sprint], bool]
FINE, WORSE, COULD_NOT_RUN = 0, 1, 2
NOT_RUN = frozenset({RunState.FAULTED, RunState.LOST, RunState.CANCELLED})


def play(
    sprint: Sprint, installation: Installation, json_path: Path | None, *, then: Step | None = None
) -> int:
    """Follow the sprint to its end, write what was found, say the verdict and return its exit code. When all
    runs have ended, ``then`` may start others; False says that it will not."""
    follow(sprint, installation, then or _nothing)
    code, why = verdict(sprint)
    if json_path:
        write_json(sprint, json_path)
    console.print(why)
    if sprint.runs.filter(tier=Tier.NONE).exists():
        console.print("These tests ran without a sandbox: none works on this machine (see docs/operate.md).")
    return code


def print_links(installation: Installation, sprint: Sprint) -> None:
    """Where the dashboard is, and a sign-in link for each member."""
    console.print(f"The dashboard: {installation.url}/p/{sprint.project.slug}/s/{sprint.slug}/")
    for member in sprint.project.memberships.select_related("user").order_by("pk"):
        path = sign_in_path(member.user)
        console.print(f"  sign in as {member.user} ({member.role}): {installation.url}{path}")


def print_report(installation: Installation, sprint: Sprint) -> None:
    """Where the report is that was published last, if one was."""
    latest = editions_of(sprint).first()
    if latest:
        path = reverse("reports:publication", args=[sprint.project.slug, sprint.slug, latest.number])
        console.print(f"Report {latest.number}, published by {latest.by_name}: {installation.url}{path}")


def follow(sprint: Sprint, installation: Installation, then: Step) -> None:
    """Print the sprint's table while it fills, until every run has ended and ``then`` starts no other."""
    if console.is_terminal:
        with Live(sprint_table(sprint), console=console, refresh_per_second=4) as live:
            while not _all_ended(sprint) or then(sprint):
                live.update(sprint_table(_fresh(sprint)))
                installation.check()
                time.sleep(0.4)
            live.update(sprint_table(_fresh(sprint)))
        return
    told: set[int] = set()
    while not (ended := _all_ended(sprint) and not then(sprint)) or not told:
        _tell(sprint, told)
        installation.check()
        if not ended:
            time.sleep(0.4)
    _tell(sprint, told)
    console.print(sprint_table(_fresh(sprint)))


def _nothing(sprint: Sprint) -> bool:
    return False


def verdict(sprint: Sprint) -> tuple[int, str]:
    """The exit code, and why in a sentence: FINE, WORSE, or COULD_NOT_RUN."""
    sprint = _fresh(sprint)
    baseline = sprint.baseline
    if baseline is None or baseline.state != RunState.FINISHED:
        reason = f": {explain(baseline)}" if baseline else "."
        return COULD_NOT_RUN, f"The baseline could not be established{reason}"
    latest = queries.latest_runs(sprint)
    keys = {track.pk: track.key for track in sprint.tracks.all()}
    for track_id, run in latest.items():
        if run.state in NOT_RUN:
            return (
                COULD_NOT_RUN,
                f"Track {keys[track_id]} could not be run: {explain(run)}",
            )
    worse = sorted(keys[track_id] for track_id, run in latest.items() if _compared(baseline, run).worse)
    if worse:
        return WORSE, f"Worse than the baseline: track {', '.join(worse)}."
    return FINE, "No track is worse than the baseline."


def write_json(sprint: Sprint, path: Path) -> None:
    """Write what was found; docs/json.md describes the form."""
    document = sprint_document(_fresh(sprint), now=timezone.now())
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _compared(baseline: Run, run: Run) -> Comparison:
    """The stored comparison; ``follow`` has waited for it."""
    return Comparison.objects.get(base=baseline, head=run)


def _all_ended(sprint: Sprint) -> bool:
    connection.close_if_unusable_or_obsolete()
    return not sprint.runs.filter(ended_at=None).exists() and not missing_pairs(sprint)


def _tell(sprint: Sprint, told: set[int]) -> None:
    for run in sprint_runs(_fresh(sprint)):
        if run.pk not in told and not run.is_active:
            told.add(run.pk)
            console.print(describe(run))


def _fresh(sprint: Sprint) -> Sprint:
    return Sprint.objects.select_related("project", "baseline").get(pk=sprint.pk)
