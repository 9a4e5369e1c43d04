"""Each figure of a report leads to the page that shows what stands behind it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from reports.document import Asked, Query
from reports.models import Changeset
from reports.summary_queries.answers import answer
from reports.web.report.figure_pages import pages_of
from tests.factories import NOON
from tests.reports import summarised
from tests.tracks.web.pages import member
from tracks.finding_statuses import FAULT_KINDS, TO_MEND, FindingKind, Severity
from tracks.models import Sprint

pytestmark = pytest.mark.django_db

FAULTS = tuple(("kind", kind.value) for kind in sorted(FAULT_KINDS))
OPEN = (*FAULTS, *(("status", status.value) for status in sorted(TO_MEND)))


@pytest.fixture(scope="module")
def made_sprint(django_db_setup, django_db_blocker) -> Iterator[Sprint]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield summarised.create_sprint_with_everything()
        transaction.set_rollback(True)


@pytest.fixture
def sprint(made_sprint, db) -> Sprint:
    """Each test's own changes are rolled back to it."""
    return made_sprint


def query_of(sprint, asked: Asked) -> Query:
    """One that the report of the sprint might make."""
    track = sprint.tracks.get(key="A")
    run = track.runs.latest("iteration")
    keys = {
        "sprint": {"sprint": sprint.pk},
        "track": {"track": track.pk},
        "run": {"head": run.pk},
        "pair": {"base": sprint.baseline_id, "head": run.pk},
        "finding": {"finding": track.findings.earliest("number").pk},
        "changeset": {"changeset": Changeset.objects.get(base=sprint.baseline.sha, head=run.sha).pk},
        "integration": {"integration": sprint.integrations.get().pk},
    }
    what, named = QUESTIONS[asked]
    return Query(asked, named=named, **keys[what])


QUESTIONS = {
    Asked.OUTCOME: ("run", "passed"),
    Asked.COLLECTED: ("run", ""),
    Asked.SECONDS: ("run", ""),
    Asked.CHANGE: ("pair", "passed"),
    Asked.CHANGE_COLLECTED: ("pair", ""),
    Asked.SHARE: ("pair", "passed"),
    Asked.CLASS: ("pair", "fixed"),
    Asked.CELL: ("pair", "failed>passed"),
    Asked.ERROR: ("run", "0" * 64),
    Asked.ERRORS: ("run", ""),
    Asked.CRITERIA: ("run", "holds"),
    Asked.GATES: ("track", "open"),
    Asked.APPROVALS: ("track", "needed"),
    Asked.TRACKS: ("sprint", "approved"),
    Asked.RUNS: ("sprint", ""),
    Asked.FINDINGS: ("sprint", ""),
    Asked.EFFORT: ("track", ""),
    Asked.UNESTIMATED: ("track", ""),
    Asked.AFFECTED: ("finding", ""),
    Asked.FILES: ("changeset", ""),
    Asked.ADDED_LINES: ("changeset", ""),
    Asked.REMOVED_LINES: ("changeset", ""),
    Asked.COMMITS: ("run", ""),
    Asked.CONFLICTS: ("integration", "C"),
    Asked.TOGETHER: ("integration", ""),
    Asked.CONDITIONS: ("sprint", ""),
    Asked.TARGET: ("sprint", "min_passed"),
}


def test_every_question_has_a_page(sprint):
    tess, page_of = member(sprint.project), pages_of(sprint)
    pages = sorted({page_of(query_of(sprint, asked)).partition("#")[0] for asked in Asked})
    assert [page for page in pages if not page or tess.get(page).status_code != 200] == []


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (Asked.CLASS, "fixed"),
        (Asked.CLASS, "vanished"),
        (Asked.CLASS, "still_broken_same"),
        (Asked.CLASS, "unchanged"),
        (Asked.CELL, "failed>passed"),
        (Asked.CELL, "absent>passed"),
    ],
)
def test_a_list_of_tests_holds_as_many_as_the_figure_says(sprint, asked, named):
    run = sprint.tracks.get(key="A").runs.earliest("iteration")
    query = Query(asked, base=sprint.baseline_id, head=run.pk, named=named)
    page = member(sprint.project).get(pages_of(sprint)(query))
    assert page.context["page"].paginator.count == answer(query, now=NOON)


