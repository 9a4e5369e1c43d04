"""Runs are compared by one scheme of signatures only, and brought under it where they were not."""

import pytest
from django.core.management import CommandError, call_command

from reports.actions import kept_comparison, store_comparison
from reports.deltas import DeltaClass
from reports.models import Comparison
from tests import factories
from tracks import actions, queries
from tracks.errors import InvalidInput
from tracks.models import Run
from tracks.signatures import scheme

pytestmark = pytest.mark.django_db

TENANTS = r"tenant-\w+"


@pytest.fixture
def base():
    return factories.create_baseline(failed=2, message="KeyError: 'tenant-north'")


@pytest.fixture
def head(base):
    track = factories.create_track(sprint=base.sprint)
    return factories.create_run(track=track, failed=2, message="KeyError: 'tenant-south'")


def mask(project):
    actions.change_project(project, by=project.created_by, masks=[TENANTS])


def fresh(*runs):
    return [Run.objects.select_related("project").get(pk=run.pk) for run in runs]


def test_both_runs_are_brought_up_to_date_before_they_are_compared(base, head):
    assert store_comparison(base, head).figures[DeltaClass.STILL_BROKEN_DIFFERENT] == 2
    mask(base.project)
    assert store_comparison(*fresh(base, head)).figures[DeltaClass.STILL_BROKEN_SAME] == 2
    assert {run.signed for run in fresh(base, head)} == {scheme([TENANTS])}


def test_runs_that_were_signed_differently_are_not_compared_by_their_digests(base, head):
    mask(base.project)
    actions.resign(head)
    assert kept_comparison(*fresh(base, head)).figures[DeltaClass.STILL_BROKEN_SAME] == 2


def test_a_run_that_goes_on_is_still_refused(base):
    head = factories.start_run(track=factories.create_track(sprint=base.sprint))
    with pytest.raises(InvalidInput, match="has not ended"):
        store_comparison(base, head)


def test_runs_of_two_projects_are_each_signed_by_their_own_masks(base):
    other = factories.create_run(failed=1)
    for run in (base, other):
        Run.objects.filter(pk=run.pk).update(signed="1")
    mask(base.project)
    actions.resign(*fresh(base, other))
    assert [run.signed for run in fresh(base, other)] == [scheme([TENANTS]), scheme([])]


def test_the_command_signs_and_compares_again_and_says_how_much(base, head, capsys):
    store_comparison(base, head)
    made = Comparison.objects.get()
    mask(base.project)
    call_command("resign")
    told = capsys.readouterr().out
    slug = base.project.slug
    assert f"{slug}: 4 failures of 2 runs signed in" in told
    assert f"{slug}: 1 comparison made in" in told
    again = Comparison.objects.get()
    assert again.pk == made.pk
    assert again.figures[DeltaClass.STILL_BROKEN_SAME] == 2


def test_the_command_goes_on_where_it_was_stopped_and_changes_nothing_twice(base, head, capsys):
    mask(base.project)
    actions.resign(base)
    call_command("resign", project=base.project.slug)
    assert "2 failures of 1 run signed" in capsys.readouterr().out
    call_command("resign", project=base.project.slug)
    assert "0 failures of 0 runs signed" in capsys.readouterr().out


def test_the_command_leaves_other_projects_alone(base, head):
    other = factories.create_run(failed=1)
    for project in (base.project, other.project):
        mask(project)
    call_command("resign", project=other.project.slug)
    assert queries.runs_signed_otherwise(*{run.project for run in fresh(base)}) == [base.pk, head.pk]
    assert queries.runs_signed_otherwise(fresh(other)[0].project) == []


def test_the_command_says_from_time_to_time_how_far_it_is(base, head, capsys, monkeypatch):
    monkeypatch.setattr("reports.management.commands.resign.PROGRESS_SECONDS", 0)
    mask(base.project)
    call_command("resign")
    assert f"{base.project.slug}: 1 of 2 runs signed" in capsys.readouterr().out


def test_a_project_that_there_is_not_is_said():
    with pytest.raises(CommandError, match="no project 'nowhere'"):
        call_command("resign", project="nowhere")