@pytest.mark.parametrize(
    ("whose", "filters"),
    [
        ("sprint", ()),
        ("sprint", OPEN),
        ("track", OPEN),
        ("track", (("severity", Severity.CRITICAL.value), *OPEN)),
        ("track", (("kind", FindingKind.PRAISE.value),)),
        ("sprint", (("kind", FindingKind.QUESTION.value), ("status", "open"))),
    ],
)
def test_a_list_of_findings_holds_as_many_as_the_figure_says(sprint, whose, filters):
    key = sprint.pk if whose == "sprint" else sprint.tracks.get(key="A").pk
    query = Query(Asked.FINDINGS, filters=filters, **{whose: key})
    page = member(sprint.project).get(pages_of(sprint)(query))
    assert page.context["page"].paginator.count == answer(query, now=NOON) > 0


def test_a_run_lists_as_many_tests_of_an_outcome_as_the_figure_says(sprint):
    query = query_of(sprint, Asked.OUTCOME)
    page = member(sprint.project).get(pages_of(sprint)(query))
    assert page.context["results"].page.paginator.count == answer(query, now=NOON)


@pytest.mark.parametrize("whose", ["sprint", "track"])
def test_efforts_and_what_has_none_are_told_where_the_figures_lead(sprint, whose):
    key = sprint.pk if whose == "sprint" else sprint.tracks.get(key="A").pk
    effort, unestimated = (
        Query(asked, filters=OPEN, **{whose: key}) for asked in (Asked.EFFORT, Asked.UNESTIMATED)
    )
    tess, page_of = member(sprint.project), pages_of(sprint)
    told = tess.get(page_of(effort)).context["effort"]
    listed = tess.get(page_of(unestimated)).context["page"].paginator.count
    assert float(told["hours"]) == answer(effort, now=NOON) > 0
    assert told["unestimated"] == listed == answer(unestimated, now=NOON) > 0


@pytest.mark.parametrize(
    ("asked", "fragment"),
    [(Asked.ERROR, "clusters"), (Asked.ERRORS, "clusters"), (Asked.CRITERIA, "criteria")],
)
def test_a_figure_of_a_part_of_a_run_leads_to_that_part(sprint, asked, fragment):
    """The part is fetched by the page, which then goes to where its address points."""
    run = sprint.tracks.get(key="A").runs.latest("iteration")
    digest = run.failures.latest("pk").signature.digest
    query = replace(query_of(sprint, asked), named=digest if asked is Asked.ERROR else "")
    _, _, anchor = pages_of(sprint)(query).partition("#")
    part = member(sprint.project).get(reverse(f"reports:run_{fragment}", args=[sprint.project.slug, run.pk]))
    assert f'id="{anchor}"' in part.content.decode()


@pytest.mark.parametrize("asked", [Asked.COMMITS, Asked.FILES])
def test_what_a_branch_changes_leads_to_its_commits(sprint, asked):
    query = query_of(sprint, asked)
    page = member(sprint.project).get(pages_of(sprint)(query))
    (commit,) = sprint.tracks.get(key="A").runs.latest("iteration").commits
    assert 'id="commits"' in page.content.decode()
    assert commit["sha"][:7] in page.content.decode().partition('id="commits"')[2]


def test_what_is_gone_has_no_page(sprint):
    page_of = pages_of(sprint)
    gone = [Query(Asked.AFFECTED, finding=0), Query(Asked.GATES, track=0), Query(Asked.FILES, changeset=0)]
    assert [page_of(query) for query in gone] == ["", "", ""]


def test_more_figures_cost_no_more_queries(sprint, django_assert_max_num_queries):
    page_of, queries = pages_of(sprint), [query_of(sprint, asked) for asked in Asked]
    with django_assert_max_num_queries(4):
        assert all(page_of(query) for query in [*queries, *queries])
